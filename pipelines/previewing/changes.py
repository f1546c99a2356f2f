"""What is to be tried: settings and lists other than the company's own. The rules are those of the code.

A list replaces a seed of dbt_project, so it has the same columns.
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipelines import config as configuration
from pipelines.config import Config, ConfigError
from pipelines.config.rules import Matching
from pipelines.home import Home
from pipelines.places import DBT_PROJECT
from pipelines.resemblance import weights

OPTIONS = {"threshold_bits": "--threshold", "most_per_key": "--most-per-key"}
MODEL = "model.firsthand.int_customer_profiles"
# Before identity begins; a preview starts from the profiles as they were last built.
EARLIER = ("models/staging/", "models/contracts/profiles.sql")


@dataclass(frozen=True)
class Changes:
    """`config` as it would be; `told` names what differs, one line each."""

    config: Config
    told: list[str]
    seeds: dict[str, Path] = field(default_factory=dict)


def read(
    home: Home,
    company: Config,
    *,
    settings: Path | None = None,
    threshold: float | None = None,
    most_per_key: int | None = None,
    weights_file: Path | None = None,
    lists: Sequence[str] = (),
) -> Changes:
    """`settings`: another firsthand.yaml; single values go before it. Raises ConfigError."""
    wanted = configuration.read_file(settings, home.root) if settings else company
    for name in ("countries", "default_phone_region"):
        if getattr(wanted, name) != getattr(company, name):
            raise ConfigError(
                f"{settings}: {name} says how numbers are read, before matching; no preview shows that"
            )
    values = {"threshold_bits": threshold, "most_per_key": most_per_key}
    matching = _with(wanted.matching, {name: value for name, value in values.items() if value is not None})
    if weights_file:
        matching = matching.model_copy(update={"weights": _weights(weights_file)})
    seeds = dict(_list(word) for word in lists)
    told = [
        f"{name} {before} -> {after}"
        for name, before in company.matching.for_dbt().items()
        if (after := matching.for_dbt()[name]) != before
    ]
    told += [f"{name}: {path}" for name, path in seeds.items()]
    return Changes(wanted.model_copy(update={"matching": matching}), told, seeds)


def _with(matching: Matching, values: dict[str, Any]) -> Matching:
    try:
        Matching.model_validate(values)
    except ValidationError as error:
        wrong = error.errors()[0]
        name = str(wrong["loc"][0])
        raise ConfigError(f"{OPTIONS[name]} {values[name]}: {wrong['msg']}") from None
    return matching.model_copy(update=values)


def _weights(path: Path) -> str:
    try:
        weights.read(path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"--weights {path}: {error}") from None
    return str(path.resolve())


def _list(word: str) -> tuple[str, Path]:
    name, equals, file = word.partition("=")
    if not (name and equals and file):
        raise ConfigError(f"--seed {word}: write the list and its file, such as role_addresses=mine.csv")
    return name, Path(file)


def check_lists(seeds: dict[str, Path], manifest: Path) -> None:
    """Before anything starts. Raises ConfigError."""
    if not seeds:
        return
    known = lists_of_matching(manifest)
    for name, path in seeds.items():
        if name not in known:
            raise ConfigError(f"--seed {name}: no list that matching reads; those are {', '.join(known)}")
        _check_table(name, path)


def lists_of_matching(manifest: Path) -> list[str]:
    """The seeds from which it follows, over any number of models, whose a profile is."""
    graph = json.loads(manifest.read_text(encoding="utf-8"))
    found, seen, todo = set(), set(), [MODEL]
    while todo:
        for parent in graph["parent_map"].get(todo.pop(), []):
            path = graph["nodes"].get(parent, {}).get("original_file_path", "")
            if parent in seen or path.startswith(EARLIER):
                continue
            seen.add(parent)
            todo.append(parent)
            if parent.startswith("seed."):
                found.add(parent.rsplit(".", 1)[1])
    return sorted(found)


def _check_table(name: str, path: Path) -> None:
    with (DBT_PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"--seed {name}={path}: no CSV in UTF-8 ({error})") from None
    if not lines or lines[0] != header:
        raise ConfigError(f"--seed {name}={path}: its first line must be {','.join(header)}")
    for number, line in enumerate(lines[1:], start=2):
        if line and len(line) != len(header):
            raise ConfigError(f"--seed {name}={path}: row {number} has {len(line)} of {len(header)} columns")


def project_with(seeds: dict[str, Path], manifest: Path, folder: Path) -> tuple[Path, Path]:
    """The dbt project and its manifest with these lists in place of ours; the rest is linked, not copied."""
    project = folder / "project"
    (project / "seeds").mkdir(parents=True)
    for path in DBT_PROJECT.iterdir():
        if path.name not in {"seeds", "target", "logs"}:
            (project / path.name).symlink_to(path)
    for path in (DBT_PROJECT / "seeds").iterdir():
        (project / "seeds" / path.name).symlink_to(seeds.get(path.stem, path).resolve())
    parsed = json.loads(manifest.read_text(encoding="utf-8"))
    for node in parsed["nodes"].values():
        if node["resource_type"] == "seed":
            node["root_path"] = str(project)
    changed = folder / "manifest.json"
    changed.write_text(json.dumps(parsed), encoding="utf-8")
    return project, changed
