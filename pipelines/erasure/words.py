"""What `firsthand forget` and its receipts say, by language."""

from pipelines.wording import teller

WORDS = {
    "en": {
        "nobody": "nobody is known as {who}; the address or number is shut out all the same",
        "unknown": "nobody is known as {who}",
        "erased": "{who} was erased already",
        "several": "{count} customers share {who}; say which by the number:",
        "doubtful": "{number} may be more than one person. Decide first, run, then ask again:",
        "on_hold": "{number} is on hold: erased once `firsthand retention release` was said",
        "who": "Customer {number}: {count} records",
        "record": "  {profile_id}   since {day}",
        "leaves": "Leaves: {versions} versions of {records} records, every copy of them, and every"
        " publication that"
        " shows them",
        "values": "Shut out from now on:",
        "value": "  {value}",
        "value_scoped": "  {value}, only beside the first name {names}: {others} other people gave it too",
        "value_open": "  not {value}: somebody else would be shut out with it; only these records are",
        "orders": "Stays: {count} orders as sums, days and countries, under numbers that lead to"
        " nobody ({net} net):"
        " bookkeeping must keep them, and no month's revenue moves",
        "no_orders": "Stays: nothing but keyed hashes, so that no copy brings them back",
        "judgements": "Leaves too: {count} judgements about these records",
        "perhaps": "In doubt, and not touched: {left} and {right} may be one person. `firsthand"
        " judge` decides;"
        " then ask again for the other.",
        "told": "{platform}: {outcome}",
        "not_sent": "would be asked to erase them too: --tell-platforms",
        "erased_there": "erased them",
        "requested": "has taken note of it and erases them within days",
        "not_there": "does not know them any more",
        "impossible": "offers no such call: erase them there by hand",
        "failed": "could not be asked ({why}): erase them there by hand",
        "dry_run": "Nothing was written: --dry-run.",
        "sure": "This cannot be undone. Go on? [y]es: ",
        "stopped": "Nothing was done.",
        "carried": "Erased. Receipts: {folder}",
        "waits": "The request is kept and waits: {why}. The next run (`firsthand run`) goes on with it.",
        "backups": "Backups made before today still hold them: keep none longer than 30 days, and"
        " keep a copy of"
        " {ledger} beside FIRSTHAND_KEY: a restore needs both to leave them out.",
    },
    "fr": {
        "nobody": "personne n'est connu sous {who} ; l'adresse ou le numéro est écarté malgré tout",
        "unknown": "personne n'est connu sous {who}",
        "erased": "{who} a déjà été effacé",
        "several": "{count} clients partagent {who} ; précisez par le numéro :",
        "doubtful": "{number} est peut-être plusieurs personnes. Décidez d'abord, lancez, puis redemandez :",
        "on_hold": "{number} est sous séquestre : à effacer après `firsthand retention release`",
        "who": "Client {number} : {count} fiches",
        "record": "  {profile_id}   depuis {day}",
        "leaves": "Part : {versions} versions de {records} fiches, toutes leurs copies, et chaque"
        " publication qui les"
        " montre",
        "values": "Écartés désormais :",
        "value": "  {value}",
        "value_scoped": "  {value}, seulement avec le prénom {names} : {others} autres personnes"
        " l'ont donné aussi",
        "value_open": "  pas {value} : quelqu'un d'autre serait écarté avec ; seules ces fiches le sont",
        "orders": "Reste : {count} commandes en sommes, jours et pays, sous des numéros qui ne"
        " mènent à personne"
        " ({net} net) : la comptabilité doit les garder, et le revenu d'aucun mois ne bouge",
        "no_orders": "Reste : rien que des empreintes à clé, pour qu'aucune copie ne la ramène",
        "judgements": "Part aussi : {count} jugements sur ces fiches",
        "perhaps": "En doute, et laissé : {left} et {right} sont peut-être une seule personne."
        " `firsthand judge`"
        " décide ; redemandez ensuite pour l'autre.",
        "told": "{platform} : {outcome}",
        "not_sent": "serait priée de l'effacer aussi : --tell-platforms",
        "erased_there": "l'a effacé",
        "requested": "en a pris note et l'efface sous quelques jours",
        "not_there": "ne le connaît plus",
        "impossible": "ne propose pas cet appel : à effacer là-bas à la main",
        "failed": "n'a pas pu être jointe ({why}) : à effacer là-bas à la main",
        "dry_run": "Rien n'a été écrit : --dry-run.",
        "sure": "C'est définitif. Continuer ? [o]ui : ",
        "stopped": "Rien n'a été fait.",
        "carried": "Effacé. Récépissés : {folder}",
        "waits": "La demande est gardée et attend : {why}. La prochaine exécution (`firsthand run`)"
        " la poursuit.",
        "backups": "Les sauvegardes d'avant aujourd'hui la contiennent encore : n'en gardez aucune"
        " plus de 30 jours,"
        " et gardez une copie de {ledger} près de FIRSTHAND_KEY : une restauration a besoin des deux.",
    },
}


say = teller(WORDS)
