"""Campaigns and forms: what was bought, what it cost, and what people were asked.

Kinds of campaign: loud ones reach and please many and sell nothing, quiet ones are hardly seen and
bring buyers. A dashboard that cannot tell them apart is what this project is against.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from simulator.model import Box, Campaign, CampaignDay, Form, Lead, ShopOrder
from simulator.stages import is_sale
from simulator.timeline import DAYS, end_of, start_of

AD_ACCOUNT = "act_500001"
PAGES = {"fr": "100001", "en": "100002"}
TYPEFORM_ACCOUNT = "maison"
PARIS = ZoneInfo("Europe/Paris")

NEWS_FR = Box("newsletter", "J'accepte de recevoir la lettre de Maison Exemple par e-mail.", "email")
NEWS_EN = Box("newsletter", "Yes, send me the Maison Exemple newsletter by e-mail.", "email")
SMS_FR = Box("offres_sms", "J'accepte de recevoir des offres par SMS.", "sms")
SMS_EN = Box("sms_offers", "Yes, text me offers.", "sms")
CALL_FR = Box("rappel", "J'accepte d'être rappelé(e) au sujet de ma demande.", "phone", is_required=True)
# A box ticked beforehand proves nothing: the consent rules must not count it.
PRETICKED_FR = Box("partenaires", "Recevoir nos actualités par e-mail.", "email", is_checked_by_default=True)

NAMES = ("first_name", "last_name")
REACH = ("email", "phone_number")
PROJECT = "quel_est_votre_projet_?"
# Id, language, name, questions, boxes, the day it was opened.
META_FORMS = (
    ("1000000000000101", "fr", "Catalogue saison", ("full_name", *REACH), (NEWS_FR, SMS_FR), 0),
    (
        "1000000000000102",
        "fr",
        "Devis sur mesure",
        (*NAMES, *REACH, "company", PROJECT),
        (CALL_FR, NEWS_FR),
        0,
    ),
    ("1000000000000103", "fr", "Jeu concours", ("full_name", "email"), (PRETICKED_FR,), 0),
    # Meta gives an edited form a new id; the old one is archived and still holds its leads.
    ("1000000000000104", "fr", "Devis (copie)", (*NAMES, *REACH, PROJECT), (CALL_FR, NEWS_FR, SMS_FR), 420),
    ("1000000000000201", "en", "Seasonal catalogue", ("full_name", *REACH), (NEWS_EN, SMS_EN), 0),
    ("1000000000000202", "en", "Made-to-measure quote", (*NAMES, *REACH), (NEWS_EN,), 0),
)
TYPEFORM_FORMS = (
    ("TfContac", "fr", "Contact", (*NAMES, *REACH), (NEWS_FR,), 0),
    ("TfGuideF", "fr", "Guide gratuit", ("first_name", "email"), (NEWS_FR,), 0),
    ("TfDevisF", "fr", "Devis en ligne", ("full_name", *REACH, "company"), (NEWS_FR, SMS_FR), 200),
    ("TfStyleE", "en", "Find your style", (*NAMES, *REACH), (NEWS_EN,), 0),
)

# Name, language, kind, first day, days, euros a day. Each language has something running at any time.
TABLE = """
Notoriété Noël A1     fr loud    10  45 38
Catalogue hiver A1    fr normal   0 120 16
Artisans locaux A1    fr quiet   30 200  5
Soldes A1             fr normal 120  60 22
Concours printemps A1 fr loud   160  40 45
Catalogue été A1      fr normal 175 150 15
Sur mesure A1         fr quiet  230 240  6
Rentrée A1            fr normal 300  90 20
Influence rentrée A1  fr loud   310  35 60
Notoriété Noël A2     fr loud   380  45 42
Catalogue hiver A2    fr normal 365 125 17
Artisans locaux A2    fr quiet  470 259  5
Soldes A2             fr normal 485  70 24
Concours été A2       fr loud   560  45 48
Catalogue été A2      fr normal 540 120 16
Rentrée A2            fr normal 640  90 21
Influence automne A2  fr loud   665  50 65
Sur mesure A2         fr quiet  610 120  7
Catalogue A1          en normal   0 365  6
Catalogue A2          en normal 365 365  7
Winter giveaway A1    en loud    20  40 18
Made to measure A1    en quiet  250 200  3
Summer reach A2       en loud   580  60 22
Made to measure A2    en quiet  450 280  3
"""
#              likes per 1000 reached, pull for people who only look, pull for buyers
KINDS = {"loud": (46, 0.45, 0.06), "normal": (6, 1.0, 1.0), "quiet": (1, 0.8, 3.2)}


@dataclass(frozen=True)
class Plan:
    campaign: Campaign
    language: str
    kind: str
    euros: float

    def runs_on(self, day: date) -> bool:
        return self.campaign.starts_on <= day <= self.campaign.ends_on


def plans(until: date) -> list[Plan]:
    first_day = start_of(until).date()
    made = []
    for i, line in enumerate(TABLE.strip().splitlines()):
        name, language, kind, first, days, euros = line.rsplit(maxsplit=5)
        campaign = Campaign(
            platform="meta",
            account_id=AD_ACCOUNT,
            campaign_id=f"2385000000000{1000 + i}",
            name=f"{name.strip()} {language.upper()}",
            adset_id=f"2385100000000{1000 + i}",
            adset_name="Large 25-65" if kind == "loud" else "Intérêts maison",
            ad_id=f"2385200000000{1000 + i}",
            ad_name="Vidéo" if kind == "loud" else "Carrousel",
            starts_on=first_day + timedelta(days=int(first)),
            ends_on=first_day + timedelta(days=min(int(first) + int(days), DAYS) - 1),
        )
        made.append(Plan(campaign, language, kind, float(euros)))
    return made


def forms(until: date) -> list[Form]:
    start = start_of(until) - timedelta(days=3)
    made = []
    for platform, rows in (("meta", META_FORMS), ("typeform", TYPEFORM_FORMS)):
        for form_id, language, name, questions, boxes, first in rows:
            account = PAGES[language] if platform == "meta" else TYPEFORM_ACCOUNT
            locale = "fr_FR" if language == "fr" else "en_CA"
            born = start + timedelta(days=first)
            made.append(Form(platform, form_id, account, name, locale, questions, boxes, born))
    return made


def pick_plan(rng: Random, running: list[Plan], buys: bool) -> Plan | None:
    """The campaign that brought this person, or None: one in eight comes by themselves."""
    if not running or rng.random() < 0.12:
        return None
    return rng.choices(running, [KINDS[plan.kind][2 if buys else 1] for plan in running])[0]


def claims(made: list[Plan], leads: list[Lead], orders: list[ShopOrder], seed: int) -> Counter:
    """What the platform calls its own, by campaign and day.

    An order within 28 days of a lead, once for every campaign that had one; and three in ten of all others,
    for somebody was shown an ad of the day.
    """
    rng = Random(f"{seed}:claims")
    answered: dict[str, list[Lead]] = defaultdict(list)
    for lead in leads:
        if lead.person_id and lead.campaign_id:
            answered[lead.person_id].append(lead)
    by_id = {plan.campaign.campaign_id: plan for plan in made}
    found: Counter = Counter()
    for order in orders:
        if not is_sale(order) or order.person_id is None:
            continue
        day = order.created_at.astimezone(PARIS).date()
        running = [plan for plan in made if plan.runs_on(day)]
        clicked = {
            lead.campaign_id
            for lead in answered[order.person_id]
            if timedelta(0) <= order.created_at - lead.created_at < timedelta(days=28)
        }
        if not clicked and running and rng.random() < 0.3:
            clicked = {rng.choices(running, [plan.euros for plan in running])[0].campaign.campaign_id}
        # No day of a campaign is told after its last.
        found.update((key, min(day, by_id[key].campaign.ends_on)) for key in clicked)
    return found


def campaign_days(
    made: list[Plan], leads: list[Lead], orders: list[ShopOrder], seed: int, until: date
) -> list[CampaignDay]:
    """One row per campaign and day with delivery, in the ad account's zone (Europe/Paris)."""
    claimed = claims(made, leads, orders, seed)
    rng = Random(f"{seed}:spend")
    won = Counter(
        (lead.campaign_id, lead.created_at.astimezone(PARIS).date()) for lead in leads if lead.person_id
    )
    last = end_of(until).date() - timedelta(days=1)
    rows = []
    for plan in made:
        likes_rate = KINDS[plan.kind][0]
        day = plan.campaign.starts_on
        while day <= min(plan.campaign.ends_on, last):
            spend = Decimal(f"{plan.euros * rng.uniform(0.7, 1.3):.2f}")
            cost_per_thousand = {"loud": 1.6, "normal": 5.5, "quiet": 8.0}[plan.kind] * rng.uniform(0.8, 1.25)
            impressions = int(float(spend) / cost_per_thousand * 1000)
            reach = int(impressions / rng.uniform(1.1, 1.7))
            leads_today = won.get((plan.campaign.campaign_id, day), 0)
            rows.append(
                CampaignDay(
                    platform="meta",
                    campaign_id=plan.campaign.campaign_id,
                    day=day,
                    spend=spend,
                    currency="EUR",
                    impressions=impressions,
                    reach=reach,
                    clicks=leads_today * rng.randint(2, 6) + int(impressions * rng.uniform(0.002, 0.008)),
                    likes=int(reach * likes_rate / 1000 * rng.uniform(0.6, 1.5)),
                    leads=leads_today,
                    orders_claimed=claimed.get((plan.campaign.campaign_id, day), 0),
                )
            )
            day += timedelta(days=1)
    rows.sort(key=lambda row: (row.day, row.campaign_id))
    return rows
