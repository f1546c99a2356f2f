"""Why a record was refused, in French; in English reasons are kept as pipelines/expectations.py says them.

They are sentences about a field, and quote no value.
"""

import re

from pipelines.expectations import TYPE_WORDS

KINDS = {
    "text": "du texte",
    "number": "un nombre",
    "boolean": "vrai ou faux",
    "time": "une heure avec son décalage",
    "list": "une liste",
    "object": "un groupe de champs",
}
# A sentence, with what stays as it is in brackets.
FRENCH = [
    (r"it does not say which account it belongs to", "elle ne dit pas à quel compte elle appartient"),
    (r"it has no key", "elle n'a pas de clé"),
    (r"it is no readable JSON object", "ce n'est pas un objet JSON lisible"),
    (r"(\S+) is missing", r"\1 manque"),
    *((rf"(\S+) is not {word}", rf"\1 n'est pas {KINDS[kind]}") for kind, word in TYPE_WORDS.items()),
    (
        r"(\S+) is none of the values the platform documents",
        r"\1 n'est aucune des valeurs que la plateforme documente",
    ),
    (r"(\S+) does not look as promised", r"\1 n'a pas la forme promise"),
    (
        r"(\d+) rows where the last full read brought (\d+)",
        r"\1 lignes là où la dernière lecture complète en donnait \2",
    ),
    (r"(\S+) is missing in (\d+) of (\d+) rows", r"\1 manque dans \2 lignes sur \3"),
]
# What refused the whole batch and not just this record.
BATCH = "batch: "


def told(language: str, reason: str) -> str:
    """A reason as a person reads it; one that nobody translated stays English."""
    bare = reason.removeprefix(BATCH)
    whole = {"en": "the whole batch: ", "fr": "tout le lot : "}[language] if bare != reason else ""
    return whole + (_in_french(bare) if language == "fr" else bare)


def _in_french(reason: str) -> str:
    for english, french in FRENCH:
        if found := re.fullmatch(english, reason):
            return found.expand(french)
    return reason
