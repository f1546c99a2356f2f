"""A company's folder for tests: made-up settings, made-up secrets, nothing outside the given folder."""

from pathlib import Path
from typing import Any

import yaml

from pipelines.company import Company
from pipelines.home import Home

SECRETS = {
    "FIRSTHAND_KEY": "00112233445566778899aabbccddeeff",
    "META_TOKEN": "sim-meta-token",
    "META_APP_SECRET": "sim-meta-secret",
    "META_VERIFY_TOKEN": "sim-verify",
    "TYPEFORM_TOKEN": "sim-typeform-token",
    "TYPEFORM_WEBHOOK_SECRET": "sim-typeform-secret",
    "SHOPIFY_CLIENT_ID": "sim-shopify-id",
    "SHOPIFY_CLIENT_SECRET": "sim-shopify-secret",
    "BREVO_API_KEY": "xkeysib-sim",
}


def make_company(root: Path, **settings: Any) -> Company:
    """A company with these settings over the defaults; its .env holds the simulator's credentials."""
    home = Home(root.resolve())
    home.config.write_text(yaml.safe_dump({"company": "Maison Exemple", **settings}), encoding="utf-8")
    home.env_file.touch(mode=0o600)
    home.env_file.write_text("".join(f"{k}={v}\n" for k, v in SECRETS.items()), encoding="utf-8")
    return Company.at(home)
