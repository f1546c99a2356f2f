"""Moments: two years that end with the day before `until`, by the clock people live by.

Everything has happened before midnight UTC at the start of `until`, so that the truth of a company
is complete whatever hour its servers are asked.
"""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

DAYS = 730
# Two working assumptions about when people fill in forms: evenings and lunch, hardly ever at night.
HOURS = tuple(range(24))
HOUR_WEIGHTS = (1, 1, 1, 1, 1, 2, 4, 7, 9, 9, 9, 10, 13, 12, 9, 9, 9, 10, 12, 14, 16, 14, 8, 3)


def end_of(until: date) -> datetime:
    return datetime.combine(until, time(), UTC)


def start_of(until: date) -> datetime:
    return end_of(until) - timedelta(days=DAYS)


def moment(rng: Random, day: datetime) -> datetime:
    """Some moment of that day."""
    hour = rng.choices(HOURS, HOUR_WEIGHTS)[0]
    return day.replace(hour=hour, minute=rng.randrange(60), second=rng.randrange(60), microsecond=0)


def later(rng: Random, at: datetime, low_days: float, high_days: float) -> datetime:
    """A while after `at`, to the second."""
    seconds = rng.uniform(low_days, high_days) * 86_400
    return at + timedelta(seconds=int(seconds))


def shown(rng: Random, at: datetime, end: datetime) -> datetime:
    """When the platform shows it: at once, save for one record in a hundred that comes days late."""
    if rng.random() >= 0.012:
        return at
    return min(later(rng, at, 0.1, 12), end - timedelta(seconds=1))
