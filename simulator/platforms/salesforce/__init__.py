"""Salesforce: leads, contacts, conversion, mergers, opportunities with their contacts, by SOQL."""

from simulator.declared import Declared
from simulator.platforms.salesforce.api import CLIENT_ID, CLIENT_SECRET, Salesforce
from simulator.platforms.salesforce.export import files

DECLARED = Declared(
    Salesforce,
    "crm",
    settings={
        "base_url": "/salesforce",
        "account": "maison",
        "per_second": 50,
        # It never says how long to wait; made-up trouble is over in no time.
        "longest_wait_seconds": 0.2,
    },
    secrets={"SALESFORCE_CLIENT_ID": CLIENT_ID, "SALESFORCE_CLIENT_SECRET": CLIENT_SECRET},
    files=files,
)
