"""A company's folder for tests: made-up settings, made-up secrets, nothing outside the given folder."""

from pathlib import Path
from typing import Any

import yaml

from pipelines.company import Company
from pipelines.home import Home
from simulator.home import SECRETS


def make_company(root: Path, **settings: Any) -> Company:
    """A company with these settings over the defaults; its .env holds the simulator's credentials."""
    home = Home(root.resolve())
    home.config.write_text(yaml.safe_dump({"company": "Maison Exemple", **settings}), encoding="utf-8")
    home.env_file.touch(mode=0o600)
    home.env_file.write_text("".join(f"{k}={v}\n" for k, v in SECRETS.items()), encoding="utf-8")
    return Company.at(home)
