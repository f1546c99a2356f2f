"""All that is held about one person, for them: a page to read, JSON and CSV to take along (Art. 15 and 20).

WHO is a customer number, an e-mail address or a phone. Other people's data is left out. The folder is
readable by you alone; hand it over safely, and only to the person themselves. That it was made is in the
audit log.

examples:
  firsthand dsar marie@maison.example --received 2026-11-12
  firsthand dsar 5e1b412e-ac47-817e-ae3d-aadd3dd80d18 --language fr --out /mnt/safe/marie
"""

import argparse
from datetime import date
from pathlib import Path

from pipelines import config
from pipelines.config import ConfigError
from pipelines.home import Home


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("who", metavar="WHO")
    parser.add_argument("--received", type=date.fromisoformat, help="when they asked (default: today)")
    parser.add_argument("--extended", action="store_true", help="two months more, because it is complex")
    parser.add_argument("--out", type=Path, help="the folder to make (default: below exports/)")
    parser.add_argument("--by", help="who answers (default: your login name)")
    parser.add_argument("--language", choices=["fr", "en"], help="default: as configured")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import audit_trail, clock, reading
    from pipelines.company import Company
    from pipelines.dsar import gather, write
    from pipelines.portrait_words import word

    company = Company.at(home)
    settings = config.read(home)
    language, today = args.language or settings.language, clock.today(settings)
    asked = write.Clock(args.received or today, args.extended)
    with reading.opened(home) as con:
        found = reading.find(con, args.who, settings.phone_regions)
        if found.is_erased or not found.customer_ids:
            key = "erased" if found.is_erased else "nobody"
            print(word(language, key, number=args.who, words=args.who))
            return 1
        if len(found.customer_ids) > 1:
            print(word(language, "several", count=len(found.customer_ids), words=args.who))
            print("\n".join(f"  {number}" for number in found.customer_ids))
            return 1
        [customer_id] = found.customer_ids
        sections = gather.gather(company, con, customer_id)
    folder = args.out or home.exports / f"dsar-{customer_id}-{today}"
    if folder.exists():
        raise ConfigError(f"{folder} is there already; choose another with --out")
    facts = {"customer": customer_id, "received": f"{asked.received}", "due": f"{asked.due}"}
    audit_trail.note_by_hand(home, "dsar", facts, args.by)
    write.write(company, folder, sections, asked, today, language)
    print(f"{folder}  ({sum(len(section.rows) for section in sections)}; -> {asked.due})")
    return 0
