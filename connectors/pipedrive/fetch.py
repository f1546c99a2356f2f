"""What is read from Pipedrive: people with whether they may be written to, deals, organizations."""

import logging
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from connectors.landing import at
from connectors.pipedrive.api import Pipedrive
from connectors.stream import Announced, BadAnswer, MissingPermission, Page, Row, Since

log = logging.getLogger("connectors")

MARKETING = "marketing_status,doi_status"  # told where they are asked for, and the account has Campaigns
# Deleted deals are told for 30 days, and only where they are asked for.
STATES = "open,won,lost,deleted"


def _in_order(since: Since) -> Row:
    """Oldest change first: what is edited meanwhile moves to the end. All of them: by number, which stays."""
    if since.moment is None:
        return {"sort_by": "id", "sort_direction": "asc"}
    changed = since.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"sort_by": "update_time", "sort_direction": "asc", "updated_since": changed}


def persons(pipedrive: Pipedrive, account: str, since: Since) -> Iterator[Page | Announced]:
    """People changed at or after `since`. Who was deleted is not in the list."""
    for rows in pipedrive.pages("persons", {**_in_order(since), **marketing(pipedrive)}):
        yield Page(rows)


def marketing(pipedrive: Pipedrive) -> dict[str, str]:
    """What asks for the marketing status; nothing where the account has no Campaigns and would refuse."""
    asked = {"include_fields": MARKETING}
    if pipedrive.reads_marketing is None:
        try:
            pipedrive.get("persons", {**asked, "limit": 1})
            pipedrive.reads_marketing = True
        except (BadAnswer, MissingPermission) as error:
            # Whatever else it may be about is told again by the list itself.
            log.warning("%s; people are read without their marketing status", error)
            pipedrive.reads_marketing = False
    return asked if pipedrive.reads_marketing else {}


def deals(pipedrive: Pipedrive, account: str, since: Since) -> Iterator[Page | Announced]:
    """Deals in every state; those put away are in a list of their own."""
    for path, states in (("deals", {"status": STATES}), ("deals/archived", {})):
        for rows in pipedrive.pages(path, {**_in_order(since), **states}):
            there = [row for row in rows if not _is_deleted(row)]
            if there:
                yield Page(there)
            if gone := [_gone(row) for row in rows if _is_deleted(row)]:
                yield Page(gone, "delete")


def _is_deleted(row: Any) -> bool:
    return at(row, "is_deleted") is True or at(row, "status") == "deleted"


def _gone(row: Any) -> Row:
    """What is left to say of a deal that was deleted: which, and when."""
    return {"id": at(row, "id"), "update_time": at(row, "update_time"), "is_deleted": True}


def organizations(pipedrive: Pipedrive, account: str, since: Since) -> Iterator[Page | Announced]:
    for rows in pipedrive.pages("organizations", _in_order(since)):
        yield Page(rows)
