"""List customers, the most recently moved first; `firsthand customer <number>` tells the rest.

Addresses and numbers are for eyes: they are shown on a screen and left out of a file or pipe. Those leave by
`firsthand export`, which asks whether they may.

examples:
  firsthand customers --stage ambassador
  firsthand customers --limit 0 --json > customers.jsonl
"""

import argparse
import json
import sys

from pipelines import config
from pipelines.home import Home

COLUMNS = ("display_name", "stage", "stage_since", "country", "best_email", "best_phone", "customer_id")
WIDTHS = (24, 20, 11, 8, 32, 14, 36)
STAGES = ("lead", "prospect", "first_time_customer", "repeat_customer", "loyal_customer", "ambassador")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stage", choices=STAGES)
    parser.add_argument("--limit", type=int, default=20, help="0: all (default: 20)")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, every other column")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import reading
    from pipelines.exporting.selection import without_addresses
    from pipelines.portrait_words import word

    language = args.language or config.read(home).language
    with reading.opened(home) as con:
        found = reading.rows(
            con,
            "from customers where ? is null or stage = ?"
            " order by stage_since desc, customer_id limit nullif(?, 0)",
            args.stage,
            args.stage,
            args.limit,
        )
    if not sys.stdout.isatty():
        found = without_addresses(found)
    if args.json:
        for customer in found:
            print(json.dumps(customer, default=str, ensure_ascii=False))
        return 0
    for customer in found:
        shown = customer | {"stage": word(language, customer["stage"])}
        cells = (str(shown[name] or "")[:width] for name, width in zip(COLUMNS, WIDTHS, strict=True))
        print("  ".join(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)).rstrip())
    print(word(language, "customers", count=len(found)))
    return 0
