"""The news since the last pull; and everything, where even with them we hold less than the platform counts.

The count alone does not tell: each newcomer makes it larger than what we hold, and a list that is read whole
for one newcomer costs what is stored and not what is new. What came with an old date, or has never been read,
is what is still lacking when the newcomers are known.
"""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import datetime
from typing import Any

from connectors.landing import at, key_reader
from connectors.stream import Page, Since
from connectors.times import moment

ONE = ""  # the form of rows that are not told apart by forms


class Newcomers:
    """Who came since the last pull, noted while the news are read.

    `key` and `created` are the stream's own `key` and `occurred_at`, `form` its path where one list holds the
    rows of several forms. Made at or after `since.moment` and not among `since.recent`, a row never landed.
    """

    def __init__(self, since: Since, key: str, created: str, form: str | None = None) -> None:
        self._since, self._key, self._created, self._form = since, key_reader(key), created, form
        self._met: defaultdict[str, set[str]] = defaultdict(set)

    def met(self, pages: Iterable[Page]) -> Iterator[Page]:
        """The pages as they come, newcomers in them noted."""
        for page in pages:
            for row in page.rows if page.op == "upsert" else ():
                key, made = self._key(row), moment(at(row, self._created))
                if key and made and self._since.moment and made >= self._since.moment:
                    self._met[str(at(row, self._form)) if self._form else ONE].add(key)
            yield page

    def lacking(self, count: int, form: str = ONE) -> int:
        """How many more the platform counts than we hold and they are; negative where it counts fewer."""
        since = self._since
        if since.recent is None:
            raise ValueError("the stream is not `counted`")
        met = self._met[form if self._form else ONE]
        return count - since.landed.get(form, 0) - len(met - since.recent)


def catch_up(
    since: Since,
    count: Any,
    news: Callable[[datetime], Iterator[Page]],
    everything: Callable[[], Iterator[Page]],
    *,
    key: str = "id",
    created: str,
    form: str = ONE,
) -> Generator[Page, None, int]:
    """What is new since; everything the first time, and where the platform's `count` (of `form`) is larger
    than what we hold and what is new. Without a count a form is read whole, for it holds leads; a list of
    everybody is believed to lack nothing.

    Returns how many are lacking before everything is read, negative for too many: see `Newcomers.lacking`.
    """
    if since.moment is None:
        yield from everything()
        return 0
    newcomers = Newcomers(since, key, created)
    yield from newcomers.met(news(since.moment))
    is_counted = isinstance(count, int) and not isinstance(count, bool)
    lacking = newcomers.lacking(count, form) if is_counted else int(form != ONE)
    if lacking > 0:
        yield from everything()
    return lacking
