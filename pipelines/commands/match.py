"""Who in this file is the same person? The company's own matching engine over any CSV, XLSX or Parquet file.

It knows the columns record_id, source, first_name, last_name, full_name, email, phone, address, city,
postcode, country, dob, company, national_id and created_at, and what people call them in French and
English; --map names others. Out come record_id, customer_id, confidence (0 to 1) and reason, one line per
record, in the order of the file.
Everything happens in a private folder (under TMPDIR) that is removed afterwards. See docs/match.md.

examples:
  firsthand match contacts.csv --out groups.csv
  firsthand match contacts.xlsx --out groups.parquet --map "Courriel pro=email" --map "Tel bureau=phone"
  firsthand match leads.parquet --country CA --out - | head
"""

import argparse
import signal
import sys
from pathlib import Path

from pipelines import config
from pipelines.config import Config, ConfigError
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV, XLSX or Parquet, told apart by content")
    parser.add_argument("--out", required=True, help="groups.csv or groups.parquet; - for standard output")
    parser.add_argument(
        "--map", action="append", default=[], metavar="THEIRS=OURS", help="what one of its columns is"
    )
    parser.add_argument(
        "--country", help="how to read phones without a country, such as FR (default: as configured)"
    )
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the warehouse it was done in")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines.company import Company
    from pipelines.matching import MatchError, columns
    from pipelines.matching.engine import EngineFailed

    # Ended by a signal, the folder with everybody's data is removed as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        out = _out(args.out, args.file)
        mapped = columns.parse_maps(args.map)
        from pipelines.matching import file

        company = Company(home, _settings(home, args.country), {})
        matched = file.match(args.file, out, company, mapped=mapped, keep=args.keep, say=_say)
    except EngineFailed as failure:
        _say(f"firsthand: {failure}")
        return 1
    except MatchError as error:
        raise ConfigError(str(error)) from None
    totals = matched.totals
    print(
        f"{totals.records:,} records are {totals.customers:,} customers;"
        f" the largest have {', '.join(f'{size:,}' for size in totals.largest)} records;"
        f" {matched.seconds:.1f} s, {matched.engine_seconds:.1f} s of them matching;"
        f" written to {out or 'standard output'}",
        file=sys.stdout if out else sys.stderr,
    )
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _out(word: str, file: Path) -> Path | None:
    """Checked before anything starts."""
    from pipelines.matching import MatchError
    from pipelines.matching.result import FORMATS

    if word == "-":
        return None
    out = Path(word)
    if out.suffix.lower() not in FORMATS:
        raise MatchError(f"--out {word}: ends in {' or '.join(FORMATS)}, or is - for standard output")
    if not out.parent.is_dir():
        raise MatchError(f"--out {word}: there is no folder {out.parent}")
    if out.is_dir() or out.resolve() == file.resolve():
        raise MatchError(f"--out {word}: takes a file of its own")
    return out


def _settings(home: Home, country: str | None) -> Config:
    """The company's, where there is one; `--country` before it."""
    found = config.read(home) if home.config.exists() else Config(company="match")
    if country is None:
        return found
    if not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise ConfigError(f"--country {country}: two letters, such as FR")
    others = found.countries if home.config.exists() else [country.upper()]
    return found.model_copy(update={"default_phone_region": country.upper(), "countries": others})
