"""One customer: who, what to do next, and their story day by day; whose word each field is and which values
lost, every stage with its day and evidence, every permission with the act behind it, household and company,
and why these records are one person. By number (old ones too), e-mail or phone, however spelt; all of a
household or account by its number.

examples:
  firsthand customer marie@maison.example
  firsthand customer "06 39 98 12 34" --language fr
  firsthand customer 5e1b412e-ac47-817e-ae3d-aadd3dd80d18
"""

import argparse

from pipelines import config
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", help="customer, household or account number, e-mail address or phone number")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import portrait, reading
    from pipelines.portrait_words import word

    settings = config.read(home)
    language = args.language or settings.language
    with reading.opened(home) as con:
        found = reading.find(con, args.who, settings.phone_regions)
        if found.is_erased:
            print(word(language, "erased", number=args.who))
            return 1
        if not found.customer_ids:
            print(word(language, "nobody", words=args.who))
            return 1
        if found.old_number:
            print(word(language, "is_now", number=found.old_number))
        if len(found.customer_ids) > 1:
            print(word(language, "several", count=len(found.customer_ids), words=args.who))
            for customer_id in found.customer_ids:
                print("\n".join(portrait.head(con, customer_id, language)))
            return 0
        print(portrait.full(con, found.customer_ids[0], language))
    return 0
