"""The file of leads of thirty days that somebody downloads in Ads Manager; how it looks nobody documents."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from simulator.ads import handed_out
from simulator.model import Campaign, Form, Lead
from simulator.platforms.pinterest.api import RETENTION
from simulator.platforms.pinterest.nodes import columns, line, table


def write(
    folder: Path, form: Form, leads: list[Lead], campaigns: Mapping[str, Campaign], now: datetime
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"leads_{form.form_id}.csv"
    own = {key: one for key, one in campaigns.items() if one.platform == "pinterest"}
    oldest = (now - RETENTION).date()
    shown = [
        one for one in handed_out(leads, now, RETENTION) if one.person_id and one.created_at.date() > oldest
    ]
    path.write_text(table(columns(form), [line(lead, form, own) for lead in shown]), encoding="utf-8-sig")
    return path
