"""The file of leads that Campaign Manager hands out, for the same 90 days; how it looks nobody documents."""

import csv
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from simulator.ads import handed_out
from simulator.model import Campaign, Form, Lead
from simulator.platforms.linkedin.api import RETENTION
from simulator.platforms.linkedin.nodes import given, paid
from simulator.platforms.questions import YES_NO, language, titles

COLUMNS = (
    "Lead ID", "Submitted At", "Account Name", "Campaign Name", "Campaign ID", "Creative ID", "Form Name",
    "Form ID", "Lead Type", "Test Lead",
)  # fmt: skip


def write(
    folder: Path, form: Form, leads: list[Lead], campaigns: Mapping[str, Campaign], now: datetime
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"leads_{form.form_id}.csv"
    words = titles(form)
    asked = [*(words.get(name, name) for name in form.questions), *(box.text for box in form.boxes)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS, *asked], restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(_line(lead, form, campaigns) for lead in handed_out(leads, now, RETENTION))
    return path


def _line(lead: Lead, form: Form, campaigns: Mapping[str, Campaign]) -> dict[str, str]:
    words, yes = titles(form), YES_NO[language(form)][0]
    line = {
        "Lead ID": lead.lead_id,
        "Submitted At": f"{lead.created_at:%Y-%m-%d %H:%M:%S}",
        "Account Name": "Maison Exemple",
        "Form Name": form.name,
        "Form ID": form.form_id,
        "Lead Type": "Sponsored",
        "Test Lead": "false" if lead.person_id else "true",
    }
    if ad := paid(lead, campaigns):
        line |= {"Campaign Name": ad[0].name, "Campaign ID": ad[0].campaign_id, "Creative ID": ad[1].ad_id}
    line |= {words.get(name, name): told for name, told in given(lead, form)}
    return line | {box.text: yes for box in form.boxes if lead.boxes.get(box.key)}
