"""`python -m fidelity.axe`: fetches axe-core, which judges our pages in a browser, into .axe/.

Needs npm and its usual registry, once per version. Without them tests of pages say so and are skipped.
"""

import sys
from pathlib import Path

from fidelity.npm import CannotPrepare, member

PACKAGE, VERSION = "axe-core", "4.14.1"
SCRIPT = Path(__file__).parent.parent / ".axe" / f"axe-{VERSION}.js"


def main() -> int:
    if SCRIPT.exists():
        return 0
    try:
        script = member(PACKAGE, VERSION, "axe.min.js")
    except CannotPrepare as error:
        print(f"pages cannot be judged by axe: {error}", file=sys.stderr)
        return 1
    SCRIPT.parent.mkdir(exist_ok=True)
    SCRIPT.write_bytes(script)
    return 0


if __name__ == "__main__":
    sys.exit(main())
