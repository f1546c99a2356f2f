"""What `firsthand feedback` says, by language."""

from pipelines.wording import teller

WORDS = {
    "en": {
        "told": "{count} moves to tell of:",
        "refused": "people not told of, for they have not said yes to both ad uses:",
        "left": "{count} more wait for the next file",
        "too_old": "{count} are too old: the platform takes them no more",
        "retracted_google": "{count} that were told did not last: to be retracted",
        "retracted_meta": "{count} that were told did not last; Meta takes nothing back",
        "retractions": "retractions, to be uploaded as adjustments: {file}",
    },
    "fr": {
        "told": "{count} passages à signaler :",
        "refused": "personnes dont rien n'est dit, faute d'un oui aux deux usages publicitaires :",
        "left": "{count} de plus attendent le prochain fichier",
        "too_old": "{count} sont trop anciens : la plateforme ne les prend plus",
        "retracted_google": "{count} déjà signalés n'ont pas duré : à retirer",
        "retracted_meta": "{count} déjà signalés n'ont pas duré ; Meta ne reprend rien",
        "retractions": "retraits, à importer comme ajustements : {file}",
    },
}
say = teller(WORDS)
