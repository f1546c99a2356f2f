"""Trained weights beside the shipped ones, as lines for a terminal."""

from collections.abc import Iterable

from pipelines.training.lessons import Lesson
from pipelines.why.words import level, say

WORDS = {
    "en": {
        "head": "bits of each level",
        "shipped": "shipped",
        "trained": "trained",
        "guard": "as shipped: a guard is never made weaker",
        "rare": "as shipped: too rare here to learn",
        "thin": "as shipped: too few records have one",
        "neutral": "",
        "written": "Written to {path}. To use it, say in firsthand.yaml\n"
        "  matching: {{weights: {path}}}\n"
        "and the next run decides anew who is who. `firsthand preview` says before who would merge or part.",
        "dry_run": "Nothing was written: --dry-run.",
        "busy": "a run is writing just now; ask again when it has ended",
    },
    "fr": {
        "head": "bits de chaque degré",
        "shipped": "livré",
        "trained": "appris",
        "guard": "comme livré : un garde-fou n'est jamais affaibli",
        "rare": "comme livré : trop rare ici pour l'apprendre",
        "thin": "comme livré : trop peu de fiches en ont",
        "neutral": "",
        "written": "Écrit dans {path}. Pour s'en servir, dites dans firsthand.yaml\n"
        "  matching: {{weights: {path}}}\n"
        "et le prochain passage redécide qui est qui. `firsthand preview` dit d'avance qui serait réuni ou"
        " séparé.",
        "dry_run": "Rien n'a été écrit : --dry-run.",
        "busy": "un passage est en train d'écrire ; redemandez quand il aura fini",
    },
}


def lines(lessons: Iterable[Lesson], language: str) -> list[str]:
    words = WORDS[language]
    found = [f"{words['head']:<58}{words['shipped']:>8}{words['trained']:>8}"]
    last = None
    for one in lessons:
        name = say(language, one.comparison) if one.comparison != last else ""
        last = one.comparison
        said = level(language, one.comparison, one.level)
        figures = f"{one.shipped:+8.1f}{one.bits:+8.1f}"
        found.append(f"{name:<13}{said:<45}{figures}  {words.get(one.note, '')}".rstrip())
    return found
