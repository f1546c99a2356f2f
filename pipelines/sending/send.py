"""One audience to one list of a mail tool: what would change, and changing it.

Only lists that are ours are touched: those we made, those that were empty, those somebody said to take over.
What is about to be added is recorded (door.exports) before it leaves, what was done in the audit log after.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from connectors.sending import Lists
from connectors.stream import NotThere
from pipelines import audit_log
from pipelines.company import Company, connector
from pipelines.config import ConfigError
from pipelines.config.outgoing import Destination
from pipelines.door import schema
from pipelines.exporting import export
from pipelines.keyed import Keyed
from pipelines.one_at_a_time import alone
from pipelines.sending import looked, register, step
from pipelines.sending.asking import Asker
from pipelines.sending.register import Ours
from pipelines.sending.step import Difference, Done
from pipelines.warehouse_file import warehouse

FORM = "list"


class NotOurs(ConfigError):
    """There is a list of that name with people on it, and it is not ours."""


@dataclass(frozen=True)
class Shown:
    """What a send would change; `list_id` None: the list would be made."""

    name: str
    list_id: str | None
    found: Difference
    excluded: dict[str, int]
    laws: str


@dataclass(frozen=True)
class Sent:
    """What came of it; `reference` names it in the audit log, if anything changed."""

    name: str
    list_id: str
    done: Done
    excluded: dict[str, int]
    reference: str


def lists_of(company: Company, platform: str, account: str | None) -> Lists:
    """Raises ConfigError, ConnectorError."""
    if not company.is_configured(platform):
        raise ConfigError(f"{platform} is no configured platform: put it under `platforms:` first")
    return connector(platform).lists_of(company.client(platform), account)


def name_of(destination: Destination) -> str:
    purpose = "" if destination.purpose == "marketing" else f" ({destination.purpose})"
    return destination.list or f"Firsthand: {destination.audience}{purpose}"


def show(company: Company, destination: Destination, by: str) -> Shown:
    """What would change; nothing is. Raises ConfigError, NotBuilt, MissingKey, ConnectorError."""
    lists = lists_of(company, destination.to, destination.account)
    ask = _asker(company, destination, by)
    ours = _ours(company, destination, lists)
    list_id = ours.list_id if ours else next(iter(lists.find(name_of(destination))), None)
    wanted, doubtful = ask(), step.unsettled(_note(company, ours)) if ours else set()
    try:
        found = step.difference(lists, list_id, wanted, doubtful)
    except NotThere:
        list_id, found = None, step.difference(lists, None, wanted)
    return Shown(name_of(destination), list_id, found, ask.heard.refused, ask.heard.laws)


def send(
    company: Company,
    destination: Destination,
    by: str,
    *,
    reason: str | None = None,
    takes_over: bool = False,
    spares: bool = False,
) -> Sent:
    """Bring the list into step. Raises ConfigError, NotOurs, NotBuilt, MissingKey, ConnectorError.

    `spares`: the tool is not asked where the list was right within the hour, for the very same people.
    """
    keyed, lists = Keyed.of(company.secrets), lists_of(company, destination.to, destination.account)
    ask = _asker(company, destination, by, reason)
    ask()  # an audience that cannot be asked makes no list
    with alone(company.home.state / "sending.lock"):
        while True:
            one = _claimed(company, destination, lists, ask, takes_over)
            try:
                return _brought(company, keyed, one, lists, ask, adds=True, spares=spares)
            except NotThere:
                # Somebody deleted it there: it is made again.
                register.strike(company, one)


def weed(company: Company, one: Ours, *, spares: bool = False) -> Sent | None:
    """Take off a list of ours whoever may not be written to any more; None: the list is no more."""
    keyed, lists = Keyed.of(company.secrets), lists_of(company, one.platform, one.account)
    ask = Asker(company, None, one.purpose, one.platform, "firsthand")
    ask()
    with alone(company.home.state / "sending.lock"):
        try:
            return _brought(company, keyed, one, lists, ask, adds=False, spares=spares)
        except NotThere:
            register.strike(company, one)
            return None


def _brought(
    company: Company, keyed: Keyed, one: Ours, lists: Lists, ask: Asker, *, adds: bool, spares: bool
) -> Sent:
    note, wanted = _note(company, one), looked.digest(keyed, ask.heard.allowed)
    if spares and not note.exists() and looked.was_right(company.home, note.stem, wanted):
        return Sent(one.name, one.list_id, Done(is_in_step=True), ask.heard.refused, "")
    references: list[str] = []

    def record(found: Difference) -> None:
        references.append(_record(company, ask, found.coming))

    pause = float(company.env(one.platform).settings.get("look_again_seconds", step.PAUSE))
    done = step.bring(lists, one.list_id, ask.heard.allowed, ask, note, record, adds=adds, pause=pause)
    reference = references[0] if references else export.new_id(ask.heard.asked)
    sent = Sent(one.name, one.list_id, done, ask.heard.refused, reference)
    if done.added or done.removed:
        _log(company, keyed, one, ask, sent)
    looked.note(company.home, note.stem, wanted, is_right=done.is_in_step)
    return sent


def _asker(company: Company, destination: Destination, by: str, reason: str | None = None) -> Asker:
    return Asker(company, destination.audience, destination.purpose, destination.to, by, reason)


def _ours(company: Company, destination: Destination, lists: Lists) -> Ours | None:
    """The list we filled before."""
    wanted = (destination.to, lists.account, name_of(destination))
    known = register.ours(company)
    return next((one for one in known if (one.platform, one.account, one.name) == wanted), None)


def _claimed(company: Company, destination: Destination, lists: Lists, ask: Asker, takes_over: bool) -> Ours:
    """The list, ours from here on. Raises NotOurs."""
    if ours := _ours(company, destination, lists):
        return ours
    name = name_of(destination)
    found = lists.find(name)
    if found and not takes_over and (members := lists.members(found[0])):
        raise NotOurs(
            f"{destination.to} has a list {name!r} with {len(members):,} people on it that we did not make:"
            " --take-over makes it ours, and takes off whoever is not meant; or name another with --list"
        )
    list_id = found[0] if found else lists.make(name)
    one = Ours(destination.to, lists.account, list_id, name, destination.audience, destination.purpose)
    register.enter(company, one, ask.heard.asked.at)
    return one


def _note(company: Company, one: Ours) -> Path:
    which = hashlib.sha256(f"{one.account}|{one.list_id}".encode()).hexdigest()[:16]
    return company.home.state / "sending" / f"{one.platform}-{which}.txt"


def _record(company: Company, ask: Asker, coming: Collection[str]) -> str:
    """Who is about to be added, by which law, as of any export."""
    heard = ask.heard
    export_id = export.new_id(heard.asked)
    leaving = [answer for address, answer in heard.allowed.items() if address in coming]
    with warehouse(company.home) as con:
        con.execute(schema.DOOR)
        export.record(con, export_id, heard.asked, heard.selection, heard.laws, leaving, FORM)
    return export_id


def _log(company: Company, keyed: Keyed, one: Ours, ask: Asker, sent: Sent) -> None:
    heard, done = ask.heard, sent.done
    facts = {
        "recipient": one.platform,
        "list": one.list_id,
        "audience": one.audience,
        "version": heard.selection.version,
        "channel": heard.asked.channel,
        "purpose": one.purpose,
        "added": len(done.added),
        "removed": len(done.removed),
        "people": len(done.members),
        "members": looked.digest(keyed, done.members),
        "in_step": done.is_in_step,
    }
    audit_log.note(company.home, keyed, "sent", heard.asked.made_by, f"sent {sent.reference}", facts)
