"""What `firsthand why` says, by language. The words of a comparison's levels are the recipe's."""

from pipelines.resemblance.recipe import COMPARISONS
from pipelines.wording import teller

LANGUAGES = ("en", "fr")
LEVELS = {
    (comparison.name, level.name): dict(zip(LANGUAGES, level.words, strict=True))
    for comparison in COMPARISONS
    for level in comparison.levels
}

WORDS = {
    "en": {
        "nobody": "{words} is no record, customer number, e-mail address or phone number that anybody here"
        " has",
        "erased": "{words} was erased: nothing is known of it any more",
        "a_group": "{words} stands for several people; name one of them",
        "several": "{words} was given by {count} people; name one of their records:{listed}",
        "one_record": "both words mean one record, {words}",
        "no_chain": "customer {number} has been put together under other settings; `firsthand run`, then"
        " ask again",
        "no_weights": "the last run matched by {file}, which is not there any more as it was;"
        " `firsthand run`, then ask again",
        "one": "One person: customer {number}.",
        "one_link": "The two records are linked directly.",
        "links": "{count} links lead from the one record to the other.",
        "two": "Two people: customers {left} and {right}.",
        "bits": "Evidence is counted in bits: one more makes it twice as likely. {threshold} are needed.",
        "best": "The most that speaks for one person is between these two records:",
        "asked": "Between the two records you named:",
        "sum": "in all",
        "plain": "plain at a glance, so counted as {kept} without a closer look",
        "population": "nothing of their own in common, and many people here",
        "kept_otherwise": "matching reckoned with {kept}",
        "same_platform_id": "one record names the other",
        "judged_together": "a person said they are one",
        "judged_apart": "a person said they are two",
        # Why they are two.
        "short": "{missing} bits are missing.",
        "not_met": "Enough, but they never met: what they share is on too many records to compare all of"
        " them.",
        "guard_role": "Guard: {value} is an office address. It ties nobody by itself.",
        "guard_crowd": "Guard: {value} is on {records} records of {names} first names. It ties nobody by"
        " itself.",
        "guard_shared": "Guard: {value} is on {records} records of {names} first names: it says less.",
        "guard_landline": "Guard: {value} is a household's landline ({records} records, {names} first"
        " names): it says"
        " less.",
        "guard_name": "Guard: many are called {value} here: the name says less.",
        "cut": "Enough, but kept apart: somebody on either side cannot be the same person.",
        "cut_judged": "Enough, but kept apart: a person said that they are two.",
        "crowded": "Enough, but under so many names that only pairs of {needed} bits and more count.",
        "unclear": "Enough, yet they are two: they changed since the last run, or hang together with others.",
        "contradicts": "What contradicts it most, between these two:",
        "judged": "{by} judged them two people on {day}",
        "judged_one": "{by} judged them one person on {day}",
        "household": "They are of one household: {number}.",
        "against": "Against it",
        # What is compared.
        "first_name": "first name",
        "last_name": "last name",
        "email": "e-mail",
        "phone": "phone",
        "birth_date": "birth date",
        "place": "place",
        "national_id": "national id",
        "company": "company",
        "country": "country",
        "known_by": "known by",
        "rule": "rule",
        "people": "people",
        "busy": "a run is writing just now; ask again when it has ended",
    },
    "fr": {
        "nobody": "{words} n'est ni une fiche, ni un numéro de client, ni une adresse ou un numéro connus"
        " ici",
        "erased": "{words} a été effacé : on n'en sait plus rien",
        "a_group": "{words} désigne plusieurs personnes ; nommez l'une d'elles",
        "several": "{words} a été donné par {count} personnes ; nommez l'une de leurs fiches :{listed}",
        "one_record": "les deux mots désignent une seule fiche, {words}",
        "no_chain": "le client {number} a été composé sous d'autres réglages ; `firsthand run`, puis"
        " redemandez",
        "no_weights": "le dernier passage a rapproché d'après {file}, qui n'y est plus tel quel ;"
        " `firsthand run`, puis redemandez",
        "one": "Une seule personne : client {number}.",
        "one_link": "Les deux fiches sont liées directement.",
        "links": "{count} liens mènent d'une fiche à l'autre.",
        "two": "Deux personnes : clients {left} et {right}.",
        "bits": "Les indices se comptent en bits : un de plus double la vraisemblance. Il en faut"
        " {threshold}.",
        "best": "Ce qui plaide le plus pour une seule personne, entre ces deux fiches :",
        "asked": "Entre les deux fiches nommées :",
        "sum": "en tout",
        "plain": "évident au premier regard, donc compté {kept} sans y regarder de plus près",
        "population": "rien de personnel en commun, et beaucoup de monde ici",
        "kept_otherwise": "compté {kept} par le rapprochement",
        "same_platform_id": "une fiche nomme l'autre",
        "judged_together": "quelqu'un a dit que c'est une seule personne",
        "judged_apart": "quelqu'un a dit que ce sont deux personnes",
        "short": "Il manque {missing} bits.",
        "not_met": "Assez, mais elles ne se sont pas rencontrées : ce qu'elles partagent figure sur trop"
        " de fiches"
        " pour toutes les comparer.",
        "guard_role": "Garde-fou : {value} est une adresse de service. À elle seule, elle ne lie personne.",
        "guard_crowd": "Garde-fou : {value} figure sur {records} fiches de {names} prénoms. Cela ne lie"
        " personne à soi"
        " seul.",
        "guard_shared": "Garde-fou : {value} figure sur {records} fiches de {names} prénoms : cela dit"
        " moins.",
        "guard_landline": "Garde-fou : {value} est la ligne fixe d'un foyer ({records} fiches, {names}"
        " prénoms) : cela"
        " dit moins.",
        "guard_name": "Garde-fou : beaucoup s'appellent {value} ici : le nom dit moins.",
        "cut": "Assez, mais tenues séparées : de part et d'autre, quelqu'un ne peut être la même personne.",
        "cut_judged": "Assez, mais tenues séparées : quelqu'un a dit que ce sont deux personnes.",
        "crowded": "Assez, mais sous tant de noms que seules comptent les paires de {needed} bits et plus.",
        "unclear": "Assez, et pourtant deux : elles ont changé depuis le dernier passage, ou tiennent à"
        " d'autres.",
        "contradicts": "Ce qui le contredit le plus, entre ces deux fiches :",
        "judged": "{by} a jugé le {day} que ce sont deux personnes",
        "judged_one": "{by} a jugé le {day} que c'est une seule personne",
        "household": "Ils sont d'un même foyer : {number}.",
        "against": "Contre",
        "first_name": "prénom",
        "last_name": "nom",
        "email": "e-mail",
        "phone": "téléphone",
        "birth_date": "naissance",
        "place": "lieu",
        "national_id": "identifiant",
        "company": "entreprise",
        "country": "pays",
        "known_by": "connu par",
        "rule": "règle",
        "people": "monde",
        "busy": "un passage est en train d'écrire ; redemandez quand il aura fini",
    },
}


say = teller(WORDS)


def level(language: str, comparison: str, name: str) -> str:
    """A level in words; one that needs none shows its name."""
    return LEVELS[comparison, name][language] or name.replace("_", " ")
