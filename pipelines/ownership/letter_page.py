"""The owner's letter as a page: a few sentences, six figures, three acts, and the table each is from."""

from collections.abc import Iterator
from typing import Any

from pipelines.ownership.letter import ACTS, Letter, status
from pipelines.ownership.letter_words import WORDS
from pipelines.ownership.published import FEWEST
from pipelines.paper.blocks import Figure, Page, Stack, Table
from pipelines.paper.numbers import percent, plain
from pipelines.reading import Row

CAMPAIGNS, SHORT = 6, 20
# Where each figure is from: the published table, and the command whose page tells more of it.
SOURCES = {
    "new_people": ("customer_ownership", "drill"),
    "new_owned": ("customer_ownership", "drill"),
    "new_customers": ("order_campaigns", "left"),
    "order_count": ("order_ownership", "attribution"),
    "net": ("order_ownership", "attribution"),
    "own_share": ("order_ownership", "dependence"),
    "campaign_share": ("order_campaigns", "useful"),
    "unknown_share": ("order_campaigns", "useful"),
    "media": ("campaign_costs", "left"),
    "cac": ("campaign_costs", "left"),
    "lead_count": ("lead_ledger", "leads"),
    "refused_count": ("lead_ledger", "leads"),
}
ACT_TABLES = {
    "win_over": "customer_ownership",
    "ask_when_they_come": "customer_ownership",
    "ask_again": "customer_permissions",
    "fetch_leads": "lead_ledger",
    "stop_spending": "campaign_results",
    "spend_less": "campaign_results",
}
# The blocks in their order, for the figures to point at.
BLOCKS = {"acts": 1, "changed": 2, "campaigns": 3}


def page(found: Letter, earlier: list[dict[str, Any]], company: str, language: str) -> Page:
    """`earlier`: what letters and indexes kept before, oldest first."""
    words, month = WORDS[language], found.month
    names = words["months"].split("|")
    name = words["month"].format(name=names[month["first_day"].month - 1], year=month["first_day"].year)
    notes = [words["note.rule"], words["note.thin"]]
    # Of this month there is nothing to compare with yet.
    kept = [line for line in earlier if line["day"][:7] < f"{found.day:%Y-%m}"]
    return Page(
        language,
        company,
        words["title"].format(month=name),
        words["day"].format(first=month["first_day"], last=month["last_day"], day=found.day),
        list(_figures(found, kept[-1] if kept else None, language)),
        [_acts(found, language), _changed(found, language), _campaigns(found, language)],
        notes if found.is_margin else [*notes, words["note.revenue"]],
        list(_said(found, language)),
    )


def _said(found: Letter, language: str) -> Iterator[str]:
    words, month = WORDS[language], found.month
    yield words["said.people"].format(
        new=plain(month["new_people"], language),
        known=plain(found.reach["known"], language),
        reachable=plain(found.reach["reachable"], language),
        rented=plain(found.reach["rented_only"], language),
    )
    yield words["said.money"].format(
        orders=plain(month["order_count"], language),
        net=plain(month["net"], language),
        currency=found.currency,
        before=_compared(month["net"], found.months[1]["net"], language),
        year=_compared(month["net"], found.months[2]["net"], language),
        media=plain(month["media"], language),
        customers=month["new_customers"],
    )
    yield _dependence(found, language)
    if found.moved:
        yield words["said.moved"].format(
            source=_source(found.moved["source"], language),
            acquisition=_points(found.moved["acquisition"], language),
            revenue=_points(found.moved["revenue"] or 0, language),
        )
    acts = [f"{words['act.' + act['act']]} ({_whom(act, language)})" for act in found.acts[:ACTS]]
    yield words["said.acts"].format(acts=words["joined"].join(acts)) if acts else words["said.acts.none"]


def _dependence(found: Letter, language: str) -> str:
    words, now = WORDS[language], found.end
    if now is None or now["status"] != "told":
        return words["said.dependence.none"].format(why=_why(now, language))
    if now["most_on"] is None:
        return words["said.dependence.rented"]
    then = found.share(now["most_on"], 1)
    return words["said.dependence"].format(
        source=_source(now["most_on"], language),
        now=percent(now["most_share"]),
        then=words["compared.none"] if then is None else percent(then),
    )


def _why(end: Row | None, language: str) -> str:
    words = WORDS[language]
    if end is None or end["status"] == "too_few":
        return words["why.too_few"]
    return words["why.unknown"].format(share=percent(max(end["unknown_acquisition"], end["unknown_revenue"])))


def _figures(found: Letter, before: dict[str, Any] | None, language: str) -> Iterator[Figure]:
    """Each points at the table it stands in; `before`: what was kept of a month before."""
    words, month, reach = WORDS[language], found.month, found.reach
    earlier = words["reach.first"]
    if before:
        share = _part(before["reachable"], before["known"])
        earlier = words["reach.earlier"].format(share=share, day=before["day"])
    counts = {name: plain(reach[name], language) for name in ("reachable", "known")}
    note = words["reach.note"].format(earlier=earlier, **counts)
    yield Figure(words["reach"], _part(reach["reachable"], reach["known"]), note, BLOCKS["changed"])
    yield _index(found, before, language)
    unknown = "-" if month["unknown_share"] is None else percent(month["unknown_share"])
    note = words["net.note"].format(orders=month["order_count"], unknown=unknown)
    yield Figure(words["net"], f"{plain(month['net'], language)} {found.currency}", note, BLOCKS["changed"])
    note = words["cac.note"].format(
        media=plain(month["media"], language),
        other=plain(month["other"], language),
        count=month["new_customers"],
    )
    if month["unconverted_days"]:
        note += words["cac.unconverted"].format(count=month["unconverted_days"])
    cac = _cost(month["cac"], language)
    unit = "" if month["cac"] is None else f" {found.currency}"
    yield Figure(words["cac"], cac + unit, note, BLOCKS["changed"])
    note = words["leads.note"].format(
        refused=int(month["refused_count"]), missing=int(reach["missing"]), gone=int(reach["gone"])
    )
    yield Figure(words["leads"], plain(int(month["lead_count"]), language), note, BLOCKS["changed"])
    yield _useful(found, language)


def _index(found: Letter, before: dict[str, Any] | None, language: str) -> Figure:
    """Of the published day: whom only a platform reaches is known of no earlier one."""
    words, now = WORDS[language], found.ends.get(found.day)
    if now is None or now["status"] != "told":
        return Figure(words["index"], words["none"], _why(now, language), BLOCKS["changed"])
    if now["dependence"] is None:
        return Figure(words["index"], "0", words["index.rented"], BLOCKS["changed"])
    earlier = words["reach.first"]
    if before and before.get("index") is not None:
        earlier = words["index.earlier"].format(index=plain(before["index"], language), day=before["day"])
    note = words["index.note"].format(firm=_source(now["most_on"], language), earlier=earlier)
    return Figure(words["index"], plain(now["dependence"], language), note, BLOCKS["changed"])


def _useful(found: Letter, language: str) -> Figure:
    words = WORDS[language]
    best = found.campaigns[0] if found.campaigns else None
    if best is None or best["net"] <= 0:
        return Figure(words["useful"], words["none"], words["useful.none"], BLOCKS["campaigns"])
    note = words["useful.note"].format(
        net=plain(best["net"], language), currency=found.currency, cost=plain(best["cost"], language)
    )
    return Figure(words["useful"], _name(best, language), note, BLOCKS["campaigns"])


def _acts(found: Letter, language: str) -> Stack:
    words, acts = WORDS[language], found.acts[:ACTS]
    rows = [
        [
            words[f"act.{act['act']}"],
            _whom(act, language),
            plain(act["person_count"], language),
            words["untold"] if act["value"] is None else plain(act["value"], language),
            "-"
            if act["value_low"] is None
            else words["between"].format(
                low=plain(act["value_low"], language), high=plain(act["value_high"], language)
            ),
            "-" if act["deadline"] is None else str(act["deadline"]),
            ACT_TABLES[act["act"]],
        ]
        for act in acts
    ]
    bars = [
        (f"{place}. {words['short.' + act['act']]}", [round(act["value"] or 0)])
        for place, act in enumerate(acts, 1)
    ]
    table = Table(
        words["acts"], words["columns.acts"].split("|"), rows, 2, "" if rows else words["acts.none"]
    )
    return Stack([words["acts.part"].format(currency=found.currency)], bars, table)


def _changed(found: Letter, language: str) -> Table:
    words = WORDS[language]
    rows = [
        [
            words[f"row.{name}"],
            *(_cell(month, name, found, language) for month in found.months),
            table,
            f"firsthand {command}",
        ]
        for name, (table, command) in SOURCES.items()
    ]
    end = found.end
    if end is not None and end["most_on"] is not None:
        shares = [found.share(end["most_on"], place) for place in (0, 1)]
        told = [words[end["status"]] if one is None else percent(one) for one in shares]
        label = words["row.most_share"].format(source=_source(end["most_on"], language))
        rows.append([label, *told, "-", "customer_ownership", "firsthand dependence"])
    return Table(words["changed"], words["columns.changed"].split("|"), rows)


def _cell(month: Row, name: str, found: Letter, language: str) -> str:
    words, value = WORDS[language], month[name]
    if name in ("own_share", "campaign_share"):
        told = status(month, name)
        return percent(value) if told == "told" else words[told]
    if name == "unknown_share":
        return words["too_few"] if value is None else percent(value)
    if name == "new_owned":
        return _part(value, month["new_people"]) if month["is_reach_mature"] else words["immature"]
    if name == "cac":
        return _cost(value, language)
    return plain(value, language) + ("*" if name == "media" and month["unconverted_days"] else "")


def _campaigns(found: Letter, language: str) -> Stack:
    words, shown = WORDS[language], found.campaigns[:CAMPAIGNS]
    rows = [
        [
            _name(row, language),
            plain(row["net"], language),
            plain(row["order_count"], language),
            plain(row["new_people"], language),
            plain(row["cost"], language),
            words[f"verdict.{row['verdict']}"],
        ]
        for row in shown
    ]
    bars = [(_short(_name(row, language)), [round(max(0, row["net"]))]) for row in shown]
    hidden = len(found.campaigns) - CAMPAIGNS
    note = words["campaigns.more"].format(count=hidden) if hidden > 0 else ""
    table = Table(
        words["campaigns"],
        words["columns.campaigns"].split("|"),
        rows,
        note=f"{note} {words['campaigns.from']}".strip() if rows else words["campaigns.none"],
    )
    return Stack([words["campaigns.part"].format(currency=found.currency)], bars, table)


def _whom(act: Row, language: str) -> str:
    subject = act["subject"]
    return WORDS[language][f"act.{act['act']}.whom"].format(subject=subject)


def _part(count: int, of: int) -> str:
    """A share where there are enough people, else the people."""
    return percent(count / of) if of >= FEWEST else f"{count} / {of}"


def _compared(now: Any, then: Any, language: str) -> str:
    if not then or then <= 0:
        return WORDS[language]["compared.none"]
    change = float(now / then) - 1
    return f"{'+' if change >= 0 else '-'}{percent(abs(change))}"


def _points(change: Any, language: str) -> str:
    points = 100 * float(change)
    return WORDS[language]["points"].format(
        sign="+" if points >= 0 else "-", points=plain(abs(points), language, 1)
    )


def _source(word: str, language: str) -> str:
    """A firm by its name, ours in the page's language."""
    words = WORDS[language]
    return words["unknown.source"] if word == "unknown" else words.get(f"source.{word}", word)


def _name(row: Row, language: str) -> str:
    name = row["campaign_name"] or row["campaign_key"].split(":", 2)[2]
    return WORDS[language]["post"].format(name=name) if row["is_post"] else str(name)


def _short(name: str) -> str:
    """As much as stands left of a bar."""
    return name if len(name) <= SHORT else f"{name[: SHORT - 1]}…"


def _cost(value: Any, language: str) -> str:
    return WORDS[language]["undefined"] if value is None else plain(value, language, 2)
