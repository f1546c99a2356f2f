"""What `firsthand preview` prints, by language."""

from collections.abc import Iterator
from typing import Any

from pipelines.previewing.comparison import Comparison
from pipelines.spoken_for import spoken_for

WORDS = {
    "en": {
        "tried": "tried",
        "as_they_are": "the company's own settings and lists, under the rules as they are in the code now",
        "nothing": "Nobody would merge, nobody would part: {customers_before:,} customers,"
        " {records:,} records.",
        "customers": "customers",
        "customers_line": "{customers_before:,} -> {customers_after:,}, of {records:,} records,"
        " {records_moved:,} of which would change customer",
        "merges": "merge",
        "merges_line": "{merging_customers:,} customers into {merged_groups:,}",
        "parts": "part",
        "parts_line": "{parting_customers:,} customers",
        "numbers": "numbers",
        "numbers_line": "{numbers_stay:,} stay, {numbers_redirect:,} would answer with another,"
        " {numbers_come_back:,} would come back",
        "households": "households",
        "households_line": "{households_touched:,} of {households:,} have a customer among these",
        "rules": "by rule",
        "rules_line": "{rule}: {merged_groups:,} merged, {parting_customers:,} parted",
        "would_merge": "Would merge ({shown:,} of {all:,})",
        "would_part": "Would part ({shown:,} of {all:,})",
        "keeps": "keeps its number",
        "redirects": "answers with it",
        "comes_back": "its own number again",
        "is_part": "a part of it",
        "joins_others": "with others",
        "records": "{count} records",
        "record": "1 record",
        "because": "because {reason} ({weight:.1f} bits)",
        "unknown": "of no single pair",
        "was_held": "was held by: {reason} ({weight:.1f} bits)",
        "now": "now {weight:.1f} bits",
        "now_cut": "still {weight:.1f} bits, but the group would contradict itself",
        "now_far": "now far below, or no longer compared",
        "written": "Nothing was written. The next `firsthand run` after the change does it.",
    },
    "fr": {
        "tried": "essayé",
        "as_they_are": "réglages et listes de l'entreprise, avec les règles du code tel qu'il est",
        "nothing": "Aucune réunion, aucune séparation : {customers_before:,} clients, {records:,} fiches.",
        "customers": "clients",
        "customers_line": "{customers_before:,} -> {customers_after:,}, pour {records:,} fiches, dont"
        " {records_moved:,} changeraient de client",
        "merges": "réunis",
        "merges_line": "{merging_customers:,} clients en {merged_groups:,}",
        "parts": "séparés",
        "parts_line": "{parting_customers:,} clients",
        "numbers": "numéros",
        "numbers_line": "{numbers_stay:,} restent, {numbers_redirect:,} mèneraient à un autre,"
        " {numbers_come_back:,} reviendraient",
        "households": "foyers",
        "households_line": "{households_touched:,} sur {households:,} ont un client parmi ceux-là",
        "rules": "par règle",
        "rules_line": "{rule} : {merged_groups:,} réunis, {parting_customers:,} séparés",
        "would_merge": "Seraient réunis ({shown:,} sur {all:,})",
        "would_part": "Seraient séparés ({shown:,} sur {all:,})",
        "keeps": "garde son numéro",
        "redirects": "y mène",
        "comes_back": "retrouve son propre numéro",
        "is_part": "une partie",
        "joins_others": "avec d'autres",
        "records": "{count} fiches",
        "record": "1 fiche",
        "because": "parce que : {reason} ({weight:.1f} bits)",
        "unknown": "d'aucune paire en particulier",
        "was_held": "tenait par : {reason} ({weight:.1f} bits)",
        "now": "maintenant {weight:.1f} bits",
        "now_cut": "toujours {weight:.1f} bits, mais le groupe se contredirait",
        "now_far": "maintenant bien en dessous, ou plus comparées",
        "written": "Rien n'a été écrit. Le prochain `firsthand run` après le changement le fera.",
    },
}
COUNTED = ("customers", "merges", "parts", "numbers", "households")
WIDEST = 34


def say(language: str, key: str, **values: object) -> str:
    return WORDS[language][key].format(**values)


def report(found: Comparison, told: list[str], threshold: float, language: str) -> Iterator[str]:
    """The lines of it, for a person."""
    told = told or [say(language, "as_they_are")]
    yield from (
        f"{say(language, 'tried') if line == told[0] else '':<12}{line}" for line in dict.fromkeys(told)
    )
    if found.is_empty:
        yield say(language, "nothing", **found.counts)
        return
    for key in COUNTED:
        yield f"{say(language, key):<12}{say(language, f'{key}_line', **found.counts)}"
    for place, rule in enumerate(found.rules):
        yield f"{'' if place else say(language, 'rules'):<12}{say(language, 'rules_line', **rule)}"
    yield from _examples("would_merge", found.merges, found.counts["merged_groups"], _merge, language)
    yield from _examples(
        "would_part",
        found.parts,
        found.counts["parting_customers"],
        lambda one, language: _part(one, threshold, language),
        language,
    )
    yield ""
    yield say(language, "written")


def _examples(key: str, shown: list[dict[str, Any]], total: int, tell: Any, language: str) -> Iterator[str]:
    if total:
        yield ""
        yield say(language, key, shown=len(shown), all=total)
        for one in shown:
            yield from tell(one, language)


def _merge(one: dict[str, Any], language: str) -> Iterator[str]:
    for side in one["joins"]:
        becomes = "keeps" if side["customer_id"] == one["customer_id"] else "redirects"
        yield _side(side, "is_part" if side["is_part"] else becomes, language)
    reason = spoken_for(language, one["reason"]) or say(language, "unknown")
    yield f"    {say(language, 'because', reason=reason, weight=one['weight'] or 0)}"


def _part(one: dict[str, Any], threshold: float, language: str) -> Iterator[str]:
    for side in one["becomes"]:
        becomes = "keeps" if side["customer_id"] == one["customer_id"] else "comes_back"
        yield _side(side, "joins_others" if side["joins_others"] else becomes, language)
    reason, now = spoken_for(language, one["reason"]) or say(language, "unknown"), one["weight_now"]
    held = say(language, "was_held", reason=reason, weight=one["weight"] or 0)
    key = "now_far" if now is None else "now_cut" if now >= threshold else "now"
    yield f"    {held}; {say(language, key, weight=now or 0)}"


def _side(side: dict[str, Any], key: str, language: str) -> str:
    count = side["records"]
    records = say(language, "record" if count == 1 else "records", count=count)
    return f"  {side['name'][:WIDEST]:<{WIDEST}}  {side['customer_id']}  {records:<11} {say(language, key)}"
