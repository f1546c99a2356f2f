"""Write those we may write to into a file: CSV, XLSX, Parquet or JSON. There is no other way out.

Everybody selected is asked for at this moment: may we, by this channel, for this purpose, on this day. Who
may not is counted by reason and stays out; so is who cannot be reached there, and an address that somebody
before them has. What staff entered counts at once, without a run. The file is readable for you alone (0600),
no cell of it is a formula, and who exported what under which law is recorded.

examples:
  firsthand export --channel email --audience second-purchase --dry-run
  firsthand export --channel email --where "stage = 'ambassador'" --out ambassadors.csv
  firsthand export --channel phone --where "country = 'FR'" --day 2026-12-01 --dry-run
  firsthand export --channel email --customers numbers.csv --columns stage,last_order_on --out spring.xlsx
  firsthand export --channel email --expiring 60 --out ask-them-now.csv
  firsthand export --channel ad_upload --purpose ads --audience about-to-lapse --for google --out google.csv
"""

import argparse
import getpass
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.exporting.export import Exported
    from pipelines.exporting.selection import Selection

CHANNELS = ("email", "sms", "phone", "post", "whatsapp", "ad_upload")
ENDINGS = (".csv", ".xlsx", ".parquet", ".json")
RECIPIENTS = ("meta", "google")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--channel", required=True, choices=CHANNELS)
    parser.add_argument(
        "--purpose", default="marketing", help="marketing, newsletter:<list>, ads, ... (default: marketing)"
    )
    whom = parser.add_mutually_exclusive_group(required=True)
    whom.add_argument(
        "--audience", metavar="NAME", help="as saved, or shipped; `firsthand audience list` names them"
    )
    whom.add_argument(
        "--where", metavar="CONDITION", help="a condition on the customer table; `true` is everybody"
    )
    whom.add_argument(
        "--customers", metavar="FILE", type=Path, help="CSV, customer numbers in its first column"
    )
    whom.add_argument(
        "--expiring", metavar="DAYS", type=int, help="whose permission ends within so many days"
    )
    parser.add_argument("--day", type=date.fromisoformat, help="the day it is for (default: today)")
    parser.add_argument("--out", type=Path, help="file to write: .csv, .xlsx, .parquet or .json")
    parser.add_argument(
        "--for",
        dest="recipient",
        choices=RECIPIENTS,
        help="a customer list for that ad platform: hashed addresses and numbers, nothing else",
    )
    parser.add_argument("--columns", default="", help="more columns of the customer table, with commas")
    parser.add_argument("--reason", help="what it is for; it is kept for good, so nobody's name stands in it")
    parser.add_argument("--by", help="who exports (default: your login name)")
    parser.add_argument("--dry-run", action="store_true", help="only count, by reason; no file, no record")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import clock, permission
    from pipelines.audit_log import Tampered
    from pipelines.company import Company
    from pipelines.door import consents
    from pipelines.exporting import export
    from pipelines.keyed import MissingKey

    if not args.dry_run and (args.out is None or args.out.suffix.lower() not in ENDINGS):
        raise ConfigError(f"--out names a file that ends in {', '.join(ENDINGS)}; or say --dry-run")
    if args.purpose != permission.ADS and not re.fullmatch(consents.PURPOSE, args.purpose):
        raise ConfigError(f"no such purpose; known: {', '.join(consents.PURPOSES)}, newsletter:<list>, ads")
    if args.recipient and (
        args.channel != "ad_upload"
        or args.purpose != permission.ADS
        or args.columns
        or (args.out and args.out.suffix.lower() != ".csv")
    ):
        raise ConfigError("--for goes with --channel ad_upload --purpose ads, a .csv file and no --columns")
    company = Company.at(home)
    day = args.day or clock.today(company.config)
    selection = _selection(home, args, day)
    asked = export.Asked(
        args.channel, args.purpose, day, args.by or getpass.getuser(), clock.ingest_time(), args.reason,
        args.recipient,
    )  # fmt: skip
    try:
        done = export.run(company, asked, selection, None if args.dry_run else args.out)
    except (export.NotBuilt, MissingKey, Tampered) as error:
        raise ConfigError(str(error)) from None
    print(summary(done, len(selection.people), config.read(home).language, args.out))
    return 0


def _selection(home: Home, args: argparse.Namespace, day: date) -> "Selection":
    from pipelines import reading
    from pipelines.audiences import asking, store
    from pipelines.exporting import selection

    more = [name.strip() for name in args.columns.split(",") if name.strip()]
    if args.audience:
        with asking.opened(home) as asker:
            return asker.selection(store.saved(home, args.audience), more)
    with reading.opened(home) as con:
        if args.customers:
            return selection.by_list(con, args.customers, more)
        if args.expiring is not None:
            return selection.by_end(con, args.channel, args.purpose, day, args.expiring, more)
        return selection.by_condition(con, args.where, more)


def summary(done: "Exported", selected: int, language: str, path: Path | None) -> str:
    """Counts and reasons, nobody's name."""
    from pipelines.portrait_words import word

    lines = [
        word(language, "export_selected", count=f"{selected:,}"),
        word(language, "export_allowed", count=f"{done.allowed:,}"),
        *([word(language, "export_refused")] if done.refused else []),
        *(f"  {count:>9,}  {word(language, reason)}" for reason, count in done.refused.items()),
        word(language, "export_law", law=done.laws),
        word(language, "export_dry")
        if done.export_id is None
        else word(language, "export_done", file=path, id=done.export_id),
        *([word(language, "export_hours")] if done.has_hours else []),
    ]
    return "\n".join(lines)
