"""Exports opened by a real spreadsheet: what is text stays text, nothing is computed."""

import csv
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from pipelines.exporting import files

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(OFFICE is None, reason="no LibreOffice (Debian: apt install libreoffice-calc-nogui)"),
]
COLUMNS = ("name", "contact", "postcode", "note")
ROWS = [
    {"name": "Zoé L'Haÿ", "contact": "+33639981234", "postcode": "01000", "note": '=HYPERLINK("http://x.test")'},
    {"name": "@sum(1+1)", "contact": "zoe@poste.example", "postcode": "2026-11-20", "note": "a;b,c\n\"d\""},
    {"name": "-1+2", "contact": "+15145550199", "postcode": "1e5", "note": "\t=1+1"},
]  # fmt: skip


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both files, opened by LibreOffice and saved as the other kind."""
    folder = tmp_path_factory.mktemp("sheets")
    for ending in ("xlsx", "csv"):
        files.write(folder / f"from_{ending}.{ending}", COLUMNS, ROWS)
    # UTF-8, commas, quotes; each cell as the export says: quoted cells are texts (filter option 7).
    taken = "--infilter=CSV:44,34,76,1,,0,true,false"
    for source, target, more in (("from_xlsx.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76", []),
                                 ("from_csv.csv", "xlsx", [taken])):  # fmt: skip
        subprocess.run(
            [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", *more,
             "--convert-to", target, "--outdir", folder / "saved", folder / source],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
    return folder / "saved"


def test_a_workbook_is_shown_as_it_was_written(opened: Path) -> None:
    with (opened / "from_xlsx.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [{name: row[name] for name in COLUMNS} for row in rows] == ROWS


def test_a_csv_becomes_texts_and_no_formula(opened: Path) -> None:
    sheet = openpyxl.load_workbook(opened / "from_csv.xlsx").active
    shown = [list(row) for row in sheet.iter_rows(min_row=2)]
    assert len(shown) == len(ROWS)
    assert not [cell.value for row in shown for cell in row if cell.data_type == "f"]
    assert [[cell.value for cell in row] for row in shown] == [
        [files.armoured(row[name]) for name in COLUMNS] for row in ROWS
    ]
