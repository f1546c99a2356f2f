"""Two receipts for each erasure: one for the person, one for the auditor. Neither says who it was."""

import json
from collections.abc import Sequence
from pathlib import Path

from connectors.landing import write_durably
from pipelines.company import Company
from pipelines.door.schema import Connection
from pipelines.erasure.platforms import outcome_line
from pipelines.warehouse_file import warehouse

PERSON = {
    "en": """\
{company}: your data was erased

Request {erasure}, received {day} ({channel}).

We erased every record we held about you, {count} in all, from: {sources}. They are gone from our database,
its history, files, logs and everything we publish from it.

What stays, and why:
- {orders} orders as amount, day, country and goods, without name, address or number: the law makes us
  keep our books. They can no longer be traced to you.
- Keyed fingerprints of your addresses and numbers, so that no old list or copy brings you back. Nobody can
  read an address out of them.

Backups are kept for 30 days at most; were one restored, you would be left out again.
Whom we passed it on to: {told}.
Should you write to us or order again, we shall know you as somebody new. You may complain to your data
protection authority.
""",
    "fr": """\
{company} : vos données ont été effacées

Demande {erasure}, reçue le {day} ({channel}).

Nous avons effacé toutes les fiches que nous avions sur vous, {count} en tout, venues de : {sources}. Elles
ont disparu de notre base, de son historique, des fichiers, des journaux et de tout ce que nous en publions.

Ce qui reste, et pourquoi :
- {orders} commandes en montant, jour, pays et articles, sans nom, adresse ni numéro : la loi nous impose de
  tenir nos comptes. On ne peut plus remonter à vous.
- Des empreintes à clé de vos adresses et numéros, pour qu'aucune ancienne liste ou copie ne vous ramène.
  Personne ne peut y lire une adresse.

Les sauvegardes sont gardées 30 jours au plus ; si l'une était restaurée, vous en seriez écarté de nouveau.
À qui nous l'avons transmis : {told}.
Si vous nous écrivez ou commandez à nouveau, nous vous connaîtrons comme quelqu'un de nouveau. Vous pouvez
saisir votre autorité de protection des données (en France, la CNIL).
""",
}
AUDITOR = {
    "en": """\
Erasure {erasure} at {company}

requested      {requested} by way of: {channel}; identity checked: {check}; written down by {by}
removed        {removed} (tables), {swept} (files and every other store)
publication    {snapshot} is the first without them; all older ones were deleted
records        {count}, of {sources}; versions {versions}
stays          {orders} orders as pseudonymous rows (amounts, day, country, goods); {stones} keyed hashes,
               key version {key_versions}, the key is not in the database
platforms      {told}
""",
    "fr": """\
Effacement {erasure} chez {company}

demandé        {requested}, par : {channel} ; identité vérifiée : {check} ; noté par {by}
retiré         {removed} (tables), {swept} (fichiers et tous les autres lieux)
publication    {snapshot} est la première sans elle ; toutes les précédentes sont supprimées
fiches         {count}, de {sources} ; versions {versions}
reste          {orders} commandes en lignes pseudonymes (montants, jour, pays, articles) ;
               {stones} empreintes, version de clé {key_versions}, la clé n'est pas dans la base
plateformes    {told}
""",
}


FACTS = """
    select requested_at, requested_by, channel, identity_check, extent::varchar, removed_at, swept_at
    from door.erasures where erasure_id = ?
"""


def write(company: Company, erasure_ids: Sequence[str], language: str) -> Path:
    """exports/erasures/<id>.person.txt and .auditor.txt, 0600; the folder."""
    from pipelines import running

    folder = company.home.exports / "erasures"
    folder.mkdir(mode=0o700, exist_ok=True)
    snapshot = running.manifest(company).get("snapshot", "?")
    with warehouse(company.home, read_only=True) as con:
        for erasure_id in erasure_ids:
            facts = _facts(con, erasure_id, language) | {
                "company": company.config.company,
                "snapshot": snapshot,
            }
            for reader, text in (("person", PERSON), ("auditor", AUDITOR)):
                write_durably(folder / f"{erasure_id}.{reader}.txt", text[language].format(**facts).encode())
    return folder


def _facts(con: Connection, erasure_id: str, language: str) -> dict[str, object]:
    requested, by, channel, check, extent, removed, swept = con.execute(FACTS, [erasure_id]).fetchone()
    size = json.loads(extent)
    stones, versions = con.execute(
        "select count(*), string_agg(distinct key_version::varchar, ', ')"
        " from door.tombstones where requested_at = ?",
        [requested],
    ).fetchone()
    return {
        "erasure": erasure_id,
        "day": f"{requested:%Y-%m-%d}",
        "requested": f"{requested:%Y-%m-%d %H:%M} UTC",
        "removed": f"{removed:%Y-%m-%d %H:%M} UTC",
        "swept": f"{swept:%Y-%m-%d %H:%M} UTC",
        "by": by,
        "channel": channel,
        "check": check,
        "count": size["records"],
        "versions": size["versions"],
        "orders": size["orders"],
        "sources": ", ".join(size["sources"]) or "-",
        "stones": stones,
        "key_versions": versions,
        "told": "; ".join(outcome_line(language, *one) for one in sorted(size["told"].items())) or "-",
    }
