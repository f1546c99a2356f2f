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
