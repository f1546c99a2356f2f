"""Which column of a file is which of ours: as the file door reads headers, and `--map` before all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.files.columns import LEAD_COLUMNS
from connectors.redaction import redact
from connectors.tables import normalise
from pipelines.matching import MatchError

# The words of `--map`, and what the engine calls them.
WORDS = {
    "record_id": "record_id",
    "source": "source",
    "first_name": "first_name",
    "last_name": "last_name",
    "full_name": "full_name",
    "email": "email",
    "phone": "phone",
    "address": "street",
    "city": "city",
    "postcode": "postcode",
    "country": "country",
    "dob": "birth_date",
    "company": "company",
    "national_id": "national_id",
    "created_at": "created_at",
}
# At least one of these, or there is nothing to know anybody by.
TELLING = {
    "first_name",
    "last_name",
    "full_name",
    "email",
    "phone",
    "address",
    "dob",
    "company",
    "national_id",
}
OWN_NAMES = {
    theirs: ours
    for ours, names in {
        "record_id": "record_id id_record record row_id record_key",
        "dob": "dob birth_date date_naissance ne_le nee_le",
        "national_id": "national_id national_number soc_sec_id ssn social_security_number nss nir sin nas "
        "numero_de_securite_sociale no_de_securite_sociale n_de_securite_sociale siret siren",
        "address": "address street",
    }.items()
    for theirs in names.split()
}
MOST_NAMED = 12


def _known() -> Mapping[str, str]:
    ours = {engine: word for word, engine in WORDS.items()} | {"id": "record_id"}
    return {theirs: ours[column] for theirs, column in LEAD_COLUMNS.items() if column in ours} | OWN_NAMES


KNOWN = _known()


@dataclass(frozen=True)
class Columns:
    """Our word to the place of their column; and the headers nobody could use, as written."""

    places: Mapping[str, int]
    ignored: Sequence[str]


def recognise(headers: Sequence[str], names: Sequence[str], mapped: Mapping[str, str]) -> Columns:
    """`mapped`: their header as written -> our word. Raises MatchError."""
    asked = {normalise(theirs): ours for theirs, ours in mapped.items()}
    for theirs in mapped:
        if normalise(theirs) not in names:
            raise MatchError(f"--map names a column the file has not: {theirs}; it has {listed(headers)}")
    places: dict[str, int] = {}
    # What was asked for, then our own words, then what people call them; each in the file's order.
    for meaning in (asked, {word: word for word in WORDS}, KNOWN):
        for place, name in enumerate(names):
            ours = meaning.get(name)
            if ours and ours not in places and place not in places.values():
                places[ours] = place
    if not TELLING & set(places):
        raise MatchError(
            f"no column tells who anybody is; it has {listed(headers)}. Are its headers on the first line? "
            'Else name them: --map "Their column=email"'
        )
    used = set(places.values())
    return Columns(places, [header for place, header in enumerate(headers) if place not in used])


def parse_maps(words: Sequence[str]) -> dict[str, str]:
    """`Their column=email` each. Raises MatchError."""
    found: dict[str, str] = {}
    for word in words:
        theirs, equals, ours = word.rpartition("=")
        ours = normalise(ours)
        ours = {engine: known for known, engine in WORDS.items()}.get(ours, ours)
        if not equals or not normalise(theirs) or ours not in WORDS:
            raise MatchError(f'--map {word}: write "Their column=ours", ours one of {", ".join(WORDS)}')
        if ours in found.values():
            raise MatchError(f"--map names two columns for {ours}")
        found[theirs.strip()] = ours
    return found


def listed(headers: Sequence[str], most: int = MOST_NAMED) -> str:
    """Headers to be shown: a file without any shows its first record there, so addresses are taken out."""
    shown = redact(", ".join(header.strip() for header in headers[:most]))
    return shown + (f" and {len(headers) - most} more" if len(headers) > most else "")
