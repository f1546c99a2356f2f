"""Who is on which list of a mail tool, changed by whoever asks; every change is kept, for tests to look at.

Readers may be told how a list stood a moment ago (`lagging`), and of a batch some may fail for no reason
(`partial`): the platforms do both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from simulator.faults import Faults
from simulator.model import ConsentState, MailContact
from simulator.wire import Call


@dataclass
class Memberships:
    """`base`: who was on a list before anybody asked us. `history`: list, key, whether they came or went."""

    platform: str
    faults: Faults
    base: Mapping[str, list[str]] = field(default_factory=dict)
    history: list[tuple[str, str, bool]] = field(default_factory=list)
    _stands: dict[str, dict[str, None]] = field(default_factory=dict)
    _stood: dict[str, list[str]] = field(default_factory=dict)

    def of(self, listed: str) -> list[str]:
        """Keys, in the order they came."""
        return list(self._now(listed))

    def shown(self, listed: str, call: Call) -> list[str]:
        """The same, or how it stood before the last change."""
        now = self.of(listed)
        if self.faults.strikes("lagging", self.platform, call.signature):
            return self._stood.get(listed, now)
        return now

    def change(
        self, listed: str, keys: Iterable[str], comes: bool, call: Call
    ) -> tuple[list[str], list[str]]:
        """Put on or take off; who was moved, and who was not: there already, gone already, or unlucky."""
        now, moved, failed = self._now(listed), [], []
        before = list(now)
        for key in dict.fromkeys(keys):
            if (key in now) == comes or self.faults.strikes(
                "partial", self.platform, f"{call.signature}|{key}"
            ):
                failed.append(key)
                continue
            if comes:
                now[key] = None
            else:
                del now[key]
            self.history.append((listed, key, comes))
            moved.append(key)
        if moved:
            self._stood[listed] = before
        return moved, failed

    def _now(self, listed: str) -> dict[str, None]:
        if listed not in self._stands:
            self._stands[listed] = dict.fromkeys(self.base.get(listed, []))
        return self._stands[listed]


@dataclass
class Leavers:
    """Who left by themselves, a moment ago, besides those of the story."""

    when: dict[str, datetime] = field(default_factory=dict)

    def as_now(self, contact: MailContact) -> MailContact:
        at = self.when.get(contact.email or "")
        if at is None:
            return contact
        left = ConsentState(at, "email", "unsubscribed", reason="unsubscribed")
        return replace(contact, consents=(*contact.consents, left))


def before(contacts: Iterable[MailContact]) -> dict[int, list[MailContact]]:
    """The lists that contacts were on before anybody asked us, by number."""
    found: dict[int, list[MailContact]] = {}
    for contact in contacts:
        for listed in contact.lists:
            found.setdefault(listed, []).append(contact)
    return dict(sorted(found.items()))


def told(
    memberships: Memberships, names: Mapping[str, str], addresses: Mapping[str, str | None]
) -> dict[str, Any]:
    """For the operator: who is on which list, and everybody who ever came or went; by name and address."""
    members = {name: [addresses.get(key) for key in memberships.of(listed)] for listed, name in names.items()}
    history = [[names.get(listed), addresses.get(key), comes] for listed, key, comes in memberships.history]
    return {"members": members, "history": history}
