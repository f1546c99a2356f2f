"""Gravity Forms: a plugin of somebody's own site, whose entries know their fields by number only."""

from simulator.declared import Declared, lead_by_lead
from simulator.export_files import submissions
from simulator.platforms.gravity_forms import export
from simulator.platforms.gravity_forms.api import KEY, SECRET, GravityForms
from simulator.platforms.gravity_forms.push import WORD, delivery

DECLARED = Declared(
    GravityForms,
    "forms",
    settings={"base_url": "/gravity_forms/wp-json/gf/v2", "account": "maison", "per_second": 50},
    secrets={
        "GRAVITY_FORMS_KEY": KEY,
        "GRAVITY_FORMS_SECRET": SECRET,
        "GRAVITY_FORMS_WEBHOOK_SECRET": WORD,
    },
    counts=True,
    push=lead_by_lead(delivery),
    word=WORD,
    files=submissions("gravity_forms", export),
)
