"""The same records by API, webhook and file, alone and in any mix: each mix is an account of its own."""

import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

import inside
from tape import env, module

from connectors.dropped import take_file
from connectors.landing import LandingWriter
from pipelines import raw
from pipelines.home import Home
from simulator import home, truth

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
MIXES = ("a", "w", "f", "aw", "af", "wf", "awf")
WAYS = {"a": "api", "w": "webhook", "f": "file"}
MODELS = ("+int_platform_acts", "+events")


def client_of(platform: str, base_url: str, **more: Any) -> Any:
    block = home.ALL[platform]
    own = {**block, "base_url": base_url + block["base_url"], "per_second": 10_000, "at_once": 4, **more}
    return module(platform).client(env(own, home.SECRETS))


def land(
    here: Home,
    con: Any,
    platform: str,
    stream: Any,
    via: str,
    rows: dict[str, list],
    op: str = "upsert",
    at: datetime = NOW,
):
    writer = LandingWriter(here.landing, platform, stream, via, at)
    for account, theirs in rows.items():
        writer.write(account, theirs, op, at, at)
    landed = raw.land(con, here, writer.commit(), at)
    assert (landed.failed_reason, landed.refused) == (None, 0)


def build(here: Home) -> None:
    kinds = ("--exclude-resource-types", "unit_test", "test")
    days = {"lifecycle_as_of": "2026-11-20", "permission_as_of": "2026-11-20"}
    inside.dbt(here.warehouse, "build", *kinds, "--select", *MODELS, **days)


def mixed(
    here: Home,
    platform: str,
    streams: Mapping[str, Any],
    rows: Mapping[tuple[str, str], list[Any]],
    at: datetime,
) -> Iterator[str]:
    """A batch of each (stream, way), with an account of its own for each mix that has the way."""
    for (name, way), found in sorted(rows.items(), reverse=True):
        writer = LandingWriter(here.landing, platform, streams[name], WAYS[way], at)
        for mix in filter(lambda mix: way in mix, MIXES):
            writer.write(mix, found, "upsert", at, at)
        yield writer.commit()


def from_file(here: Home, path: Any, platform: str, zone: tzinfo = truth.PARIS) -> list[dict]:
    def open_writer(name: str, stream: Any) -> LandingWriter:
        return LandingWriter(here.landing, name, stream, "file", NOW)

    batch, _ = take_file(
        path, modules=[module(platform)], open_writer=open_writer, account=lambda name: "f",
        client=lambda name: None, mappings=(), zone=lambda name: (zone, True), written_at=NOW,
        arrived_at=NOW, inbox={},
    )  # fmt: skip
    text = gzip.decompress((here.landing / f"{batch}.jsonl.gz").read_bytes()).decode()
    for suffix in (".jsonl.gz", ".json"):
        (here.landing / f"{batch}{suffix}").unlink()
    return [json.loads(json.loads(line)["payload"]) for line in text.splitlines()]


def of(con: Any, platform: str, mix: str, columns: str, table: str, where: str = "true") -> set[tuple]:
    sql = f"select split_part(profile_id, ':', 4), {columns} from {table} where platform = ? and {where}"
    return set(con.execute(f"{sql} and split_part(profile_id, ':', 2) = ?", [platform, mix]).fetchall())
