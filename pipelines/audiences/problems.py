"""What is wrong with an audience, in plain words of both languages, and where in the tree it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.config import ConfigError

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "no_yaml": "cannot be read as YAML: {why}",
        "too_long": "is longer than {most} characters",
        "too_deep": "is nested deeper than {most} levels",
        "too_many": "has more than {most} conditions",
        "alias": "uses & or *: write it out",
        "twice": "{word} stands here twice",
        "missing": "is not filled in",
        "no_audience": "is a title and a `where`, each on its line",
        "title": "is a text, or one text for fr and one for en",
        "address": "holds an e-mail address or a phone number: an audience holds nobody's",
        "no_condition": "is one of {words}, and not {found}",
        "two_conditions": "begins with one of {words}: here are {found}",
        "not_on_rows": "{word} has no place within the `where` of a row",
        "unknown_word": "{word} is no word here; known: {words}",
        "list": "is a list of conditions, at least one",
        "days": "is a whole number of days, 1 to 36500",
        "name": "is a name",
        "no_field": "{table} has no field {name}; such as: {like}",
        "no_thing": "{name} is nothing that can be counted; known: {words}",
        "no_sum": "is a thing and one of its amounts, such as orders.net_converted",
        "not_a_number": "{name} is no amount",
        "no_day": "{name} has no day: it stands for today, and takes no window of days",
        "no_comparison": "says nothing of it: one of {words}",
        "not_of_kind": "{word} does not go with {name}, which is {kind}; known: {words}",
        "value": "{word} takes {kind}, and not {found}",
        "quotes": '{word} takes a text: put it between quotes, such as "NO"',
        "values": "{word} takes a list of 1 to {most} values",
        "only_known": "{name} is somebody's own: only whether it is `known` can be asked",
        "no_such_audience": "there is no audience {name}",
        "circle": "goes in a circle: {way}",
        "inside": "{name} is wrong itself: {why}",
        "text": "a text",
        "number": "a number",
        "yes_no": "true or false",
        "date": "a day, such as 2026-11-20",
        "moment": "a moment",
        "texts": "a list of texts",
    },
    "fr": {
        "no_yaml": "ne se lit pas comme du YAML : {why}",
        "too_long": "dépasse {most} caractères",
        "too_deep": "est imbriqué sur plus de {most} niveaux",
        "too_many": "a plus de {most} conditions",
        "alias": "emploie & ou * : écrivez-le en entier",
        "twice": "{word} s'y trouve deux fois",
        "missing": "n'est pas rempli",
        "no_audience": "est un titre et un `where`, chacun à sa ligne",
        "title": "est un texte, ou un texte pour fr et un pour en",
        "address": "contient une adresse e-mail ou un téléphone : une audience n'en contient aucun",
        "no_condition": "est l'un de {words}, et non {found}",
        "two_conditions": "commence par l'un de {words} : il y a ici {found}",
        "not_on_rows": "{word} n'a pas sa place dans le `where` d'une ligne",
        "unknown_word": "{word} n'est pas un mot connu ici ; connus : {words}",
        "list": "est une liste d'au moins une condition",
        "days": "est un nombre entier de jours, de 1 à 36500",
        "name": "est un nom",
        "no_field": "{table} n'a pas de champ {name} ; par exemple : {like}",
        "no_thing": "{name} n'est rien que l'on puisse compter ; connus : {words}",
        "no_sum": "est une chose et l'un de ses montants, comme orders.net_converted",
        "not_a_number": "{name} n'est pas un montant",
        "no_day": "{name} n'a pas de jour : il vaut pour aujourd'hui, sans fenêtre de jours",
        "no_comparison": "n'en dit rien : l'un de {words}",
        "not_of_kind": "{word} ne va pas avec {name}, qui est {kind} ; connus : {words}",
        "value": "{word} prend {kind}, et non {found}",
        "quotes": '{word} prend un texte : mettez-le entre guillemets, comme "NO"',
        "values": "{word} prend une liste de 1 à {most} valeurs",
        "only_known": "{name} appartient à quelqu'un : on peut seulement demander s'il est connu (`known`)",
        "no_such_audience": "il n'y a pas d'audience {name}",
        "circle": "tourne en rond : {way}",
        "inside": "{name} est elle-même fausse : {why}",
        "text": "un texte",
        "number": "un nombre",
        "yes_no": "true ou false",
        "date": "un jour, comme 2026-11-20",
        "moment": "un moment",
        "texts": "une liste de textes",
    },
}


@dataclass(frozen=True)
class Problem:
    """`place`: such as where.all[2].not, counted from one."""

    place: str
    word: str
    facts: dict[str, Any] = field(default_factory=dict)

    def text(self, language: str = "en") -> str:
        return f"{self.place} {self.said(language)}"

    def said(self, language: str) -> str:
        """Without its place: for whoever shows it there."""
        words = WORDS[language]
        facts = {
            name: words.get(value, value) if name == "kind" else value for name, value in self.facts.items()
        }
        return words[self.word].format(**facts)


class Wrong(ConfigError):
    """An audience that cannot be asked: everything that is wrong with it."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.name, self.problems = name, tuple(problems)
        super().__init__(self.text())

    def text(self, language: str = "en") -> str:
        return "\n".join([f"{self.name}:", *(f"  {one.text(language)}" for one in self.problems)])


def shown(value: Any) -> str:
    """A value as it may stand in a message: short, on one line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
