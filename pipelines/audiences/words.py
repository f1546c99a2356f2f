"""How an audience's figures are told, by language."""

from pipelines.audiences.asking import Figures
from pipelines.portrait_words import word

WORDS = {
    "en": {
        "figures": "{matching:,} of {everybody:,} people, on {day}",
        "value": "net revenue {total:,.2f} in all, {year:,.2f} in twelve months, in the company's currency",
        "stages": "stages: {stages}",
        "reach": "{channel}: {count:,} may be written to",
        "any": "{count:,} by one of these channels at least",
        "cap": "of them {count:,} were contacted as often as their law allows",
        "overlap": "{count:,} are in {name} too",
        "as_published": "as published; `firsthand export` asks anew whether each may be written to",
        "good": "{name}: can be asked, {count:,} people today",
        "saved": "{name}: saved as version {number}",
        "unchanged": "{name}: version {number} says the same, nothing to save",
        "shipped": "shipped",
        "version": "version {number}",
        "edited": "edited, not saved",
        "wrong": "cannot be asked: firsthand audience check {name}",
        "none": "nobody",
    },
    "fr": {
        "figures": "{matching:,} personnes sur {everybody:,}, au {day}",
        "value": "chiffre d'affaires net {total:,.2f} en tout, {year:,.2f} sur douze mois, dans la devise de"
        " l'entreprise",
        "stages": "étapes : {stages}",
        "reach": "{channel} : {count:,} peuvent être contactées",
        "any": "{count:,} par au moins un de ces canaux",
        "cap": "dont {count:,} contactées aussi souvent que leur loi le permet",
        "overlap": "{count:,} sont aussi dans {name}",
        "as_published": "d'après la publication ; `firsthand export` redemande le droit d'écrire à chacune",
        "good": "{name} : peut être demandée, {count:,} personnes aujourd'hui",
        "saved": "{name} : enregistrée comme version {number}",
        "unchanged": "{name} : la version {number} dit la même chose, rien à enregistrer",
        "shipped": "fournie",
        "version": "version {number}",
        "edited": "modifiée, non enregistrée",
        "wrong": "ne peut pas être demandée : firsthand audience check {name}",
        "none": "personne",
    },
}


def lines(figures: Figures, language: str) -> list[str]:
    """The figures in words, one a line."""
    words = WORDS[language]
    stages = ", ".join(f"{count:,} {word(language, stage)}" for stage, count in figures.by_stage.items())
    told = [
        words["figures"].format(
            matching=figures.matching, everybody=figures.everybody, day=figures.day.isoformat()
        ),
        *([words["stages"].format(stages=stages)] if stages else []),
        words["value"].format(total=figures.net_revenue_total, year=figures.net_revenue_12m),
    ]
    for channel, reach in figures.reach.items():
        told.append(words["reach"].format(channel=word(language, channel), count=reach.reachable))
        told += [f"  {count:>9,}  {word(language, reason)}" for reason, count in reach.excluded.items()]
        told += [f"  {words['cap'].format(count=reach.at_cap)}"] if reach.at_cap else []
    told.append(words["any"].format(count=figures.reachable_by_any))
    told += [
        words["overlap"].format(count=count, name=name) for name, count in figures.overlap.items() if count
    ]
    return [*told, words["as_published"]]
