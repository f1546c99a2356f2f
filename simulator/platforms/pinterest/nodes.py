"""Forms, ads, leads and figures as Pinterest renders them.

The columns of its file are as plausible as any: it documents none.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from simulator.ads import Ad, ad_of, ads_of
from simulator.model import Campaign, CampaignDay, Form, Lead
from simulator.platforms.questions import YES_NO, language, titles

TYPES = {
    "full_name": "FULL_NAME", "first_name": "FIRST_NAME", "last_name": "LAST_NAME", "email": "EMAIL",
    "phone_number": "PHONE_NUMBER",
}  # fmt: skip
COLUMNS = (
    "Lead ID",
    "Created Time",
    "Ad ID",
    "Ad Name",
    "Campaign ID",
    "Campaign Name",
    "Form ID",
    "Form Name",
)


def seconds(form: Form) -> int:
    return int(form.created_at.timestamp())


def form_node(form: Form) -> dict[str, Any]:
    words = titles(form)
    asked = [
        {
            "question_type": TYPES.get(name, "CUSTOM"),
            "custom_question_field_type": None if name in TYPES else "TEXT_FIELD",
            "custom_question_label": None if name in TYPES else words.get(name, name),
            "custom_question_options": None,
        }
        for name in form.questions
    ]
    asked += [
        {
            "question_type": "CUSTOM",
            "custom_question_field_type": "RADIO_LIST",
            "custom_question_label": box.text,
            "custom_question_options": list(YES_NO[language(form)]),
        }
        for box in form.boxes
    ]
    return {
        "id": form.form_id,
        "ad_account_id": form.account_id,
        "name": form.name,
        "status": "ACTIVE",
        "privacy_policy_link": form.privacy_url,
        "has_accepted_terms": True,
        "completion_message": "Merci !",
        "disclosure_language": None,
        "questions": asked,
        "policy_links": [],
        "created_time": seconds(form),
        "updated_time": seconds(form),
    }


def ad_node(campaign: Campaign, ad: Ad, form_id: str | None, created: int) -> dict[str, Any]:
    return {
        "id": ad.ad_id,
        "ad_account_id": campaign.account_id,
        "campaign_id": campaign.campaign_id,
        "ad_group_id": campaign.adset_id,
        "name": ad.name,
        "status": "ACTIVE",
        "type": "ad",
        "creative_type": "REGULAR",
        "pin_id": ad.ad_id,
        "lead_form_id": form_id,
        "created_time": created,
        "updated_time": created,
    }


def day_node(campaign: Campaign, ad: Ad, day: CampaignDay, columns: Iterable[str]) -> dict[str, Any]:
    """What is zero is left out."""
    values: dict[str, int | str] = {
        "CAMPAIGN_NAME": campaign.name,
        "SPEND_IN_MICRO_DOLLAR": int(day.spend * Decimal(1_000_000)),
        "TOTAL_IMPRESSION": day.impressions,
        "TOTAL_IMPRESSION_USER": day.reach,
        "TOTAL_CLICKTHROUGH": day.clicks,
        "TOTAL_ENGAGEMENT": day.likes,
        "LEADS": day.leads,
    }
    told = {name: values[name] for name in columns if values.get(name)}
    return {"AD_ID": ad.ad_id, "DATE": day.day.isoformat(), **told}


def ad_for(lead: Lead, form: Form, campaigns: Mapping[str, Campaign]) -> tuple[Campaign, Ad]:
    """Every lead comes by an ad: who came by nothing else did by the first that shows the form."""
    campaign = campaigns.get(lead.campaign_id or "")
    if campaign is not None:
        return campaign, ad_of(lead, campaign)
    first = min(campaigns.values(), key=lambda one: (one.name[:1] != form.name[:1], one.campaign_id))
    return first, ads_of(first)[0]


def columns(form: Form) -> list[str]:
    words = titles(form)
    return [*COLUMNS, *(words.get(name, name) for name in form.questions), *(box.text for box in form.boxes)]


def line(lead: Lead, form: Form, campaigns: Mapping[str, Campaign]) -> dict[str, str]:
    campaign, ad = ad_for(lead, form, campaigns)
    words, (yes, _) = titles(form), YES_NO[language(form)]
    return {
        "Lead ID": lead.lead_id,
        "Created Time": f"{lead.created_at:%Y-%m-%d %H:%M:%S}",
        "Ad ID": ad.ad_id,
        "Ad Name": ad.name,
        "Campaign ID": campaign.campaign_id,
        "Campaign Name": campaign.name,
        "Form ID": form.form_id,
        "Form Name": form.name,
        **{words.get(name, name): lead.answers.get(name) or "" for name in form.questions},
        **{box.text: yes if lead.boxes.get(box.key) else "" for box in form.boxes},
    }


def table(names: list[str], lines: Iterable[Mapping[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, names, restval="", extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue()
