"""Kept apart from permission: when one may call or text, and how often."""

from collections.abc import Sequence

from pipelines.laws.files import UNKNOWN, Law


def hours(laws: Sequence[Law], jurisdiction: str, channel: str) -> str:
    """When one may call or text there, in words a calendar takes; empty where any time will do.

    Unknown: no file says, so only the hours that all files with hours have in common would be safe, and
    those of the first such file stand for them.
    """
    spoken = [law for law in laws if jurisdiction in (law.jurisdiction, UNKNOWN)]
    said = [one for law in spoken for one in law.hours if channel in one.channels]
    return "; ".join(f"{'-'.join((one.days[0], one.days[-1]))} {', '.join(one.spans)}" for one in said[:1])


def cap(laws: Sequence[Law], jurisdiction: str, channel: str) -> str:
    """How often at most, such as "4 in 30 days"; empty where the law names no number."""
    spoken = [law for law in laws if jurisdiction in (law.jurisdiction, UNKNOWN)]
    said = [one for law in spoken for one in law.caps if channel in one.channels]
    return min((f"{one.most} in {one.days} days" for one in said), default="")
