"""Records the door refused, each with its reasons. Nothing is lost here; you decide.

`replay` judges again by today's rules (after a connector was mended, or a platform documented a new
value) and lands what passes; with --accept you take responsibility for what does not. `dismiss` lets
records go: they stay on file and count as refused.

examples:
  firsthand quarantine list
  firsthand quarantine list --platform meta
  firsthand quarantine show 3f2a91
  firsthand quarantine replay                  all of them
  firsthand quarantine replay 3f2a91 --accept
  firsthand quarantine dismiss 3f2a91
"""

import argparse
import json
from typing import TYPE_CHECKING

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home

if TYPE_CHECKING:
    import duckdb

    from pipelines.raw import Held

SHOWN = 12  # characters of an id; any unambiguous beginning is understood


def add(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|show|replay|dismiss")
    listing = actions.add_parser("list", help="what is held, and why")
    listing.add_argument("--platform")
    listing.add_argument("--status", choices=["held", "replayed", "dismissed"], default="held")
    show = actions.add_parser("show", help="one record whole; it is personal data")
    show.add_argument("id")
    replay = actions.add_parser("replay", help="judge again, land what passes")
    replay.add_argument("ids", nargs="*", metavar="id", help="none: all")
    replay.add_argument("--accept", action="store_true", help="land also what breaks a promise")
    dismiss = actions.add_parser("dismiss", help="let records go")
    dismiss.add_argument("ids", nargs="+", metavar="id")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import raw
    from pipelines.warehouse_file import warehouse

    config.read(home)
    with warehouse(home) as con:
        raw.ensure(con)
        if args.action == "list":
            return _list(raw.held(con, args.status, args.platform))
        if args.action == "show":
            return _show(con, _whole_ids(con, [args.id])[0])
        ids = _whole_ids(con, args.ids) if args.ids else None
        return _dismiss(con, ids or []) if args.action == "dismiss" else _replay(con, home, ids, args.accept)


def _list(held: "list[Held]") -> int:
    for one in held:
        where = f"{one.platform}/{one.stream} {one.account}"
        print(f"{one.quarantine_id[:SHOWN]}  {one.arrived_at:%Y-%m-%d %H:%M}  {where}  by {one.via}")
        for reason in one.reasons:
            print(f"{'':{SHOWN}}  {reason}")
    print(f"{len(held)} records" if held else "nothing is held")
    return 0


def _show(con: "duckdb.DuckDBPyConnection", quarantine_id: str) -> int:
    query = "select reasons, status, payload from door.quarantine where quarantine_id = ?"
    reasons, status, payload = con.execute(query, [quarantine_id]).fetchone()
    print(f"{quarantine_id}  {status}")
    for reason in reasons:
        print(f"  {reason}")
    try:
        print(json.dumps(json.loads(payload), indent=2, ensure_ascii=False))
    except (TypeError, ValueError):
        print(payload)
    return 0


def _replay(con: "duckdb.DuckDBPyConnection", home: Home, ids: list[str] | None, accept: bool) -> int:
    from pipelines import clock, raw

    landed = raw.replay(con, home, clock.ingest_time(), ids, accept=accept)
    for one in landed:
        print(f"{one.platform}/{one.stream}: {one.new} landed, {one.refused} still refused")
    print("`firsthand run` builds and publishes with them." if landed else "nothing was held")
    return 1 if any(one.refused for one in landed) else 0


def _dismiss(con: "duckdb.DuckDBPyConnection", ids: list[str]) -> int:
    from pipelines import clock, raw

    print(f"{raw.dismiss(con, ids, clock.ingest_time())} dismissed")
    return 0


def _whole_ids(con: "duckdb.DuckDBPyConnection", beginnings: list[str]) -> list[str]:
    """Raises ConfigError where a beginning means none or several."""
    whole = []
    for beginning in beginnings:
        found = con.execute(
            "select quarantine_id from door.quarantine where starts_with(quarantine_id, ?)", [beginning]
        ).fetchall()
        if len(found) != 1:
            raise ConfigError(
                f"{beginning} means {len(found) or 'no'} records; see `firsthand quarantine list`"
            )
        whole.append(found[0][0])
    return whole
