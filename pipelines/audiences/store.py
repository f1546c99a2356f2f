"""A company's audiences on disk, every saved version of each kept, and those that are shipped with Firsthand.

    audiences/<name>.yaml                    as it is now; may be edited by hand
    audiences/versions/<name>/<number>.yaml  as it was saved, first line by whom and when; never written again

Files are 0600: a condition may say what a company does not tell everybody.
"""

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from connectors.landing import write_durably
from pipelines.audiences import tree
from pipelines.audiences.tree import Audience
from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.one_at_a_time import alone

SHIPPED = Path(__file__).resolve().parent / "shipped"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
HEAD = re.compile(r"# saved (?P<at>\S+) by (?P<by>.*)")


class Changed(ConfigError):
    """Somebody saved another version meanwhile, or the file was edited since it was saved."""


@dataclass(frozen=True)
class Version:
    number: int
    saved_at: datetime
    saved_by: str
    text: str


@dataclass(frozen=True)
class Kept:
    """An audience and where it stands; `version` 0: shipped, or never saved."""

    audience: Audience
    version: int
    is_shipped: bool = False
    is_edited: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.audience.text.encode()).hexdigest()


def names(home: Home) -> list[str]:
    """Of the company's own and the shipped ones."""
    own = {path.stem for path in (home.root / "audiences").glob("*.yaml")}
    return sorted(
        name for name in own | {path.stem for path in SHIPPED.glob("*.yaml")} if NAME.fullmatch(name)
    )


def read(home: Home, name: str) -> Kept:
    """The company's own, else the shipped one of that name. Raises KeyError, Wrong."""
    path = _path(home, name)
    audience = tree.read(name, text_of(path))
    if path.parent == SHIPPED:
        return Kept(audience, 0, is_shipped=True)
    last = (history(home, name) or [None])[-1]
    return Kept(audience, last.number if last else 0, is_edited=last is None or last.text != audience.text)


def find(home: Home, name: str) -> Kept:
    """As `read`. Raises ConfigError where there is none of that name."""
    with _known(home, name):
        return read(home, name)


def text(home: Home, name: str) -> str:
    """What is written of it, right or wrong. Raises ConfigError."""
    with _known(home, name):
        return text_of(_path(home, name))


def text_of(path: Path) -> str:
    """A file of any place. Raises ConfigError."""
    try:
        if path.stat().st_size > 4 * tree.MOST_CHARACTERS:
            raise ConfigError(f"{path.name} is longer than {tree.MOST_CHARACTERS} characters")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: {error}") from None


def history(home: Home, name: str) -> list[Version]:
    """Every version ever saved, oldest first."""
    if not NAME.fullmatch(name):
        return []
    folder = home.root / "audiences" / "versions" / name
    return [_version(path) for path in sorted(folder.glob("[0-9]*.yaml"))]


def save(
    home: Home, name: str, text: str, by: str, at: datetime, *, after: int | None = None
) -> tuple[Kept, bool]:
    """Keep a new version and show it; False beside it where it says what the last one said.

    `after`: the version it was made from; if there is a later one, nobody's work is lost: Changed is raised.
    Whoever saves has compiled it: here only its shape is looked at. Raises Wrong, Changed, ConfigError.
    """
    if not NAME.fullmatch(name):
        raise ConfigError(f"{name!r} is no name: small letters, digits, - and _, at most 64")
    text = text.replace("\r\n", "\n").rstrip() + "\n"
    audience = tree.read(name, text)
    by = " ".join(by.split())[:100] or "?"
    (home.root / "audiences").mkdir(mode=0o700, exist_ok=True)
    with alone(home.state / "audiences.lock"):
        versions = history(home, name)
        last = versions[-1] if versions else None
        if after is not None and after != (last.number if last else 0):
            now = f"version {last.number} by {last.saved_by}" if last else "no version"
            raise Changed(f"{name} was made from version {after}, and there is {now} now")
        own = home.root / "audiences" / f"{name}.yaml"
        is_new = last is None or last.text != text
        # The shown file first: killed in between it counts as edited, and is saved again.
        write_durably(own, text.encode())
        if not is_new:
            return Kept(audience, last.number), False
        number = last.number + 1 if last else 1
        folder = own.parent / "versions" / name
        for one in (folder.parent, folder):
            one.mkdir(mode=0o700, exist_ok=True)
        head = f"# saved {at.astimezone(UTC).isoformat()} by {by}\n"
        write_durably(folder / f"{number:06d}.yaml", (head + text).encode())
    return Kept(audience, number), True


def written(title: dict[str, str], where: object, note: dict[str, str] | None = None) -> str:
    """The YAML of an audience that a program made: as `save` takes it."""
    said = {"title": title, **({"note": note} if note else {}), "where": where}
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True)


def saved(home: Home, name: str) -> Kept:
    """As `find`, but only what stands in its history: what an export names. Raises Changed."""
    kept = find(home, name)
    if kept.is_edited:
        raise Changed(f"{name}.yaml was edited since it was saved: `firsthand audience save {name}` first")
    return kept


def _version(path: Path) -> Version:
    whole = path.read_text(encoding="utf-8")
    head, _, text = whole.partition("\n")
    said = HEAD.fullmatch(head)
    if said is None:
        # Who saved it was erased, and their line with them; what they saved stays.
        return Version(int(path.stem), datetime.fromtimestamp(path.stat().st_mtime, UTC), "?", whole)
    return Version(int(path.stem), datetime.fromisoformat(said["at"]), said["by"], text)


def _path(home: Home, name: str) -> Path:
    """Where it stands. Raises KeyError."""
    for folder in (home.root / "audiences", SHIPPED):
        if NAME.fullmatch(name) and (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    raise KeyError(name)


@contextlib.contextmanager
def _known(home: Home, name: str) -> Iterator[None]:
    try:
        yield
    except KeyError:
        raise ConfigError(f"there is no audience {name!r}; there are: {', '.join(names(home))}") from None
