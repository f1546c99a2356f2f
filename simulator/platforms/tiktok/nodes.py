"""Forms and leads as TikTok renders them: a file with a column per question, or a push with the answers."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from simulator.ads import ad_of
from simulator.model import Campaign, Form, Lead
from simulator.platforms.questions import YES_NO, language, titles

COLUMNS = (
    "lead_id", "created_time", "ad_id", "ad_name", "adgroup_id", "adgroup_name", "campaign_id",
    "campaign_name", "form_id", "form_name", "is_test",
)  # fmt: skip
# What TikTok calls the questions it knows; of others it tells the words.
FIELDS = {"full_name": "name", "email": "email", "phone_number": "phone_number"}
# Spreadsheets make numbers of ids, and formulas of phones.
GUARDED = "'"


def stamp(moment: datetime) -> str:
    """In UTC, and without saying so."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def region(form: Form) -> str:
    return "eu" if language(form) == "fr" else ""


def form_node(form: Form) -> dict[str, Any]:
    return {
        "page_id": form.form_id,
        "title": form.name,
        "status": "PUBLISHED",
        "create_time": stamp(form.created_at),
        "update_time": stamp(form.created_at),
        "publish_time": stamp(form.created_at),
        "preview_url": f"https://www.tiktok.example/preview/{form.form_id}",
        "transfer_status": "UNSET",
    }


def questions(form: Form) -> list[str]:
    """The words of each question; a consent is a question like any other."""
    words = titles(form)
    return [*(words.get(name, name) for name in form.questions), *(box.text for box in form.boxes)]


def given(lead: Lead, form: Form) -> list[tuple[str, str, str]]:
    """Field as pushed, words of the question, answer; what was left empty has no answer."""
    words, yes = titles(form), YES_NO[language(form)][0]
    told = [
        (FIELDS.get(name, words.get(name, name)), words.get(name, name), lead.answers.get(name) or "")
        for name in form.questions
    ]
    # A box that was left alone is empty.
    return told + [(box.text, box.text, yes if lead.boxes.get(box.key) else "") for box in form.boxes]


def ad_names(lead: Lead, campaigns: Mapping[str, Campaign]) -> dict[str, str]:
    campaign = campaigns.get(lead.campaign_id or "")
    if campaign is None or lead.is_organic:
        return {}
    ad = ad_of(lead, campaign)
    return {
        "ad_id": ad.ad_id,
        "ad_name": ad.name,
        "adgroup_id": campaign.adset_id,
        "adgroup_name": campaign.adset_name,
        "campaign_id": campaign.campaign_id,
        "campaign_name": campaign.name,
    }


def line(lead: Lead, form: Form, campaigns: Mapping[str, Campaign]) -> dict[str, str]:
    """Column to cell; a dash where there is nothing."""
    cells = {
        "lead_id": GUARDED + lead.lead_id,
        "created_time": stamp(lead.created_at),
        "form_id": GUARDED + form.form_id,
        "form_name": form.name,
        "is_test": "false" if lead.person_id else "true",
        **ad_names(lead, campaigns),
    }
    cells |= {words: answer for _, words, answer in given(lead, form)}
    return {name: cells.get(name) or "-" for name in (*COLUMNS, *questions(form))}


def table(form: Form, lines: Iterable[Mapping[str, str]]) -> str:
    """The file as text: a byte order mark, commas, line ends of Windows."""
    file, columns = io.StringIO(), [*COLUMNS, *questions(form)]
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\r\n")
    lines = list(lines)
    writer.fieldnames = [*columns, *(name for name in (lines[0] if lines else ()) if name not in columns)]
    writer.writeheader()
    writer.writerows(lines)
    return "\ufeff" + file.getvalue()
