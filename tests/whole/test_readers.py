"""Whoever reads `serving/current` never waits, never fails and never sees half a publication.

`make readers` does it for 100 publications.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from town import ROOT, Town

pytestmark = pytest.mark.slow

# Each has one row less in the ledger than the one before: so no two have the same counts.
PUBLISH = """
import json
import sys
from datetime import UTC, datetime
from pipelines import dbt_parsed, publish
from pipelines.company import Company
from pipelines.home import Home
from pipelines.warehouse_file import warehouse as opened

company = Company.at(Home.at())
manifest = dbt_parsed.ensure_manifest(company)
for _ in range(int(sys.argv[1])):
    with opened(company.home) as con:
        con.execute("delete from marts.campaigns where rowid = (select min(rowid) from marts.campaigns)")
    print(json.dumps(publish.publish(company, manifest, datetime.now(UTC)).manifest["counts"]), flush=True)
"""


def reader(how: str, town: Town, stop: Path) -> subprocess.Popen:
    script = ROOT / "tests" / "whole" / "reader.py"
    words = [sys.executable, str(script), how, str(town.root / "serving"), str(stop)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_readers_see_whole_publications_and_no_error(
    whole: Town, tmp_path: Path, pytestconfig: pytest.Config, say
) -> None:
    publications = pytestconfig.getoption("publications")
    town, stop = whole.copy(tmp_path / "home"), tmp_path / "stop"
    first = town.manifest["counts"]
    readers = {how: reader(how, town, stop) for how in ("hold", "reconnect")}
    try:
        done = subprocess.run(
            [sys.executable, "-c", PUBLISH, str(publications)],
            env=town.environment(FIRSTHAND_HOME=str(town.root)),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            timeout=60 + 30 * publications,
        )
        assert done.returncode == 0, done.stderr
        stop.touch()
        saw = {how: json.loads(process.communicate(timeout=60)[0]) for how, process in readers.items()}
    finally:
        for process in readers.values():
            process.kill()
            process.wait()

    # On a busy machine DuckDB prints a progress bar between: without a script it takes us for a person.
    told = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(told) == publications
    published = [first, *map(json.loads, told)]
    assert len(published) == publications + 1
    for how, found in saw.items():
        assert found["errors"] == [], how
        assert [counts for counts in found["seen"] if counts not in published] == [], how
    assert saw["hold"]["seen"] == [first], "an open file is one snapshot for as long as it is open"
    assert saw["reconnect"]["mixed"] == []
    assert published[-1] in saw["reconnect"]["seen"]
    assert len(saw["reconnect"]["seen"]) > publications / 2, "too slow a reader proves nothing"
    say(
        f"readers: {publications} publications, {saw['hold']['looks']} looks by the one that held on, "
        f"{saw['reconnect']['looks']} by the one that came back, 0 errors"
    )
