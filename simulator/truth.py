"""Who is who and what was earned, written to files that no server can reach.

profiles.csv            every record a pipeline will call a profile, and whose it is (tests left out)
test_profiles.csv       records that belong to nobody: no customer may come of them
people.csv              one line a person: household, stage on the eve of `until`, what they kept buying
revenue_by_month.csv    month of the order in Europe/Paris; test, cancelled and zero-value orders count 0
leads.csv               answered forms per platform, form and day in Europe/Paris, tests apart
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from simulator.marketing import PARIS, TYPEFORM_ACCOUNT
from simulator.model import Company
from simulator.stages import is_sale, returned, stages, valid_orders

SHOP, MAIL_ACCOUNT, FILES_ACCOUNT = "maison-exemple", "maison", "files"


def write(company: Company, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(profiles(company))
    homes = {person.person_id: person.household_id for person in company.people}
    known = (
        (profile, who, homes[who], f"{at:%Y-%m-%dT%H:%M:%SZ}") for profile, who, at in rows if who is not None
    )
    tests = ((profile,) for profile, who, _ in rows if who is None)
    return [
        _csv(folder / "profiles.csv", ("profile_id", "person_id", "household_id", "created_at"), known),
        _csv(folder / "test_profiles.csv", ("profile_id",), tests),
        _csv(folder / "people.csv", PEOPLE_COLUMNS, _people(company)),
        _csv(
            folder / "revenue_by_month.csv",
            ("month", "gross", "refunded_by_order_month", "net", "orders"),
            revenue_by_month(company),
        ),
        _csv(folder / "leads.csv", ("platform", "form", "day", "count", "tests"), _leads(company)),
    ]


def profiles(company: Company) -> Iterator[tuple[str, str | None, datetime]]:
    """Profile id, person (None for a test), moment. A referral names two people, hence two profiles."""
    pages = {form.form_id: form.account_id for form in company.forms}
    for lead in company.leads:
        if lead.platform == "meta":
            profile = f"meta:{pages[lead.form_id]}:lead:{lead.lead_id}"
        else:
            profile = f"typeform:{TYPEFORM_ACCOUNT}:response:{lead.lead_id}"
        yield profile, lead.person_id, lead.created_at
    for customer in company.shop_customers:
        yield f"shopify:{SHOP}:customer:{customer.customer_id}", customer.person_id, customer.created_at
    for order in company.shop_orders:
        if order.customer_id is None:
            yield f"shopify:{SHOP}:guest_order:{order.order_id}", order.person_id, order.created_at
    for contact in company.mail_contacts:
        yield f"brevo:{MAIL_ACCOUNT}:contact:{contact.contact_id}", contact.person_id, contact.created_at
    own = f"files:{FILES_ACCOUNT}"
    for referral in company.referrals:
        yield f"{own}:referral:{referral.referral_id}", referral.referee_person_id, referral.at
        yield f"{own}:referrer:{referral.referral_id}", referral.referrer_person_id, referral.at
    for review in company.reviews:
        yield f"{own}:review:{review.review_id}", review.person_id, review.at
    for answer in company.nps_answers:
        yield f"{own}:nps:{answer.answer_id}", answer.person_id, answer.at


def revenue_by_month(company: Company) -> list[tuple[str, Decimal, Decimal, Decimal, int]]:
    gross: dict[str, Decimal] = defaultdict(Decimal)
    back: dict[str, Decimal] = defaultdict(Decimal)
    count: Counter[str] = Counter()
    for order in company.shop_orders:
        if is_sale(order):
            month = f"{order.created_at.astimezone(PARIS):%Y-%m}"
            gross[month] += order.total
            back[month] += returned(order)
            count[month] += 1
    return [
        (month, gross[month], back[month], gross[month] - back[month], count[month])
        for month in sorted(gross)
    ]


PEOPLE_COLUMNS = (
    "person_id", "household_id", "first_name", "last_name", "country", "language", "birth_date",
    "stage", "valid_orders", "net_spent",
)  # fmt: skip


def _people(company: Company) -> Iterator[tuple]:
    stage, orders = stages(company), valid_orders(company)
    for person in company.people:
        bought = orders.get(person.person_id, [])
        net = sum((order.total - returned(order) for order in bought), Decimal(0))
        yield (
            person.person_id, person.household_id, person.first_name, person.last_name, person.country,
            person.language, person.birth_date, stage[person.person_id], len(bought), net,
        )  # fmt: skip


def _leads(company: Company) -> list[tuple[str, str, str, int, int]]:
    count: Counter[tuple] = Counter()
    tests: Counter[tuple] = Counter()
    for lead in company.leads:
        key = (lead.platform, lead.form_id, f"{lead.created_at.astimezone(PARIS):%Y-%m-%d}")
        (count if lead.person_id else tests)[key] += 1
    return [(*key, count[key], tests[key]) for key in sorted(count.keys() | tests.keys())]


def _csv(path: Path, header: tuple[str, ...], rows: Iterable[tuple]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
