"""The file of leads that somebody downloads, one per form: UTF-16 with BOM, tabs, prefixed ids."""

from pathlib import Path

from simulator.ads import ad_of
from simulator.export_files import each_form, text
from simulator.marketing import PARIS
from simulator.model import Campaign, Company, Form, Lead
from simulator.platforms.meta import nodes

COLUMNS = (
    "id", "created_time", "ad_id", "ad_name", "adset_id", "adset_name", "campaign_id", "campaign_name",
    "form_id", "form_name", "is_organic", "platform",
)  # fmt: skip


def files(company: Company, folder: Path) -> list[Path]:
    campaigns = {campaign.campaign_id: campaign for campaign in company.campaigns}
    return each_form(
        company,
        "meta",
        lambda form, leads: _write(folder / form.account_id, form, leads, campaigns),
    )


def _write(folder: Path, form: Form, leads: list[Lead], campaigns: dict[str, Campaign]) -> Path:
    # Test leads stay in the tool that sent them.
    real = [lead for lead in leads if lead.person_id]
    header = (*COLUMNS, *form.questions, *(box.key for box in form.boxes))
    rows = (_row(lead, form, campaigns.get(lead.campaign_id or "")) for lead in reversed(real))
    name = form.name.replace(" ", "_")
    return text(folder / f"{name}_{form.form_id}.csv", "utf-16", "\t", header, rows)


def _row(lead: Lead, form: Form, campaign: Campaign | None) -> list[str]:
    paid = campaign if campaign and not lead.is_organic else None
    boxes = {box["checkbox_key"]: box for box in nodes.disclaimer_responses(lead, form) or ()}
    answers = {answer["name"]: answer["values"] for answer in nodes.field_data(lead, form)}
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
