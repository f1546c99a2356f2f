"""Contacts and events as they stand at one moment."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from simulator.faults import Faults
from simulator.model import MailContact, MailEvent
from simulator.platforms.brevo import nodes


@dataclass
class Contacts:
    """All contacts at one moment, oldest first, each with the moment of its last change."""

    records: list[tuple[MailContact, datetime]] = field(default_factory=list)
    by_id: dict[int, tuple[MailContact, datetime]] = field(default_factory=dict)
    windows: dict[str, list[tuple[MailContact, datetime]]] = field(default_factory=dict)

    def since(
        self, key: str, keep: Callable[[MailContact, datetime], bool]
    ) -> list[tuple[MailContact, datetime]]:
        """A filtered list, made once per filter however many pages are read of it."""
        if key not in self.windows:
            self.windows[key] = [(record, at) for record, at in self.records if keep(record, at)]
        return self.windows[key]


def look(
    records: Iterable[MailContact], faults: Faults, now: datetime, touched: Mapping[int, datetime]
) -> Contacts:
    """`touched`: when somebody changed a contact over the API."""
    view = Contacts()
    for record in sorted(records, key=lambda one: (one.created_at, one.contact_id)):
        key = str(record.contact_id)
        if record.visible_at > now or faults.hides("brevo", "contacts", key):
            continue
        late = faults.came_late("brevo", "contacts", key)
        moments = [at for at in (late, touched.get(record.contact_id)) if at]
        pair = (record, nodes.modified_at(record, now, max(moments, default=None)))
        view.records.append(pair)
        view.by_id[record.contact_id] = pair
    return view


def look_at_events(events: Iterable[MailEvent], now: datetime) -> tuple[list[MailEvent], list[float]]:
    """Newest first, with minus their moments to bisect on."""
    shown = [one for one in events if one.visible_at <= now]
    shown.sort(key=lambda one: (-one.at.timestamp(), one.contact_id))
    return shown, [-one.at.timestamp() for one in shown]
