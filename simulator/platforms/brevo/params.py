"""Parameters that several lists share, and how Brevo refuses bad ones."""

from datetime import datetime, timedelta

from simulator.clock import read_moment
from simulator.wire import Call


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.body = status, {"code": code, "message": message}


def page(call: Call, default: int, most: int) -> tuple[int, int]:
    """Limit and offset. Raises Refusal for what the platform refuses."""
    limit, offset = call.params.get("limit", str(default)), call.params.get("offset", "0")
    if not limit.isdigit() or not offset.isdigit():
        raise Refusal(400, "invalid_parameter", "limit and offset should be positive integers")
    if int(limit) > most:
        raise Refusal(400, "out_of_range", f"Limit exceeds max value of {most}")
    return max(1, int(limit)), int(offset)


def moment(call: Call, name: str) -> datetime | None:
    text = call.params.get(name)
    if not text:
        return None
    try:
        # A plus of an offset that was not encoded arrives as a space.
        return read_moment(text.strip().replace(" ", "+"))
    except ValueError as error:
        raise Refusal(400, "invalid_parameter", f"Invalid date format for {name}") from error


def both(call: Call) -> tuple[datetime | None, datetime | None]:
    """startDate and endDate: both or none."""
    since, until = moment(call, "startDate"), moment(call, "endDate")
    if (since is None) != (until is None):
        raise Refusal(400, "missing_parameter", "startDate and endDate go together")
    if until is not None and len(call.params["endDate"]) == 10:
        until += timedelta(days=1, microseconds=-1)  # a bare day means all of it
    return since, until


def within(at: datetime, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or at >= since) and (until is None or at <= until)
