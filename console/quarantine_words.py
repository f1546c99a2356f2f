"""What the pages of quarantine say, by language; a part of console/words.py."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "place.quarantine": "Quarantine",
        "quarantine.held": "Records the door refused, waiting for somebody to decide: {count}",
        "quarantine.none": "The door holds nothing back.",
        "quarantine.how": "Judged again, a record lands if it keeps today's promises: mend the"
        " source or the rule first. Landed all the same, it breaks one, and you answer for it. Let"
        " go, it stays on file, counts as refused and is not asked about again. The next run obeys;"
        " your name is kept with it.",
        "quarantine.all": "All that is held",
        "quarantine.groups": "By source and reason",
        "quarantine.groups.columns": "source|why it was refused|records|the newest arrived (UTC)",
        "quarantine.records": "Records, newest first",
        "quarantine.records.columns": "arrived (UTC)|source|its key there|why it was refused",
        "quarantine.records.count": "{count} records",
        "quarantine.pages": "Pages of records",
        "quarantine.let_go": "Let go last",
        "quarantine.let_go.columns": "decided (UTC)|source|its key there|why it was refused|by whom, and why",
        "quarantine.decide": "Decide",
        "quarantine.reason": "Why? (kept with your name)",
        "quarantine.replay": "Judge again",
        "quarantine.accept": "Land all the same",
        "quarantine.dismiss": "Let go",
        "quarantine.reopen": "Hold it again",
        "quarantine.one": "Refused: {source}",
        "quarantine.about": "About it",
        "quarantine.about.columns": "what|as told",
        "quarantine.facts": "account|its key there|form|way in|what it says|arrived (UTC)|happened"
        " (UTC)|decided (UTC)|decided by|why",
        "quarantine.via.api": "read from the platform",
        "quarantine.via.webhook": "sent by the platform",
        "quarantine.via.file": "in a file",
        "quarantine.told": "The record as it was told",
    },
    "fr": {
        "place.quarantine": "Quarantaine",
        "quarantine.held": "Fiches refusées à l'entrée, en attente d'une décision : {count}",
        "quarantine.none": "Rien n'est retenu à l'entrée.",
        "quarantine.how": "Jugée de nouveau, une fiche entre si elle tient les promesses"
        " d'aujourd'hui : corrigez d'abord la source ou la règle. Admise quand même, elle en rompt"
        " une, et vous en répondez. Abandonnée, elle reste au dossier, compte comme refusée et n'est"
        " plus demandée. Le prochain passage l'applique ; votre nom est gardé avec.",
        "quarantine.all": "Tout ce qui est retenu",
        "quarantine.groups": "Par source et par raison",
        "quarantine.groups.columns": "source|raison du refus|fiches|la dernière arrivée (UTC)",
        "quarantine.records": "Fiches, les plus récentes d'abord",
        "quarantine.records.columns": "arrivée (UTC)|source|sa clé là-bas|raison du refus",
        "quarantine.records.count": "{count} fiches",
        "quarantine.pages": "Pages de fiches",
        "quarantine.let_go": "Abandonnées en dernier",
        "quarantine.let_go.columns": "décidé (UTC)|source|sa clé là-bas|raison du refus|par qui, et pourquoi",
        "quarantine.decide": "Décider",
        "quarantine.reason": "Pourquoi ? (gardé avec votre nom)",
        "quarantine.replay": "Juger de nouveau",
        "quarantine.accept": "Admettre quand même",
        "quarantine.dismiss": "Abandonner",
        "quarantine.reopen": "Retenir de nouveau",
        "quarantine.one": "Refusée : {source}",
        "quarantine.about": "À son sujet",
        "quarantine.about.columns": "quoi|valeur",
        "quarantine.facts": "compte|sa clé là-bas|formulaire|voie d'entrée|ce qu'elle dit|arrivée"
        " (UTC)|survenue (UTC)|décidé (UTC)|décidé par|pourquoi",
        "quarantine.via.api": "lue sur la plateforme",
        "quarantine.via.webhook": "envoyée par la plateforme",
        "quarantine.via.file": "dans un fichier",
        "quarantine.told": "La fiche telle qu'elle a été donnée",
    },
}
