"""How many of all pairs are one person: counted by rules that hardly err, looked at before it is believed."""

from dataclasses import dataclass

from pipelines.reading import Connection, rows
from pipelines.training import Refused

# By these two records are one person; what share of all true pairs they find is a guess, `--recall`.
RULES = (
    "l.email = r.email and l.first_name = r.first_name"
    " and coalesce(l.email_standing, '') not in ('role', 'crowd')",
    "l.phone = r.phone and l.first_name = r.first_name and coalesce(l.phone_standing, '') <> 'crowd'",
    "l.first_name = r.first_name and l.last_name = r.last_name and l.birth_date = r.birth_date",
    "l.national_id = r.national_id",
)
RECALL = 0.7
LEAST_RECORDS = 1000
# Rules that find a pair for fewer than one record in a hundred are no measure of anything.
LEAST_FIRED, LEAST_SHARE = 100, 0.01
# Who has more other records than this on average is no person, but a placeholder somebody typed.
MOST_OTHERS = 10.0


@dataclass(frozen=True)
class Prior:
    records: int
    fired: int
    recall: float

    @property
    def others(self) -> float:
        """How many other records of the same person a record has, on average."""
        return 2 * self.fired / self.recall / self.records

    @property
    def probability(self) -> float:
        return self.others / (self.records - 1)


def count(con: Connection, recall: float) -> Prior:
    """Raises Refused where it cannot be believed."""
    if not 0 < recall <= 1:
        raise Refused(f"--recall {recall:g}: a share, above 0 and up to 1")
    records = rows(con, "select count(*) as records from people")[0]["records"]
    if records < LEAST_RECORDS:
        raise Refused(
            f"{records:,} records are too few to learn from, {LEAST_RECORDS:,} are needed;"
            " the shipped weights serve"
        )
    found = " union ".join(
        f"select l.n as l, r.n as r from people as l inner join people as r on {rule} and l.n < r.n"
        for rule in RULES
    )
    return checked(Prior(records, rows(con, f"select count(*) as fired from ({found})")[0]["fired"], recall))


def checked(prior: Prior) -> Prior:
    """Raises Refused naming what is wrong with it."""
    if prior.fired < LEAST_FIRED or 2 * prior.fired < LEAST_SHARE * prior.records:
        raise Refused(
            f"the rules of the prior hardly fire: {prior.fired:,} pairs among {prior.records:,} records share"
            " a name with an address, a number or a birth date, or a national id. Too little to say how many"
            " are one person; the shipped weights serve"
        )
    if prior.others > MOST_OTHERS:
        raise Refused(
            f"the prior makes no sense: {prior.fired:,} sure pairs at a recall of {prior.recall:g} would give"
            f" each of {prior.records:,} records {prior.others:.0f} others of the same person. Look for a"
            " placeholder (dbt_project/seeds/placeholder_values.csv), or guess a higher --recall"
        )
    return prior
