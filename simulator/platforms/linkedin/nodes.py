"""Forms, leads, campaigns and creatives as LinkedIn renders them.

A form that was edited has a second version, whose questions and consents have other numbers and another
order: who joins a lead to the form as it is now, loses its answers.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from simulator.ads import Ad, ad_of
from simulator.leads import PROJECTS
from simulator.model import Campaign, Form, Lead
from simulator.platforms.questions import titles

EDITED_AFTER = timedelta(days=700)
PREDEFINED = {
    "first_name": "FIRST_NAME",
    "last_name": "LAST_NAME",
    "email": "EMAIL",
    "phone_number": "PHONE_NUMBER",
    "company": "COMPANY_NAME",
}
ASKED = frozenset({*PREDEFINED, "full_name"})


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def urn(kind: str, key: str) -> str:
    return f"urn:li:{kind}:{key}"


def form_urn(form: Form, shown: int) -> str:
    return f"urn:li:versionedLeadGenForm:({urn('leadGenForm', form.form_id)},{shown})"


def version(form: Form, at: datetime) -> int:
    """That which was shown at a moment."""
    return 2 if at >= form.created_at + EDITED_AFTER else 1


def questions(form: Form, shown: int) -> dict[str, int]:
    """Question to its number in a version."""
    names = form.questions if shown == 1 else tuple(reversed(form.questions))
    return {name: shown * 1_000_000_000_000 + place for place, name in enumerate(names, 1)}


def consents(form: Form, shown: int) -> dict[str, int]:
    """Box to its number in a version."""
    return {box.key: shown * 100 + place for place, box in enumerate(form.boxes, 1)}


def content(form: Form, shown: int) -> dict[str, Any]:
    words = titles(form)
    asked = [
        {
            "questionId": number,
            "name": name,
            "question": _localized(form, words.get(name, name)),
            "responseRequired": name != "company",
            "responseEditable": True,
            **({"predefinedField": PREDEFINED[name]} if name in PREDEFINED else {}),
            "questionDetails": _details(form, name),
        }
        for name, number in questions(form, shown).items()
    ]
    numbers = consents(form, shown)
    legal: dict[str, Any] = {"legalInfoId": shown, "privacyPolicyUrl": form.privacy_url}
    if form.boxes:
        legal["consents"] = [
            {"id": numbers[box.key], "consent": _localized(form, box.text), "checkRequired": box.is_required}
            for box in form.boxes
        ]
    return {"headline": _localized(form, form.name), "questions": asked, "legalInfo": legal}


def _details(form: Form, name: str) -> dict[str, Any]:
    if name in ASKED:
        return {"textQuestionDetails": {"maxResponseLength": 300}}
    options = [{"id": place, "text": _localized(form, words)} for place, words in enumerate(PROJECTS, 1)]
    return {"multipleChoiceQuestionDetails": {"options": options}}


def _localized(form: Form, text: str) -> dict[str, Any]:
    return {"localized": {form.locale: text}}


def form_node(form: Form, shown: int) -> dict[str, Any]:
    language, _, country = form.locale.partition("_")
    changed = form.created_at + (EDITED_AFTER if shown == 2 else timedelta())
    return {
        "id": int(form.form_id),
        "versionId": shown,
        "name": form.name,
        "state": "PUBLISHED",
        "owner": {"sponsoredAccount": urn("sponsoredAccount", form.account_id)},
        "created": milliseconds(form.created_at),
        "lastModified": milliseconds(changed),
        "creationLocale": {"language": language, "country": country},
        "reviewInfo": {"reviewStatus": "APPROVED", "lastUpdated": milliseconds(changed)},
        "hiddenFields": [],
        "content": content(form, shown),
    }


def response(lead: Lead, form: Form, campaigns: Mapping[str, Campaign]) -> dict[str, Any]:
    """A lead with all that can be asked of it; what was left empty has no answer, a box left alone was not
    accepted."""
    shown = version(form, lead.created_at)
    numbers = questions(form, shown)
    row: dict[str, Any] = {
        "id": lead.lead_id,
        "owner": {"sponsoredAccount": urn("sponsoredAccount", form.account_id)},
        "submitter": urn("person", lead.lead_id[:8]),
        "leadType": "SPONSORED",
        "testLead": lead.person_id is None,
        "submittedAt": milliseconds(lead.created_at),
        "versionedLeadGenFormUrn": form_urn(form, shown),
        "formResponse": {
            "answers": [
                {"questionId": numbers[name], "answerDetails": _answer(name, words)}
                for name, words in given(lead, form)
            ],
            "consentResponses": [
                {"consentId": number, "accepted": bool(lead.boxes.get(key))}
                for key, number in consents(form, shown).items()
            ],
        },
        "form": form_node(form, shown),
    }
    if ad := paid(lead, campaigns):
        row["associatedEntity"] = {"associatedCreative": urn("sponsoredCreative", ad[1].ad_id)}
        campaign = urn("sponsoredCampaign", ad[0].campaign_id)
        row["leadMetadata"] = {"sponsoredLeadMetadata": {"campaign": campaign}}
    return row


def given(lead: Lead, form: Form) -> list[tuple[str, str]]:
    told = [(name, (lead.answers.get(name) or "").strip()) for name in form.questions]
    return [(name, words) for name, words in told if words]


def _answer(name: str, words: str) -> dict[str, Any]:
    if name in ASKED or words not in PROJECTS:
        return {"textQuestionAnswer": {"answer": words}}
    return {"multipleChoiceAnswer": {"options": [PROJECTS.index(words) + 1]}}


def paid(lead: Lead, campaigns: Mapping[str, Campaign]) -> tuple[Campaign, Ad] | None:
    """Campaign and ad that brought a lead; None for one that came by itself."""
    campaign = campaigns.get(lead.campaign_id or "")
    return None if campaign is None or lead.is_organic else (campaign, ad_of(lead, campaign))


def campaign_node(campaign: Campaign) -> dict[str, Any]:
    begun = milliseconds(datetime.fromisoformat(f"{campaign.starts_on}T00:00:00+00:00"))
    ended = milliseconds(datetime.fromisoformat(f"{campaign.ends_on}T23:59:00+00:00"))
    return {
        "id": int(campaign.campaign_id),
        "name": campaign.name,
        "account": urn("sponsoredAccount", campaign.account_id),
        "campaignGroup": urn("sponsoredCampaignGroup", campaign.adset_id),
        "status": "COMPLETED",
        "type": "SPONSORED_UPDATES",
        "objectiveType": "LEAD_GENERATION",
        "costType": "CPM",
        "runSchedule": {"start": begun, "end": ended},
        "changeAuditStamps": {"created": {"time": begun}, "lastModified": {"time": ended}},
    }


def creative_node(campaign: Campaign, ad: Ad) -> dict[str, Any]:
    begun = milliseconds(datetime.fromisoformat(f"{campaign.starts_on}T00:00:00+00:00"))
    return {
        "id": urn("sponsoredCreative", ad.ad_id),
        "name": ad.name,
        "campaign": urn("sponsoredCampaign", campaign.campaign_id),
        "account": urn("sponsoredAccount", campaign.account_id),
        "intendedStatus": "ACTIVE",
        "isServing": False,
        "createdAt": begun,
        "lastModifiedAt": begun,
        "content": {"reference": urn("share", ad.ad_id)},
    }
