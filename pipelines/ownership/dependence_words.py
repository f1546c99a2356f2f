"""What the page of dependence is said in, French and English."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "What is ours and what is rented",
        "day": "The year up to {day}.",
        "index": "dependence on one platform, 0 to 100",
        "index.note": "{firm}; if the unknown are as the known {pro_rata}, if they are all its {block}",
        "index.none": "nothing is rented",
        "index.unknown": "no index",
        "index.unknown.note": "{share} of unknown source, more than 40 %",
        "index.too_few": "no index",
        "index.too_few.note": "{count} new customers, fewer than 30",
        "concentration": "concentration of what is rented, 0 to 10,000",
        "concentration.note": "as {effective} platforms of one size; with the unknown {low} to {high}",
        "owned": "our own audience",
        "owned.note": "{reachable} of {known} known people, by a channel of ours",
        "followers": "reachable people per follower",
        "followers.note": "{followers} followers, who overlap",
        "initiated": "revenue of our own initiative",
        "initiated.note": "last touch in seven days ours, or none",
        "diversity": "diversity of beginnings, 0 to 1",
        "diversity.high": "many sources of like size",
        "diversity.middle": "a few sources carry most",
        "diversity.low": "nearly all from one source",
        "sources": "Where customers and revenue of the year came from",
        "parts": "new customers",
        "columns.sources": "by|kind|new customers|part|12 months|part|only through it",
        "months": "Month by month: part of new customers brought by the firm that brought most",
        "columns.months": "the year up to|most on|dependence|concentration|unknown|own initiative|new"
        " customers",
        "moved": "What moved most since the end of last month: {source}, {acquisition} of new customers,"
        " {revenue} of"
        " revenue.",
        "note.index": "Index: 0.3 of its part of new customers, 0.4 of their revenue, 0.3 of the people"
        " only it"
        " reaches; the largest of all firms. Whom only it reached is known of today alone, so earlier"
        " months have no"
        " index but the one kept then.",
        "note.marks": "Competition law calls a market concentrated above 1,000 and highly so above 1,800."
        " What is ours"
        " or came by a friend adds nothing.",
        "rented": "rented",
        "owned.kind": "ours",
        "own": "our own channels",
        "referral": "friends",
        "unknown": "unknown",
        "points": "{sign}{points} points",
    },
    "fr": {
        "title": "Ce qui est à nous, ce qui est loué",
        "day": "L'année jusqu'au {day}.",
        "index": "dépendance à une plateforme, de 0 à 100",
        "index.note": "{firm} ; si les inconnus sont comme les connus {pro_rata}, s'ils sont tous à elle"
        " {block}",
        "index.none": "rien n'est loué",
        "index.unknown": "pas d'indice",
        "index.unknown.note": "{share} de source inconnue, plus de 40 %",
        "index.too_few": "pas d'indice",
        "index.too_few.note": "{count} nouveaux clients, moins de 30",
        "concentration": "concentration de ce qui est loué, de 0 à 10 000",
        "concentration.note": "comme {effective} plateformes de même taille ; avec les inconnus {low} à"
        " {high}",
        "owned": "notre propre audience",
        "owned.note": "{reachable} des {known} personnes connues, par un canal à nous",
        "followers": "personnes joignables par abonné",
        "followers.note": "{followers} abonnés, qui se recoupent",
        "initiated": "chiffre de notre propre fait",
        "initiated.note": "dernier contact sous sept jours à nous, ou aucun",
        "diversity": "diversité des débuts, de 0 à 1",
        "diversity.high": "beaucoup de sources de taille proche",
        "diversity.middle": "quelques sources portent l'essentiel",
        "diversity.low": "presque tout d'une source",
        "sources": "D'où sont venus les clients et le chiffre de l'année",
        "parts": "nouveaux clients",
        "columns.sources": "par|genre|nouveaux clients|part|12 mois|part|seulement par là",
        "months": "Mois par mois : part des nouveaux clients amenés par l'entreprise qui en amène le plus",
        "columns.months": "l'année au|surtout|dépendance|concentration|inconnus|de notre fait|nouveaux"
        " clients",
        "moved": "Ce qui a bougé le plus depuis la fin du mois dernier : {source}, {acquisition} des"
        " nouveaux clients,"
        " {revenue} du chiffre.",
        "note.index": "Indice : 0,3 de sa part des nouveaux clients, 0,4 de leur chiffre, 0,3 des"
        " personnes qu'elle"
        " seule joint ; le plus grand de toutes. Qui elle seule joignait n'est connu que d'aujourd'hui :"
        " les mois"
        " passés n'ont d'indice que celui gardé alors.",
        "note.marks": "Le droit de la concurrence dit un marché concentré au-dessus de 1 000, très"
        " au-dessus de 1 800."
        " Ce qui est à nous ou vient d'un ami n'ajoute rien.",
        "rented": "loué",
        "owned.kind": "à nous",
        "own": "nos propres canaux",
        "referral": "des amis",
        "unknown": "inconnu",
        "points": "{sign}{points} points",
    },
}
