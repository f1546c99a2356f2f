"""The files spread into rows for the models: one a jurisdiction, channel, purpose, recipient and first day.

`unknown` asks, for each channel and purpose, the strictest of all files.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from pipelines.laws.files import STRICTER, UNKNOWN, Key, Law, Rule, digest, keys_of

SWITCHES = (
    "regime", "double_opt_in", "consent_months", "soft_opt_in_months", "purchase_months", "inquiry_months",
    "running_contract", "b2b_relevance", "generic_addresses",
)  # fmt: skip


def rows(laws: Sequence[Law]) -> list[dict[str, Any]]:
    """One per jurisdiction, channel, purpose, recipient and first day, `unknown` included."""
    found = [
        {"jurisdiction": law.jurisdiction, **_row(key, rule, rule.since), "law": law.word}
        for law in laws
        for rule in law.rules
        for key in keys_of(rule)
    ]
    return found + list(_strictest(laws))


def _row(key: Key, rule: Rule, since: date) -> dict[str, Any]:
    channel, purpose, recipient = key
    switches = {name: getattr(rule, name) for name in SWITCHES}
    return {
        "channel": channel,
        "purpose_group": purpose,
        "recipient": recipient,
        "valid_from": since,
        **switches,
        "why": rule.why,
        "source": rule.source,
    }


def _strictest(laws: Sequence[Law]) -> Iterator[dict[str, Any]]:
    by_key: dict[Key, list[tuple[str, Rule]]] = {}
    for law in laws:
        for rule in law.rules:
            for key in keys_of(rule):
                by_key.setdefault(key, []).append((law.jurisdiction, rule))
    for key, said in sorted(by_key.items()):
        for since in sorted({rule.since for _, rule in said}):
            newest: dict[str, Rule] = {}
            for jurisdiction, rule in sorted(said, key=lambda one: one[1].since):
                if rule.since <= since:
                    newest[jurisdiction] = rule
            yield {
                "jurisdiction": UNKNOWN,
                **_row(key, _strictest_of(list(newest.values())), since),
                "law": f"{UNKNOWN} {digest(laws)[:12]}",
            }


def _strictest_of(rules: list[Rule]) -> Rule:
    """What all of them allow, and what any of them asks for."""

    def shortest(name: str) -> int | None:
        # A basis that one of them does not know is none.
        months = [getattr(rule, name) for rule in rules]
        return None if None in months else min(months)

    return rules[0].model_copy(
        update={
            "regime": max((rule.regime for rule in rules), key=STRICTER.__getitem__),
            "double_opt_in": any(rule.double_opt_in for rule in rules),
            "consent_months": min((r.consent_months for r in rules if r.consent_months), default=None),
            "soft_opt_in_months": shortest("soft_opt_in_months"),
            "purchase_months": shortest("purchase_months"),
            "inquiry_months": shortest("inquiry_months"),
            "running_contract": all(rule.running_contract for rule in rules),
            "b2b_relevance": all(rule.b2b_relevance for rule in rules),
            "generic_addresses": all(rule.generic_addresses for rule in rules),
            "why": "Whose law holds is not known: the strictest of all",
            "source": "the files beside this one",
        }
    )


def places(laws: Sequence[Law]) -> list[dict[str, Any]]:
    """Which country, and which beginnings of postcodes there, mean which jurisdiction; `*`: any other."""
    everywhere = sorted({channel for law in laws for channel in law.stop_is_person_wide_over})
    found = [{"jurisdiction": UNKNOWN, "country": UNKNOWN, "postcode": "*", "stop_scope": everywhere}]
    for law in laws:
        country, scope = law.part_of or law.jurisdiction, law.stop_is_person_wide_over
        marks = [*law.postcodes, *([""] if law.takes_without_postcode else [])] if law.part_of else ["*"]
        found += [
            {"jurisdiction": law.jurisdiction, "country": country, "postcode": mark, "stop_scope": scope}
            for mark in marks
        ]
    return found
