"""Makes .fidelity/: the vendors' Python clients and Shopify's published schema, once per set of pins.

Needs pip and npm with their usual registries. Nothing of it is ever committed.
"""

import hashlib
import sys
from pathlib import Path

from fidelity.npm import install, member, run

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".fidelity"
REQUIREMENTS = Path(__file__).parent / "requirements.txt"
# The introspection of the Admin API ships inside the vendor's own development tool.
SCHEMA_PACKAGE, SCHEMA_PACKAGE_VERSION = "@shopify/dev-mcp", "1.16.0"
SCHEMA_VERSION = "2026-07"
# A client of a vendor that has none in Python; what it needs comes with it.
NODE_CLIENT, NODE = "pipedrive@33.7.0", HOME / "node"
SCHEMA = HOME / f"admin_{SCHEMA_VERSION}.json.gz"
# Ask for versions of years ago, and run on those of today.
OLD_CLIENTS = ("calendly-py==0.0.2", "Pinterest-Generated-Client==0.1.10")
PYTHON = HOME / "venv" / "bin" / "python"


def prepare() -> None:
    """Raises CannotPrepare where a tool or a registry is out of reach."""
    pins = REQUIREMENTS.read_text(encoding="utf-8")
    pins += f"{SCHEMA_PACKAGE}{SCHEMA_PACKAGE_VERSION}{NODE_CLIENT}{OLD_CLIENTS}"
    mark, stamp = HOME / ".ok", hashlib.sha256(pins.encode()).hexdigest()
    if mark.exists() and mark.read_text(encoding="utf-8") == stamp and SCHEMA.exists():
        return
    HOME.mkdir(exist_ok=True)
    print("making .fidelity/ ...", flush=True)
    if not PYTHON.exists():
        run([sys.executable, "-m", "venv", str(HOME / "venv")])
    quiet = ["-q", "--disable-pip-version-check"]
    run([str(PYTHON), "-m", "pip", "install", *quiet, "-r", str(REQUIREMENTS)])
    run([str(PYTHON), "-m", "pip", "install", *quiet, "--no-deps", *OLD_CLIENTS])
    install(NODE_CLIENT, NODE)
    path = f"dist/data/admin_{SCHEMA_VERSION}.json.gz"
    SCHEMA.write_bytes(member(SCHEMA_PACKAGE, SCHEMA_PACKAGE_VERSION, path))
    mark.write_text(stamp, encoding="utf-8")
