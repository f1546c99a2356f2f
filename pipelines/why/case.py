"""All there is to say of two records: the chain that makes them one person, or what keeps them two."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.grouping import CONTRADICTION, MOST_PERSONAS, PERSONAL, STRONGER
from pipelines.reading import Connection, Row, rows
from pipelines.resemblance import weights
from pipelines.why.chain import chain
from pipelines.why.pairs import Pair, score
from pipelines.why.whom import Unclear, records_of

# All against all of two people; who has more records is looked at by the pairs matching kept.
MOST_COMPARED = 5000


@dataclass(frozen=True)
class Shared:
    """A value both have that is not one person's alone."""

    kind: str
    value: str
    standing: str
    record_count: int
    name_count: int
    is_landline: bool


@dataclass
class Case:
    """All there is to say of two records. `chain` where they are one, else `best` of all pairs."""

    threshold: float
    sides: tuple[str, str]
    customers: tuple[str, str]
    chain: list[Pair] = field(default_factory=list)
    best: Pair | None = None
    # The two that were asked about, where another pair of the same people has more in common.
    asked: Pair | None = None
    shared: list[Shared] = field(default_factory=list)
    contradiction: Pair | None = None
    judged_apart: list[Pair] = field(default_factory=list)
    is_crowded: bool = False
    household: str | None = None

    @property
    def is_one(self) -> bool:
        return self.customers[0] == self.customers[1]


def explain(con: Connection, one: str, other: str, regions: Collection[str]) -> Case:
    """Why the records two words mean are one person, or two. Raises Unclear."""
    left, right = records_of(con, one, regions), records_of(con, other, regions)
    if left == right and len(left) == 1:
        raise Unclear("one_record", words=_names(con, left)[left[0]])
    settled = rows(con, "select threshold_bits, weights from warehouse.contracts.int_settled")[0]
    used = _weights(settled["weights"])
    customers = tuple(_customer(con, side[0]) for side in (left, right))
    case = Case(settled["threshold_bits"], (one, other), (customers[0], customers[1]))
    if case.is_one:
        path = _chain(con, case, left, right)
        case.chain = score(con, list(pairwise(path)), used)
    else:
        _two_people(con, case, left, right, used)
    return case


def _weights(name: str) -> weights.Weights:
    """Those of the last build; raises Unclear where their file is gone since."""
    try:
        return weights.chosen(name)
    except (OSError, ValueError):
        raise Unclear("no_weights", file=name) from None


def _customer(con: Connection, n: int) -> str:
    return rows(con, "select customer_id from int_customer_profiles where n = ?", n)[0]["customer_id"]


def _names(con: Connection, members: Collection[int]) -> dict[int, str]:
    known = "select n, profile_id from int_profile_features where list_contains(?, n)"
    found = rows(con, known, list(members))
    return {row["n"]: row["profile_id"] for row in found}


def _chain(con: Connection, case: Case, left: list[int], right: list[int]) -> list[int]:
    """From a record of the one side to one of the other, over accepted pairs of their group."""
    accepted = con.execute(
        """
        select w.left_n, w.right_n, w.weight
        from int_identity__weighed as w
        inner join int_customer_profiles as one on w.left_n = one.n
        inner join int_customer_profiles as other on w.right_n = other.n
        where one.customer_id = $1 and other.customer_id = $1 and w.weight >= $2
        """,
        [case.customers[0], case.threshold],
    ).fetchall()
    path = chain(accepted, left, right)
    if path is None:
        raise Unclear("no_chain", number=case.customers[0])
    return path


def _two_people(
    con: Connection, case: Case, left: list[int], right: list[int], used: weights.Weights
) -> None:
    """What is between two customers: their best pair, and what keeps them two."""
    compared = score(con, _across(con, case, left, right), used)
    # Those asked about come first, so that nothing better is shown for them of as much.
    case.best = max(compared, key=lambda pair: pair.reckoned)
    if len(left) == len(right) == 1 and compared[0] != case.best:
        case.asked = compared[0]
    case.judged_apart = [pair for pair in compared if pair.judgement and pair.judgement.verdict == "apart"]
    case.shared = _shared(con, case.best)
    case.household = _household(con, case.customers)
    if case.best.reckoned >= case.threshold:
        worst = min(compared, key=lambda pair: (pair.personal, pair.left, pair.right))
        case.contradiction = worst if worst.personal <= CONTRADICTION else None
        case.is_crowded = (
            case.best.weight < case.threshold + STRONGER and _spellings(con, case.customers) > MOST_PERSONAS
        )


def _across(con: Connection, case: Case, left: list[int], right: list[int]) -> list[tuple[int, int]]:
    """Pairs of records of two customers: all of them, or those asked about and those matching kept."""
    across = """
        from int_customer_profiles as one
        inner join int_customer_profiles as other on one.customer_id = $1 and other.customer_id = $2
    """
    found = con.execute(
        f"select one.n, other.n {across} order by one.profile_id, other.profile_id limit {MOST_COMPARED + 1}",
        [*case.customers],
    ).fetchall()
    if len(found) > MOST_COMPARED:
        found = con.execute(
            f"""
            select one.n, other.n {across}
            inner join int_identity__weighed as w
                on w.left_n = least(one.n, other.n) and w.right_n = greatest(one.n, other.n)
            order by abs(w.weight) desc limit {MOST_COMPARED}
            """,
            [*case.customers],
        ).fetchall()
    return list(dict.fromkeys([(left[0], right[0]), *found]))


def _shared(con: Connection, pair: Pair) -> list[Shared]:
    """Addresses, numbers and full names both have that are not one person's alone, and who else has them."""
    found = rows(
        con,
        """
        with one as (from int_profile_features where profile_id = $1),
        other as (from int_profile_features where profile_id = $2),
        common as (
            select 'email' as kind, one.email as value, false as is_landline
            from one inner join other on one.email = other.email
            union all
            select 'phone', number, bool_or(is_landline)
            from (
                select
                    unnest(
                        list_intersect([one.phone, one.other_phone], [other.phone, other.other_phone])
                    ) as number,
                    coalesce('landline' in (one.phone_kind, other.phone_kind), false) as is_landline
                from one, other
            )
            where number is not null
            group by number
            union all
            select 'full_name', one.full_name, false
            from one inner join other on one.full_name = other.full_name
        )
        select common.*, standings.standing
        from common
        inner join int_identity__standings as standings
            on standings.kind = common.kind and standings.match_value = common.value
        where standings.standing is not null
        order by common.kind, common.value
        """,
        pair.left,
        pair.right,
    )
    return [Shared(**row, **_carried(con, row["kind"], row["value"])) for row in found]


def _carried(con: Connection, kind: str, value: str) -> Row:
    has = f"{kind} = $1" + (" or other_phone = $1" if kind == "phone" else "")
    return rows(
        con,
        f"select count(*) as record_count, count(distinct first_name) as name_count"
        f" from int_profile_features where {has}",
        value,
    )[0]


def _household(con: Connection, customers: tuple[str, str]) -> str | None:
    found = rows(
        con,
        "select household_id from household_members where list_contains(?, customer_id)"
        " group by household_id having count(*) = 2",
        list(customers),
    )
    return found[0]["household_id"] if found else None


def _spellings(con: Connection, customers: tuple[str, str]) -> int:
    """Under how many names and dates these two appear."""
    who = ", ".join(f"features.{name}" for name in PERSONAL)
    return rows(
        con,
        f"""
        select count(*) as spellings from (
            select distinct {who} from int_profile_features as features
            inner join int_customer_profiles as profiles on features.n = profiles.n
            where list_contains(?, profiles.customer_id)
        )
        """,
        list(customers),
    )[0]["spellings"]
