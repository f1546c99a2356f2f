"""The dbt project as parsed, kept; and what every dbt process of ours is told. No Dagster here."""

import fcntl
import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pipelines import clock, dbt_templates, identity_mode
from pipelines.company import Company
from pipelines.home import Home
from pipelines.places import DBT_PROJECT, ROOT

# The project's own sources: what the manifest is made from.
PARSED = ("models", "seeds", "snapshots", "macros", "tests", "analyses")
KEPT_MANIFESTS = 3


def environment(home: Home) -> dict[str, str]:
    """What the dbt process is told beyond the environment it inherits."""
    path = os.pathsep.join(p for p in (str(ROOT), os.environ.get("PYTHONPATH")) if p)
    return {
        "FIRSTHAND_WAREHOUSE": str(home.warehouse),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "PYTHONPATH": path,
    }


def variables(company: Company, *, full_identity: bool = False) -> str:
    """`full_identity`: compute who is who for everybody, whatever is known from the last build."""
    day = clock.today(company.config)
    mode = {"identity_version": identity_mode.version(company.config), "full_identity": full_identity}
    return json.dumps(company.config.dbt_vars(day, day) | mode)


def ensure_manifest(company: Company) -> Path:
    """The parsed project, parsed once per state of its files and kept under that state's hash.

    Beside the JSON that everybody reads stands what only dbt does, .msgpack: the JSON says of a data test
    neither its column nor its values.
    """
    folder = DBT_PROJECT / "target"
    if not os.access(folder if folder.exists() else DBT_PROJECT, os.W_OK):
        folder = company.home.root / "data" / "dbt"  # an installation that only root may change
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    manifest = folder / f"parsed-{_digest()}.json"
    with (folder / ".parse.lock").open("w") as lock:
        # `dagster dev` starts several processes at once; one parses, the others wait for it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not manifest.exists():
            _parse(company, folder / "parse")
            # A copy: what dbt knows from last time makes the next parsing shorter.
            shutil.copy(folder / "parse" / "partial_parse.msgpack", manifest.with_suffix(".msgpack"))
            (folder / "parse" / "manifest.json").replace(manifest)
            _forget_old(folder, manifest)
    return manifest


def _digest() -> str:
    digest = hashlib.sha256(importlib.metadata.version("dbt-core").encode())
    paths = [p for name in PARSED for p in (DBT_PROJECT / name).rglob("*") if p.is_file()]
    for path in sorted([*paths, *DBT_PROJECT.glob("*.yml")]):
        digest.update(str(path.relative_to(DBT_PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _parse(company: Company, target: Path) -> None:
    command = [sys.executable, "-m", "pipelines.dbt_child", "--quiet", "parse", "--vars", variables(company)]
    command += ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    command += ["--target-path", str(target), "--log-path", str(target)]
    done = subprocess.run(
        command, env=os.environ | environment(company.home), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"dbt cannot parse dbt_project:\n{done.stdout}{done.stderr}")


def _forget_old(folder: Path, current: Path) -> None:
    for path in sorted(folder.glob("parsed-*.json"), key=lambda p: p.stat().st_mtime)[:-KEPT_MANIFESTS]:
        if path != current:
            path.unlink(missing_ok=True)
            for suffix in (".msgpack", dbt_templates.SUFFIX):
                path.with_suffix(suffix).unlink(missing_ok=True)
