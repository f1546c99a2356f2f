"""What no sequence of merges, splits, re-pulls and assertions may do to a no: random histories, real models.

Each history is lived four times side by side: as it is, with no merge ever, with every tool asserting its yes
again each night, and with every act told a second time. Every day of each is asked, and answered besides by a
few lines of Python written from the rules and not from the SQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from permission_harness import Ledger

pytestmark = pytest.mark.slow

PEOPLE = ("ann", "bob", "cleo")
DAYS = 9
HISTORIES = 60
BEGINNING = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOES = {"deny", "withdraw", "object", "complaint", "asserted_optout"}
YESES = {"grant", "confirm"}
SPREADING = {"object"}
LIVES = ("lived", "unmerged", "asserted", "repulled")


@dataclass(frozen=True)
class Act:
    who: str
    act: str
    day: int
    hour: int
    late: int  # days until we learned of it

    @property
    def at(self) -> datetime:
        return BEGINNING + timedelta(days=self.day, hours=self.hour)

    @property
    def learnt(self) -> datetime:
        return self.at + timedelta(days=self.late, minutes=5)


@dataclass
class History:
    acts: list[Act]
    links: list[tuple[int, str, str | None]]  # day, who, with whom; None: apart from everybody
    groups: dict[int, list[set[str]]] = field(default_factory=dict)

    def live(self) -> None:
        """Who is one with whom at the end of each day."""
        now = [{who} for who in PEOPLE]
        for day in range(DAYS + 1):
            for _, one, other in (link for link in self.links if link[0] == day):
                mine = next(group for group in now if one in group)
                if other is None:
                    now = [group for group in now if group is not mine] + [{one}, mine - {one}]
                else:
                    theirs = next(group for group in now if other in group)
                    now = [group for group in now if group not in (mine, theirs)] + [mine | theirs]
            self.groups[day] = [set(group) for group in now if group]


def day_of(day: int) -> date:
    return (BEGINNING + timedelta(days=day)).date()


def counts(act: Act, day: int) -> bool:
    when = min(act.at, act.learnt) if act.act in NOES else act.at
    return when.date() <= day_of(day)


def expected(history: History, who: str, day: int, *, is_linked: bool = True) -> bool:
    """May we, by the rules: France, e-mail, nobody's law but this one."""
    own = [act for act in history.acts if act.who == who and counts(act, day)]
    yes = max((act.at for act in own if act.act in YESES), default=None)
    no = max((act.at for act in own if act.act in NOES), default=None)
    group = next(g for g in history.groups[day] if who in g) if is_linked else {who}
    objected = max(
        (act.at for act in history.acts if act.who in group and act.act in SPREADING and counts(act, day)),
        default=None,
    )
    return yes is not None and (no is None or yes > no) and (objected is None or yes > objected)


def point(name: str) -> str:
    return f"{name}@poste.example"


def enact(ledger: Ledger, prefix: str, history: History, life: str) -> None:
    for who in PEOPLE:
        ledger.person(f"{prefix}{who}", [point(f"{prefix}{who}")])
    for act in history.acts:
        name = f"{prefix}{act.who}"
        actor = "source_state" if act.act.startswith("asserted") else "person"
        told = {"actor": actor, "profile_id": name}
        ledger.act(point(name), "email", act.act, act.at, act.learnt, **told)
        if life == "repulled":
            ledger.act(point(name), "email", act.act, act.at, act.learnt + timedelta(days=2), **told)
    if life == "asserted":
        for day in range(DAYS + 1):
            for who in PEOPLE:
                at = BEGINNING + timedelta(days=day, hours=9)
                told = {"actor": "source_state", "profile_id": f"{prefix}{who}"}
                ledger.act(point(f"{prefix}{who}"), "email", "asserted_grant", at, **told)
    if life != "unmerged":
        before = {who: who for who in PEOPLE}
        for day in range(DAYS + 1):
            now = {who: min(group) for group in history.groups[day] for who in group}
            for who in PEOPLE:
                if now[who] != before[who]:
                    ledger.lead_to(f"{prefix}{who}", f"{prefix}{now[who]}", day_of(day))
            before = now


ACTS = ("grant", "confirm", "deny", "withdraw", "object", "complaint", "asserted_grant", "asserted_optout")


def history(rng: Random) -> History:
    """A few people, a few acts, a few merges and splits: close enough together to meet."""
    acts = [
        Act(
            who=rng.choice(PEOPLE),
            act=rng.choice([*ACTS, "grant", "object"]),
            day=rng.randint(0, DAYS),
            hour=rng.choice([0, 0, 1, 5]),
            late=rng.choice([0, 0, 0, 1, 3]),
        )
        for _ in range(rng.randint(1, 9))
    ]
    links: list[tuple[int, str, str | None]] = []
    for _ in range(rng.randint(0, 6)):
        one, other = rng.sample(PEOPLE, 2)
        links.append((rng.randint(1, DAYS), one, rng.choice([other, other, None])))
    return History(acts, links)


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    ledger = Ledger()
    yield ledger
    ledger.close()


def test_nothing_lifts_a_no(ledger: Ledger, request: pytest.FixtureRequest) -> None:
    examples = max(1, request.config.getoption("--examples"))

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(rng=st.randoms(use_true_random=False))
    def lived(rng: Random) -> None:
        own = Random(rng.random())
        ledger.con.begin()
        try:
            check(ledger, [history(own) for _ in range(HISTORIES)])
        finally:
            ledger.con.rollback()

    lived()


def check(ledger: Ledger, told: list[History]) -> None:
    for number, history in enumerate(told):
        history.live()
        for life in LIVES:
            enact(ledger, f"{number}-{life}-", history, life)
    for day in range(DAYS + 1):
        answers = {
            one["contact_value"]: one
            for one in ledger.allowed(day_of(day), channel="email", purpose="marketing")
        }
        for number, history in enumerate(told):
            for who in PEOPLE:
                found = {life: answers[point(f"{number}-{life}-{who}")] for life in LIVES}
                check_one(history, who, day, {life: one["is_allowed"] for life, one in found.items()})
                check_reason(history, who, day, found["lived"])


def check_one(history: History, who: str, day: int, found: dict[str, bool]) -> None:
    told = (history.acts, history.links, who, day)
    assert found["lived"] == expected(history, who, day), told
    alone = expected(history, who, day, is_linked=False)
    assert found["unmerged"] == alone, told
    # A merge may spread a no; none ever lifts one from where it was given, and no grant spreads.
    assert not (found["lived"] and not alone), told
    if {who} in history.groups[day]:
        assert found["lived"] == alone, "apart again, as if never together"
    assert found["asserted"] == found["lived"], "a nightly yes grants nobody anything"
    assert found["repulled"] == found["lived"], "told twice is told once"


def check_reason(history: History, who: str, day: int, answer: dict[str, object]) -> None:
    """A no that spread says so, exactly as long as the link lasts."""
    alone = expected(history, who, day, is_linked=False)
    if alone and not answer["is_allowed"]:
        assert answer["reason"] == "objected"
        assert {who} not in history.groups[day]


def test_a_no_that_spread_lasts_as_long_as_the_link(ledger: Ledger) -> None:
    ledger.con.begin()
    try:
        story = History(
            [Act("ann", "grant", 0, 0, 0), Act("bob", "object", 1, 0, 0)],
            [(3, "ann", "bob"), (6, "ann", None), (8, "bob", "ann")],
        )
        story.live()
        enact(ledger, "story-", story, "lived")
        said = [ledger.ask(point("story-ann"), "email", day_of(day))["is_allowed"] for day in range(DAYS + 1)]
        assert said == [True, True, True, False, False, False, True, True, False, False]
    finally:
        ledger.con.rollback()


def test_unsubscribe_resubscribe_merge_split_is_as_without_the_merge(ledger: Ledger) -> None:
    ledger.con.begin()
    try:
        back = [Act("ann", "grant", 0, 0, 0), Act("ann", "withdraw", 1, 0, 0), Act("ann", "grant", 2, 0, 0)]
        story = History([*back, Act("bob", "withdraw", 1, 0, 0)], [(3, "bob", "ann"), (5, "ann", None)])
        story.live()
        for life in ("lived", "unmerged"):
            enact(ledger, f"{life}-", story, life)
        for day in range(DAYS + 1):
            found = ledger.allowed(day_of(day), channel="email", purpose="marketing")
            anns = [one["is_allowed"] for one in found if one["contact_value"].endswith("-ann@poste.example")]
            assert anns == [day != 1] * 2
    finally:
        ledger.con.rollback()
