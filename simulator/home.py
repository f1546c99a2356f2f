"""A company's folder whose platforms are the simulator: the demo, the tests and the benchmarks start from it.

Its credentials are fixed words that only the simulator knows; its two keys are made up and guard made-up
people. Nothing here knows the pipeline: a home is two files and an inbox.
"""

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from simulator import own_form
from simulator.exports import exports
from simulator.model import Company
from simulator.platforms.hubspot import push as hubspot
from simulator.platforms.woocommerce.nodes import BOX, WORDING
from simulator.webhooks import Delivery

SECRETS = {
    "FIRSTHAND_KEY": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    "FIRSTHAND_BACKUP_KEY": "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100",
    "META_TOKEN": "sim-meta-token",
    "META_APP_SECRET": "sim-meta-secret",
    "META_VERIFY_TOKEN": "sim-verify",
    "TIKTOK_TOKEN": "sim-tiktok-token",
    "TIKTOK_APP_SECRET": "sim-tiktok-secret",
    "LINKEDIN_TOKEN": "sim-linkedin-token",
    "LINKEDIN_CLIENT_SECRET": "sim-linkedin-secret",
    "GOOGLE_ADS_DEVELOPER_TOKEN": "sim-google-developer",
    "GOOGLE_ADS_CLIENT_ID": "sim-google-client",
    "GOOGLE_ADS_CLIENT_SECRET": "sim-google-secret",
    "GOOGLE_ADS_REFRESH_TOKEN": "sim-google-refresh",
    "GOOGLE_ADS_WEBHOOK_KEY": "sim-google-key",
    "TYPEFORM_TOKEN": "sim-typeform-token",
    "TYPEFORM_WEBHOOK_SECRET": "sim-typeform-secret",
    "TALLY_API_KEY": "tly-sim",
    "TALLY_SIGNING_SECRET": "sim-tally-secret",
    "JOTFORM_API_KEY": "sim-jotform-key",
    "JOTFORM_WEBHOOK_SECRET": "sim-jotform-word",
    "GRAVITY_FORMS_KEY": "ck_sim_gravity",
    "GRAVITY_FORMS_SECRET": "cs_sim_gravity",
    "GRAVITY_FORMS_WEBHOOK_SECRET": "sim-gravity-word",
    "OWN_FORM_SECRET": own_form.SECRET,
    "SHOPIFY_CLIENT_ID": "sim-shopify-id",
    "SHOPIFY_CLIENT_SECRET": "sim-shopify-secret",
    "WOOCOMMERCE_KEY": "ck_sim",
    "WOOCOMMERCE_SECRET": "cs_sim",
    "WOOCOMMERCE_WEBHOOK_SECRET": "sim-woocommerce-secret",
    "STRIPE_KEY": "rk_live_sim",
    "STRIPE_WEBHOOK_SECRET": "whsec_sim",
    "BREVO_API_KEY": "xkeysib-sim",
    "MAILCHIMP_API_KEY": "sim-mailchimp-us1",
    "MAILCHIMP_WEBHOOK_SECRET": "sim-mailchimp-word",
    "HUBSPOT_TOKEN": "sim-hubspot-token",
    "HUBSPOT_CLIENT_SECRET": hubspot.SECRET,
    "HUBSPOT_WEBHOOK_URL": hubspot.ADDRESS,
}
# What the demo's company uses; it has no form at the others the simulator speaks for.
PLATFORMS: dict[str, dict[str, Any]] = {
    # Made-up platforms allow more calls a second than real ones; the demo would wait for nothing.
    "meta": {"base_url": "/meta", "ad_accounts": ["act_500001"], "per_second": 50},
    "typeform": {"base_url": "/typeform", "account": "maison", "per_second": 50},
    "shopify": {"base_url": "/shopify", "shop": "maison-exemple"},
    "brevo": {"base_url": "/brevo/v3", "account": "maison"},
}
MORE_PLATFORMS: dict[str, dict[str, Any]] = {
    "tally": {"base_url": "/tally", "account": "maison", "per_second": 50},
    "jotform": {"base_url": "/jotform", "account": "maison", "per_second": 50},
    "gravity_forms": {"base_url": "/gravity_forms/wp-json/gf/v2", "account": "maison", "per_second": 50},
}
# The same shop kept with another vendor: instead of the one above, or every order would be there twice.
SHOPS: dict[str, dict[str, Any]] = {
    "woocommerce": {
        "base_url": "/woocommerce/wp-json/wc/v3",
        "account": "maison",
        "per_second": 50,
        "consent_boxes": {BOX: WORDING},
    },
    "stripe": {
        "base_url": "/stripe",
        "account": "maison",
        "per_second": 50,
        "promotions_wording": "Keep me up to date by e-mail with news and offers",
    },
}
# What an order leaves and what selling costs besides advertising; invented, as all of it is.
COSTS: dict[str, Any] = {
    "margin_rate": 0.55,
    "per_order": 6,
    "tools_per_month": 120,
    "people_per_month": 400,
}
# A second mail tool, which knows the same people.
MAIL_TOOLS: dict[str, dict[str, Any]] = {
    "mailchimp": {"base_url": "/mailchimp/3.0", "per_second": 50},
}
# A CRM that knows the people of the mail tool, and keeps Typeform's forms as well.
CRMS: dict[str, dict[str, Any]] = {
    # Of two refusals one does not say how long to wait; made-up trouble is over in no time.
    "hubspot": {
        "base_url": "/hubspot",
        "account": "24680135",
        "per_second": 50,
        "searches_per_second": 50,
        "longest_wait_seconds": 0.2,
    },
}
# Ad platforms on which its Meta campaigns may run as well.
AD_PLATFORMS: dict[str, dict[str, Any]] = {
    "tiktok": {
        "base_url": "/tiktok",
        "advertisers": ["7012345678901234567"],
        "per_second": 50,
        "poll_seconds": 0.02,
        # It never says how long to wait; made-up trouble is over in no time.
        "longest_wait_seconds": 0.2,
    },
    "linkedin": {
        "base_url": "/linkedin",
        "ad_accounts": ["512345678"],
        "per_second": 50,
        "longest_wait_seconds": 0.2,
    },
    "google_ads": {
        "base_url": "/google_ads",
        "customers": ["1234567890"],
        "manager": "9876543210",
        "per_second": 50,
        # A little longer than it asks anybody to wait.
        "longest_wait_seconds": 1.5,
    },
}

# Whatever the simulator speaks for.
ALL: dict[str, dict[str, Any]] = PLATFORMS | MORE_PLATFORMS | SHOPS | MAIL_TOOLS | CRMS | AD_PLATFORMS


def settings(base_url: str, **platforms: dict[str, Any]) -> dict[str, Any]:
    """firsthand.yaml of Maison Exemple, every platform (the demo's for none) at the simulator's address."""
    return {
        "company": "Maison Exemple",
        "time_zone": "Europe/Paris",
        "currency": "EUR",
        "countries": ["FR", "BE", "CA"],
        "default_phone_region": "FR",
        "language": "en",
        "costs": COSTS,
        "platforms": {
            name: account | {"base_url": base_url + account["base_url"]}
            for name, account in (platforms or PLATFORMS).items()
        },
    }


def write(root: Path, base_url: str, **more: Any) -> Path:
    """Make the folder with its firsthand.yaml and .env; `more` overrides whole settings."""
    root.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(settings(base_url) | more, sort_keys=False, allow_unicode=True)
    (root / "firsthand.yaml").write_text(text, encoding="utf-8")
    secrets = root / ".env"
    secrets.touch(mode=0o600)
    secrets.write_text("".join(f"{name}={value}\n" for name, value in SECRETS.items()), encoding="utf-8")
    return root


def drop_exports(root: Path, company: Company, *platforms: str) -> list[Path]:
    """Put the files a marketer would download into the inbox; `files` are those of no platform.

    Written aside first: an export that is half there must not be taken in.
    """
    aside = root / ".exports"
    kept = []
    for path in exports(company, aside):
        where = path.relative_to(aside)
        if where.parts[0] in platforms:
            target = root / "inbox" / "files" / where
            target.parent.mkdir(parents=True, exist_ok=True)
            kept.append(path.replace(target))
    shutil.rmtree(aside)
    return kept


def keep_webhook(root: Path, delivery: Delivery, arrived_at: datetime) -> Path:
    """Put a pushed body into the inbox as the receiver would have, had it been at work then."""
    folder = root / "inbox" / "webhooks" / delivery.platform
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256(delivery.body).hexdigest()[:12]
    path = folder / f"{arrived_at.astimezone(UTC):%Y%m%dT%H%M%S%f}-{digest}.json"
    path.write_bytes(delivery.body)
    return path
