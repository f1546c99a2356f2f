"""The made-up company's own records on every platform, in the columns of a labelled set."""

from collections.abc import Iterator
from datetime import date

from benchmarks.labelled.rows import Row, row
from simulator.company import make
from simulator.model import Company, ShopCustomer, ShopOrder

UNTIL = date(2026, 11, 20)


def rows(people: int, seed: int) -> list[Row]:
    """Every record of somebody; tests are nobody's."""
    return [one for one in _all(make(people, seed, UNTIL)) if one["true_cluster_id"]]


def _all(company: Company) -> Iterator[Row]:
    for lead in company.leads:
        said = lead.answers
        yield row(
            lead.platform, lead.person_id or "", created_at=lead.created_at.isoformat(),
            email=said.get("email"), phone=said.get("phone_number"), first_name=said.get("first_name"),
            last_name=said.get("last_name"), full_name=said.get("full_name"), company=said.get("company"),
        )  # fmt: skip
    for customer in company.shop_customers:
        yield _of_shop("shop", customer)
    for order in company.shop_orders:
        if order.customer_id is None:
            yield _of_shop("shop_guest", order)
    for contact in company.mail_contacts:
        yield row(
            "newsletter", contact.person_id or "", created_at=contact.created_at.isoformat(),
            email=contact.email, phone=f"+{contact.phone}" if contact.phone else None,
            first_name=contact.first_name, last_name=contact.last_name,
        )  # fmt: skip
    for gift in company.referrals:
        at = gift.at.isoformat()
        yield row("referral", gift.referee_person_id, created_at=at, email=gift.referee_email)
        yield row("referral", gift.referrer_person_id, created_at=at, email=gift.referrer_email)
    for review in company.reviews:
        yield row("review", review.person_id, created_at=review.at.isoformat(), email=review.email)
    for answer in company.nps_answers:
        yield row("survey", answer.person_id, created_at=answer.at.isoformat(), email=answer.email)


def _of_shop(source: str, one: ShopCustomer | ShopOrder) -> Row:
    return row(
        source, one.person_id or "", created_at=one.created_at.isoformat(), email=one.email, phone=one.phone,
        first_name=one.first_name, last_name=one.last_name, address=one.street, city=one.city,
        postcode=one.postcode, country=one.country,
    )  # fmt: skip
