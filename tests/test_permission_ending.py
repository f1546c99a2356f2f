"""What ends on a day: the day before, the day itself, and sixty days earlier, when one may still ask."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from permission_harness import Ledger

from pipelines.exporting import selection

pytestmark = pytest.mark.slow

BOUGHT = datetime(2024, 11, 21, 12, tzinfo=UTC)
ENDS = date(2026, 11, 21)
MAIL, NUMBER = "lou@poste.example", "+12025550107"


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    ledger = Ledger()
    ledger.person("canadian", [MAIL], "CA", postcode="M5V 2T6")
    ledger.act(MAIL, "email", "implied_start", BOUGHT, basis="implied_purchase")
    ledger.person("french", [NUMBER], "FR")
    yield ledger
    ledger.close()


@pytest.mark.parametrize(
    ("day", "may", "is_in_audience"),
    [
        (ENDS - timedelta(days=61), True, False),
        (ENDS - timedelta(days=60), True, True),
        (ENDS - timedelta(days=59), True, True),
        (ENDS - timedelta(days=1), True, True),
        (ENDS, False, False),
        (ENDS + timedelta(days=1), False, False),
    ],
)
def test_implied_consent_ends_on_its_day_and_shows_sixty_days_earlier(
    ledger: Ledger, tmp_path: Path, day: date, may: bool, is_in_audience: bool
) -> None:
    answer = ledger.ask(MAIL, "email", day)
    assert answer["is_allowed"] == may
    assert answer["reason"] == ("implied_purchase" if may else "expired")
    # The audience as it is asked for: from the published table.
    shown = ledger.con.execute("from marts.permissions_expiring").to_arrow_table()
    with duckdb.connect(str(tmp_path / "marketing.duckdb")) as published:
        published.execute("create table permissions_expiring as from shown")
        published.execute(
            "create table customers as select 'canadian' as customer_id, null as display_name,"
            " null as first_name, null as last_name, null as language"
        )
        found = selection.by_end(published, "email", "marketing", day, 60)
    assert [row["customer_id"] for row in found.people] == (["canadian"] if is_in_audience else [])
    if is_in_audience:
        assert shown["days_left"].to_pylist() == [(ENDS - day).days]
        assert shown["ask_until"].to_pylist() == [ENDS - timedelta(days=1)]


@pytest.mark.parametrize(
    ("day", "may"), [(date(2026, 8, 10), True), (date(2026, 8, 11), False), (date(2026, 8, 12), False)]
)
def test_french_consumers_are_not_called_any_more_without_a_yes(ledger: Ledger, day: date, may: bool) -> None:
    answer = ledger.ask(NUMBER, "phone", day)
    assert answer["is_allowed"] == may
    assert answer["reason"] == ("legitimate_interest" if may else "never_asked")
