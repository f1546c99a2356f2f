"""The README's recipe for a new platform, followed to the letter in a copy of the tree, and run.

What a newcomer would write is in `tillpoint/` beside this file; what they would change is changed here. The
README must name every file of it, and nothing else may need to change.
"""

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
import yaml
from town import MORNING, ROOT

pytestmark = pytest.mark.slow

TOY = Path(__file__).resolve().parent / "tillpoint"
PAGE = json.loads((TOY / "members.json").read_text(encoding="utf-8"))
# As the README writes them.
NEW = {
    "connectors/tillpoint.py": TOY / "connectors" / "tillpoint.py",
    "dbt_project/models/staging/tillpoint/_tillpoint.yml": TOY / "staging" / "_tillpoint.yml",
    "dbt_project/models/staging/tillpoint/stg_tillpoint__members.sql": TOY
    / "staging"
    / "stg_tillpoint__members.sql",
    "tests/pages/tillpoint/members.json": TOY / "members.json",
}
UNIONS = ("profiles", "events")


@contextmanager
def till() -> Iterator[str]:
    """Tillpoint's API on loopback: two pages of members, oldest change first."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            good = self.headers["Authorization"] == "Bearer toy-key"
            body = PAGE["answers"][1 if "cursor" in asked else 0]["body"] if good else {"error": "who?"}
            self.send_response(200 if good else 401)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *words: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v2"
    finally:
        server.shutdown()
        server.server_close()


def copy_of_the_tree(to: Path) -> Path:
    """What a clone would hold, changes of the working tree included."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    # An unpacked archive has no git: then the whole folder, less what runs leave behind.
    names = [n for n in listed if n] or [
        str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if not {".venv", "target"} & set(p.parts)
    ]
    for name in names:
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    return to


def add_block(union: Path, block: str) -> None:
    """One more select at the end of a contract's union."""
    text = union.read_text(encoding="utf-8")
    head, end, tail = text.rpartition("\n)\n\nselect")
    assert end, f"{union.name} no longer ends its union the way the recipe assumes"
    union.write_text(f"{head}\n\n    union all by name\n\n{block.rstrip()}{end}{tail}", encoding="utf-8")


def follow_the_recipe(tree: Path) -> None:
    for name, source in NEW.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, tree / name)
    register = tree / "connectors" / "__init__.py"
    text = register.read_text(encoding="utf-8")
    register.write_text(text.replace("SHOPS = [", 'SHOPS = ["tillpoint", '), encoding="utf-8")
    for name in UNIONS:
        add_block(
            tree / "dbt_project" / "models" / "contracts" / f"{name}.sql", (TOY / f"{name}.sql").read_text()
        )


def python(tree: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    """The copy's own code: the installed package points to the tree it was made from."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tree), "PYTHONPATH": str(tree), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_readme_names_every_file_of_the_recipe() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    recipe = readme.partition("### Add a platform")[2].partition("\n## ")[0]
    named = " ".join(re.findall(r"`([^`]+)`", recipe))
    touched = [*NEW, "connectors/__init__.py", *(f"dbt_project/models/contracts/{n}.sql" for n in UNIONS)]
    missing = [
        name
        for name in touched
        if name not in named and not (Path(name).name in named and _folder(name) in named)
    ]
    assert missing == []


def _folder(name: str) -> str:
    return f"{Path(name).parent}/"


def test_a_new_platform_by_the_recipe_ends_in_the_customer_table(tmp_path: Path) -> None:
    tree, home = copy_of_the_tree(tmp_path / "tree"), tmp_path / "home"
    follow_the_recipe(tree)
    pages = python(
        tree, "-m", "pytest", "tests/test_connectors.py", "-k", "tillpoint", "-p", "no:cacheprovider"
    )
    assert pages.returncode == 0, pages.stdout
    home.mkdir()
    (home / ".env").write_text(f"TILLPOINT_KEY=toy-key\nFIRSTHAND_KEY={'ab' * 32}\n", encoding="utf-8")
    with till() as address:
        settings = {"company": "Toy", "platforms": {"tillpoint": {"base_url": address}}}
        (home / "firsthand.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        words = ("-m", "pipelines.cli", "--home", str(home), "run", "--only", "tillpoint")
        ran = python(tree, *words, FIRSTHAND_INGESTED_AT=MORNING)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    con = duckdb.connect(str(home / "serving" / "current" / "marketing.duckdb"), read_only=True)
    people = con.execute("select display_name, stage from customers order by all").fetchall()
    # Tilda joined twice and is one; who comes twice within a season is a prospect by the points.
    assert people == [("Tilda Caisse", "prospect"), ("Till Guichet", "lead")]
    assert con.execute("select count(*) from customer_profiles where platform = 'tillpoint'").fetchone() == (
        3,
    )


def test_without_its_page_the_connector_tests_name_the_missing_file(tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path / "tree")
    follow_the_recipe(tree)
    (tree / "tests" / "pages" / "tillpoint" / "members.json").unlink()
    pages = python(
        tree, "-m", "pytest", "tests/test_connectors.py", "-k", "tillpoint", "-p", "no:cacheprovider"
    )
    assert pages.returncode == 1
    assert "tests/pages/tillpoint/members.json is missing" in pages.stdout
