"""Of what state rules and code are."""

import hashlib
import json
from pathlib import Path


def rule_version(root: Path) -> str:
    """Fingerprint of the lifecycle rules: what a history says it was computed by."""
    digest = hashlib.sha256()
    places = [*(root / "dbt_project").glob("m*/lifecycle/*.sql"), root / "dbt_project/seeds/event_points.csv"]
    for path in sorted(places):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def code_hash(root: Path) -> str:
    """Fingerprint of rules and code: a run may end early only if this is the last run's too."""
    digest = hashlib.sha256()
    for folder in ("connectors", "pipelines", "dbt_project"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".sql", ".yml", ".csv", ".json"} and "target" not in path.parts:
                digest.update(
                    json.dumps([str(path.relative_to(root)), path.read_text(encoding="utf-8")]).encode()
                )
    return digest.hexdigest()[:16]
