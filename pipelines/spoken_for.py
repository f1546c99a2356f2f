"""What speaks for two records being one person, in the reader's language.

The publication tells it in English, by the words of dbt_project/macros/spoken_for.sql and of the match rules;
what people gave (an address, a number, a reason) stays as it is.
"""

import re

FRENCH = {
    "e-mail addresses alike": "adresses e-mail proches",
    "phone numbers alike": "numéros de téléphone proches",
    "same national id": "même numéro d'identité",
    "same name": "même nom",
    "names alike": "noms proches",
    "same birth date": "même date de naissance",
    "same postal address": "même adresse postale",
    "same town": "même ville",
    "same company": "même entreprise",
}
GIVEN = [
    (re.compile(pattern), french)
    for pattern, french in (
        (r"both gave the e-mail address (.*)", r"tous deux ont donné l'adresse e-mail \1"),
        (r"both gave the phone number (.*)", r"tous deux ont donné le numéro de téléphone \1"),
        (r"names (.*) as the same record", r"nomme \1 comme la même fiche"),
        (r"the platform merged (.*) and this record", r"la plateforme a fusionné \1 et cette fiche"),
        (r"judged one person by (.*) on (\S*)(.*)", r"jugés une personne par \1 le \2\3"),
        (r"judged two people by (.*) on (\S*)(.*)", r"jugés deux personnes par \1 le \2\3"),
    )
]


def spoken_for(language: str, reason: str | None) -> str:
    """`reason` as published; "" where nothing is told."""
    if language != "fr" or not reason:
        return reason or ""
    # What a person wrote may hold a semicolon; it is no phrase of ours and stays.
    return " ; ".join(_french(phrase) for phrase in reason.split("; "))


def _french(phrase: str) -> str:
    for pattern, french in GIVEN:
        if pattern.fullmatch(phrase):
            return pattern.sub(french, phrase)
    return FRENCH.get(phrase, phrase)
