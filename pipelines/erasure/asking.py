"""From whom somebody typed to an erasure that is done: whom it means, the request, the run, the receipts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines import clock, normalise, raw, reading
from pipelines.company import Company
from pipelines.door import command, erasures
from pipelines.door.erasures import Channel, Check
from pipelines.erasure import carrying_out, plan, platforms, receipt
from pipelines.erasure.plan import Doubtful, OnHold, Plan
from pipelines.erasure.words import say
from pipelines.keyed import Keyed
from pipelines.warehouse_file import warehouse


@dataclass
class Asked:
    """Whom the words mean, and what is shown of it."""

    plans: list[Plan] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    is_refused: bool = False


@dataclass
class Done:
    lines: list[str]
    is_done: bool


def ask(company: Company, words: Sequence[str], language: str) -> Asked:
    """Look everybody up; one who is unclear refuses all of it. Raises ConfigError, MissingKey."""
    Keyed.of(company.secrets)
    asked, numbers = Asked(), []
    for who in words:
        numbers += _look_up(company, who, asked, language)
    with warehouse(company.home) as con:
        raw.ensure(con)
        for number in dict.fromkeys(numbers):
            try:
                found = plan.of_customer(con, raw.known_streams(), number, numbers)
            except Doubtful as doubt:
                asked.is_refused = True
                asked.lines += [
                    say(language, "doubtful", number=number),
                    *(f"  {one}" for one in doubt.commands),
                ]
                continue
            except OnHold:
                asked.is_refused = True
                asked.lines.append(say(language, "on_hold", number=number))
                continue
            asked.plans.append(found)
            asked.lines += shown(found, language)
    return asked


def _look_up(company: Company, who: str, asked: Asked, language: str) -> list[str]:
    config = company.config
    with reading.opened(company.home) as con:
        found = reading.find(con, who, config.phone_regions)
    if found.is_erased:
        asked.lines.append(say(language, "erased", who=who))
        asked.is_refused = True
        return []
    if len(found.customer_ids) > 1:
        asked.lines += [say(language, "several", count=len(found.customer_ids), who=who)]
        asked.lines += [f"  {number}" for number in found.customer_ids]
        asked.is_refused = True
        return []
    if found.customer_ids:
        return found.customer_ids
    phone = next(filter(None, (normalise.phone_e164(who, region) for region in config.phone_regions)), None)
    email = normalise.email_match(who)
    if email or phone:
        asked.plans.append(plan.of_value("email" if email else "phone", email or phone or ""))
        asked.lines.append(say(language, "nobody", who=who))
    else:
        asked.lines.append(say(language, "unknown", who=who))
        asked.is_refused = True
    return []


def shown(found: Plan, language: str) -> list[str]:
    """Whom it means and what hangs on them, before anything is done."""
    lines = [say(language, "who", number=found.customer_id, count=len(found.members))]
    lines += [
        say(language, "record", profile_id=m.profile_id, day=m.created_at.date() if m.created_at else "?")
        for m in found.members
    ]
    versions, records = sum(found.records.values()), len(found.records)
    lines.append(say(language, "leaves", versions=versions, records=records))
    if found.judgements:
        lines.append(say(language, "judgements", count=found.judgements))
    if found.values:
        lines.append(say(language, "values"))
    for value in found.values:
        kind = "value" if value.is_blocked else "value_open"
        if value.is_blocked and value.scopes:
            kind = "value_scoped"
        names = ", ".join(value.scopes)
        lines.append(say(language, kind, value=value.value, names=names, others=value.others))
    net = ", ".join(f"{amount} {currency}" for currency, amount in sorted(found.net.items())) or "0"
    lines.append(
        say(language, "orders", count=len(found.ledger), net=net)
        if found.ledger
        else say(language, "no_orders")
    )
    lines += [say(language, "perhaps", left=left, right=right) for left, right in found.perhaps]
    return lines


def carry_out(
    company: Company,
    asked: Asked,
    *,
    made_by: str,
    channel: Channel,
    identity_check: Check,
    is_telling: bool,
    language: str,
) -> Done:
    """Send one request a person, run what carries it out, write the receipts.

    Killed anywhere after the requests were sent, the next run goes on with them.
    """
    keyed, now = Keyed.of(company.secrets), clock.ingest_time()
    requests, lines = [], []
    for found in asked.plans:
        # First, while it is known who they are; a crash means being asked twice, which does no harm.
        told = platforms.tell(company, found, is_sending=is_telling, by=made_by)
        lines += platforms.shown(told, language)
        said = erasures.request(
            found.stones(keyed, now), made_by, now, channel, identity_check, found.extent_with(told)
        )
        command.send(company.home, said)
        requests.append(said.id)
    # Late: Dagster takes seconds to load, and looking takes none of it.
    from pipelines import running
    from pipelines.mirror import asset as mirror

    outcome = running.run(company, only=[])
    with warehouse(company.home, read_only=True) as con:
        swept = {
            erasure_id
            for (erasure_id,) in con.execute(
                "select erasure_id from door.erasures where swept_at is not null"
            ).fetchall()
        }
    if missing := set(requests) - swept:
        why = "; ".join(outcome.troubles) or f"{len(missing)} are not carried out"
        return Done([*lines, say(language, "waits", why=why)], is_done=False)
    if not _is_published(company):
        why = "; ".join(outcome.troubles) or "the new publication"
        return Done([*lines, say(language, "waits", why=why)], is_done=False)
    if why := mirror.trouble(company):
        # It still shows them: no receipt says otherwise.
        return Done([*lines, say(language, "waits", why=f"{'/'.join(mirror.KEY)}: {why}")], is_done=False)
    folder = receipt.write(company, requests, language)
    ledger = (company.home.state / carrying_out.LEDGER).relative_to(company.home.root)
    lines += [say(language, "carried", folder=folder), say(language, "backups", ledger=ledger)]
    return Done(lines, is_done=True)


def _is_published(company: Company) -> bool:
    from pipelines import publish, running

    shown_now = running.manifest(company)
    return shown_now.get("erasures", 0) >= publish.count_erasures(company.home)
