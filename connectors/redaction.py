"""What may be said aloud: error texts and logs hold no secret and no person."""

import re

_SECRET_SHAPES = re.compile(
    r"(?i)(bearer\s+|access_token=|appsecret_proof=|api[-_]key[=:]\s*)[^\s&\"']+"
    r"|\b(?:shpat_|shpss_|xkeysib-|tfp_|EAA)[\w-]+"
)
_PERSON_SHAPES = re.compile(r"[^\s@<>\"'=:]+@[^\s@<>\"']+\.\w+|(?<!\w)(?:\+|00?)\d[\d .()-]{7,}\d")


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """`text` without the given secrets, and without what looks like a token, an address or a phone."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    text = _SECRET_SHAPES.sub(lambda m: (m.group(1) or "") + "***", text)
    return _PERSON_SHAPES.sub("***", text)


# Kinds of database errors that quote a value, up to where the database goes on about the query.
_QUOTING = re.compile(
    r"((?:Conversion|Invalid Input|Constraint|Out of Range|Invalid|Mismatch Type|TypeMismatch|Data) "
    r"(?:Error|Exception)):.*?(?=\n\s*\n|\n\s*(?:LINE \d|compiled |> in )|\Z)",
    re.DOTALL,
)
_COLUMN = re.compile(r"source column (\w+)")


def redact_database_error(text: str) -> str:
    """A database's complaint without the value it quotes: its kind and column stay, and what is code."""

    def without_value(found: re.Match[str]) -> str:
        column = _COLUMN.search(found[0])
        return f"{found[1]}: (a value it quotes is left out{f'; column {column[1]}' if column else ''})"

    return redact(_QUOTING.sub(without_value, text))
