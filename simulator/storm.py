"""A storm of webhooks: bodies of every platform that pushes, right ones and wrong ones, each another.

right      as the platform sends it; some were sent before, as by platforms that heard no thanks
forged     signed with the signature of another body, or sent to an address with another word
altered    changed after it was signed; where nothing is signed, no form of theirs
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from simulator.company import make, with_everything
from simulator.declared import Post, Push
from simulator.fleet import FLEET
from simulator.model import Company

# Where nothing is signed, the last part of the address is the secret.
WORDS = {name: platform.word for name, platform in FLEET.items() if platform.word}
# Where it is among the data, what is sent with it may be anything.
KEYS = {name: platform.key.encode() for name, platform in FLEET.items() if platform.key}


@dataclass(frozen=True)
class Knock:
    """One POST to `/hooks/<path>`."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    is_right: bool

    @property
    def platform(self) -> str:
        return self.path.partition("/")[0]


class Storm:
    """Deterministic: the same number is the same knock."""

    def __init__(self) -> None:
        company = with_everything(make(30, 7, date(2026, 11, 20)))
        self._senders: dict[str, Callable[[int], Post]] = {
            name: partial(platform.nth, company) if platform.nth else _answers(company, name, platform.push)
            for name, platform in FLEET.items()
            if platform.nth or platform.push
        }

    @property
    def platforms(self) -> tuple[str, ...]:
        return tuple(self._senders)

    def knock(self, number: int) -> Knock:
        platform = self.platforms[number % len(self.platforms)]
        turn = number // len(self.platforms) % 10
        if turn == 0:
            return self.forged(platform, number)
        if turn == 5:
            return self.altered(platform, number)
        # The one of the turn before, once more.
        return self.right(platform, number - len(self.platforms) if turn == 8 else number)

    def right(self, platform: str, number: int) -> Knock:
        headers, body = self._senders[platform](number)
        word = WORDS.get(platform)
        return Knock(f"{platform}/{word}" if word else platform, headers, body, True)

    def forged(self, platform: str, number: int) -> Knock:
        found = self.right(platform, number)
        if platform in WORDS:
            return replace(found, path=f"{platform}/another-word", is_right=False)
        if platform in KEYS:
            return replace(found, body=found.body.replace(KEYS[platform], b"another-key"), is_right=False)
        # Another's signature, and the kind of body that goes with it.
        return replace(found, headers=self.right(platform, number + 10**6).headers, is_right=False)

    def altered(self, platform: str, number: int) -> Knock:
        found = self.right(platform, number)
        if platform in WORDS:
            headers = {**found.headers, "Content-Type": "text/plain"}
            return replace(found, headers=headers, is_right=False)
        if platform in KEYS:
            return replace(
                found, body=found.body.replace(KEYS[platform], KEYS[platform][:-1]), is_right=False
            )
        return replace(found, body=found.body + b" ", is_right=False)

    def __call__(self, count: int) -> Iterator[Knock]:
        return map(self.knock, range(count))


def _answers(company: Company, name: str, push: Push) -> Callable[[int], Post]:
    """The same person's answer, each number another."""
    forms = {form.form_id: form for form in company.forms}
    campaigns = {one.campaign_id: one for one in company.campaigns}
    lead = next(lead for lead in company.leads if lead.platform == name and lead.person_id)

    def send(number: int) -> Post:
        return push([replace(lead, lead_id=str(10**18 + number))], forms, campaigns)

    return send
