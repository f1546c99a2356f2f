"""How long leads are still to be had: each state on its first and last day; the page in both languages."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.company import connector
from pipelines.freshness import Age
from pipelines.ownership import leads, leads_page
from pipelines.ownership.leads_words import WORDS
from pipelines.paper import html, text

NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
FORM = {
    "form_name": "<b>Devis</b>", "form_id": "1", "platform": "meta", "announced": 10, "landed": 7, "tests": 1,
    "refused": 1, "expired_unread": 0, "erased": 0, "missing": 2,
}  # fmt: skip


def kept(word: str, days_ago: float | None, window: float | None = 90) -> tuple:
    since = None if days_ago is None else NOW - timedelta(days=days_ago)
    return (
        word,
        window,
        since and Age(word, since, NOW, timedelta(hours=6), window and timedelta(days=window)),
    )


@pytest.mark.parametrize(
    ("days_ago", "status"),
    [
        (0, "good"), (45, "good"), (45.1, "warning"), (83, "warning"), (83.1, "late"), (89.9, "late"),
        (90, "lost"), (None, "never"),
    ],
)  # fmt: skip
def test_each_state_turns_on_its_day(days_ago: float | None, status: str) -> None:
    (row,) = leads.streams([kept("meta/leads", days_ago)])
    assert row["status"] == status


def test_what_is_never_deleted_is_not_watched_and_what_vanishes_first_stands_first() -> None:
    told = [
        kept("shopify/orders", 1, None),
        kept("meta/leads", 1),
        kept("tiktok/leads", 30),
        kept("x/leads", None),
    ]
    assert [row["word"] for row in leads.streams(told)] == ["x/leads", "tiktok/leads", "meta/leads"]


@pytest.mark.parametrize(
    ("platform", "days"),
    [
        ("google_ads", 60),
        ("linkedin", 90),
        ("meta", 90),
        ("tiktok", 90),
        ("typeform", None),
        ("hubspot", None),
    ],
)
def test_each_platform_keeps_leads_as_long_as_it_is_known_to(platform: str, days: int | None) -> None:
    """LinkedIn's two windows are ninety days and a year: the shorter is the one that can lose somebody."""
    kept_days = [stream.retention_days for stream in connector(platform).STREAMS if stream.hourly]
    assert set(kept_days) - {None} == ({days} if days else set())
    assert kept_days


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_tells_what_vanishes_and_what_is_missing(language: str) -> None:
    untold = FORM | {"form_name": None, "announced": None, "missing": None}
    watch = leads.Watch(NOW, leads.streams([kept("meta/leads", 80)]), [FORM, untold])
    page = leads_page.page(watch, "Maison", language)
    shown = text.write(page)
    assert WORDS[language]["next.value"].format(days=10) in shown
    assert WORDS[language]["missing"] in shown
    assert WORDS[language]["not_told"] in shown
    assert [figure.value for figure in page.figures][1:] == ["2", "2"]
    assert "<b>" not in html.write(page)
    assert WORDS["en"].keys() == WORDS["fr"].keys()
    empty = leads_page.page(leads.Watch(NOW, [], []), "Maison", language)
    assert WORDS[language]["next.none"] in text.write(empty)
