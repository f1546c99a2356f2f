"""An erasure passed on to the platforms that have a call for it, over HTTP, to the simulated ones."""

from datetime import date

import pytest
from homes import make_company

from connectors.landing import LandingWriter
from connectors.stream import Page
from pipelines import audit_log, clock, raw
from pipelines.erasure import platforms
from pipelines.erasure.plan import Plan
from pipelines.warehouse_file import warehouse
from simulator import own_form
from simulator.company import make
from simulator.home import settings
from simulator.server import running

UNTIL = date(2026, 11, 20)


@pytest.fixture(scope="module")
def simulated():
    return make(30, 7, UNTIL)


@pytest.fixture(scope="module")
def base_url(simulated):
    with running(simulated) as address:
        yield address


@pytest.fixture
def company(tmp_path, base_url):
    told = {name: value for name, value in settings(base_url).items() if name != "company"}
    company = make_company(
        tmp_path, **told | {"platforms": told["platforms"] | {"own_form": own_form.SETTINGS}}
    )
    with warehouse(company.home) as con:
        raw.ensure(con)
    return company


@pytest.fixture
def plan(company, simulated):
    """One record on each platform, and one of no platform."""
    answer = next(lead for lead in simulated.leads if lead.platform == "typeform" and lead.person_id)
    writer = LandingWriter(
        company.home.landing,
        "typeform",
        raw.known_streams()["typeform", "responses"],
        "api",
        clock.ingest_time(),
    )
    row = {"token": answer.lead_id, "form_id": answer.form_id, "submitted_at": "2026-01-01T00:00:00Z"}
    writer.take("maison", Page([row | {"answers": [], "hidden": {}}]), clock.ingest_time())
    with warehouse(company.home) as con:
        raw.land(con, company.home, writer.commit(), clock.ingest_time())
    records = [
        ("brevo", "contacts", "maison", str(simulated.mail_contacts[0].contact_id)),
        ("typeform", "responses", "maison", answer.lead_id),
        ("shopify", "customers", "maison-exemple", simulated.shop_customers[0].customer_id),
        ("shopify", "orders", "maison-exemple", "1"),
        ("meta", "leads", "100001", "1"),
        ("files", "leads", "files", "1"),
        ("own_form", "responses", "maison", "1"),
    ]
    return Plan("n", records=dict.fromkeys(records, 1))


def test_as_a_rule_nobody_is_called(company, plan, base_url):
    told = platforms.tell(company, plan, is_sending=False, by="ines")
    assert told == dict.fromkeys(("brevo", "typeform", "shopify"), "not_sent") | {"meta": "impossible"}
    assert audit_log.entries(company.home) == []
    assert "shopify: would be asked" in "\n".join(platforms.shown(told, "en"))


def test_each_is_asked_in_its_own_words(company, plan, simulated):
    first = platforms.tell(company, plan, is_sending=True, by="ines")
    assert first == {"brevo": "erased", "typeform": "requested", "shopify": "requested", "meta": "impossible"}
    # Brevo has really lost them; once more is no error.
    again = platforms.tell(company, plan, is_sending=True, by="ines")
    assert again == first | {"brevo": "not_there"}
    entries = audit_log.entries(company.home)
    assert [entry.what for entry in entries] == ["erasure passed on"] * 2
    assert simulated.shop_customers[0].customer_id not in str([dict(entry.facts) for entry in entries])
    assert "meta : ne propose pas cet appel" in "\n".join(platforms.shown(first, "fr"))


def test_who_is_not_there_or_cannot_be_asked_is_told(company, plan, tmp_path):
    plan.records = {("shopify", "customers", "maison-exemple", "1"): 1}
    assert platforms.tell(company, plan, is_sending=True, by="ines") == {"shopify": "not_there"}
    env = company.home.env_file
    env.write_text(env.read_text().replace("xkeysib-sim", "xkeysib-wrong"))
    plan.records = {("brevo", "contacts", "maison", "1"): 1}
    told = platforms.tell(type(company).at(company.home), plan, is_sending=True, by="ines")
    assert told["brevo"].startswith("failed BrokenToken")
    [line] = platforms.shown(told, "en")
    assert line == "brevo: could not be asked (BrokenToken): erase them there by hand"
