"""One file from reading to the groups written. The warehouse is a home of its own, private, thrown away."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines import dbt_parsed
from pipelines.company import Company
from pipelines.home import Home
from pipelines.matching import MatchError, engine, profiles, reading, result
from pipelines.matching.columns import Columns, listed
from pipelines.matching.result import Totals
from pipelines.warehouse_file import warehouse


@dataclass(frozen=True)
class Matched:
    totals: Totals
    engine_seconds: float  # its tables alone, without starting it
    seconds: float


def match(
    file: Path,
    out: Path | None,
    company: Company,
    *,
    mapped: Mapping[str, str],
    keep: Path | None = None,
    say: Callable[[str], None],
) -> Matched:
    """`company` says in which countries to read phone numbers; its own data are not touched.

    Raises MatchError where the file cannot be matched as it is.
    """
    began = time.monotonic()
    with throw_away("match", keep) as home, engine.starting(home) as dbt:
        here = Company(home, company.config, {})
        with warehouse(home) as con:
            columns = reading.read(con, file, mapped, home.root)
            profiles.make(con, company.config)
            _tell(say, columns, profiles.undated(con))
            count = con.execute("select count(*) from records").fetchall()[0][0]
            con.execute("drop table given")
        say(f"{count:,} records read in {time.monotonic() - began:.1f} s; matching")
        # Kept with the company where the installation is nobody's to write to, and there is a company.
        manifest = dbt_parsed.ensure_manifest(company if company.home.config.exists() else here)
        seconds = engine.run(dbt, here, manifest, say)
        with warehouse(home) as con:
            totals = result.write(con, out, home.root)
    return Matched(totals, seconds, time.monotonic() - began)


def _tell(say: Callable[[str], None], columns: Columns, undated: int) -> None:
    """What is not used, before the long wait: whoever meant it otherwise stops here."""
    if columns.ignored:
        say(f"columns not used: {listed(columns.ignored)}")
    if undated:
        say(f"{undated:,} times of creation cannot be read: these records count as the youngest")


@contextmanager
def throw_away(what: str, keep: Path | None, below: Path | None = None) -> Iterator[Home]:
    """A private home, gone afterwards unless it is to be kept. Raises MatchError where it cannot be.

    `below`: where it is made. A company's people are copied only into its own data/tmp: should we be killed,
    the next erasure clears that.
    """
    if keep is None:
        if below:
            below.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"firsthand-{what}-", dir=below) as name:
            yield Home(Path(name).resolve())
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise MatchError(f"--keep {keep}: takes a new or an empty folder")
    keep.mkdir(mode=0o700, parents=True, exist_ok=True)
    keep.chmod(0o700)
    yield Home(keep.resolve())
