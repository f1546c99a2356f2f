"""How measures are said, by language."""

from pipelines.dictionary.described import Measure, Table

UNITS = {
    "people": {"en": "people", "fr": "personnes"},
    "orders": {"en": "orders", "fr": "commandes"},
    "records": {"en": "records", "fr": "fiches"},
    "contacts": {"en": "contacts", "fr": "contacts"},
    "acts": {"en": "acts", "fr": "actes"},
    "rows": {"en": "rows", "fr": "lignes"},
    "stays": {"en": "stays", "fr": "séjours"},
    "times": {"en": "times", "fr": "fois"},
    "days": {"en": "days", "fr": "jours"},
    "money": {"en": "the company's currency", "fr": "devise de l'entreprise"},
    "money_of_row": {"en": "the row's own currency", "fr": "devise de la ligne"},
    "share": {"en": "share, 0 to 1", "fr": "part, de 0 à 1"},
    "percent": {"en": "percent", "fr": "pour cent"},
    "points": {"en": "points", "fr": "points"},
    "stars": {"en": "stars", "fr": "étoiles"},
    "score": {"en": "0 to 10", "fr": "de 0 à 10"},
    "rate": {"en": "exchange rate", "fr": "taux de change"},
    "bits": {"en": "bits", "fr": "bits"},
}
WAYS = {
    "sum": {"en": "may be added up", "fr": "s'additionne"},
    "mean": {"en": "may be averaged, not added up", "fr": "se moyenne, ne s'additionne pas"},
    "row": {"en": "of its row only", "fr": "ne vaut que pour sa ligne"},
    "count": {"en": "count those where it is true", "fr": "compter où c'est vrai"},
}
NOT_OVER = {"en": "not over {columns}", "fr": "pas sur {columns}"}


def said(measure: Measure, language: str) -> str:
    """Such as: people; may be added up, not over `month`."""
    how = WAYS[measure.by][language]
    if measure.not_over:
        columns = ", ".join(f"`{name}`" for name in measure.not_over)
        how += ", " + NOT_OVER[language].format(columns=columns)
    return f"{UNITS[measure.unit][language]}; {how}"


def measures(table: Table) -> list[str]:
    """Names of the columns of a table that are figures."""
    return [column.name for column in table.columns if column.measure]
