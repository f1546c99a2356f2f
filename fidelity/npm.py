"""One file out of a published npm package: no install, no script of its own is run."""

import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path


class CannotPrepare(Exception):
    """A tool or a registry is out of reach; the text says which."""


def member(package: str, version: str, path: str) -> bytes:
    """The file at `path` of that very version. Raises CannotPrepare."""
    if shutil.which("npm") is None:
        raise CannotPrepare(f"npm is needed to fetch {package}")
    with tempfile.TemporaryDirectory() as folder:
        run(["npm", "pack", f"{package}@{version}", "--silent", "--pack-destination", folder])
        [archive] = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            found = packed.extractfile(f"package/{path}")
            if found is None:
                raise CannotPrepare(f"{package}@{version} holds no {path}")
            return found.read()


def run(command: list[str]) -> None:
    """Raises CannotPrepare with what the command said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotPrepare(f"{' '.join(command[:4])} ... failed:\n{done.stderr.strip()[-2000:]}")
