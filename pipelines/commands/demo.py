"""A made-up company of 2,000 people and the platforms it uses, on this machine; pulled, matched, published.

Its folder is .demo beside the code (another with --home). The second time nothing is new, and it says so.
Everything it starts is stopped again; nothing leaves this machine.

examples:
  firsthand demo
  firsthand demo --language fr
  firsthand demo --fresh
"""

import argparse
import os
import shutil
import sys
import time

from pipelines.config import ConfigError
from pipelines.home import Home
from pipelines.places import ROOT


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--fresh", action="store_true", help="begin again from nothing")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--language", choices=["fr", "en"], default="en")


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import demo_company as demo

    home = Home.at(args.home or ROOT / ".demo")
    if home.config.exists() and not demo.is_demo(home):
        raise ConfigError(
            f"{home.root} belongs to a real company: `firsthand demo --home` takes a free folder"
        )
    if args.fresh and demo.is_demo(home):
        shutil.rmtree(home.root)
    home.root.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with demo.simulated(home, args.people) as base_url:
        demo.settle(home, base_url, args.people, args.language)
        code = _run(home)
    _show(home, args.language)
    print(f"\n{time.monotonic() - began:.0f} seconds in all.")
    return code


def _run(home: Home) -> int:
    from pipelines import clock, demo_company, running
    from pipelines.commands.run import summary
    from pipelines.company import Company

    # The company lives on its own day, so that the demo tells the same next year.
    os.environ[clock.VARIABLE] = demo_company.INGESTED_AT
    demo_company.say("3/4 reading its platforms and its inbox, matching, publishing")
    outcome = running.run(Company.at(home))
    print(summary(outcome, is_colored=sys.stdout.isatty()))
    return 0 if outcome.succeeded else 1


def _show(home: Home, language: str) -> None:
    from pipelines import demo_company, demo_story, reading

    demo_company.say("\n4/4 ten of its people\n")
    with reading.opened(home) as con:
        for number in demo_story.varied(con):
            print(demo_story.short(con, number, language), end="\n\n")
        print(demo_story.totals(con, language))
    print(demo_company.where_next(home))
