"""What of two profiles is compared, and in which levels each comparison may end.

A level is an SQL condition over `<column>_l` and `<column>_r` of int_identity__compared; the first that
holds counts. The same recipe serves training and scoring. Weights are bits: a level of weight 3 makes it
2^3 times as likely that both are one person.

DuckDB's words only; another engine needs its own for jaro_winkler_similarity and damerau_levenshtein.
"""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """`name` is the key of its weight, `words` what `firsthand why` prints (English, French)."""

    name: str
    condition: str
    words: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Comparison:
    name: str
    levels: tuple[Level, ...]


def both(column: str) -> str:
    return f"{column}_l is not null and {column}_r is not null"


def edits(column: str) -> str:
    return f"damerau_levenshtein({column}_l, {column}_r)"


def slips(left: str, right: str, most: int) -> str:
    """At most so many. A swap of letters is one, and two to `levenshtein`, which is five times as fast."""
    return f"(levenshtein({left}, {right}) <= {2 * most} and damerau_levenshtein({left}, {right}) <= {most})"


def typed_alike(column: str, most: int) -> str:
    return slips(f"{column}_l", f"{column}_r", most)


def like(column: str) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r)"


def shorter(column: str) -> str:
    return f"least(length({column}_l), length({column}_r))"


def longer(column: str) -> str:
    return f"greatest(length({column}_l), length({column}_r))"


# Forms of a name (nicknames, parts of a double name) where there are any, else the name itself.
def forms(name: str, side: str) -> str:
    return f"coalesce({name}_forms_{side}, [{name}_name_{side}])"


BACKED = "(birth_date_l = birth_date_r and birth_date_standing_l is null or national_id_l = national_id_r)"
# Both are first names people have, and not the same: Julie and Julien are no typo of each other.
TWO_NAMES = "(is_known_first_name_l and is_known_first_name_r and first_name_l <> first_name_r)"
# One typed a single word, and it is the other's last name: says nothing of first names.
ONE_WORD = """(
    (last_name_l is null or last_name_r is null) and first_name_l <> first_name_r
    and (jaro_winkler_similarity(first_name_l, last_name_r) >= .9
        or jaro_winkler_similarity(first_name_r, last_name_l) >= .9)
)"""


def _crossed() -> str:
    """One word agrees crosswise ("Reynolds, Sue" and "Susan Reynolds"), and the other two may be one name."""

    def agree(a: str, a_side: str, b: str, b_side: str) -> str:
        left, right = f"{a}_name_{a_side}", f"{b}_name_{b_side}"
        return (
            f"(list_has_any({forms(a, a_side)}, {forms(b, b_side)})"
            f" or length({left}) <= 3 and starts_with({right}, {left})"
            f" or length({right}) <= 3 and starts_with({left}, {right})"
            f" or least(length({left}), length({right})) >= 4 and {slips(left, right, 2)})"
        )

    # A condition of a `case` is asked of whom it concerns; one of an `and` now and then of everybody.
    return (
        "case when first_name_l = last_name_r or first_name_r = last_name_l then"
        f" first_name_l = last_name_r and {agree('last', 'l', 'first', 'r')}"
        f" or first_name_r = last_name_l and {agree('first', 'l', 'last', 'r')} else false end"
    )


FIRST_NAME = Comparison(
    "first_name",
    (
        Level("unknown", "first_name_l is null or first_name_r is null"),
        Level("one_word", ONE_WORD),
        Level(
            "same",
            "(first_name_l = first_name_r and first_initials_l is null)"
            " or (first_name_l = last_name_r and last_name_l = first_name_r)",
            ("same first name", "même prénom"),
        ),
        Level("crossed", _crossed(), ("names in the other order", "nom et prénom inversés")),
        Level(
            "initial",
            "starts_with(first_initials_of_r, first_initials_l)"
            " or starts_with(first_initials_of_l, first_initials_r)"
            f" or ({shorter('first_name')} between 2 and 3 and not {TWO_NAMES}"
            " and (starts_with(first_name_l, first_name_r)"
            " or starts_with(first_name_r, first_name_l)))",
            ("initials of the first name", "initiales du prénom"),
        ),
        Level(
            "nickname",
            f"list_has_any({forms('first', 'l')}, {forms('first', 'r')})",
            ("a short form of the first name", "diminutif du prénom"),
        ),
        # One address, one number, one last name and a letter between the first names: then rather a slip.
        Level(
            "two_names_alike",
            f"{TWO_NAMES} and not coalesce({BACKED}, false)"
            f" and {shorter('first_name')} >= 4 and {typed_alike('first_name', 2)}",
            ("two first names, alike", "deux prénoms proches"),
        ),
        Level(
            "two_names", f"{TWO_NAMES} and not coalesce({BACKED}, false)", ("two first names", "deux prénoms")
        ),
        Level(
            "similar",
            f"({shorter('first_name')} >= 4 and {typed_alike('first_name', 1)})"
            f" or ({shorter('first_name')} >= 6 and {typed_alike('first_name', 2)})"
            f" or ({shorter('first_name')} >= 5 and ({like('first_name')} >= .92"
            " or starts_with(first_name_l, first_name_r) or starts_with(first_name_r, first_name_l)))",
            ("first names alike", "prénoms proches"),
        ),
        Level(
            "near",
            f"{shorter('first_name')} >= 5 and {like('first_name')} >= .78"
            f" and {edits('first_name')} <= .45 * {longer('first_name')}",
            ("first names somewhat alike", "prénoms assez proches"),
        ),
        Level(
            "far",
            f"{like('first_name')} >= .65 and {edits('first_name')} <= .5 * {longer('first_name')}"
            # Of few letters on one last name: Marie and Marc, of one house.
            f" and ({shorter('first_name')} >= 5 or last_name_l <> last_name_r)",
            ("first names hardly alike", "prénoms peu proches"),
        ),
        # Everything is a little alike and nothing the same: one name, badly typed. A household would have the
        # last name exactly.
        Level(
            "garbled",
            f"last_name_l <> last_name_r and {like('last_name')} >= .7 and {like('first_name')} >= .45",
            ("both names garbled", "nom et prénom déformés"),
        ),
        Level("differs_but_backed", BACKED, ("another first name", "autre prénom")),
        Level("differs", "else", ("another first name", "autre prénom")),
    ),
)

LAST_NAME = Comparison(
    "last_name",
    (
        Level("one_word", ONE_WORD, ("one name of two", "un nom sur deux")),
        Level("unknown", "last_name_l is null or last_name_r is null"),
        *(
            Level(
                f"same_{standing}",
                "(last_name_l = last_name_r or (first_name_l = last_name_r and last_name_l = first_name_r))"
                + condition,
                (f"same last name{english}", f"même nom{french}"),
            )
            for standing, condition, english, french in (
                ("rare", " and full_name_standing_l is null", "", ""),
                ("few", " and full_name_standing_l = 'few'", "", ""),
                ("some", " and full_name_standing_l = 'some'", " (others have it)", " (partagé)"),
                ("many", " and full_name_standing_l = 'many'", " (a common one)", " (répandu)"),
                ("crowd", "", " (a very common one)", " (très répandu)"),
            )
        ),
        Level(
            "crossed",
            "first_name_l = last_name_r or last_name_l = first_name_r",
            ("a name in the other box", "nom dans l'autre case"),
        ),
        Level(
            "initial",
            "(length(last_name_l) = 1 and starts_with(last_name_r, last_name_l))"
            " or (length(last_name_r) = 1 and starts_with(last_name_l, last_name_r))",
            ("initial of the last name", "initiale du nom"),
        ),
        Level(
            "similar",
            f"{like('last_name')} >= .9 or ({shorter('last_name')} >= 4 and {typed_alike('last_name', 1)})"
            f" or ({shorter('last_name')} >= 7 and {typed_alike('last_name', 2)})"
            " or (jaro_winkler_similarity(first_name_l, last_name_r) > .9"
            " and jaro_winkler_similarity(last_name_l, first_name_r) > .9)",
            ("last names alike", "noms proches"),
        ),
        Level(
            "part",
            "list_has_any(list_filter(string_split(last_name_l, ' '), lambda word: length(word) >= 3),"
            " list_filter(string_split(last_name_r, ' '), lambda word: length(word) >= 3))",
            ("part of the last name", "une partie du nom"),
        ),
        Level("near", f"{like('last_name')} >= .8", ("last names somewhat alike", "noms assez proches")),
        Level("differs", "else", ("another last name", "autre nom")),
    ),
)

SAME_DIGITS = r"regexp_replace(email_l, '[^0-9]', '', 'g') = regexp_replace(email_r, '[^0-9]', '', 'g')"
DOMAINS = "split_part(email_l, '@', 2)", "split_part(email_r, '@', 2)"

EMAIL = Comparison(
    "email",
    (
        Level("unknown", "email_l is null or email_r is null"),
        Level(
            "same_role",
            "email_l = email_r and email_standing_l = 'role'",
            ("same office address", "même adresse de service"),
        ),
        Level(
            "same_crowd",
            "email_l = email_r and email_standing_l = 'crowd'",
            ("same address, of many people", "même adresse, de plusieurs"),
        ),
        Level(
            "same_shared",
            "email_l = email_r and email_standing_l = 'shared'",
            ("same address, of several people", "même adresse, partagée"),
        ),
        Level("same", "email_l = email_r", ("same e-mail address", "même adresse e-mail")),
        Level(
            "typo_in_domain",
            f"mailbox_l = mailbox_r and {DOMAINS[0]} <> {DOMAINS[1]}"
            f" and (jaro_winkler_similarity({', '.join(DOMAINS)}) >= .93"
            f" or {slips(*DOMAINS, 2)})",
            ("same mailbox, a typo in its provider", "même adresse à une faute près"),
        ),
        Level(
            "dotted",
            f"mailbox_l = mailbox_r and {DOMAINS[0]} = {DOMAINS[1]}",
            ("same address but for a dot", "même adresse à un point près"),
        ),
        Level(
            "own_mailbox",
            "mailbox_l = mailbox_r and regexp_matches(mailbox_l, '[0-9]')",
            ("same mailbox name elsewhere", "même nom d'adresse ailleurs"),
        ),
        Level(
            "mailbox",
            "mailbox_l = mailbox_r",
            ("mailbox of one name elsewhere", "adresse du même nom ailleurs"),
        ),
        Level(
            "typo",
            # the cheap questions first: most addresses differ in all of them
            "length(email_l) > 8 and abs(length(email_l) - length(email_r)) <= 2"
            f" and {like('email')} >= .9 and {typed_alike('email', 2)} and {SAME_DIGITS}",
            ("addresses alike", "adresses proches"),
        ),
        # marie.durand72 and marie.durand95 were both taken.
        Level(
            "other_digits",
            # Who differ in digits only begin alike, or one of them with a digit.
            "case when mailbox_l[1] = mailbox_r[1] or least(mailbox_l, mailbox_r) < ':' then"
            " regexp_replace(mailbox_l, '[0-9]', '', 'g') = regexp_replace(mailbox_r, '[0-9]', '', 'g')"
            " else false end",
            ("same mailbox name, other digits", "même nom d'adresse, autres chiffres"),
        ),
        Level(
            "near",
            f"{DOMAINS[0]} = {DOMAINS[1]} and length(mailbox_l) >= 6"
            " and jaro_winkler_similarity(mailbox_l, mailbox_r) >= .92",
            ("addresses somewhat alike", "adresses assez proches"),
        ),
        # Of two without a name, what they share is all there is.
        Level(
            "differs_nameless",
            "coalesce(first_name_l, last_name_l, first_name_r, last_name_r) is null",
            ("another e-mail address", "autre adresse e-mail"),
        ),
        Level("differs", "else", ("another e-mail address", "autre adresse e-mail")),
    ),
)

SAME_PHONE = (
    "(phone_l = phone_r or phone_l = other_phone_r"
    " or other_phone_l = phone_r or other_phone_l = other_phone_r)"
)
PHONE = Comparison(
    "phone",
    (
        Level(
            "same_crowd",
            f"{SAME_PHONE} and phone_standing_l = 'crowd'",
            ("same number, of many people", "même numéro, de plusieurs"),
        ),
        # A family's landline: nobody in particular.
        Level(
            "same_landline",
            f"{SAME_PHONE} and phone_standing_l = 'shared' and is_landline_l",
            ("same landline", "même ligne fixe"),
        ),
        Level(
            "same_shared",
            f"{SAME_PHONE} and (phone_standing_l = 'shared' or phone_standing_r = 'shared')",
            ("same number, of several people", "même numéro, partagé"),
        ),
        Level("same", SAME_PHONE, ("same phone number", "même numéro")),
        Level("unknown", "phone_l is null or phone_r is null"),
        Level(
            "typo",
            f"right(phone_l, 8) = right(phone_r, 8) or {like('phone')} >= .85 and {typed_alike('phone', 1)}",
            ("numbers alike", "numéros proches"),
        ),
        Level(
            "near",
            f"{like('phone')} >= .8 and {typed_alike('phone', 2)}",
            ("numbers somewhat alike", "numéros assez proches"),
        ),
        Level("differs", "else", ("another number", "autre numéro")),
    ),
)

BIRTH_DATE = Comparison(
    "birth_date",
    (
        Level("unknown", "birth_date_l is null or birth_date_r is null"),
        Level(
            "same_crowd",
            "birth_date_l = birth_date_r and birth_date_standing_l = 'crowd'",
            ("same birth date, of many people", "même date de naissance, de plusieurs"),
        ),
        Level("same", "birth_date_l = birth_date_r", ("same birth date", "même date de naissance")),
        Level(
            "typo",
            f"{typed_alike('birth_date', 1)} or (birth_date_l[1:4] = birth_date_r[1:4]"
            " and birth_date_l[5:6] = birth_date_r[7:8] and birth_date_l[7:8] = birth_date_r[5:6])",
            ("birth dates a digit apart", "dates de naissance à un chiffre près"),
        ),
        Level(
            "near",
            f"{typed_alike('birth_date', 2)} or abs(date_diff('day', try_strptime(birth_date_l, '%Y%m%d'),"
            " try_strptime(birth_date_r, '%Y%m%d'))) <= 400",
            ("birth dates close", "dates de naissance voisines"),
        ),
        # Father and son of one name; a slip of one digit was told above.
        Level(
            "generation",
            "abs(birth_date_l[1:4]::integer - birth_date_r[1:4]::integer) >= 15"
            " and not coalesce(national_id_l = national_id_r, false)",
            ("born a generation apart", "une génération d'écart"),
        ),
        Level("differs", "else", ("another birth date", "autre date de naissance")),
    ),
)

SAME_TOWN = "(postcode_l = postcode_r or city_l = city_r)"
PLACE = Comparison(
    "place",
    (
        Level(
            "home", f"street_l = street_r and {SAME_TOWN}", ("same postal address", "même adresse postale")
        ),
        Level("street", "street_l = street_r", ("same street", "même rue")),
        Level(
            "similar_home",
            f"{like('street')} >= .88 and {SAME_TOWN}",
            ("postal addresses alike", "adresses postales proches"),
        ),
        Level("similar_street", f"{like('street')} >= .88", ("streets alike", "rues proches")),
        Level("postcode", "postcode_l = postcode_r", ("same postcode", "même code postal")),
        Level("city", "city_l = city_r", ("same town", "même ville")),
        Level("similar_city", f"{like('city')} > .85", ("towns alike", "villes proches")),
        Level(
            "differs",
            "(postcode_l <> postcode_r and (city_l is null or city_r is null or city_l <> city_r))"
            " or (city_l <> city_r and (postcode_l is null or postcode_r is null))",
            ("another town", "autre ville"),
        ),
        Level("unknown", "else"),
    ),
)

NATIONAL_ID = Comparison(
    "national_id",
    (
        Level("unknown", "national_id_l is null or national_id_r is null"),
        Level("same", "national_id_l = national_id_r", ("same national id", "même identifiant national")),
        Level("typo", f"{typed_alike('national_id', 1)}", ("national ids alike", "identifiants proches")),
        Level("differs", "else", ("another national id", "autre identifiant national")),
    ),
)

COMPANY = Comparison(
    "company",
    (
        Level("unknown", "company_l is null or company_r is null"),
        Level("same", "company_l = company_r", ("same company", "même entreprise")),
        Level("differs", "else", ("another company", "autre entreprise")),
    ),
)

COUNTRY = Comparison(
    "country",
    (
        Level("unknown", "country_l is null or country_r is null"),
        Level("same", "country_l = country_r"),
        Level("differs", "else", ("another country", "autre pays")),
    ),
)

# A name and nothing else, because the rest was typed to get past the form: the same name proves little.
KNOWN_BY = Comparison(
    "known_by",
    (
        Level("nothing", "is_evasive_l or is_evasive_r", ("nothing but a name", "rien qu'un nom")),
        Level("something", "else"),
    ),
)

COMPARISONS = (
    FIRST_NAME,
    LAST_NAME,
    EMAIL,
    PHONE,
    BIRTH_DATE,
    PLACE,
    NATIONAL_ID,
    COMPANY,
    COUNTRY,
    KNOWN_BY,
)


def fingerprint() -> str:
    """Of all that is compared: weights trained under another one speak of other levels."""
    said = [(c.name, level.name, level.condition) for c in COMPARISONS for level in c.levels]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
