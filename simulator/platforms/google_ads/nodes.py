"""Forms and leads as Google words them: by API, in what is pushed, and in the file."""

import hashlib
from collections.abc import Mapping
from typing import Any

from simulator.ads import ad_of
from simulator.marketing import PARIS
from simulator.model import Campaign, Form, Lead
from simulator.platforms.questions import YES_NO, language, titles

# What the company calls a question, and Google.
FIELDS = {
    "full_name": "FULL_NAME",
    "first_name": "FIRST_NAME",
    "last_name": "LAST_NAME",
    "email": "EMAIL",
    "phone_number": "PHONE_NUMBER",
    "company": "COMPANY_NAME",
}


def form_row(form: Form) -> dict[str, Any]:
    """A form as an asset. That which delivers it is there as well: whoever selects it reads the key."""
    yes, no = YES_NO[language(form)]
    custom: list[dict[str, Any]] = [
        {"customQuestionText": titles(form).get(name, name)} for name in form.questions if name not in FIELDS
    ]
    custom += [
        {"customQuestionText": box.text, "singleChoiceAnswers": {"answers": [yes, no]}} for box in form.boxes
    ]
    about = "asset.lead_form_asset"
    return {
        "asset.resource_name": asset_name(form),
        "asset.id": form.form_id,
        "asset.name": form.name,
        "asset.type": "LEAD_FORM",
        f"{about}.headline": form.name[:30],
        f"{about}.business_name": "Maison Exemple",
        f"{about}.description": form.name,
        f"{about}.privacy_policy_url": form.privacy_url,
        f"{about}.custom_disclosure": None,
        f"{about}.fields": [{"inputType": FIELDS[name]} for name in form.questions if name in FIELDS],
        f"{about}.custom_question_fields": custom,
    }


def lead_row(lead: Lead, form: Form, campaigns: Mapping[str, Campaign]) -> dict[str, Any]:
    """A lead as the API has it; times are the account's, with their offset and no T."""
    told, account = ad_ids(lead, campaigns), f"customers/{form.account_id}"
    known, custom = given(lead, form)
    data = "lead_form_submission_data"
    row: dict[str, Any] = {
        f"{data}.resource_name": f"{account}/leadFormSubmissionData/{lead.lead_id}",
        f"{data}.id": lead.lead_id,
        f"{data}.asset": asset_name(form),
        f"{data}.gclid": gclid(lead),
        f"{data}.submission_date_time": stamp(lead),
        f"{data}.lead_form_submission_fields": [
            {"fieldType": field, "fieldValue": value} for field, value in known if value
        ],
        f"{data}.custom_lead_form_submission_fields": [
            {"questionText": words, "fieldValue": value} for words, value in custom if value
        ],
    }
    if told:
        row[f"{data}.campaign"] = f"{account}/campaigns/{told['campaign_id']}"
        row[f"{data}.ad_group"] = f"{account}/adGroups/{told['adgroup_id']}"
        row[f"{data}.ad_group_ad"] = f"{account}/adGroupAds/{told['adgroup_id']}~{told['creative_id']}"
    return row


def given(lead: Lead, form: Form) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Answers to questions Google knows, and to the company's own: a choice, so a no is told as well."""
    yes, no = YES_NO[language(form)]
    told = [(name, lead.answers.get(name) or "") for name in form.questions]
    own = [(titles(form).get(name, name), value) for name, value in told if name not in FIELDS]
    own += [(box.text, yes if lead.boxes.get(box.key) else no) for box in form.boxes]
    return [(FIELDS[name], value) for name, value in told if name in FIELDS], own


def ad_ids(lead: Lead, campaigns: Mapping[str, Campaign]) -> dict[str, str]:
    campaign = campaigns.get(lead.campaign_id or "")
    if campaign is None or lead.is_organic:
        return {}
    ad = ad_of(lead, campaign)
    return {
        "campaign_id": campaign.campaign_id,
        "adgroup_id": campaign.adset_id,
        "creative_id": ad.ad_id,
    }


def gclid(lead: Lead) -> str:
    """The click that brought a lead; of some browsers there is none."""
    digest = hashlib.blake2b(f"gclid {lead.lead_id}".encode(), digest_size=24).hexdigest()
    return "" if lead.is_organic or int(digest[:2], 16) % 5 == 0 else f"EAIaIQobChMI{digest}"


def stamp(lead: Lead) -> str:
    return lead.created_at.astimezone(PARIS).isoformat(sep=" ", timespec="seconds")


def asset_name(form: Form) -> str:
    return f"customers/{form.account_id}/assets/{form.form_id}"
