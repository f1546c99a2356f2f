"""Suppression lists: who said no, for a tool that writes to people, so that it keeps the no as well.

Silence is no no, and is in no list. A tool is told of those it knows already: whoever said no is nobody to
make a contact of. The erased are in none: nothing of them is left but keyed hashes, which open to nobody.

    brevo       EMAIL; by SMS: SMS, digits        mailchimp  Email Address        hubspot  Email
    partner     sha256 of each address in small letters, or of the number with its plus: for an agency or a
                sender who has a list of their own, and is told of nobody who is not on it
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from connectors.landing import write_durably
from pipelines import audit_trail, laws, permission
from pipelines.company import Company
from pipelines.door import schema
from pipelines.exporting import export, files
from pipelines.exporting.export import Asked, NotBuilt
from pipelines.exporting.hashed import sha256
from pipelines.exporting.selection import Selection
from pipelines.permission import Answer
from pipelines.warehouse_file import warehouse

Connection = duckdb.DuckDBPyConnection
# What a person said, or a tool that took it from them; not what the law forbids or nobody was asked.
NOES = ("objected", "stopped", "said_no", "unsubscribed", "complained", "blocked_in_tool")
PARTNER = "partner"
COLUMNS = {
    ("brevo", "email"): "EMAIL",
    ("brevo", "sms"): "SMS",
    ("mailchimp", "email"): "Email Address",
    ("hubspot", "email"): "Email",
    (PARTNER, "email"): "sha256",
    (PARTNER, "sms"): "sha256",
}
FORM = "suppression"

ASK = """
select allowed.contact_value, allowed.reason, list(distinct points.customer_id order by points.customer_id)
    filter (points.customer_id is not null) as customer_ids
from consent.allowed
left join consent.int_customer_contact_points as points using (contact_type, contact_value)
where allowed.channel = $channel
    and allowed.purpose = $purpose
    and not allowed.is_allowed
    and list_contains($noes, allowed.reason)
    and ($knower is null or exists (
        select 1 from contracts.identifiers as known
        where starts_with(known.profile_id, $knower || ':')
            and known.identifier_type = allowed.contact_type
            and known.contact_value = allowed.contact_value
    ))
group by allowed.contact_value, allowed.reason
order by allowed.contact_value
"""


@dataclass(frozen=True)
class Suppressed:
    """`counts`: lines by reason. `unsafe`: a spreadsheet would compute them, so they are not in the file and
    want to be entered by hand. `export_id` is None after a dry run."""

    counts: dict[str, int]
    unsafe: int
    laws: str
    export_id: str | None = None

    @property
    def lines(self) -> int:
        return sum(self.counts.values())


def run(company: Company, asked: Asked, recipient: str, path: Path | None) -> Suppressed:
    """Ask at this moment and write; None is a dry run.

    Raises NotBuilt, audit_log.Tampered, and KeyError for a channel the recipient has no list for.
    """
    column, policy = COLUMNS[recipient, asked.channel], laws.digest(laws.read())
    with warehouse(company.home) as con:
        con.execute(schema.DOOR)
        rows = _noes(con, company, asked, recipient)
        lines = {value: line_of(recipient, asked.channel, value) for value, _, _ in rows}
        safe = [row for row in rows if not lines[row[0]].startswith(files.DANGEROUS)]
        counts: dict[str, int] = {}
        for _, reason, _ in safe:
            counts[reason] = counts.get(reason, 0) + 1
        counts = dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
        told = Suppressed(counts, len(rows) - len(safe), policy)
        if path is None:
            return told
        export_id = export.new_id(asked)
        people = (Answer(number, True, reason, basis=FORM) for _, reason, ids in safe for number in ids or ())
        selection = Selection([], (), sha256(f"{FORM} {recipient} {asked.channel} {asked.purpose}")[:16])
        export.record(con, export_id, asked, selection, policy, _each_once(people), FORM)
        audit_trail.note_exports(con, company)
    _write(path, column, sorted({lines[value] for value, _, _ in safe}))
    return Suppressed(counts, told.unsafe, policy, export_id)


def _noes(
    con: Connection, company: Company, asked: Asked, recipient: str
) -> list[tuple[str, str, list[str] | None]]:
    con.begin()
    try:
        permission.hear(con, company.home, asked.at)
        con.execute(f"set variable permission_as_of = date '{asked.day.isoformat()}'")
        return con.execute(
            ASK,
            {
                "channel": asked.channel,
                "purpose": asked.purpose,
                "noes": list(NOES),
                "knower": None if recipient == PARTNER else recipient,
            },
        ).fetchall()
    except duckdb.CatalogException as error:
        raise NotBuilt("nothing is built yet: `firsthand run` first") from error
    finally:
        # What staff entered is heard for this question; the run that obeys it makes it last.
        con.rollback()


def line_of(recipient: str, channel: str, value: str) -> str:
    if recipient == PARTNER:
        return sha256(value.strip().lower())
    return value.removeprefix("+") if channel == "sms" else value


def _each_once(people: Iterable[Answer]) -> list[Answer]:
    return list({one.customer_id: one for one in people}.values())


def _write(path: Path, column: str, lines: Sequence[str]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([[column], *([one] for one in lines)])
    write_durably(path, text.getvalue().encode())
