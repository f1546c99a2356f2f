"""A case of `firsthand why`, as lines for a terminal: names and addresses are in it."""

from pipelines.grouping import STRONGER
from pipelines.portrait import COLON
from pipelines.why.case import Case, Shared
from pipelines.why.pairs import PLAIN, Pair, Step
from pipelines.why.words import level, say

WHAT, SAID = 13, 44


def lines(case: Case, language: str) -> list[str]:
    return _one(case, language) if case.is_one else _two(case, language)


def _one(case: Case, language: str) -> list[str]:
    count = len(case.chain)
    found = [
        say(language, "one", number=case.customers[0]),
        say(language, "one_link") if count == 1 else say(language, "links", count=count),
        say(language, "bits", threshold=f"{case.threshold:g}"),
    ]
    for number, pair in enumerate(case.chain, 1):
        found += ["", *waterfall(pair, language, f"{number}. " if count > 1 else "")]
    return found


def _two(case: Case, language: str) -> list[str]:
    left, right = case.customers
    found = [say(language, "two", left=left, right=right)]
    found.append(say(language, "bits", threshold=f"{case.threshold:g}"))
    for pair in case.judged_apart:
        found += ["", *_judgement(pair, language)]
    if case.asked:
        found += ["", say(language, "asked"), *waterfall(case.asked, language)]
    if case.best:
        found += ["", say(language, "best"), *waterfall(case.best, language)]
        found += ["", *_reasons(case, case.best, language)]
    return found


def _reasons(case: Case, best: Pair, language: str) -> list[str]:
    """What keeps two people two, the weightiest first."""
    found = []
    if (missing := case.threshold - best.reckoned) > 0:
        found.append(say(language, "short", missing=f"{missing:.1f}"))
    elif case.judged_apart:
        found.append(say(language, "cut_judged"))
    elif best.kept is None:
        found.append(say(language, "not_met"))
    elif case.contradiction:
        found.append(say(language, "cut"))
    elif case.is_crowded:
        found.append(say(language, "crowded", needed=f"{case.threshold + STRONGER:g}"))
    else:
        found.append(say(language, "unclear"))
    if against := [step for step in sorted(best.steps, key=lambda s: s.bits) if step.bits < 0]:
        said = ", ".join(f"{level(language, s.comparison, s.level)} ({s.bits:+.1f})" for s in against)
        found.append(f"{say(language, 'against')}{COLON[language]}{said}.")
    found += [_guard(shared, language) for shared in case.shared]
    if case.household:
        found.append(say(language, "household", number=case.household))
    if case.contradiction and {case.contradiction.left, case.contradiction.right} != {best.left, best.right}:
        found += ["", say(language, "contradicts"), *waterfall(case.contradiction, language)]
    return found


def _guard(shared: Shared, language: str) -> str:
    key = "name" if shared.kind == "full_name" else shared.standing
    if shared.standing == "shared" and shared.is_landline:
        key = "landline"
    return say(
        language, f"guard_{key}", value=shared.value, records=shared.record_count, names=shared.name_count
    )


def waterfall(pair: Pair, language: str, number: str = "") -> list[str]:
    """Two records, each comparison that says something, and their sum."""
    indent = " " * len(number)
    found = [f"{number}{pair.left}", f"{indent}{pair.right}"]
    if pair.judgement and pair.judgement.verdict == "together":
        found += [f"{indent}  {line}" for line in _judgement(pair, language)]
    said = [_step(step, language) for step in pair.steps if step.bits]
    said += [
        _line(say(language, "rule"), say(language, name), bits) for name, bits in pair.rules.items() if bits
    ]
    if pair.population:
        said.append(_line(say(language, "people"), say(language, "population"), -pair.population))
    total = _line("", say(language, "sum"), pair.weight)
    if pair.kept is not None and abs(pair.kept - pair.weight) > 0.05:
        # Any other difference comes of what changed since: the settings, or whose else a value is.
        key = "plain" if pair.reckoned == PLAIN else "kept_otherwise"
        total += f"   ({say(language, key, kept=f'{pair.reckoned:g}')})"
    return found + [f"{indent}  {line}" for line in [*said, total]]


def _step(step: Step, language: str) -> str:
    values = [v for v in (step.left, step.right) if v]
    if step.left == step.right:
        values = values[:1]
    said = level(language, step.comparison, step.level)
    return _line(say(language, step.comparison), said, step.bits, " | ".join(values))


def _line(what: str, said: str, bits: float, values: str = "") -> str:
    return f"{what:<{WHAT}}{said:<{SAID}}{bits:+8.1f}   {values}".rstrip()


def _judgement(pair: Pair, language: str) -> list[str]:
    judged = pair.judgement
    if judged is None:
        return []
    key = "judged" if judged.verdict == "apart" else "judged_one"
    colon = COLON[language]
    reason = f"{colon}{judged.reason}" if judged.reason else ""
    said = say(language, key, by=judged.judged_by, day=judged.judged_on) + reason
    return (
        [f"{said}."]
        if judged.verdict == "together"
        else [(said + colon).rstrip(), f"  {pair.left}", f"  {pair.right}"]
    )
