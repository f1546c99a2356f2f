"""One platform at its nastiest: read and landed again and again without waiting, or one stream to its end."""

import contextlib
from datetime import datetime, timedelta
from typing import Any

from tape import fetched

from connectors.stream import BrokenToken, Since, Stream
from pipelines import raw
from pipelines.company import Company, sources
from pipelines.extract import Pull, read_stream
from pipelines.handout import keep
from pipelines.reading import Connection


def read_hourly(con: Connection, company: Company, platform: str, first: datetime, hours: int) -> str:
    """All that was said of what went wrong. No batch may be refused as a whole."""
    client, said = company.client(platform), ""
    client.http._sleep = lambda seconds: None
    raw.ensure(con)
    for hour in range(hours):
        keep(company.home, raw.hand_out(con))
        for source in (one for one in sources() if one.platform == platform):
            said += str(read_stream(source, client, Pull(), company, lambda text: None).errors)
        for batch in raw.waiting(company.home):
            landed = raw.land(con, company.home, batch, first + timedelta(hours=hour))
            assert landed.failed_reason is None, landed
    return said


def read_whole(stream: Stream, client: Any, account: str, tries: int = 5) -> list[Any]:
    """All rows of a stream, whose token may be refused on the way: the next run begins anew."""
    for _ in range(tries):
        with contextlib.suppress(BrokenToken):
            return fetched(stream, client, account, Since(None))[0]
    raise AssertionError("never read to its end")
