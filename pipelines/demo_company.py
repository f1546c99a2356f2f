"""The demo's stage: the simulator in a process of its own, a folder with settings, files in the inbox."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from pipelines.dbt_child import die_with_parent
from pipelines.home import Home
from pipelines.places import ROOT

SEED, UNTIL = 7, "2026-11-20"
# The morning after: what "today" means for stages and permissions, whenever the demo is run.
INGESTED_AT = "2026-11-21T05:00:00+00:00"
START_SECONDS, STOP_SECONDS = 90, 5
MARK = "# Written by `firsthand demo`."

SETTINGS = """\
{mark} The company, its people and its platforms are made up.
company: Maison Exemple
time_zone: Europe/Paris
currency: EUR
countries: [FR, BE, CA]
default_phone_region: FR
language: {language}
platforms:
  meta: {{base_url: "{base}/meta", ad_accounts: [act_500001]}}
  typeform: {{base_url: "{base}/typeform", account: maison}}
  shopify: {{base_url: "{base}/shopify", shop: maison-exemple}}
  brevo: {{base_url: "{base}/brevo/v3", account: maison}}
"""
SECRETS = {
    "META_TOKEN": "sim-meta-token",
    "META_APP_SECRET": "sim-meta-secret",
    "META_VERIFY_TOKEN": "sim-verify",
    "TYPEFORM_TOKEN": "sim-typeform-token",
    "TYPEFORM_WEBHOOK_SECRET": "sim-typeform-secret",
    "SHOPIFY_CLIENT_ID": "sim-shopify-id",
    "SHOPIFY_CLIENT_SECRET": "sim-shopify-secret",
    "BREVO_API_KEY": "xkeysib-sim",
    # Fixed, so that the demo's keys of bi.duckdb are the same on every machine. Never do this.
    "FIRSTHAND_KEY": "d3" * 32,
    "FIRSTHAND_BACKUP_KEY": "e4" * 32,
}
# What a platform no longer hands out by API, or never does: a marketer downloads it once.
DROPPED = ("meta", "files")


def say(text: str) -> None:
    print(text, flush=True)


def is_demo(home: Home) -> bool:
    return home.config.exists() and home.config.read_text(encoding="utf-8").startswith(MARK)


@contextlib.contextmanager
def simulated(home: Home, people: int) -> Iterator[str]:
    """The platforms' base address, as long as the block runs; the process goes with it, however it ends."""
    say(f"1/4 starting a made-up company of {people:,} people and its platforms on this machine")
    command = [sys.executable, "-m", "simulator", "serve", *_world(people), "--state-file"]
    command += [str(home.state / "simulator.json"), "--port", str(_last_port(home))]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C is for us; but killed we must not leave it behind.
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise RuntimeError(f"the simulator did not start (exit code {process.wait(START_SECONDS)})")
        yield f"http://127.0.0.1:{json.loads(line)['port']}"
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _world(people: int) -> list[str]:
    return ["--people", str(people), "--seed", str(SEED), "--until", UNTIL]


def _last_port(home: Home) -> int:
    """Last time's, if it is free: a changed address is a changed configuration, which builds again."""
    import socket

    try:
        port = int(json.loads((home.state / "simulator.json").read_text())["port"])
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except (OSError, ValueError, KeyError):
        return 0
    return port


def settle(home: Home, base_url: str, language: str) -> None:
    """Write the company's settings and the simulator's fixed credentials."""
    home.config.write_text(SETTINGS.format(mark=MARK, base=base_url, language=language), encoding="utf-8")
    home.env_file.touch(mode=0o600)
    home.env_file.write_text("".join(f"{name}={value}\n" for name, value in SECRETS.items()))


def drop_exports(home: Home, people: int) -> None:
    """Old leads, referrals, reviews and NPS answers, as files a marketer would have downloaded."""
    say("2/4 dropping the files a marketer would have downloaded into its inbox")
    exports = home.root / "exports"
    if not exports.exists():
        command = [sys.executable, "-m", "simulator", "exports", *_world(people), "--out", str(exports)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    for platform in DROPPED:
        for source in sorted(p for p in (exports / platform).rglob("*") if p.is_file()):
            _drop(source, home.files / source.relative_to(exports))


def _drop(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}")
    draft.write_bytes(source.read_bytes())
    # An export is as old as its making: the same file dropped twice is the same sighting.
    os.utime(draft, (source.stat().st_atime, _until()))
    draft.replace(target)


def _until() -> float:
    from datetime import UTC, datetime

    return datetime.fromisoformat(UNTIL).replace(hour=20, tzinfo=UTC).timestamp()


def where_next(home: Home) -> str:
    place = f"--home {os.path.relpath(home.root)}"
    return f"""
Where to look next
  firsthand {place} customers --stage ambassador
  firsthand {place} customer <number, e-mail or phone>   who, stages, permissions, why one person
  firsthand {place} quarantine list                      what the door held back
  firsthand {place} dev                                  the graph, the runs, the schedules
  {os.path.relpath(home.root)}/serving/current/marketing.duckdb   for any tool that reads DuckDB"""
