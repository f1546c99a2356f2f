"""What goes into the audit log by itself: every command obeyed, every erasure done, every change of a rule.

Caught up with after the fact and told apart by reference, so that a crash in between loses nothing and
nothing is in it twice.
"""

import getpass
from contextlib import suppress
from typing import Any

from pipelines import audit_log, config
from pipelines.company import Company
from pipelines.door.command import new_id
from pipelines.door.schema import Connection
from pipelines.home import Home
from pipelines.keyed import Keyed, MissingKey

RULES = ("configuration", "code", "weights")
# What is told of one, where it has it; `version` is the audience's.
EXPORT = (
    "channel", "purpose", "people", "audience", "version", "recipient", "reason", "format", "sha256"
)  # fmt: skip


def catch_up(con: Connection, company: Company) -> int:
    """Enter what the warehouse knows and the log does not; how many entries. Raises MissingKey, Tampered."""
    keyed, known, new = Keyed.of(company.secrets), audit_log.references(company.home), 0
    for command_id, kind, made_at, made_by, count in con.execute(
        "select command_id, command, made_at, made_by, record_count from door.commands"
        " order by ingested_at, command_id"
    ).fetchall():
        reference = f"command {command_id}"
        if reference not in known:
            facts = {"made_at": made_at.isoformat()} | ({"records": count} if count else {})
            new += audit_log.note(company.home, keyed, kind, made_by, reference, facts)
    for erasure_id, swept_at, channel, extent in con.execute(
        "select erasure_id, swept_at, channel, extent ->> '$.records' from door.erasures"
        " where swept_at is not null order by swept_at, erasure_id"
    ).fetchall():
        reference = f"erased {erasure_id}"
        if reference not in known:
            facts = {"channel": channel, "records": extent, "at": swept_at.isoformat()}
            new += audit_log.note(company.home, keyed, "erased", "firsthand", reference, facts)
    new += note_exports(con, company)
    return new


def note_exports(con: Connection, company: Company) -> int:
    """Enter each export the log does not have; how many: none without a key to seal by. Raises Tampered."""
    try:
        keyed = Keyed.of(company.secrets)
    except MissingKey:
        return 0
    known, new = audit_log.references(company.home), 0
    for export_id, at, made_by, *told in con.execute(
        "select export_id, exported_at, made_by, channel, purpose, allowed_count, audience, audience_version,"
        " recipient, reason, format, file_sha256 from door.exports order by exported_at, export_id"
    ).fetchall():
        reference = f"export {export_id}"
        if reference not in known:
            facts = {"at": at.isoformat()} | {
                name: fact for name, fact in zip(EXPORT, told, strict=True) if fact is not None
            }
            new += audit_log.note(company.home, keyed, "export", made_by, reference, facts)
    return new


def note_rules(company: Company, ingredients: dict[str, Any], run_id: str) -> bool:
    """Enter that configuration, code or weights are others than at the last build. Raises as above."""
    rules = {name: ingredients[name] for name in RULES}
    before = [entry for entry in audit_log.entries(company.home) if entry.what == "rules"]
    if before and dict(before[-1].facts) == rules:
        return False
    keyed = Keyed.of(company.secrets)
    return audit_log.note(company.home, keyed, "rules", "firsthand", f"rules of run {run_id}", rules)


def note_by_hand(home: Home, what: str, facts: dict[str, Any], by: str | None = None) -> None:
    """Enter what somebody did at the command line, before it can be used. Raises Tampered.

    Without FIRSTHAND_KEY nothing can be sealed: a backup is worth more than its entry.
    """
    with suppress(MissingKey):
        keyed = Keyed.of(config.secrets(home))
        audit_log.note(home, keyed, what, by or getpass.getuser(), f"{what} {new_id()}", facts)
