"""Whatever is not ours: pinned, as pinned installed, of licences that ask nothing of a user, unchanged.

What is known against a version only the network can tell: `make audit`.
"""

import hashlib
import re
import subprocess
import sys
from importlib.metadata import Distribution, distributions

import pytest

from pipelines.places import ROOT

FILES = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)==([0-9][a-z0-9.!+]*)")
# Of the environment itself, and ourselves.
NOT_PINNED = {"pip", "setuptools", "firsthand"}
# `make test-next` runs with the next line of it.
OTHER_LINE = {"duckdb"}
# As packages name them. MPL's terms are about its own files, which nobody here changes.
ALLOWED = {
    *("0BSD", "BSD", "BSD License", "BSD-2-Clause", "BSD-3-Clause", "3-Clause BSD License"),
    *("Apache-2.0", "Apache Software License"),
    *("CC0-1.0", "CNRI-Python", "ISC License (ISCL)", "MIT", "MIT-0", "MIT-CMU", "MIT License", "Zlib"),
    *("MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)"),
    *("PSF-2.0", "Python Software Foundation License"),
}
# Under either of two, and taken under the first.
CHOSEN = {"text-unidecode": "Artistic License"}
# What is in our own folders and was written elsewhere: where it says its version, its bytes, and its licence.
VENDORED = {
    "console/static/htmx-2.0.11.min.js": (
        'version:"2.0.11"',
        "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
        "console/static/htmx-LICENSE.txt",
    ),
}


def pins(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    assert all(PIN.fullmatch(line) for line in lines), f"{name}: not name==version alone"
    found = dict(PIN.fullmatch(line).groups() for line in lines)
    assert len(found) == len(lines), f"{name}: twice"
    return {plain(package): version for package, version in found.items()}


def plain(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


INSTALLED = {plain(one.metadata["Name"]): one for one in distributions()}


def test_what_is_installed_is_what_is_pinned() -> None:
    """No package is there by chance, and none in another version than the one that was tried."""
    ours, developers = (pins(name) for name in FILES)
    assert {name: version for name, version in developers.items() if ours.get(name, version) != version} == {}
    pinned = ours | developers
    assert INSTALLED.keys() - NOT_PINNED == pinned.keys()
    other = {name for name, version in pinned.items() if INSTALLED[name].version != version}
    assert other <= OTHER_LINE


def test_their_demands_on_each_other_are_met() -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(INSTALLED.keys() - {"firsthand"}))
def test_a_licence_asks_nothing_of_who_uses_it(name: str) -> None:
    said = licences(INSTALLED[name])
    assert said, f"{name} names no licence"
    if name in CHOSEN:
        assert CHOSEN[name] in said
    else:
        assert set(said) - ALLOWED == set()


def licences(package: Distribution) -> list[str]:
    """Each word of its expression; else what classifiers say; else what is in the free field."""
    said = package.metadata
    if expression := said.get("License-Expression"):
        return re.split(r" AND | OR ", re.sub(r"[()]", "", expression))
    found = [
        one.split("::")[-1].strip()
        for one in said.get_all("Classifier") or []
        if one.startswith("License ::") and one.count("::") > 1
    ]
    return found or re.split(r" AND | OR ", said.get("License") or "")


@pytest.mark.parametrize("name", VENDORED)
def test_what_was_written_elsewhere_is_as_its_author_made_it(name: str) -> None:
    version, digest, licence = VENDORED[name]
    content = (ROOT / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest
    assert version.encode() in content
    assert len((ROOT / licence).read_text()) > 100


def test_nothing_else_was_written_elsewhere() -> None:
    """Scripts and fonts are what people copy in."""
    kinds = {".js", ".mjs", ".css", ".woff", ".woff2", ".ttf", ".whl", ".jar", ".wasm"}
    found = {
        str(path.relative_to(ROOT))
        for folder in ("connectors", "console", "docs", "pipelines", "receiver", "simulator")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in kinds
    }
    assert found - VENDORED.keys() == {"console/static/console.css"}
