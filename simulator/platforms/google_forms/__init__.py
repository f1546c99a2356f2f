"""Google Forms: their list by Drive, responses page by page with a filter, lists left out where empty."""

from simulator.declared import Declared
from simulator.export_files import submissions
from simulator.platforms.google_forms import export
from simulator.platforms.google_forms.api import APP, REFRESH_TOKEN, GoogleForms

DECLARED = Declared(
    GoogleForms,
    "forms",
    settings={
        "base_url": "/google_forms",
        "account": "maison",
        "per_second": 50,
        # It never says how long to wait; made-up trouble is over in no time.
        "longest_wait_seconds": 0.2,
    },
    secrets={
        "GOOGLE_FORMS_CLIENT_ID": APP["client_id"],
        "GOOGLE_FORMS_CLIENT_SECRET": APP["client_secret"],
        "GOOGLE_FORMS_REFRESH_TOKEN": REFRESH_TOKEN,
    },
    announces=False,
    files=submissions("google_forms", export),
    numbers_lines=False,
)
