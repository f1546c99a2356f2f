"""One person's page: who, what next, the story, what we may, orders, habits, whose word a field is, why one.

All of it from the published tables, in the words of `firsthand customer`.
"""

import logging
from collections.abc import Iterator

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console import frame, visit
from console.guard import Refused
from console.roles import least
from console.words import say
from pipelines import portrait, portrait_fields, portrait_life, portrait_story, reading
from pipelines.paper.blocks import Figure, Page, Table
from pipelines.portrait_words import money, word
from pipelines.reading import NUMBER, Connection, Row

log = logging.getLogger("console")
router = APIRouter()
# The newest; all of them are in the table.
ORDERS = 30
CAN = {"can_email": "email", "can_sms": "sms", "can_call": "phone", "can_post": "post"}
HABITS = (
    "usual_days_between_purchases",
    "expected_next_purchase_on",
    "preferred_weekday",
    "preferred_hour",
    "preferred_category",
    "purchase_channel",
    "preferred_channel",
    "average_basket",
    "rfm_group",
    "last_nps",
    "average_stars",
    "last_act_by_person_on",
    "last_contacted_on",
    "purge_on",
)


@router.get("/people/{number}")
@least("marketer")
def person(request: Request, number: str) -> Response:
    visitor, state = visit.of(request), request.app.state
    if not NUMBER.fullmatch(number):
        raise Refused(404)
    with reading.opened(state.home) as con:
        known = reading.whose(con, number)
        if known is None:
            raise Refused(404)
        if known["status"] == "erased":
            raise Refused(410)
        customer_id = known["customer_id"]
        if customer_id != number:
            return RedirectResponse(f"/people/{customer_id}", 303)
        log.info("person %s: shown to %s", customer_id, visitor.account and visitor.account.name)
        page = _page(con, customer_id, state.settings.company, visitor.language)
    return frame.show(request, page)


def _page(con: Connection, customer_id: str, company: str, language: str) -> Page:
    (c,) = reading.rows(con, "from customers where customer_id = ?", customer_id)
    return Page(
        language,
        company,
        c["display_name"] or c["company"] or "-",
        f"{c[f'label_{language}'] or word(language, c['stage'])} · {word(language, 'number')} {customer_id}",
        list(_figures(c, language)),
        [
            _story(con, customer_id, language),
            _permissions(con, customer_id, language),
            _orders(con, customer_id, language),
            _habits(c, language),
            _fields(con, customer_id, language),
            _profiles(con, customer_id, language),
            *_groups(con, customer_id, language),
            *_numbers(con, customer_id, language),
        ],
        said=portrait_story.next_act_lines(con, customer_id, language),
    )


def _figures(c: Row, language: str) -> Iterator[Figure]:
    since = word(language, "since", day=c["stage_since"])
    yield Figure(say(language, "overview.stage"), word(language, c["stage"]), since)
    activity = word(language, c["activity"]) or "-"
    yield Figure(say(language, "person.activity"), activity, _since(c["activity_since"], language))
    reached = [word(language, channel) for can, channel in CAN.items() if c[can]]
    yield Figure(
        say(language, "person.reached"), ", ".join(reached) or say(language, "person.nowhere"), "", 2
    )
    if c["order_count"]:
        net = f"{money(c['net_revenue_total'], language)} {c['currency'] or ''}".rstrip()
        note = say(language, "person.orders.note", count=c["order_count"], last=c["last_order_on"])
        yield Figure(say(language, "person.net"), net, note, 3)
    source = " / ".join(dict.fromkeys(s for s in (c["first_source"], c["first_platform"]) if s)) or "-"
    yield Figure(say(language, "person.first_seen"), str(c["first_seen_on"] or "-"), source)
    places = [p for p in (c["best_email"], c["best_phone"], c["city"], c["country"]) if p]
    if places:
        yield Figure(say(language, "person.where"), str(places[0]), " · ".join(places[1:]))


def _since(day: object, language: str) -> str:
    return "" if day is None else word(language, "since", day=day)


def _columns(language: str, name: str) -> list[str]:
    return say(language, f"person.{name}.columns").split("|")


def _story(con: Connection, customer_id: str, language: str) -> Table:
    found = portrait_story.story(con, customer_id)
    before = found[0]["told"] - len(found) if found else 0
    rows = [[str(row["day"]), portrait_story.told(row, language)] for row in found]
    note = word(language, "story.before", count=before) if before else ""
    return Table(word(language, "story"), _columns(language, "story"), rows, 2, note)


def _permissions(con: Connection, customer_id: str, language: str) -> Table:
    rows = [
        [
            word(language, row["channel"]),
            row["purpose"],
            word(language, "yes" if row["is_allowed"] else "no"),
            portrait.permission_told(row, language),
            row["contact_value"] or "",
            row["wording_text"] or "",
        ]
        for row in portrait.permissions(con, customer_id)
    ]
    return Table(say(language, "person.permissions"), _columns(language, "permissions"), rows, 6)


def _orders(con: Connection, customer_id: str, language: str) -> Table:
    found = reading.rows(
        con,
        "select *, count(*) over () as told from orders where customer_id = ?"
        " order by ordered_at desc, order_id limit ?",
        customer_id,
        ORDERS,
    )
    rows = [
        [
            str(row["order_date"]),
            row["order_name"] or row["order_id"],
            row["platform"],
            word(language, f"order_{row['status']}" if row["status"] == "cancelled" else row["status"]),
            *(money(row[name], language) for name in ("gross", "refunded", "net")),
            row["currency"] or "",
        ]
        for row in found
    ]
    hidden = found[0]["told"] - len(found) if found else 0
    note = word(language, "and_more", count=hidden) if hidden else ""
    return Table(
        say(language, "person.orders"), _columns(language, "orders"), rows, 4, note or _none(rows, language)
    )


def _habits(c: Row, language: str) -> Table:
    rows = []
    for name in HABITS:
        value = c[name]
        if value is not None:
            shown = word(language, value) if isinstance(value, str) else str(value)
            rows.append([say(language, f"habit.{name}"), shown])
    return Table(say(language, "person.habits"), _columns(language, "habits"), rows, 2, _none(rows, language))


def _fields(con: Connection, customer_id: str, language: str) -> Table:
    rows: list[list[str]] = []
    for label, value, told in portrait_fields.field_rows(con, customer_id, language):
        # Each row says whose it is: to an ear there is no row above.
        rows.append([label or rows[-1][0], value, told])
    return Table(word(language, "fields"), _columns(language, "fields"), rows, 3, _none(rows, language))


def _profiles(con: Connection, customer_id: str, language: str) -> Table:
    found = portrait.profiles(con, customer_id)
    rows = [
        [
            f"{row['created_at'] or row['first_seen_at']:%Y-%m-%d}",
            f"{row['platform']} {row['object']}",
            portrait.profile_why(row, language),
            row["profile_id"],
        ]
        for row in found
    ]
    title = word(language, "profiles" if len(found) > 1 else "one_profile", count=len(found))
    return Table(title, _columns(language, "profiles"), rows, 4)


def _groups(con: Connection, customer_id: str, language: str) -> Iterator[Table]:
    """The household and the company, each with the others in it."""
    for group, lines in (
        ("household", portrait_fields.household_lines),
        ("account", portrait_fields.account_lines),
    ):
        told = lines(con, customer_id, language)
        if not told:
            continue
        title, _, group_id = told[0].partition("   ")
        others = portrait_fields.members(con, group, group_id, customer_id)
        rows = [[row["display_name"] or "-", row["customer_id"]] for row in others]
        yield Table(title, _columns(language, "groups"), rows, 2, told[1].strip())


def _numbers(con: Connection, customer_id: str, language: str) -> Iterator[Table]:
    old = portrait.old_numbers(con, customer_id)
    if old:
        rows = [[row["customer_number"], f"{row['since']:%Y-%m-%d}"] for row in old]
        yield Table(word(language, "other_numbers"), _columns(language, "numbers"), rows, 2)
    life = portrait_life.life_lines(con, customer_id, language)
    if life:
        rows = [line.strip().split("  ", 1) for line in life[1:]]
        yield Table(
            life[0], _columns(language, "story"), [row if len(row) == 2 else ["…", *row] for row in rows], 2
        )


def _none(rows: list[list[str]], language: str) -> str:
    return "" if rows else say(language, "person.none")
