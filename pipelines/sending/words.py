"""What `firsthand send` says, French and English."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "list": "list {name}",
        "new_list": "list {name}, which would be made",
        "added": "added",
        "newcomers": "of them contacts the tool does not know yet",
        "removed": "taken off",
        "staying": "stay on it",
        "members": "on it now",
        "left_out": "and not on it, because",
        "refused_there": "left, bounced or refused by that tool",
        "strangers": "not in that tool yet: it would have to subscribe them to everything",
        "laws": "by the law files {laws}",
        "dry_run": "nothing was changed: this was a dry run; --yes does it",
        "in_step": "the list reads as it should",
        "not_in_step": "the list does not read as it should yet: the same command, or the next run, goes on",
    },
    "fr": {
        "list": "liste {name}",
        "new_list": "liste {name}, à créer",
        "added": "ajoutés",
        "newcomers": "dont contacts encore inconnus de l'outil",
        "removed": "retirés",
        "staying": "y restent",
        "members": "y sont à présent",
        "left_out": "et n'y sont pas, car",
        "refused_there": "désinscrits, en erreur ou refusés par cet outil",
        "strangers": "pas encore dans cet outil : il faudrait les y inscrire à tout",
        "laws": "d'après les fichiers de loi {laws}",
        "dry_run": "rien n'a été changé : c'était un essai ; --yes le fait",
        "in_step": "la liste est comme elle doit être",
        "not_in_step": "la liste n'est pas encore comme elle doit être : la même commande, ou la prochaine"
        " exécution, continue",
    },
}


def say(language: str, what: str, **values: object) -> str:
    return WORDS[language][what].format(**values)
