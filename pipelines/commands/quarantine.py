"""Records the door refused, each with its reasons. Nothing is lost here; you decide.

`replay` judges again by today's rules (after a connector was mended, or a platform documented a new
value) and lands what passes; with --accept you take responsibility for what does not. `dismiss` lets
records go: they stay on file and count as refused; `reopen` brings such back. Who decided, and why, is kept.

examples:
  firsthand quarantine list
  firsthand quarantine list --platform meta
  firsthand quarantine show 3f2a91
  firsthand quarantine replay                                  all of them
  firsthand quarantine replay --refused "email is missing"     all that were refused for that
  firsthand quarantine replay 3f2a91 --accept --reason "the agency vouches for it"
  firsthand quarantine dismiss 3f2a91 --reason "a test of the agency's"
  firsthand quarantine reopen 3f2a91
"""

import argparse
import getpass
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
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|show|replay|dismiss|reopen")
    listing = actions.add_parser("list", help="what is held, and why")
    listing.add_argument("--platform")
    listing.add_argument("--status", choices=["held", "replayed", "dismissed"], default="held")
    show = actions.add_parser("show", help="one record whole; it is personal data")
    show.add_argument("id")
    for name, text, before in (
        ("replay", "judge again, land what passes", "held"),
        ("dismiss", "let records go", "held"),
        ("reopen", "dismissed records are in question again", "dismissed"),
    ):
        action = actions.add_parser(name, help=text)
        action.add_argument("ids", nargs="*", metavar="id", help="none: all" if name == "replay" else "")
        action.add_argument("--refused", metavar="REASON", help="all that were refused for that, as listed")
        action.add_argument("--reason", help="why you decide so; it is kept")
        action.add_argument("--by", help="who decides (default: your login name)")
        action.set_defaults(before=before, accept=False)
        if name == "replay":
            action.add_argument("--accept", action="store_true", help="land also what breaks a promise")


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
        return _decide(con, home, args)


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


def _decide(con: "duckdb.DuckDBPyConnection", home: Home, args: argparse.Namespace) -> int:
    """By the same commands as the console's, obeyed at once: the audit log tells of both."""
    from pipelines import clock, raw
    from pipelines.door import command, commands, decisions

    ids = _chosen(con, args)
    decision = "accept" if args.accept else args.action
    if decision in decisions.NEED_REASON and not args.reason:
        raise ConfigError(f"{decision}: say why, with --reason; it is kept with your name")
    now = clock.ingest_time()
    for said in decisions.decided(decision, ids, args.by or getpass.getuser(), now, args.reason):
        commands.obey(con, command.send(home, said), raw.ingest_time(con, now))
    raw.rehear(con, home, now)
    found = dict(
        con.execute(
            "select status, count(*) from door.quarantine where list_contains(?, quarantine_id) group by all",
            [ids],
        ).fetchall()
    )
    if decision in ("dismiss", "reopen"):
        print(f"{found.get('dismissed' if decision == 'dismiss' else 'held', 0)} {decision}ed")
        return 0
    print(
        f"{found.get('replayed', 0)} landed, {found.get('held', 0)} still refused"
        if ids
        else "nothing was held"
    )
    if found.get("replayed"):
        print("`firsthand run` builds and publishes with them.")
    return 1 if found.get("held") else 0


def _chosen(con: "duckdb.DuckDBPyConnection", args: argparse.Namespace) -> list[str]:
    """The records somebody means; only those that can be decided so. Raises ConfigError."""
    if not args.ids and not args.refused and args.action != "replay":
        raise ConfigError("which records? Name them, or say --refused and the reason as it is listed")
    named = _whole_ids(con, args.ids)
    rows = con.execute(
        """
        select quarantine_id from door.quarantine
        where status = ? and (? or list_contains(?, quarantine_id))
            and (? is null or list_contains(reasons, ?))
        order by quarantine_id
        """,
        [args.before, not named, named, args.refused, args.refused],
    )
    return [row[0] for row in rows.fetchall()]


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
