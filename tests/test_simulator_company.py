"""The made-up company: equal for equal seeds, plausible, and true to itself."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from simulator import exports, leads_file, truth
from simulator.company import make
from simulator.model import Company
from simulator.stages import PARIS, is_sale, stages

UNTIL = date(2026, 11, 20)
END = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def company() -> Company:
    return make(2000, 7, UNTIL)


def _records(company: Company) -> Iterator[tuple[datetime, datetime]]:
    for name in ("leads", "shop_customers", "shop_orders", "mail_contacts"):
        for row in getattr(company, name):
            yield row.created_at, row.visible_at
    for event in company.mail_events:
        yield event.at, event.visible_at


def test_the_same_seed_makes_the_same_company():
    assert make(300, 1, UNTIL) == make(300, 1, UNTIL)
    assert make(300, 1, UNTIL).people != make(300, 2, UNTIL).people


def test_every_stage_occurs_in_a_plausible_share(company: Company):
    share = {stage: n / 2000 for stage, n in Counter(stages(company).values()).items()}
    assert 0.35 < share["lead"] < 0.52
    assert 0.10 < share["prospect"] < 0.27
    assert 0.12 < share["first_time_customer"] < 0.25
    assert 0.06 < share["repeat_customer"] < 0.16
    assert 0.03 < share["loyal_customer"] < 0.10
    assert 0.01 < share["ambassador"] < 0.06


def test_nothing_is_shown_before_it_happened_and_all_is_shown_at_the_end(company: Company):
    records = list(_records(company))
    assert all(created <= visible < END for created, visible in records)
    late = sum(visible > created for created, visible in records) / len(records)
    assert 0.003 < late < 0.02


def test_people_live_where_the_company_sells(company: Company):
    share = {country: n / 2000 for country, n in Counter(p.country for p in company.people).items()}
    assert share == pytest.approx({"FR": 0.60, "CA": 0.25, "BE": 0.15}, abs=0.05)
    namesakes = Counter((p.first_name, p.last_name) for p in company.people)
    assert sum(n for n in namesakes.values() if n > 1) > 50


def test_ids_are_unique(company: Company):
    for rows, key in (
        (company.people, "person_id"),
        (company.leads, "lead_id"),
        (company.shop_customers, "customer_id"),
        (company.shop_orders, "order_id"),
        (company.shop_orders, "name"),
        (company.mail_contacts, "contact_id"),
        (company.referrals, "referral_id"),
        (company.reviews, "review_id"),
    ):
        found = [getattr(row, key) for row in rows]
        assert len(found) == len(set(found)), key
    refunds = [refund.refund_id for order in company.shop_orders for refund in order.refunds]
    assert len(refunds) == len(set(refunds))


def test_no_more_is_given_back_than_was_paid(company: Company):
    for order in company.shop_orders:
        assert sum((refund.amount for refund in order.refunds), Decimal(0)) <= order.total
        assert all(order.created_at <= refund.at < END for refund in order.refunds)
    kinds = Counter(
        "test" if o.is_test else "cancelled" if o.cancelled_at else "gift" if not o.total else "sale"
        for o in company.shop_orders
    )
    assert min(kinds[kind] for kind in ("test", "cancelled", "gift", "sale")) >= 3
    guests = sum(o.customer_id is None for o in company.shop_orders) / len(company.shop_orders)
    assert 0.1 < guests < 0.4


def test_every_address_is_one_nobody_can_own(company: Company):
    typed = [lead.answers.get("email") for lead in company.leads]
    typed += [o.email for o in company.shop_orders] + [c.email for c in company.mail_contacts]
    typed += [email for person in company.people for email in person.emails]
    for email in filter(None, typed):
        assert email.strip().lower().endswith((".example", ".test")), email


def test_phones_come_from_ranges_kept_for_fiction(company: Company):
    numbers = [n for p in company.people for n in (p.mobile, p.landline) if n]
    kept = re.compile(r"\+33(63998|19900|26191|35301|46571|53649)\d{4}|\+1\d{3}55501\d\d|\+32(470|25)\d{6}$")
    assert all(kept.match(number) for number in numbers)
    assert len({p.mobile for p in company.people}) == len(company.people)


def test_meta_has_plenty_of_leads_young_enough_to_be_handed_out(company: Company):
    young = [x for x in company.leads if x.platform == "meta" and x.created_at > END - timedelta(days=90)]
    assert len(young) > 200
    assert all(x.campaign_id or x.is_organic for x in company.leads if x.platform == "meta")
    forms = {form.form_id: form for form in company.forms}
    assert all(lead.created_at >= forms[lead.form_id].created_at for lead in company.leads)


def test_the_loudest_campaign_is_not_the_one_that_sells(company: Company):
    likes, buyers = Counter(), Counter()
    bought = {order.person_id for order in company.shop_orders if is_sale(order)}
    for day in company.campaign_days:
        likes[day.campaign_id] += day.likes
    for lead in company.leads:
        buyers[lead.campaign_id] += lead.person_id in bought
    loudest = max(likes, key=likes.__getitem__)
    assert buyers[loudest] < max(n for campaign, n in buyers.items() if campaign) / 5


def test_the_newsletter_has_a_life(company: Company):
    states = Counter((s.state, s.reason) for c in company.mail_contacts for s in c.consents)
    for reason in ("unsubscribed", "complaint", "hard_bounce", "admin"):
        assert states["unsubscribed", reason] > 0
    for contact in company.mail_contacts:
        assert contact.email or contact.phone
        assert list(contact.consents) == sorted(contact.consents, key=lambda state: state.at)
    assert any(c.email is None for c in company.mail_contacts)
    assert any(
        [s.state for s in c.consents if s.channel == "email"][-2:] == ["unsubscribed", "subscribed"]
        for c in company.mail_contacts
    )


def test_referrals_name_orders_that_carry_their_code(company: Company):
    orders = {order.name: order for order in company.shop_orders}
    converted = [referral for referral in company.referrals if referral.order_name]
    assert converted
    for referral in converted:
        order = orders[referral.order_name]
        assert (order.discount_code, order.person_id) == (referral.code, referral.referee_person_id)
    homes = {person.person_id: person.household_id for person in company.people}
    assert any(r.referrer_person_id == r.referee_person_id for r in company.referrals)
    assert any(
        homes[r.referrer_person_id] == homes[r.referee_person_id]
        for r in converted
        if r.referrer_person_id != r.referee_person_id
    )


def test_the_truth_adds_up(company: Company, tmp_path: Path):
    truth.write(company, tmp_path)
    months = _rows(tmp_path / "revenue_by_month.csv")
    sales = [order for order in company.shop_orders if is_sale(order)]
    assert sum(Decimal(row["gross"]) for row in months) == sum(order.total for order in sales)
    assert all(
        Decimal(r["gross"]) - Decimal(r["refunded_by_order_month"]) == Decimal(r["net"]) for r in months
    )
    people = _rows(tmp_path / "people.csv")
    assert sum(Decimal(row["net_spent"]) for row in people) == sum(Decimal(row["net"]) for row in months)
    late = next(o for o in sales if o.created_at.astimezone(PARIS).month != o.created_at.month)
    assert f"{late.created_at.astimezone(PARIS):%Y-%m}" in {row["month"] for row in months}
    leads = _rows(tmp_path / "leads.csv")
    assert sum(int(row["count"]) + int(row["tests"]) for row in leads) == len(company.leads)
    profiles = _rows(tmp_path / "profiles.csv")
    assert len({row["profile_id"] for row in profiles}) == len(profiles)
    assert {row["person_id"] for row in profiles} == {person.person_id for person in company.people}


def _rows(path: Path, **how: str) -> list[dict[str, str]]:
    delimiter = how.pop("delimiter", ",")
    with path.open(encoding=how.pop("encoding", "utf-8"), newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_exports_hold_every_record_in_the_shape_of_their_platform(company: Company, tmp_path: Path):
    written = exports.exports(company, tmp_path)
    meta = [path for path in written if "meta" in path.parts]
    assert all(path.read_bytes().startswith(b"\xff\xfe") for path in meta)
    ids = {row["id"] for path in meta for row in _rows(path, encoding="utf-16", delimiter="\t")}
    assert ids == {
        f"l:{lead.lead_id}" for lead in company.leads if lead.platform == "meta" and lead.person_id
    }
    tokens = {
        row["#"] for path in written if "typeform" in path.parts for row in _rows(path, encoding="utf-8-sig")
    }
    assert tokens == {lead.lead_id for lead in company.leads if lead.platform == "typeform"}
    contacts = _rows(tmp_path / "brevo/maison/contacts.csv", delimiter=";")
    assert len(contacts) == len(company.mail_contacts)
    orders = _rows(tmp_path / "shopify/maison-exemple/orders_export_1.csv")
    assert {row["Id"] for row in orders} - {""} == {o.order_id for o in company.shop_orders if not o.is_test}
    referrals = _rows(tmp_path / "files/referrals.csv", encoding="latin-1", delimiter=";")
    assert len(referrals) == len(company.referrals)
    reviews = openpyxl.load_workbook(tmp_path / "files/reviews.xlsx", read_only=True).active
    assert sum(1 for _ in reviews.rows) == len(company.reviews) + 1


def test_the_bench_file_repeats_people_and_itself(tmp_path: Path):
    first, again = tmp_path / "a.csv", tmp_path / "b.csv"
    leads_file.write(5_000, 7, UNTIL, first)
    leads_file.write(5_000, 7, UNTIL, again)
    assert first.read_bytes() == again.read_bytes()
    rows = _rows(first, delimiter=";")
    assert len(rows) == len({row["lead_id"] for row in rows}) == 5_000
    addresses = [row["email"].strip().lower().replace("+promo", "") for row in rows if row["email"]]
    assert 0.10 < 1 - len(set(addresses)) / len(addresses) < 0.35
