"""The files a marketer would download from each platform, laid out as the inbox wants them.

    meta/<page>/      lead export, one per form: UTF-16 with BOM, tabs, prefixed ids; all leads ever
    typeform/maison/  results, one per form: UTF-8 with BOM, the questions' own words as headers
    tiktok/<advertiser>/  leads of the last 90 days, one per form
    linkedin/<ad account>/  the same
    google_ads/<customer>/  leads of the last 60 days, one per form
    <form tool>/maison/  submissions, one file per form, as each tool writes them
    brevo/maison/     contacts: semicolons, times as day-month-year in the account's zone
    shopify/<shop>/   customers and orders, see shop_exports.py
    woocommerce/maison/  customers by the shop's own report, orders by an export extension
    stripe/maison/    customers and payments, as the dashboard exports them
    files/            what lives in no platform: referrals, reviews, NPS answers, spend without an API

Where the API renders the same record, the same code does: a file must never tell another story.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from pathlib import Path

from openpyxl import Workbook

from simulator import shop_exports
from simulator.ads import ad_of
from simulator.clock import Clock
from simulator.marketing import PARIS, TYPEFORM_ACCOUNT
from simulator.model import Campaign, Company, Form, Lead
from simulator.platforms.brevo import nodes as brevo
from simulator.platforms.google_ads import export as google_ads
from simulator.platforms.gravity_forms import export as gravity_forms
from simulator.platforms.jotform import export as jotform
from simulator.platforms.linkedin import export as linkedin
from simulator.platforms.meta import nodes as meta
from simulator.platforms.stripe import export as stripe
from simulator.platforms.stripe.stock import look
from simulator.platforms.tally import export as tally
from simulator.platforms.tiktok import export as tiktok
from simulator.platforms.typeform import nodes as typeform
from simulator.platforms.woocommerce import export as woocommerce
from simulator.timeline import end_of
from simulator.truth import MAIL_ACCOUNT, SHOP

FORM_TOOLS = {"jotform": jotform, "tally": tally, "gravity_forms": gravity_forms}
AD_PLATFORMS = {"tiktok": tiktok, "linkedin": linkedin, "google_ads": google_ads}
META_COLUMNS = (
    "id", "created_time", "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name",
    "form_id", "form_name", "is_organic", "platform",
)  # fmt: skip
TYPEFORM_COLUMNS = (
    "Response Type", "Start Date (UTC)", "Stage Date (UTC)", "Submit Date (UTC)", "Network ID", "Tags",
    "Ending",
)  # fmt: skip
BREVO_COLUMNS = (
    "CONTACT ID", "EMAIL", "LASTNAME", "FIRSTNAME", "SMS", "DOUBLE_OPT-IN", "OPT_IN", "LANDLINE_NUMBER",
    "EXT_ID", "EMAIL_BLACKLISTED", "SMS_BLACKLISTED", "ADDED_TIME", "MODIFIED_TIME",
)  # fmt: skip
SPEND_COLUMNS = ("Du", "Au", "Support", "Campagne", "Montant TTC", "Portée", "Réponse")


def exports(company: Company, out_dir: Path) -> list[Path]:
    """Writes all of them below `out_dir`; returns what was written."""
    leads: dict[str, list[Lead]] = defaultdict(list)
    for lead in company.leads:
        leads[lead.form_id].append(lead)
    campaigns = {campaign.campaign_id: campaign for campaign in company.campaigns}
    written = []
    for form in company.forms:
        answered = leads.get(form.form_id, [])
        if form.platform == "meta":
            written.append(_meta(out_dir / "meta" / form.account_id, form, answered, campaigns))
        elif form.platform in AD_PLATFORMS:
            tool, folder = AD_PLATFORMS[form.platform], out_dir / form.platform / form.account_id
            written.append(tool.write(folder, form, answered, campaigns, end_of(company.until)))
        elif form.platform == "typeform":
            written.append(_typeform(out_dir / "typeform" / TYPEFORM_ACCOUNT, form, answered))
        elif form.platform in FORM_TOOLS:
            written.append(_of_form_tool(out_dir / form.platform / form.account_id, form, answered))
    written.append(_brevo(out_dir / "brevo" / MAIL_ACCOUNT, company))
    written += shop_exports.write(company, out_dir / "shopify" / SHOP)
    written += _stripe(out_dir / "stripe" / MAIL_ACCOUNT, company)
    written += _woocommerce(out_dir / "woocommerce" / MAIL_ACCOUNT, company)
    return written + _files(company, out_dir / "files")


def _meta(folder: Path, form: Form, leads: list[Lead], campaigns: dict[str, Campaign]) -> Path:
    # Test leads stay in the tool that sent them.
    real = [lead for lead in leads if lead.person_id]
    header = (*META_COLUMNS, *form.questions, *(box.key for box in form.boxes))
    rows = (_meta_row(lead, form, campaigns.get(lead.campaign_id or "")) for lead in reversed(real))
    name = form.name.replace(" ", "_")
    return _text(folder / f"{name}_{form.form_id}.csv", "utf-16", "\t", header, rows)


def _meta_row(lead: Lead, form: Form, campaign: Campaign | None) -> list[str]:
    paid = campaign if campaign and not lead.is_organic else None
    boxes = {box["checkbox_key"]: box for box in meta.disclaimer_responses(lead, form) or ()}
    answers = {answer["name"]: answer["values"] for answer in meta.field_data(lead, form)}
    cells = [
        f"l:{lead.lead_id}",
        lead.created_at.astimezone(PARIS).isoformat(),
        *_ad_cells(lead, paid),
        f"f:{form.form_id}",
        form.name,
        "false" if paid else "true",
        lead.surface,
    ]
    for question in form.questions:
        value = next(iter(answers.get(question, ())), "")
        cells.append(f"p:{value}" if question == "phone_number" and value else value)
    for box in form.boxes:
        told = boxes.get(box.key)
        cells.append("" if told is None else "true" if told["is_checked"] else "false")
    return cells


def _ad_cells(lead: Lead, campaign: Campaign | None) -> list[str]:
    if campaign is None:
        return [""] * 6
    ad = ad_of(lead, campaign)
    adset = [f"as:{campaign.adset_id}", campaign.adset_name]
    return [f"ag:{ad.ad_id}", ad.name, *adset, f"c:{campaign.campaign_id}", campaign.name]


def _typeform(folder: Path, form: Form, leads: list[Lead]) -> Path:
    definition = typeform.form_definition(form)
    titles = {field["ref"]: field["title"] for field in definition["fields"]}
    hidden = definition["hidden"]
    header = ("#", *titles.values(), *hidden, *TYPEFORM_COLUMNS)
    rows = (_typeform_row(typeform.response(lead, form), titles, hidden) for lead in reversed(leads))
    return _text(folder / f"responses-{form.form_id}-01.csv", "utf-8-sig", ",", header, rows)


def _typeform_row(row: dict, titles: dict[str, str], hidden: list[str]) -> list[str]:
    given = {answer["field"]["ref"]: answer[answer["type"]] for answer in row.get("answers", ())}
    cells = [row["token"]]
    cells += [_yes(given.get(ref, "")) for ref in titles]
    cells += [row.get("hidden", {}).get(name, "") for name in hidden]
    landed, submitted = (
        row[name].replace("T", " ").removesuffix("Z") for name in ("landed_at", "submitted_at")
    )
    return [*cells, row["response_type"], landed, "", submitted, row["metadata"]["network_id"], "", ""]


def _of_form_tool(folder: Path, form: Form, leads: list[Lead]) -> Path:
    tool = FORM_TOOLS[form.platform]
    header, *rows = tool.lines(form, list(reversed(leads)))
    return _text(folder / tool.FILE.format(form=form), tool.ENCODING, ",", header, rows)


def _yes(value: str | bool) -> str:
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else value


def _brevo(folder: Path, company: Company) -> Path:
    now = end_of(company.until)

    def day(text: str) -> str:
        return f"{datetime.fromisoformat(text):%d-%m-%Y %H:%M}"

    def rows() -> Iterator[list[str]]:
        for record in company.mail_contacts:
            row = brevo.contact(record, now, brevo.modified_at(record, now, None))
            told = row["attributes"]
            blocked = ["Yes" if row[flag] else "No" for flag in ("emailBlacklisted", "smsBlacklisted")]
            yield [
                row["id"], row.get("email", ""), told.get("LASTNAME", ""), told.get("FIRSTNAME", ""),
                told.get("SMS", ""), told.get("DOUBLE_OPT-IN", ""), "", "", told.get("EXT_ID", ""), *blocked,
                day(row["createdAt"]), day(row["modifiedAt"]),
            ]  # fmt: skip

    return _text(folder / "contacts.csv", "utf-8", ";", BREVO_COLUMNS, rows())


def _woocommerce(folder: Path, company: Company) -> list[Path]:
    customers, orders = woocommerce.customers(company), woocommerce.orders(company)
    return [
        _text(folder / woocommerce.CUSTOMERS, "utf-8", ",", next(customers), customers),
        _text(folder / woocommerce.ORDERS, "utf-8-sig", ",", next(orders), orders),
    ]


def _stripe(folder: Path, company: Company) -> list[Path]:
    stock = look(company, Clock(end_of(company.until)), {})
    customers, payments = stripe.customers(stock), stripe.payments(stock)
    return [
        _text(folder / stripe.CUSTOMERS, "utf-8", ",", next(customers), customers),
        _text(folder / stripe.PAYMENTS, "utf-8", ",", next(payments), payments),
    ]


def _files(company: Company, folder: Path) -> list[Path]:
    people = {person.person_id: f"{person.first_name} {person.last_name}" for person in company.people}
    referrals = (
        (
            row.referral_id, f"{row.at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}", row.code, row.referrer_email,
            people[row.referrer_person_id], row.referee_email, people[row.referee_person_id], row.order_name,
        )
        for row in company.referrals
    )  # fmt: skip
    header = (
        "ID parrainage", "Date", "Code parrainage", "Email parrain", "Nom parrain", "Email filleul",
        "Nom filleul", "Commande",
    )  # fmt: skip
    answers = (
        (row.answer_id, f"{row.at:%Y-%m-%dT%H:%M:%SZ}", row.email, row.score) for row in company.nps_answers
    )
    spend = (
        (
            f"{row.first_day:%d/%m/%Y}", f"{row.last_day:%d/%m/%Y}", row.channel, row.campaign,
            f"{row.cost:.2f} €".replace(".", ","), row.reach, row.heard or "",
        )
        for row in company.offline_spend
    )  # fmt: skip
    return [
        # Old accounting software: no UTF-8, and a semicolon because the comma is for decimals.
        _text(folder / "referrals.csv", "latin-1", ";", header, referrals),
        _reviews(company, folder / "reviews.xlsx"),
        _text(folder / "nps.csv", "utf-8", ",", ("answer_id", "answered_at", "email", "score"), answers),
        _text(folder / "depenses.csv", "utf-8", ";", SPEND_COLUMNS, spend),
    ]


def _reviews(company: Company, path: Path) -> Path:
    book = Workbook(write_only=True)
    # Without it the file would carry the moment it was written, and no two runs would be equal.
    book.properties.created = book.properties.modified = datetime.combine(company.until, time())
    sheet = book.create_sheet("Avis")
    sheet.append(["ID avis", "Date", "Email", "Note", "Avis", "Commande"])
    for row in company.reviews:
        local = row.at.astimezone(PARIS).replace(tzinfo=None)  # spreadsheets know no zones
        sheet.append([row.review_id, local, row.email, row.stars, row.text, row.order_name])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def _text(path: Path, encoding: str, separator: str, header: Iterable[str], rows: Iterable[Iterable]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Plain "utf-16" writes a BOM in the machine's order, which the format fixes as little-endian.
    codec = "utf-16-le" if encoding == "utf-16" else encoding
    with path.open("w", encoding=codec, newline="") as file:
        if codec != encoding:
            file.write("\ufeff")
        writer = csv.writer(file, delimiter=separator, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path
