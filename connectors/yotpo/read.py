"""The file of reviews that Yotpo mails to whoever asks for it; no source documents its columns."""

from collections.abc import Mapping

from connectors.cells import number, when
from connectors.stream import Export, Reading, Row

COLUMNS: Mapping[str, str] = {
    theirs: ours
    for ours, names in {
        "id": "review_id",
        "created_at": "review_creation_date created_at",
        "email": "reviewer_email email",
        "name": "reviewer_display_name display_name",
        "title": "review_title",
        "content": "review_content",
        "score": "review_score",
        "reviewer_type": "reviewer_type",
    }.items()
    for theirs in names.split()
}


def review(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A review in the shape of the API."""
    told = {reading.columns.get(name, name): cell for name, cell in cells.items()}
    row: Row = {name: told[name] for name in ("email", "name", "title", "content") if told.get(name)}
    row["id"] = number(told.get("id", ""))
    row["score"] = number(told.get("score", ""))
    if told.get("created_at"):
        row["created_at"] = when(told["created_at"], reading)
    return row


REVIEWS_EXPORT = Export(
    "reviews",
    frozenset({"id", "created_at", "email", "content", "score"}),
    review,
    known=COLUMNS,
    assumed=frozenset(COLUMNS),
)
