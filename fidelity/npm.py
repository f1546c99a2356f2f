"""Published npm packages: one file out of one, or one with all it needs. No script of theirs is run."""

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
        run(["npm", "pack", f"{package}@{version}", "--loglevel=error", "--pack-destination", folder])
        [archive] = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            found = packed.extractfile(f"package/{path}")
            if found is None:
                raise CannotPrepare(f"{package}@{version} holds no {path}")
            return found.read()


def install(package: str, folder: Path) -> None:
    """That very version with all it needs; no script of theirs is run. Raises CannotPrepare."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise CannotPrepare(f"node and npm are needed for {package}")
    folder.mkdir(exist_ok=True)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--no-save"]
    run(["npm", "install", *quiet, "--prefix", str(folder), package])


def run(command: list[str]) -> None:
    """Raises CannotPrepare with what the command said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotPrepare(f"{' '.join(command[:4])} ... failed:\n{done.stderr.strip()[-2000:]}")
