"""The file of reviews that Trustpilot Business lets somebody download; no source documents its columns."""

from collections.abc import Mapping

from connectors.cells import number, when
from connectors.stream import Export, Reading, Row

COLUMNS: Mapping[str, str] = {
    theirs: ours
    for ours, names in {
        "id": "review_id",
        "createdAt": "review_created_utc review_created_date_utc",
        "stars": "review_stars",
        "title": "review_title",
        "text": "review_content",
        "referenceId": "reference_id reference_number",
        "referralEmail": "email reviewer_email",
    }.items()
    for theirs in names.split()
}


def review(cells: Mapping[str, str], reading: Reading) -> Row | None:
    """A review in the shape of the API; its time is UTC, as its column says."""
    told = {reading.columns.get(name, name): cell for name, cell in cells.items()}
    names = ("id", "title", "text", "referenceId", "referralEmail")
    row: Row = {name: told[name] for name in names if told.get(name)}
    row["stars"] = number(told.get("stars", ""))
    if told.get("createdAt"):
        row["createdAt"] = when(f"{told['createdAt'].replace(' ', 'T')}+00:00", reading)
    return row


REVIEWS_EXPORT = Export(
    "reviews",
    frozenset({"id", "createdAt", "stars", "text"}),
    review,
    known=COLUMNS,
    assumed=frozenset(COLUMNS),
)
