"""The shape of a labelled record: what `firsthand match` takes, and whose it is."""

from random import Random

COLUMNS = (
    "record_id", "source", "first_name", "last_name", "full_name", "email", "phone", "address", "city",
    "postcode", "country", "dob", "company", "national_id", "created_at", "true_cluster_id",
)  # fmt: skip
Row = dict[str, str | None]


def row(source: str, person_id: str, **said: str | None) -> Row:
    """One record; what its source does not ask is null. The id comes last, once all are in their order."""
    blank: Row = dict.fromkeys(COLUMNS)
    return blank | {"source": source, "true_cluster_id": person_id} | said


def numbered(rows: list[Row], rng: Random) -> list[Row]:
    """Shuffled, so that no order gives the truth away, and named by their place."""
    rng.shuffle(rows)
    return [one | {"record_id": f"r{place:06d}"} for place, one in enumerate(rows)]
