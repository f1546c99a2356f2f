"""Spend without an API, from a line of a file to the days of a campaign: the real reader and model."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import inside
import pytest
import throwaway

from connectors import files
from connectors.files.columns import SPEND_COLUMNS
from connectors.stream import Reading
from connectors.tables import normalise

pytestmark = pytest.mark.slow

RAW = """
create schema raw_files;
create table raw_files.spend (
    _account varchar, _key varchar, _op varchar default 'upsert', _version varchar default 'v', payload json,
    _changed_at timestamptz, _occurred_at timestamptz,
    _fetched_at timestamptz default timestamptz '2026-11-01',
    _ingested_at timestamptz default timestamptz '2026-11-01',
    _first_seen_at timestamptz default timestamptz '2026-11-01', _via varchar default 'file'
)
"""
EXPORT = next(one for one in files.EXPORTS if one.stream == "spend")


@cache
def model() -> str:
    """As dbt would run it."""
    file = throwaway.folder("spend") / "warehouse.duckdb"
    found = inside.dbt(file, "compile", "--select", "stg_files__spend")
    return next(one.node.compiled_code for one in found if one.node.name == "stg_files__spend")


def rows(text: str) -> list[dict[str, Any]]:
    """Lines of a CSV as the file way reads them."""
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    reading = Reading(SPEND_COLUMNS, ZoneInfo("Europe/Paris"), file="spend.csv")
    return [
        EXPORT.to_row({normalise(name): cell for name, cell in line.items() if cell}, reading)
        for line in lines
    ]


def days(text: str) -> list[dict[str, Any]]:
    """What the model makes of them."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as warehouse; use warehouse; set TimeZone = 'UTC'")
        con.execute(RAW)
        for row in rows(text):
            con.execute(
                "insert into raw_files.spend (_account, _key, payload, _occurred_at)"
                " values ('files', ?, ?, ?)",
                [row["id"], json.dumps(row), row["created_at"]],
            )
        found = con.execute(f"select * from ({model()}) order by campaign_id, spend_date")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_a_line_of_several_days_is_spread_to_the_cent() -> None:
    found = days(
        "Du;Au;Support;Campagne;Montant TTC;Portée\n01/10/2026;03/10/2026;Podcast;Voix;100,00 €;4100\n"
    )
    assert [(row["spend_date"], row["cost"]) for row in found] == [
        (date(2026, 10, 1), Decimal("33.33")),
        (date(2026, 10, 2), Decimal("33.34")),
        (date(2026, 10, 3), Decimal("33.33")),
    ]
    assert [row["reach"] for row in found] == [4100, None, None], "people do not add up"
    assert {(row["platform"], row["campaign_id"], row["currency"]) for row in found} == {
        ("podcast", "Voix", "EUR")
    }


def test_a_line_of_one_day_and_one_that_ends_before_it_begins_are_of_one_day() -> None:
    head = "day;until;channel;campaign;cost;currency\n"
    found = days(head + "2026-10-01;;radio;A;10;CAD\n2026-10-05;2026-10-01;radio;B;-3;\n")
    assert [(row["campaign_id"], row["cost"], row["currency"]) for row in found] == [
        ("A", Decimal(10), "CAD"), ("B", Decimal(-3), "EUR")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("link", "word"),
    [
        ("maison.example/voix", "voix"),
        ("https://maison.example/Voix/", "voix"),
        ("https://maison.example/?utm_source=x&utm_campaign=Voix#top", "voix"),
        ("https://maison.example/lp?utm_campaign=voix", "voix"),
        ("https://maison.example/voix?ref=1", "voix"),
        ("voix", "voix"),
        ("", None),
    ],
)
def test_a_link_is_known_by_its_campaign_or_its_last_word(link: str, word: str | None) -> None:
    [row] = days(f"day;channel;campaign;cost;link\n2026-10-01;podcast;Voix;1;{link}\n")
    assert row["link"] == word


def test_codes_and_answers_are_compared_plain() -> None:
    [row] = days("jour;canal;campagne;cout;code;réponse\n2026-10-01;Salon;A;1; VOIX10 ;Salon de l'Été !\n")
    assert (row["code"], row["heard"]) == ("voix10", "salon de l ete")


def test_the_same_place_and_day_again_is_the_same_line_and_another_placement_is_none() -> None:
    head = "day;channel;campaign;placement;cost\n"
    first, again, other = rows(
        head + "2026-10-01;presse;A;page 3;100\n2026-10-01;presse;A;page 3;90\n2026-10-01;presse;A;back;50\n"
    )
    assert first["id"] == again["id"] != other["id"]
