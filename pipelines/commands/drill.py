"""A blackout drill: platforms are down, or have closed the account. Who is still reached, and what it costs.

Several platforms at once are one drill, and not the sum of each: whoever is on both is lost with both. A firm
goes with all it owns: meta is Facebook, Instagram and WhatsApp. A mail tool is a platform too; the list
stays yours, so the channel is silent only while you have no other. Each drill's sums are kept and make the
trend; run one a month.

After a real outage, --was-out tells from its orders what was missing and what part of it was bought in
the two days after: what `ownership.catch_up` in firsthand.yaml should be.

examples:
  firsthand drill meta
  firsthand drill meta --hours 6 --language fr --page drill.html
  firsthand drill meta google --closed
  firsthand drill brevo --closed --list win-over.csv
  firsthand drill meta --was-out "2026-10-04 15:39" --hours 6
"""

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import config
from pipelines.config import Config, ConfigError
from pipelines.home import Home
from pipelines.ownership import shown

if TYPE_CHECKING:
    from pipelines.ownership.losses import Loss

USUAL_HOURS = 6
COLUMNS = ("customer_id", "stage", "country", "reached_through", "order_count", "net_revenue_12m")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("platform", nargs="+", help="meta, google, tiktok, linkedin, brevo ...")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--hours", type=_hours, default=USUAL_HOURS, help=f"how long (default: {USUAL_HOURS})")
    how.add_argument("--closed", action="store_true", help="for good")
    parser.add_argument(
        "--was-out", type=_moment, metavar="WHEN", help='an outage that was, from "YYYY-MM-DD HH:MM" on'
    )
    parser.add_argument(
        "--list", type=Path, metavar="FILE", help="whom to win over, by number: .csv, .xlsx, .parquet, .json"
    )
    shown.options(parser, "the figures as one JSON object; also by stage, country, activity")


def _hours(text: str) -> int:
    hours = int(text)
    # Beyond a week it is a closure.
    if not 1 <= hours <= 168:
        raise argparse.ArgumentTypeError("1 to 168")
    return hours


def _moment(text: str) -> datetime:
    # A day alone would be its midnight, which nobody means.
    if ":" not in text:
        raise argparse.ArgumentTypeError('a day and a time, as "2026-10-04 15:39"')
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError('no time; write it as "2026-10-04 15:39"') from None


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import clock
    from pipelines.ownership import drill, drill_page, kept, losses
    from pipelines.ownership.words import WORDS

    settings = config.read(home)
    language = args.language or settings.language
    loss = losses.of(args.platform, settings)
    if args.was_out:
        return _was_out(args, home, settings, loss, language)
    found = drill.run(home, settings, loss, None if args.closed else args.hours, clock.ingest_time())
    earlier = kept.earlier(home, loss.key, found.day)
    kept.keep(home, loss.key, found.day, found.figures())
    page = drill_page.page(found, earlier, settings.company, language)
    told = {"day": found.day, **found.figures(), "by": found.by}
    told |= {"outage": found.outage, "closure": found.closure}
    told |= {"recovery": found.channels, "trapped": found.trapped}
    shown.show(args, page, [told], language)
    if args.list:
        _write_list(args.list, found.sole)
        print(WORDS[language]["listed"].format(count=len(found.sole), file=args.list))
    return 0


def _was_out(args: argparse.Namespace, home: Home, settings: Config, loss: "Loss", language: str) -> int:
    """Nothing is kept of it: it tells of what was, and is no drill."""
    from pipelines.ownership import was_out, was_out_page

    if args.closed or args.list:
        raise ConfigError("--was-out tells of an outage that is over: without --closed and --list")
    found = was_out.run(home, settings, loss, args.was_out, args.hours)
    shown.show(args, was_out_page.page(found, settings.company, language), [found.figures()], language)
    return 0


def _write_list(path: Path, sole: list[dict[str, object]]) -> None:
    """Numbers, and no address: writing to them is not allowed, which is why they are in it."""
    from pipelines.exporting import files

    if path.suffix.lower() not in files.FORMATS:
        raise ConfigError(f"--list: {path.name} ends in none of {', '.join(files.FORMATS)}")
    files.write(path, COLUMNS, [{name: row[name] for name in COLUMNS} for row in sole])
