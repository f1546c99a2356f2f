"""One package per platform, each speaking its vendor's protocol; it declares itself (see declared.py)."""

from pkgutil import iter_modules

# Their names alone: what they say of themselves is read by fleet.py.
NAMES = tuple(sorted(found.name for found in iter_modules(__path__) if found.ispkg))
