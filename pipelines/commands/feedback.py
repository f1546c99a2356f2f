"""Tell an ad platform what became of its leads, stage by stage, as a file it takes in.

So that it looks for people who buy, and not for more who only fill in a form. Only of those who said yes to
both: that their data goes to an ad platform, and that ads are made for them. A move is told once; what was
told and did not last (an order taken back) is to be retracted, where the platform can. Nothing of a person is
in the file but the platform's own name of its lead or click.

examples:
  firsthand feedback --for google --dry-run
  firsthand feedback --for google --out conversions.csv --reason "monthly feedback"
  firsthand feedback --for meta --out events.json
"""

import argparse
import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.config import ConfigError
from pipelines.feedback.files import ENDINGS
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.feedback.tell import Told


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--for", dest="recipient", required=True, choices=sorted(ENDINGS))
    parser.add_argument("--out", type=Path, help="file to write: .csv for google, .json for meta")
    parser.add_argument("--reason", help="what it is for; it is kept for good, so nobody's name stands in it")
    parser.add_argument("--by", help="who exports (default: your login name)")
    parser.add_argument("--dry-run", action="store_true", help="only count; no file, no record")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import clock, permission
    from pipelines.audit_log import Tampered
    from pipelines.company import Company
    from pipelines.exporting.export import Asked, NotBuilt
    from pipelines.feedback import tell
    from pipelines.keyed import MissingKey

    ending = ENDINGS[args.recipient]
    if not args.dry_run and (args.out is None or args.out.suffix.lower() != ending):
        raise ConfigError(f"--out names a file that ends in {ending}; or say --dry-run")
    if args.out and not args.out.absolute().parent.is_dir():
        raise ConfigError(f"{args.out.parent} is no folder")
    company = Company.at(home)
    asked = Asked(
        "ad_upload", permission.ADS, clock.today(company.config), args.by or getpass.getuser(),
        clock.ingest_time(), args.reason, args.recipient,
    )  # fmt: skip
    try:
        told = tell.run(company, asked, None if args.dry_run else args.out)
    except (NotBuilt, MissingKey, Tampered) as error:
        raise ConfigError(str(error)) from None
    print(summary(told, args.recipient, company.config.language, args.out))
    return 0


def summary(told: "Told", recipient: str, language: str, path: Path | None) -> str:
    """Counts and reasons, nobody's name."""
    from pipelines.feedback.tell import retractions_of
    from pipelines.feedback.words import say
    from pipelines.portrait_words import word

    lines = [say(language, "told", count=f"{sum(told.by_stage.values()):,}")]
    lines += [f"  {count:>9,}  {word(language, stage)}" for stage, count in told.by_stage.items()]
    if told.refused:
        lines.append(say(language, "refused"))
        lines += [f"  {count:>9,}  {word(language, reason)}" for reason, count in told.refused.items()]
    lines += [
        say(language, key, count=f"{count:,}")
        for key, count in (
            ("left", told.left),
            ("too_old", told.too_old),
            (f"retracted_{recipient}", told.retracted),
        )
        if count
    ]
    lines.append(word(language, "export_law", law=told.laws))
    if path is None or told.export_id is None:
        return "\n".join([*lines, word(language, "export_dry")])
    lines.append(word(language, "export_done", file=path, id=told.export_id))
    if recipient == "google" and told.retracted:
        lines.append(say(language, "retractions", file=retractions_of(path)))
    return "\n".join(lines)
