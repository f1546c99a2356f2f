"""Which values a field takes, where they are few: read from what is published, to be ticked or offered."""

from collections.abc import Sequence

from pipelines.audiences.vocabulary import Vocabulary, is_only_known
from pipelines.reading import Connection

MOST = 24
# So many rows tell of most columns that they take more: all of a million are read only of the others.
FIRST = 20_000


def read(con: Connection, vocabulary: Vocabulary, table: str, field: str) -> Sequence[str]:
    """Of a text or a list of texts; none where it takes more than MOST, or is somebody's own."""
    kind = vocabulary.fields.get(table, {}).get(field)
    if kind not in ("text", "texts") or is_only_known(field):
        return ()
    # Names come from the publication itself, never from whoever asks.
    told = f'"{field}"' if kind == "text" else f'unnest("{field}")'
    first = f'(select * from "{table}" limit {FIRST})'
    for source in (first, f'"{table}"'):
        query = f'select distinct {told} as said from {source} where "{field}" is not null limit {MOST + 1}'
        found = con.execute(query).fetchall()
        if len(found) > MOST:
            return ()
    return sorted(value for (value,) in found)
