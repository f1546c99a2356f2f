"""A blackout drill: platforms are down, or have closed the account. Who is still reached, and what it costs.

Several platforms at once are one drill, and not the sum of each: whoever is on both is lost with both. A firm
goes with all it owns: meta is Facebook, Instagram and WhatsApp. A mail tool is a platform too; the list
stays yours, so the channel is silent only while you have no other. Each drill's sums are kept and make the
trend; run one a month.

examples:
  firsthand drill meta
  firsthand drill meta --hours 6 --language fr --page drill.html
  firsthand drill meta google --closed
  firsthand drill brevo --closed --list win-over.csv
"""

import argparse
from pathlib import Path

from pipelines import config
from pipelines.home import Home
from pipelines.ownership import shown

USUAL_HOURS = 6
COLUMNS = ("customer_id", "stage", "country", "reached_through", "order_count", "net_revenue_12m")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("platform", nargs="+", help="meta, google, tiktok, linkedin, brevo ...")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--hours", type=_hours, default=USUAL_HOURS, help=f"how long (default: {USUAL_HOURS})")
    how.add_argument("--closed", action="store_true", help="for good")
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


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import clock
    from pipelines.ownership import drill, drill_page, kept, losses
    from pipelines.ownership.words import WORDS

    settings = config.read(home)
    language = args.language or settings.language
    loss = losses.of(args.platform, settings)
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


def _write_list(path: Path, sole: list[dict[str, object]]) -> None:
    """Numbers, and no address: writing to them is not allowed, which is why they are in it."""
    from pipelines.config import ConfigError
    from pipelines.exporting import files

    if path.suffix.lower() not in files.FORMATS:
        raise ConfigError(f"--list: {path.name} ends in none of {', '.join(files.FORMATS)}")
    files.write(path, COLUMNS, [{name: row[name] for name in COLUMNS} for row in sole])
