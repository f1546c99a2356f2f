"""Who said no, in a file for a tool or a partner that writes to people, so that they keep the no as well.

Asked at this moment, with what staff entered up to now. Silence is no no. A tool is told of those it knows
already and of nobody else; a partner gets hashes (SHA-256), which tell nothing of people who are not on a
list of theirs. Erased people are in no such file: nothing of them is left to name them by. There is none for
ad platforms: whoever said no to them is not given to them as a hash either; replace their list instead
(`firsthand export --for`). The file is readable for you alone, and that it left is recorded.

examples:
  firsthand suppression --for brevo --dry-run
  firsthand suppression --for mailchimp --out noes.csv
  firsthand suppression --for brevo --channel sms --out noes.csv
  firsthand suppression --for partner --reason "autumn letter by the agency" --out noes.csv
"""

import argparse
import getpass
import re
from datetime import date
from pathlib import Path

from pipelines.config import ConfigError
from pipelines.home import Home

RECIPIENTS = ("brevo", "mailchimp", "hubspot", "partner")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--for", dest="recipient", required=True, choices=RECIPIENTS)
    parser.add_argument("--channel", default="email", choices=("email", "sms"), help="default: email")
    parser.add_argument("--purpose", default="marketing", help="marketing, newsletter:<list>, ...")
    parser.add_argument("--day", type=date.fromisoformat, help="the day it is for (default: today)")
    parser.add_argument("--out", type=Path, help="file to write: .csv")
    parser.add_argument("--reason", help="what it is for; it is recorded")
    parser.add_argument("--by", help="who exports (default: your login name)")
    parser.add_argument("--dry-run", action="store_true", help="only count, by reason; no file, no record")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import clock
    from pipelines.company import Company
    from pipelines.door import consents
    from pipelines.exporting import suppression
    from pipelines.exporting.export import Asked, NotBuilt
    from pipelines.portrait_words import word

    if not args.dry_run and (args.out is None or args.out.suffix.lower() != ".csv"):
        raise ConfigError("--out names a file that ends in .csv; or say --dry-run")
    if (args.recipient, args.channel) not in suppression.COLUMNS:
        raise ConfigError(f"{args.recipient} has no list of numbers: --channel email")
    if not re.fullmatch(consents.PURPOSE, args.purpose):
        raise ConfigError(f"no such purpose; known: {', '.join(consents.PURPOSES)}, newsletter:<list>")
    company = Company.at(home)
    asked = Asked(
        args.channel, args.purpose, args.day or clock.today(company.config), args.by or getpass.getuser(),
        clock.ingest_time(), args.reason, args.recipient,
    )  # fmt: skip
    try:
        done = suppression.run(company, asked, args.recipient, None if args.dry_run else args.out)
    except NotBuilt as error:
        raise ConfigError(str(error)) from None
    language = company.config.language
    what = "suppressed_partner" if args.recipient == suppression.PARTNER else "suppressed"
    print(word(language, what, count=f"{done.lines:,}"))
    for reason, count in done.counts.items():
        print(f"  {count:>9,}  {word(language, reason)}")
    if done.unsafe:
        print(word(language, "suppressed_unsafe", count=f"{done.unsafe:,}"))
    print(word(language, "export_law", law=done.laws))
    if done.export_id is None:
        print(word(language, "export_dry"))
    else:
        print(word(language, "export_done", file=args.out, id=done.export_id))
    return 0
