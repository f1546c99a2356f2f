"""Salesforce: leads, contacts, opportunities with whom they are with, accounts (REST, SOQL, version 66.0).

An org is an account. Its limit is calls a day; a page holds 2,000 records. What was deleted or merged is told
for as long as it lies in the bin, 15 days; what the app's user may not see is not there.
"""

from datetime import timedelta

from connectors.erasing import Erasing, never
from connectors.salesforce.api import client
from connectors.salesforce.erase import erase
from connectors.salesforce.fetch import accounts, contacts, leads, opportunities, roles
from connectors.salesforce.read import CONTACTS_EXPORT, LEADS_EXPORT
from connectors.salesforce.versions import api_version
from connectors.stream import Promise, Stream

__all__ = ["EXPORTS", "NAME", "SECRETS", "STREAMS", "api_version", "client"]

NAME = "salesforce"
SECRETS = ("SALESFORCE_CLIENT_ID", "SALESFORCE_CLIENT_SECRET")
ID = r"^[0-9A-Za-z]{18}$"
RECORD = (
    Promise("Id", type="text", pattern=ID),
    Promise("CreatedDate", type="time"),
    Promise("SystemModstamp", type="time"),
)
PERSON = (
    *RECORD,
    Promise("Email", required=False, type="text"),
    Promise("HasOptedOutOfEmail", required=False, type="boolean"),
    Promise("DoNotCall", required=False, type="boolean"),
    Promise("MasterRecordId", required=False, type="text"),
)
# Moves with every job the platform does by itself.
MOVING = ("SystemModstamp",)
HOW = {
    "key": "Id",
    "changed_at": "SystemModstamp",
    "occurred_at": "CreatedDate",
    "volatile": MOVING,
    "counted": "present",
    "overlap": timedelta(minutes=10),  # what was committed late carries the time it began at
}

STREAMS = (
    Stream(
        "lead_records",  # "leads" are those of forms, which are counted against what was sold
        leads,
        **HOW,
        hourly=True,
        poor_ways=frozenset({"file"}),
        # Staff, imports and other tools make leads and contacts: no date on one is an act of theirs.
        erasing=Erasing(profiles=("lead",), is_new_act=never, ask=erase("Lead")),
        promises=(*PERSON, Promise("ConvertedContactId", required=False, type="text")),
    ),
    Stream(
        "contacts",
        contacts,
        **HOW,
        hourly=True,
        poor_ways=frozenset({"file"}),
        erasing=Erasing(profiles=("contact",), is_new_act=never, ask=erase("Contact")),
        promises=(*PERSON, Promise("AccountId", required=False, type="text")),
    ),
    Stream("accounts", accounts, **HOW, promises=(*RECORD, Promise("Name", required=False, type="text"))),
    Stream(
        "opportunities",
        opportunities,
        **HOW,
        promises=(
            *RECORD,
            Promise("Amount", required=False, type="number"),
            Promise("IsClosed", required=False, type="boolean"),
            Promise("IsWon", required=False, type="boolean"),
            Promise("CloseDate", required=False, type="time"),
        ),
    ),
    Stream(
        "roles",
        roles,
        **HOW,
        erasing=Erasing(owner=("contacts", "ContactId")),
        promises=(*RECORD, Promise("OpportunityId", type="text"), Promise("ContactId", type="text")),
    ),
)
EXPORTS = (LEADS_EXPORT, CONTACTS_EXPORT)
