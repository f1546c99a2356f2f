"""The file of leads that somebody downloads in Ads Manager: the API's own, for the same 90 days."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from simulator.ads import handed_out
from simulator.model import Campaign, Form, Lead
from simulator.platforms.tiktok.api import RETENTION
from simulator.platforms.tiktok.nodes import line, table


def write(
    folder: Path, form: Form, leads: list[Lead], campaigns: Mapping[str, Campaign], now: datetime
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"leads_{form.form_id}.csv"
    path.write_bytes(
        table(form, [line(lead, form, campaigns) for lead in handed_out(leads, now, RETENTION)]).encode()
    )
    return path
