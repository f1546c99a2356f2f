"""Open the published files with the DuckDB versions that BI tools carry, each in an environment of its own.

    python -m benchmarks.drivers [--serving DIR]

Prints a line per version: file, tables, rows of customers, whether comments are there. Ends with 1 if
one of them cannot read. Environments stay under .drivers/ for the next call.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

# Who carries it, as of November 2026. Evidence: read in the package; the others as their own pages say.
VERSIONS = {
    "1.1.3": "the oldest line a kept-up driver still carries",
    "1.2.2": "a guide to Superset; ours takes the newest",
    "1.4.2": "Evidence (@evidence-dev/duckdb 2.0.1)",
    "1.4.5": "the last long-term line",
    "1.5.5": "Metabase's driver",
    "1.5.6": "ours",
    "2.0.0": "the newest",
}
ROOT = Path(__file__).resolve().parent.parent
LOOK = """
import duckdb, json, sys
con = duckdb.connect(sys.argv[1], read_only=True)
names = con.execute("select schema_name || '.' || table_name from duckdb_tables() order by all").fetchall()
rows = {n: con.execute(f"select count(*) from {n}").fetchall()[0][0] for (n,) in names}
seen = [con.execute(f"select * from {n} limit 5").fetchall() for (n,) in names]
commented = "select count(*) from duckdb_columns() where comment is not null and not internal"
comments = con.execute(commented).fetchall()[0][0]
said = {"duckdb": duckdb.__version__, "tables": len(names), "comments": comments, "rows": sum(rows.values())}
print(json.dumps(said))
"""


def environment(version: str) -> Path:
    """The interpreter of an environment that holds exactly this DuckDB; made once."""
    folder = ROOT / ".drivers" / version
    python = folder / "bin" / "python"
    if not (folder / ".ok").exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = ["-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([python, *install, f"duckdb=={version}", "pytz"], check=True)
        (folder / ".ok").touch()
    return python


def look(version: str, file: Path) -> tuple[bool, str]:
    """Whether this version reads every table of the file, and what it saw or said."""
    done = subprocess.run(
        [environment(version), "-c", LOOK, file], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return False, done.stderr.strip().splitlines()[-1]
    seen = json.loads(done.stdout)
    return seen[
        "duckdb"
    ] == version, f"{seen['tables']} tables, {seen['rows']} rows, {seen['comments']} column comments"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--serving", type=Path, default=ROOT / ".demo" / "serving" / "current")
    serving = parser.parse_args().serving
    if not (serving / "marketing.duckdb").exists():
        print(f"no publication in {serving}: run `make demo` first", file=sys.stderr)
        return 2
    bad = 0
    for version, who in VERSIONS.items():
        for file in ("marketing.duckdb", "bi.duckdb"):
            good, text = look(version, (serving / file).resolve())
            bad += not good
            print(f"{'ok  ' if good else 'FAIL'}  duckdb {version:6} {file:17} {text}; {who}", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main())
