"""The file of leads that somebody downloads in Google Ads: those of 60 days, in the account's language.

Google documents none of its columns; these are as plausible as any.
"""

import csv
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from simulator.model import Campaign, Form, Lead
from simulator.platforms.google_ads.api import RETENTION
from simulator.platforms.google_ads.nodes import ad_ids, gclid, given, stamp
from simulator.platforms.questions import language

OWN = ("lead_id", "submitted_at", "form_id", "campaign_id", "adgroup_id", "creative_id", "gclid")
HEADERS = {
    "en": {
        "lead_id": "Lead ID",
        "submitted_at": "Submission time",
        "form_id": "Lead form ID",
        "campaign_id": "Campaign ID",
        "adgroup_id": "Ad group ID",
        "creative_id": "Ad ID",
        "gclid": "GCLID",
        "FULL_NAME": "Full name",
        "FIRST_NAME": "First name",
        "LAST_NAME": "Last name",
        "EMAIL": "User email",
        "PHONE_NUMBER": "User phone",
        "COMPANY_NAME": "Company name",
    },
    "fr": {
        "lead_id": "ID du prospect",
        "submitted_at": "Heure d'envoi",
        "form_id": "ID du formulaire",
        "campaign_id": "ID de la campagne",
        "adgroup_id": "ID du groupe d'annonces",
        "creative_id": "ID de l'annonce",
        "gclid": "GCLID",
        "FULL_NAME": "Nom complet",
        "FIRST_NAME": "Prénom",
        "LAST_NAME": "Nom",
        "EMAIL": "Adresse e-mail",
        "PHONE_NUMBER": "Téléphone",
        "COMPANY_NAME": "Entreprise",
    },
}


def write(
    folder: Path, form: Form, leads: list[Lead], campaigns: Mapping[str, Campaign], now: datetime
) -> Path:
    # Tests are only ever pushed.
    shown = [lead for lead in leads if lead.person_id and now - RETENTION <= lead.created_at <= now]
    shown = [lead for lead in shown if lead.visible_at <= now]
    folder.mkdir(parents=True, exist_ok=True)
    path, words = folder / f"leads_{form.form_id}.csv", HEADERS[language(form)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        lines = [_line(lead, form, campaigns) for lead in reversed(shown)]
        headers = [*OWN, *_questions(form)]
        out.writerow([words.get(name, name) for name in headers])
        out.writerows([line.get(name, "") for name in headers] for line in lines)
    return path


def _questions(form: Form) -> list[str]:
    empty = Lead("", "", form.form_id, form.created_at, form.created_at, {}, {}, None)
    known, custom = given(empty, form)
    return [name for name, _ in (*known, *custom)]


def _line(lead: Lead, form: Form, campaigns: Mapping[str, Campaign]) -> dict[str, str]:
    known, custom = given(lead, form)
    return {
        "lead_id": lead.lead_id,
        "submitted_at": stamp(lead),
        "form_id": form.form_id,
        **ad_ids(lead, campaigns),
        "gclid": gclid(lead),
        **dict(known),
        **dict(custom),
    }
