"""Makes .fidelity/: the vendors' Python clients and Shopify's published schema, once per set of pins.

Needs pip and npm with their usual registries. Nothing of it is ever committed.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".fidelity"
REQUIREMENTS = Path(__file__).parent / "requirements.txt"
# The introspection of the Admin API ships inside the vendor's own development tool.
SCHEMA_PACKAGE, SCHEMA_PACKAGE_VERSION = "@shopify/dev-mcp", "1.16.0"
SCHEMA_VERSION = "2026-07"
SCHEMA = HOME / f"admin_{SCHEMA_VERSION}.json.gz"
PYTHON = HOME / "venv" / "bin" / "python"


class CannotPrepare(Exception):
    """The environment could not be made; the text says what is missing."""


def prepare() -> None:
    """Raises CannotPrepare where a tool or a registry is out of reach."""
    pins = f"{REQUIREMENTS.read_text(encoding='utf-8')}{SCHEMA_PACKAGE}{SCHEMA_PACKAGE_VERSION}"
    mark, stamp = HOME / ".ok", hashlib.sha256(pins.encode()).hexdigest()
    if mark.exists() and mark.read_text(encoding="utf-8") == stamp and SCHEMA.exists():
        return
    HOME.mkdir(exist_ok=True)
    print("making .fidelity/ ...", flush=True)
    if not PYTHON.exists():
        _run([sys.executable, "-m", "venv", str(HOME / "venv")])
    quiet = ["-q", "--disable-pip-version-check"]
    _run([str(PYTHON), "-m", "pip", "install", *quiet, "-r", str(REQUIREMENTS)])
    _fetch_schema()
    mark.write_text(stamp, encoding="utf-8")


def _fetch_schema() -> None:
    if shutil.which("npm") is None:
        raise CannotPrepare("npm is needed to fetch Shopify's published schema")
    package = f"{SCHEMA_PACKAGE}@{SCHEMA_PACKAGE_VERSION}"
    _run(["npm", "pack", package, "--silent", "--pack-destination", str(HOME)])
    [archive] = HOME.glob("shopify-dev-mcp-*.tgz")
    member = f"package/dist/data/admin_{SCHEMA_VERSION}.json.gz"
    with tarfile.open(archive) as packed:
        found = packed.extractfile(member)
        if found is None:
            raise CannotPrepare(f"{package} holds no {member}")
        SCHEMA.write_bytes(found.read())
    archive.unlink()


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotPrepare(f"{' '.join(command[:4])} ... failed:\n{done.stderr.strip()[-2000:]}")
