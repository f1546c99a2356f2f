"""How often activity was wrong on your own customers: by each one's own rhythm, and by fixed days.

Of the purchases after which people came back: how many had been called at risk (a good rhythm: one of five)
or lapsed (one of twenty) before they did. Of those called lapsed: how many bought within a year all the same.
And of those who never came back: how many days it took to call them lapsed. Purchases of the last year, and
those of months with too little to learn a rhythm from, are left out.

examples:
  firsthand calibrate
"""

import argparse

from pipelines.home import Home

COLUMNS = (
    ("buyers", "buyers"),
    ("counted", "counted"),
    ("came_back_count", "came back"),
    ("wrongly_at_risk_pct", "at risk %"),
    ("wrongly_lapsed_pct", "lapsed %"),
    ("lapsed_who_bought_within_a_year_pct", "lapsed, bought %"),
    ("gone_count", "gone"),
    ("days_to_call_the_gone_lapsed", "days to notice"),
)


def add(parser: argparse.ArgumentParser) -> None:
    pass


def run(args: argparse.Namespace, home: Home) -> int:
    from pipelines import reading

    with reading.opened(home) as con:
        found = reading.rows(con, "from activity_calibration order by buyers <> 'all', buyers, counted")
    if not found:
        print("too little to learn a rhythm from yet: activity goes by lifecycle.activity_days")
        return 0
    print("  ".join(f"{title:>{_width(title)}}" for _, title in COLUMNS))
    for row in found:
        cells = ["-" if row[name] is None else str(row[name]) for name, _ in COLUMNS]
        print("  ".join(f"{cell:>{_width(title)}}" for cell, (_, title) in zip(cells, COLUMNS, strict=True)))
    return 0


def _width(title: str) -> int:
    return {"buyers": 20, "counted": 8}.get(title, max(len(title), 9))
