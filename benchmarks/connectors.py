"""How much code a platform is: the length of its connector, and how often others have to name it.

    python -m benchmarks.connectors [--tree ANOTHER CHECKOUT]

Lines of `connectors/<platform>` as they stand, words and blanks included. `outside` are lines in which code,
settings or SQL beyond the platform's own folders say its name; in brackets, in how many files. Tests and
pages for readers are counted apart: they may name whom they like. A name that is a word as well (`meta`)
counts wherever it stands.
"""

import argparse
import re
import runpy
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
SUFFIXES = {".py", ".sql", ".yml", ".yaml", ".csv", ".toml", ".txt", ".example", ".md"}
# For readers, or of tests.
APART = ("docs/", "tests/", "README.md", "CHANGELOG.md")
# Nobody pulls from these two.
UNPULLED = {"own_form", "files"}


def platforms(tree: Path) -> list[str]:
    """The names in PLATFORMS of a checkout."""
    told = runpy.run_path(str(tree / "connectors" / "__init__.py"))["PLATFORMS"]
    return [name for name in told if name not in UNPULLED]


def texts(tree: Path) -> Iterator[tuple[str, list[str]]]:
    """Each file of the project and its lines."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=tree, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    # What was unpacked from an archive has no git.
    names = [one for one in listed if one] or [
        str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()
    ]
    for name in names:
        path = tree / name
        if path.suffix in SUFFIXES and path.is_file():
            yield name, path.read_text(encoding="utf-8").splitlines()


def own(name: str, platform: str) -> bool:
    """Is this file the platform's own, found by its name alone?"""
    return platform in Path(name).stem or platform in Path(name).parts


def length(tree: Path, platform: str) -> int:
    """Lines of a connector."""
    folder = tree / "connectors" / platform
    paths = folder.rglob("*.py") if folder.is_dir() else [folder.with_suffix(".py")]
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def named(files: list[tuple[str, list[str]]], platform: str) -> tuple[int, int, int]:
    """Lines and files that say a platform's name outside its own, and such lines of tests and pages."""
    joined = platform.replace("_", "")
    word = re.compile(rf"(?<![a-z]){platform}(?![a-z])|raw_{platform}|{joined}\b", re.IGNORECASE)
    found = {
        name: sum(bool(word.search(line)) for line in lines)
        for name, lines in files
        if not own(name, platform)
    }
    code = [count for name, count in found.items() if count and not name.startswith(APART)]
    return sum(code), len(code), sum(found.values()) - sum(code)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tree", type=Path, default=ROOT, help="another checkout")
    tree = parser.parse_args().tree.resolve()
    files = list(texts(tree))
    rows = [(name, length(tree, name), *named(files, name)) for name in platforms(tree)]
    print(f"{'':16}{'connector':>10}{'outside':>16}{'tests, pages':>14}")
    for name, lines, outside, places, apart in rows:
        print(f"{name:16}{lines:10,}{f'{outside:,} ({places})':>16}{apart:14,}")
    middle = [median(row[place] for row in rows) for place in range(1, 5)]
    print(f"{'median':16}{middle[0]:10,.0f}{f'{middle[1]:,.0f} ({middle[2]:,.0f})':>16}{middle[3]:14,.0f}")


if __name__ == "__main__":
    main()
