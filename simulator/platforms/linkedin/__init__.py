"""LinkedIn: forms in versions, queries written its own way, monthly versions that end, figures by day."""

from simulator.declared import Declared
from simulator.export_files import handed_out
from simulator.platforms.linkedin import export
from simulator.platforms.linkedin.api import TOKEN, LinkedIn
from simulator.platforms.linkedin.push import CLIENT_SECRET, delivery

ACCOUNT = "512345678"

DECLARED = Declared(
    LinkedIn,
    "ads",
    settings={
        "base_url": "/linkedin",
        "ad_accounts": [ACCOUNT],
        "per_second": 50,
        "longest_wait_seconds": 0.2,
    },
    secrets={"LINKEDIN_TOKEN": TOKEN, "LINKEDIN_CLIENT_SECRET": CLIENT_SECRET},
    account=ACCOUNT,
    counts=True,
    announces=False,
    push=delivery,
    files=handed_out("linkedin", export.write),
)
