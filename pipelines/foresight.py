"""What a judgement will do with the next run, as far as the published tables tell."""

from collections.abc import Mapping, Sequence

from pipelines import consequences
from pipelines.judge_words import say
from pipelines.judging import Pair, Refused, Side, Standing, ordered, records
from pipelines.reading import Connection, rows


def name_of(con: Connection, customer_id: str) -> str:
    found = rows(con, "select display_name from customers where customer_id = ?", customer_id)
    return str(found[0]["display_name"]) if found else "-"


def together(
    con: Connection, one: Side, other: Side, stands: dict[Pair, Standing], language: str
) -> list[str]:
    """Raises Refused where the same was judged already."""
    _refuse_twice(one, other, "together", stands, language)
    if one.customer_id == other.customer_id:
        return [say(language, "already_one", number=one.customer_id)]
    ids = [one.customer_id, other.customer_id]
    return become_one(con, ids, [ordered(one.profile_id, other.profile_id)], stands, language)


def become_one(
    con: Connection,
    ids: Sequence[str],
    answered: Sequence[Pair],
    stands: Mapping[Pair, Standing],
    language: str,
) -> list[str]:
    """Several customers as one: which number stays, what comes to it, and what still says otherwise."""
    founders = rows(
        con,
        "select customer_id, count(*) as records from customer_profiles"
        " where customer_id in (select unnest(?)) group by customer_id"
        " order by min((first_seen_at, coalesce(created_at, 'infinity'::timestamptz), profile_id))",
        list(ids),
    )
    stays, *goes = (row["customer_id"] for row in founders)
    lines = [
        say(
            language,
            "become_one" if len(goes) == 1 else "become_one_of_many",
            customers=len(founders),
            stays=stays,
            goes=", ".join(goes),
            count=sum(row["records"] for row in founders),
        ),
        *consequences.of_merging(con, stays, goes, language),
    ]
    return lines + [
        say(language, "contradicts", left=s.pair[0], right=s.pair[1], by=s.judged_by, day=s.judged_at.date())
        for s in stands.values()
        if s.verdict == "apart" and s.pair not in answered and len({*s.customers} & {*ids}) == 2
    ]


def apart(
    con: Connection, one: Side, other: Side, stands: dict[Pair, Standing], is_doubtful: bool, language: str
) -> list[str]:
    """Raises Refused where it was judged already, or where two numbers have nothing to do with each other."""
    _refuse_twice(one, other, "apart", stands, language)
    if one.customer_id != other.customer_id:
        was_together = stands.get(ordered(one.profile_id, other.profile_id))
        if one.is_number and other.is_number and not is_doubtful and not was_together:
            raise Refused(say(language, "already_two"))
        return [say(language, "stay_two")]
    members = records(con, one.customer_id)
    lines = [say(language, "come_apart", number=one.customer_id, founder=members[0])]
    if len(members) > 2:
        lines.append(say(language, "others_follow", count=len(members) - 2))
    return lines + consequences.of_parting(con, one.customer_id, language)


def withdrawn(judgement: Standing, language: str) -> list[str]:
    return [
        say(
            language,
            f"withdrawn_{judgement.verdict}",
            by=judgement.judged_by,
            day=judgement.judged_at.date(),
        )
    ]


def _refuse_twice(one: Side, other: Side, verdict: str, stands: dict[Pair, Standing], language: str) -> None:
    known = stands.get(ordered(one.profile_id, other.profile_id))
    if known and known.verdict == verdict:
        text = say(language, f"judged_{verdict}", by=known.judged_by, day=known.judged_at.date())
        raise Refused(text + (say(language, "and_waits") if known.is_waiting else ""))
