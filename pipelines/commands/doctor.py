"""Is all well? Configuration, credentials (one cheap call each), disk, versions, clock, file modes, runs,
sources, publication, inbox, quarantine, backups, erasures; in plain words, each with what to do.

examples:
  firsthand doctor
  firsthand doctor --offline --language fr
"""

import argparse
import sys

from pipelines.home import Home

MARKS = {"good": "ok  ", "warn": "look", "bad": "BAD "}
COLORS = {"good": "\033[32m", "warn": "\033[33m", "bad": "\033[31m"}


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--offline", action="store_true", help="call no platform")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.company import Company
    from pipelines.doctor import examine
    from pipelines.doctor_words import HEADINGS
    from pipelines.patient import Patient

    company = Company.at(home)
    language = args.language or company.config.language
    worst = 0
    for finding in examine(Patient(company, language, args.offline)):
        mark = MARKS[finding.level]
        if sys.stdout.isatty():
            mark = f"{COLORS[finding.level]}{mark}\033[0m"
        about = HEADINGS.get(language, {}).get(finding.about, finding.about)
        print(f"{mark} {about:<14} {finding.text}")
        worst = max(worst, int(finding.level == "bad"))
    return worst
