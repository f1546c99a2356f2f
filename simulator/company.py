"""Maison Exemple, made up from a seed: the same people, seed and day give the same company.

Every part draws from a generator of its own, named after it, so that a change to one part leaves
the others as they were.
"""

import hashlib
from dataclasses import replace
from datetime import date
from functools import partial

from simulator import advocacy, journeys, leads, mailing, marketing, offline, shopping
from simulator.fleet import FLEET, of_kind
from simulator.letters import letters
from simulator.model import Company, Lead
from simulator.people import settle
from simulator.posts import posts
from simulator.timeline import end_of, start_of

# Where its own forms and campaigns are; of the other platforms' it has copies.
FORMS, ADS = "typeform", "meta"
AD_ACCOUNTS = {name: FLEET[name].account for name in of_kind("ads") if name != ADS}


def make(people: int, seed: int, until: date) -> Company:
    """Two years of a company that knows `people` people, up to the eve of `until`."""
    start, end = start_of(until), end_of(until)
    residents = settle(people, seed, until)
    plans, forms = marketing.plans(until), marketing.forms(until)
    lives = journeys.plan(residents, seed, start)
    desk = leads.LeadDesk(seed, forms, plans, end)
    first_leads = leads.write_leads(lives, desk)
    desk.leads.sort(key=lambda lead: (lead.created_at, lead.lead_id))
    shop = shopping.open_shop(lives, first_leads, seed, end)
    shop.customers.sort(key=lambda customer: (customer.created_at, customer.customer_id))
    tool = mailing.subscribe(lives, desk.leads, shop.customers, seed, end)
    contacts = tool.contacts()
    word = advocacy.Advocacy(lives, shop.orders, seed, end)
    word.tell()
    return Company(
        seed=seed,
        until=until,
        people=[resident.person for resident in residents],
        campaigns=[plan.campaign for plan in plans],
        campaign_days=marketing.campaign_days(plans, desk.leads, shop.orders, seed, until),
        posts=posts(seed, end),
        forms=forms,
        leads=desk.leads,
        shop_customers=shop.customers,
        shop_orders=list(word.orders.values()),
        mail_contacts=contacts,
        mail_campaigns=letters(contacts, seed, start),
        mail_events=mailing.events(lives, tool, contacts, seed),
        referrals=word.referrals,
        reviews=word.reviews,
        nps_answers=word.answers,
        offline_spend=offline.spend(until),
    )


def with_everything(company: Company) -> Company:
    """The same company, which uses every platform the simulator speaks for."""
    tools = [name for name in of_kind("forms") if name != FORMS]
    return with_ad_platforms(with_form_tools(company, *tools), *AD_ACCOUNTS)


def with_form_tools(company: Company, *tools: str) -> Company:
    """The same company, whose Typeform forms are kept at these tools as well, answered by the same people."""
    on = [(tool, form) for tool in tools for form in company.forms if form.platform == FORMS]
    forms = [
        replace(form, platform=tool, form_id=_own_id(tool, form.form_id), account_id=FLEET[tool].account)
        for tool, form in on
    ]
    leads = [
        replace(lead, platform=tool, form_id=_own_id(tool, lead.form_id), lead_id=_own_id(tool, lead.lead_id))
        for tool in tools
        for lead in company.leads
        if lead.platform == FORMS
    ]
    return replace(company, forms=company.forms + forms, leads=company.leads + leads)


def with_ad_platforms(company: Company, *names: str) -> Company:
    """The same company, whose Meta forms and campaigns run on these platforms too, for the same people."""
    made = replace(company)
    for name in names:
        ours = partial(_own_id, name)
        campaigns = [one for one in company.campaigns if one.platform == ADS]
        known = {one.campaign_id for one in campaigns}
        made.campaigns = made.campaigns + [
            replace(
                one, platform=name, account_id=AD_ACCOUNTS[name], campaign_id=ours(one.campaign_id),
                adset_id=ours(one.adset_id), ad_id=ours(one.ad_id),
            )
            for one in campaigns
        ]  # fmt: skip
        made.campaign_days = made.campaign_days + [
            replace(day, platform=name, campaign_id=ours(day.campaign_id))
            for day in company.campaign_days
            if day.campaign_id in known
        ]
        made.forms = made.forms + [
            replace(form, platform=name, account_id=AD_ACCOUNTS[name], form_id=ours(form.form_id))
            for form in company.forms
            if form.platform == ADS
        ]
        made.leads = made.leads + [_on_platform(lead, name) for lead in company.leads if lead.platform == ADS]
    return made


def _on_platform(lead: Lead, name: str) -> Lead:
    ours = partial(_own_id, name)
    answers = dict(lead.answers)
    if lead.person_id is None:
        # Meta fills the fields of a test with a mark of its own.
        dummy = {
            "full_name": "Test Test",
            "first_name": "Test",
            "last_name": "TEST",
            "email": "test@test.test",
        }
        answers = {question: dummy.get(question, "test") for question in answers}
    return replace(
        lead,
        platform=name,
        form_id=ours(lead.form_id),
        lead_id=_response_id(lead.lead_id) if name == "linkedin" else ours(lead.lead_id),
        campaign_id=ours(lead.campaign_id) if lead.campaign_id else None,
        answers=answers,
    )


def _response_id(key: str) -> str:
    """As LinkedIn numbers answers: an UUID and the number of the try."""
    digest = hashlib.blake2b(f"linkedin|{key}".encode(), digest_size=16).hexdigest()
    parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:])
    return f"{'-'.join(parts)}-{int(digest[0], 16) % 5 + 1}"


def _own_id(tool: str, key: str) -> str:
    """Letters and digits, or digits alone where the tool counts; the same each time."""
    digest = hashlib.blake2b(f"{tool}|{key}".encode(), digest_size=8).digest()
    # Beyond 2^53 on purpose: whoever reads it as a float loses digits.
    return str(int.from_bytes(digest) % 10**18 + 10**18) if FLEET[tool].counts else f"t{digest[:5].hex()}"
