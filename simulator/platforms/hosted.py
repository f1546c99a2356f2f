"""What a host says in the place of a shop that has no limit of its own: in its own words, as HTML."""

from simulator.wire import Answer

PAGE = "<!DOCTYPE html><html><title>Just a moment...</title></html>"


def refused_by_host(fault: str, turn: int, wait_seconds: float) -> Answer:
    """A `throttle`, which says how long to wait every other time, or another trouble: gateways, PHP."""
    html = {"Content-Type": "text/html; charset=UTF-8"}
    if fault == "throttle":
        wait = {"Retry-After": f"{wait_seconds:.0f}"} if turn % 2 else {}
        return Answer(PAGE, 429, html | wait)
    if turn % 3 == 0:  # a notice of the host's PHP in front of the answer
        return Answer(f"<br />\n<b>Deprecated</b>: made up{PAGE}", 200, html)
    return Answer(PAGE, 503 if turn % 2 else 502, html)
