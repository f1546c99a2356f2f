"""What a past outage is said in, French and English."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "A past outage: {name}",
        "subtitle": "Out for {hours} hours from {start} on.",
        "catch_up": "bought later, of what was missing",
        "configured": "configured: {catch_up}",
        "because": "{because}; {note}",
        "none_came": "afterwards no more than usual was sold; ",
        "more_came": "more came than was missing, counted as all of it; ",
        "chance": "the best of the eight weeks before sold as much without any outage, so it may be chance; ",
        "no_source": "nothing: no channel falls silent",
        "no_source.note": "no order could be missing",
        "not_over": "cannot be told yet",
        "not_over.note": "the two days after it last until {after}: ask on the day after that",
        "not_enough_data": "not enough data",
        "not_enough_data.note": "no eight weeks of orders before it; the first order is of {first}",
        "too_sparse": "too few orders to tell",
        "too_sparse.note": "the same hours of eight weeks before had {orders} orders; 30 are needed, and"
        " one in most weeks",
        "no_shortfall": "nothing was missing",
        "no_shortfall.note": "as much as usual was sold meanwhile, so nothing could be bought later",
        "shortfall": "missing while it lasted",
        "shortfall.note": "the same hours of the eight weeks before brought {low} to {high}",
        "lost": "lost for good",
        "table": "Sold, and usual",
        "columns.table": "when|orders|sold|usual|difference",
        "out": "while it was out",
        "after": "48 hours after",
        "note.set": "To let drills count with it, write in firsthand.yaml, under ownership:"
        " catch_up: {catch_up}. One outage is one case: of several take the mean.",
        "note.how": "Usual is the median of the same weekday and hours of the eight weeks before. Bought"
        " later is what the 48 hours after sold above it, divided by what was missing; never less than"
        " nothing nor more than all. In {currency}.",
        "note.orders": "Orders with a touch on it in the seven days before, net of what was returned since.",
    },
    "fr": {
        "title": "Une panne passée : {name}",
        "subtitle": "En panne pendant {hours} heures à partir du {start}.",
        "catch_up": "acheté plus tard, de ce qui manquait",
        "configured": "réglé : {catch_up}",
        "because": "{because} ; {note}",
        "none_came": "après, rien de plus que d'ordinaire n'a été vendu ; ",
        "more_came": "il est venu plus qu'il ne manquait, compté comme le tout ; ",
        "chance": "la meilleure des huit semaines d'avant a vendu autant sans panne, peut-être un hasard ; ",
        "no_source": "rien : aucun canal ne se tait",
        "no_source.note": "aucune commande ne pouvait manquer",
        "not_over": "ne peut pas encore être dit",
        "not_over.note": "les deux jours d'après durent jusqu'au {after} : demander le lendemain",
        "not_enough_data": "pas assez de données",
        "not_enough_data.note": "pas huit semaines de commandes avant ; la première commande est du {first}",
        "too_sparse": "trop peu de commandes pour le dire",
        "too_sparse.note": "les mêmes heures des huit semaines d'avant ont eu {orders} commandes ; il en faut"
        " 30, et une la plupart des semaines",
        "no_shortfall": "rien n'a manqué",
        "no_shortfall.note": "il s'est vendu autant que d'ordinaire, rien ne pouvait être acheté plus tard",
        "shortfall": "manqué pendant la panne",
        "shortfall.note": "les mêmes heures des huit semaines d'avant ont rapporté {low} à {high}",
        "lost": "perdu pour de bon",
        "table": "Vendu, et d'ordinaire",
        "columns.table": "quand|commandes|vendu|d'ordinaire|différence",
        "out": "pendant la panne",
        "after": "48 heures après",
        "note.set": "Pour que les exercices en tiennent compte, écrire dans firsthand.yaml, sous ownership :"
        " catch_up: {catch_up}. Une panne est un seul cas : de plusieurs, prendre la moyenne.",
        "note.how": "D'ordinaire : la médiane du même jour de semaine et des mêmes heures des huit semaines"
        " d'avant. Acheté plus tard : ce que les 48 heures d'après ont vendu de plus, divisé par ce qui"
        " manquait ; jamais moins que rien ni plus que tout. En {currency}.",
        "note.orders": "Commandes avec un contact par là dans les sept jours d'avant, nettes de ce qui a été"
        " rendu depuis.",
    },
}
