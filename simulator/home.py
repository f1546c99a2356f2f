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
from simulator.fleet import FLEET, of_kind
from simulator.model import Company
from simulator.webhooks import Delivery

SECRETS = {
    "FIRSTHAND_KEY": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
    "FIRSTHAND_BACKUP_KEY": "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100",
    "OWN_FORM_SECRET": own_form.SECRET,
    **{name: secret for platform in FLEET.values() for name, secret in platform.secrets.items()},
}
# Whatever the simulator speaks for.
ALL: dict[str, dict[str, Any]] = {name: dict(platform.settings) for name, platform in FLEET.items()}
# What the demo's company uses. The same shop kept with another vendor, or a second mail tool that knows the
# same people, stands beside these only where a test wants it: or every order would be there twice.
PLATFORMS = {name: ALL[name] for name in ("meta", "typeform", "shopify", "brevo")}
# The others at which its forms may be kept, and on which its campaigns may run, as well.
MORE_PLATFORMS = {name: ALL[name] for name in of_kind("forms") if name not in PLATFORMS}
AD_PLATFORMS = {name: ALL[name] for name in of_kind("ads") if name not in PLATFORMS}
# What an order leaves and what selling costs besides advertising; invented, as all of it is.
COSTS: dict[str, Any] = {
    "margin_rate": 0.55,
    "per_order": 6,
    "tools_per_month": 120,
    "people_per_month": 400,
}


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
