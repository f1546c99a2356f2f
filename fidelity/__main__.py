"""`make fidelity`: the simulator against the vendors' own clients and schema; a table, and no mercy.

Needs the package registries the first time. Exits with 1 if any check fails.
"""

import json
import subprocess
import sys
from datetime import date
from typing import Any

from fidelity.environment import PYTHON, ROOT, prepare
from fidelity.npm import CannotPrepare
from simulator.company import make, with_everything, with_form_tools
from simulator.platforms import NAMES
from simulator.server import running

PEOPLE, SEED, UNTIL = 150, 7, date(2026, 11, 20)


def main() -> int:
    try:
        prepare()
    except CannotPrepare as error:
        print(f"fidelity cannot be judged: {error}", file=sys.stderr)
        return 1
    company = with_everything(with_form_tools(make(PEOPLE, SEED, UNTIL), "hubspot"))
    # Tally and Typeform have neither a client of the vendor's nor a schema.
    judged = [name for name in NAMES if (ROOT / "fidelity" / f"{name}.py").exists()]
    with running(company) as base_url:
        results = [result for name in judged for result in _run(name, base_url)]
    _print(results)
    failed = [result for result in results if not result["is_good"]]
    print(f"\n{len(results)} checks, {sum(r['calls'] for r in results)} calls, {len(failed)} failed")
    return int(bool(failed))


def _run(platform: str, base_url: str) -> list[dict[str, Any]]:
    """The checks of one platform, in the vendors' environment."""
    done = subprocess.run(
        [str(PYTHON), "-m", f"fidelity.{platform}", base_url],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if not results or (done.returncode and all(result["is_good"] for result in results)):
        told = done.stderr.strip().splitlines()[-1:] or ["no result"]
        results.append(
            {"platform": platform, "judge": "", "what": "runs to its end", "calls": 0, "is_good": False,
             "notes": told[0]}
        )  # fmt: skip
    return results


def _print(results: list[dict[str, Any]]) -> None:
    headings = {"platform": "platform", "judge": "SDK or schema", "what": "asked", "calls": "calls"}
    widths = {
        key: max(len(heading), *(len(str(result[key])) for result in results))
        for key, heading in headings.items()
    }
    print("  ".join(heading.ljust(widths[key]) for key, heading in headings.items()) + "  result")
    for result in results:
        cells = "  ".join(str(result[key]).ljust(width) for key, width in widths.items())
        print(f"{cells}  {'ok' if result['is_good'] else 'FAILED'}  {result['notes']}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
