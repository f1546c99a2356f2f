"""What is read from Salesforce: leads, contacts, opportunities and whom they are with; the deleted too."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from connectors.catching_up import catch_up
from connectors.landing import at
from connectors.salesforce.api import Salesforce
from connectors.stream import Announced, BadAnswer, MissingPermission, Page, Row, Since

TOGETHER = 2000  # the largest page
ALWAYS = ("Id", "CreatedDate", "SystemModstamp", "IsDeleted")
PERSON = (
    "MasterRecordId", "Email", "Phone", "MobilePhone", "FirstName", "LastName", "Name", "Title", "LeadSource",
    "HasOptedOutOfEmail", "DoNotCall", "EmailBouncedDate",
)  # fmt: skip
# What is asked of each object, where the app's user may see it.
FIELDS = {
    "Lead": (
        *PERSON, "Company", "Street", "City", "PostalCode", "Country", "Status", "IsConverted",
        "ConvertedDate", "ConvertedContactId", "ConvertedAccountId", "ConvertedOpportunityId",
    ),
    "Contact": (
        *PERSON, "AccountId", "MailingStreet", "MailingCity", "MailingPostalCode", "MailingCountry",
        "HomePhone", "Birthdate",
    ),
    "Account": ("MasterRecordId", "Name"),
    "Opportunity": (
        "AccountId", "ContactId", "Amount", "CurrencyIsoCode", "StageName", "IsClosed", "IsWon", "CloseDate",
        "CampaignId",
    ),
    "OpportunityContactRole": ("OpportunityId", "ContactId", "IsPrimary", "Role"),
}  # fmt: skip


OPEN = frozenset({"OpportunityContactRole"})  # no field of it can be hidden


def records(of: str, salesforce: Salesforce, account: str, since: Since) -> Iterator[Page | Announced]:
    """Records of an object changed at or after `since`, oldest change first; all of them where there are more
    than we hold: in the order of ids, which no edit moves.

    A deleted record is told of as long as it lies in the bin; one that was merged away says into which.
    """
    count = salesforce.count(f"SELECT COUNT() FROM {of}")
    if count is not None:
        yield Announced("", count)
    told = ", ".join(_visible(salesforce, of))
    yield from catch_up(
        since,
        count,
        lambda begin: _pages(_changed(salesforce, of, told, begin)),
        lambda: _pages(_everything(salesforce, of, told)),
        key="Id",
        created="CreatedDate",
    )


def _changed(salesforce: Salesforce, of: str, told: str, begin: datetime) -> Iterator[list[Any]]:
    changed = begin.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return salesforce.pages(
        f"SELECT {told} FROM {of} WHERE SystemModstamp >= {changed} ORDER BY SystemModstamp, Id"
    )


def _visible(salesforce: Salesforce, of: str) -> list[str]:
    """The fields to ask for: to ask for one that is hidden is an error."""
    if of in OPEN:
        return [*ALWAYS, *FIELDS[of]]
    fields = salesforce.ask(f"sobjects/{of}/describe").get("fields")
    if not isinstance(fields, list):
        raise BadAnswer(f"salesforce {of}: no list of fields in the answer")
    there = {name for field in fields if isinstance(name := at(field, "name"), str)}
    if missing := set(ALWAYS) - there:
        raise MissingPermission(f"salesforce {of}: the app's user does not see {', '.join(sorted(missing))}")
    return [*ALWAYS, *(name for name in FIELDS[of] if name in there)]


def _everything(salesforce: Salesforce, of: str, told: str) -> Iterator[list[Any]]:
    last = ""
    while True:
        after = f" WHERE Id > '{last}'" if last else ""
        ids = []
        for rows in salesforce.pages(f"SELECT {told} FROM {of}{after} ORDER BY Id LIMIT {TOGETHER}"):
            yield rows
            ids += [key for row in rows if isinstance(key := at(row, "Id"), str) and key.isalnum()]
        if len(ids) < TOGETHER:
            return
        if max(ids) <= last:
            raise BadAnswer(f"salesforce {of}: more is announced, but nothing leads to it")
        last = max(ids)


def _pages(found: Iterable[list[Any]]) -> Iterator[Page]:
    """What is there, or was merged away and says into what; of the rest that was deleted only that."""
    for rows in found:
        if there := [row for row in rows if not _is_gone(row)]:
            yield Page(there)
        if gone := [deleted(row) for row in rows if _is_gone(row)]:
            yield Page(gone, "delete")


def _is_gone(row: Any) -> bool:
    return at(row, "IsDeleted") is True and not at(row, "MasterRecordId")


def deleted(row: Any) -> Row:
    return {name: at(row, name) for name in ALWAYS}


leads = partial(records, "Lead")
contacts = partial(records, "Contact")
accounts = partial(records, "Account")
opportunities = partial(records, "Opportunity")
roles = partial(records, "OpportunityContactRole")
