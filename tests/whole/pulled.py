"""Every connector that is pulled, so that a new one needs no word of a test's."""

from connectors import PLATFORMS
from pipelines.company import connector
from simulator import home

# Nobody is asked for these two.
PULLED = [name for name in PLATFORMS if name not in ("own_form", "files")]
CREDENTIALS = {
    name: {word for word in home.SECRETS if word.startswith(f"{name.upper()}_")} for name in PULLED
}
STREAMS = {name: {stream.name for stream in connector(name).STREAMS} for name in PULLED}
