"""What each made-up person typed on each platform, beside who they really are: the yardstick for identity.

The values are read with normalisers of this file's own. Measured with the product's, a mistake in them
would look like a success.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.marketing import TYPEFORM_ACCOUNT
from simulator.mess import PLACEHOLDER_EMAILS, PLACEHOLDER_PHONES
from simulator.model import Company, Lead
from simulator.people import plain
from simulator.truth import FILES_ACCOUNT, MAIL_ACCOUNT, SHOP


@dataclass(frozen=True)
class Record:
    """One profile: whose it is, and what it says of them."""

    profile_id: str
    person_id: str
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None


def records(company: Company) -> Iterator[Record]:
    """Every record of somebody; tests are nobody's."""
    for found in _all(company):
        if found.person_id:
            yield found


def _all(company: Company) -> Iterator[Record]:
    pages = {form.form_id: form.account_id for form in company.forms}
    for lead in company.leads:
        yield _of_lead(lead, pages[lead.form_id])
    for one in company.shop_customers:
        key = f"shopify:{SHOP}:customer:{one.customer_id}"
        yield Record(key, one.person_id or "", one.email, one.phone, one.first_name)
    for order in company.shop_orders:
        if order.customer_id is None:
            key = f"shopify:{SHOP}:guest_order:{order.order_id}"
            yield Record(key, order.person_id or "", order.email, order.phone, order.first_name)
    for contact in company.mail_contacts:
        key = f"brevo:{MAIL_ACCOUNT}:contact:{contact.contact_id}"
        phone = f"+{contact.phone}" if contact.phone else None
        yield Record(key, contact.person_id or "", contact.email, phone, contact.first_name)
    own = f"files:{FILES_ACCOUNT}"
    for gift in company.referrals:
        yield Record(f"{own}:referral:{gift.referral_id}", gift.referee_person_id, gift.referee_email)
        yield Record(f"{own}:referrer:{gift.referral_id}", gift.referrer_person_id, gift.referrer_email)
    for review in company.reviews:
        yield Record(f"{own}:review:{review.review_id}", review.person_id, review.email)
    for answer in company.nps_answers:
        yield Record(f"{own}:nps:{answer.answer_id}", answer.person_id, answer.email)


def _of_lead(lead: Lead, page: str) -> Record:
    said = lead.answers
    first = said.get("first_name") or (said.get("full_name") or "").strip().partition(" ")[0]
    key = f"meta:{page}:lead:{lead.lead_id}"
    if lead.platform == "typeform":
        key = f"typeform:{TYPEFORM_ACCOUNT}:response:{lead.lead_id}"
    return Record(key, lead.person_id or "", said.get("email"), said.get("phone_number"), first or None)


def mailbox(email: str | None) -> str | None:
    """Where a letter to this address arrives: case, spaces, plus tags and gmail's dots do not matter."""
    local, at, domain = (email or "").strip().lower().partition("@")
    local = local.partition("+")[0]
    if domain == "gmail.example":
        local = local.replace(".", "")
    return f"{local}@{domain}" if at and local else None


def line(phone: str | None) -> str | None:
    """Which telephone rings: the number inside its country, of which the company's three never meet."""
    text = (phone or "").strip().replace("(0)", "")
    digits = re.sub(r"\D", "", text)
    if text.startswith("+") or digits.startswith("00"):
        return re.sub(r"^(33|32|1)", "", digits.removeprefix("00"))
    if len(digits) == 11 and digits[0] == "1":
        return digits[1:]
    return digits.removeprefix("0") or None


NOBODYS_LINES = {line(phone) for phones in PLACEHOLDER_PHONES.values() for phone in phones}
NOBODYS_MAILBOXES = {mailbox(email) for email in PLACEHOLDER_EMAILS}


def same_first_name(one: Record, other: Record) -> bool:
    """As typed, case and accents apart; who gave none contradicts nobody."""
    return not (one.first_name and other.first_name) or plain(one.first_name) == plain(other.first_name)
