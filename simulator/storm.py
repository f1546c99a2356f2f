"""A storm of webhooks: bodies of every platform that pushes, right ones and wrong ones, each another.

right      as the platform sends it; some were sent before, as by platforms that heard no thanks
forged     signed with the signature of another body, or sent to an address with another word
altered    changed after it was signed; where nothing is signed, no form of theirs
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from simulator.company import make, with_ad_platforms, with_form_tools
from simulator.model import Company, Lead
from simulator.platforms.google_ads import push as google_ads
from simulator.platforms.gravity_forms import push as gravity_forms
from simulator.platforms.hubspot import push as hubspot
from simulator.platforms.jotform import push as jotform
from simulator.platforms.mailchimp import push as mailchimp
from simulator.platforms.mailchimp.nodes import AUDIENCES
from simulator.platforms.stripe import nodes as stripe_nodes
from simulator.platforms.stripe import push as stripe
from simulator.platforms.woocommerce import push as woocommerce
from simulator.webhooks import AD_PLATFORMS, FORM_TOOLS, meta_delivery, typeform_delivery

Post = tuple[Mapping[str, str], bytes]
# Where nothing is signed, the last part of the address is the secret.
WORDS = {"jotform": jotform.WORD, "gravity_forms": gravity_forms.WORD, "mailchimp": mailchimp.WORD}
# Where it is among the data, what is sent with it may be anything.
KEYS = {"google_ads": google_ads.KEY.encode()}
AT = datetime(2026, 11, 20, 5, tzinfo=UTC)


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
        company = with_form_tools(make(30, 7, date(2026, 11, 20)), *FORM_TOOLS)
        company = with_ad_platforms(company, *AD_PLATFORMS)
        self._senders: dict[str, Callable[[int], Post]] = {
            "meta": self._meta(company),
            **{name: self._ad_platform(company, name) for name in AD_PLATFORMS},
            "woocommerce": _woocommerce,
            "stripe": _stripe,
            "hubspot": _hubspot,
            "mailchimp": self._mailchimp(company),
            **{tool: self._form_tool(company, tool) for tool in ("typeform", *FORM_TOOLS)},
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

    @staticmethod
    def _meta(company: Company) -> Callable[[int], Post]:
        forms = {form.form_id: form for form in company.forms}
        lead = _lead(company, "meta")

        def send(number: int) -> Post:
            told = meta_delivery([replace(lead, lead_id=str(10**15 + number))], company, forms)
            return told.headers, told.body

        return send

    @staticmethod
    def _ad_platform(company: Company, name: str) -> Callable[[int], Post]:
        forms = {form.form_id: form for form in company.forms}
        campaigns = {one.campaign_id: one for one in company.campaigns}
        lead = _lead(company, name)

        def send(number: int) -> Post:
            return AD_PLATFORMS[name]([replace(lead, lead_id=str(10**18 + number))], forms, campaigns)

        return send

    @staticmethod
    def _form_tool(company: Company, tool: str) -> Callable[[int], Post]:
        lead = _lead(company, tool)
        form = next(form for form in company.forms if form.form_id == lead.form_id)

        def send(number: int) -> Post:
            answered = replace(lead, lead_id=str(10**17 + number))
            if tool != "typeform":
                return FORM_TOOLS[tool](answered, form)
            told = typeform_delivery(answered, form)
            return told.headers, told.body

        return send

    @staticmethod
    def _mailchimp(company: Company) -> Callable[[int], Post]:
        contact = company.mail_contacts[0]

        def send(number: int) -> Post:
            one = replace(contact, email=f"n{number}@courriel.example")
            return mailchimp.delivery(one, AUDIENCES[0], AT)

        return send


def _stripe(number: int) -> Post:
    """Signed now: an old signature is none."""
    told = stripe_nodes.event("customer.updated", AT, {"id": f"cus_{number}", "object": "customer"})
    return stripe.delivery(told, int(time.time()))


def _hubspot(number: int) -> Post:
    """Signed now, too."""
    told = hubspot.event("creation", str(10**10 + number), round(AT.timestamp() * 1000))
    return hubspot.delivery([told], round(time.time() * 1000))


def _woocommerce(number: int) -> Post:
    told = {"id": number, "email": f"n{number}@courriel.example", "role": "customer"}
    return woocommerce.delivery("customer", "updated", told)


def _lead(company: Company, platform: str) -> Lead:
    return next(lead for lead in company.leads if lead.platform == platform and lead.person_id)
