"""A page in a real browser: what axe finds against it, and on how many sheets of A4 it prints.

Debian's chromium, headless, with a profile of its own; a page is a file, and nothing is asked of the network.
"""

import json
import re
import shutil
import subprocess
import tempfile
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fidelity.axe import SCRIPT

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The levels a public body must meet, and what the makers of axe advise besides.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LONGEST = 120  # seconds; a page takes two

needs_browser = pytest.mark.skipif(not shutil.which("chromium"), reason="needs Debian's chromium")
needs_axe = pytest.mark.skipif(not SCRIPT.exists(), reason="needs axe: `make axe` fetches it with npm")


# What axe says of the page it runs in.
AXE = f"""axe.run({{runOnly: {json.dumps(TAGS)}}}).then(
  found => found.violations.map(
    one => one.id + ": " + one.help + ": " + one.nodes.slice(0, 3).map(node => node.html).join(" ")))"""


def found_by_axe(page: "Page") -> list[str]:
    """Of a page that is open, as it stands now."""
    page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return page.evaluate(f"() => {AXE}")


def violations(page: Path, width: int = 1280) -> list[str]:
    """What is wrong for somebody: rule, its help and the first elements it fails; at that width in pixels."""
    judge = f"""
<script>{SCRIPT.read_text(encoding="utf-8")}</script>
<script>
{AXE}.catch(failed => ["axe itself: " + failed]).then(said => {{
  const told = document.createElement("pre");
  told.id = "told";
  told.textContent = JSON.stringify(said);
  document.body.append(told);
}});
</script>"""
    shown = page.read_text(encoding="utf-8").replace("</body>", f"{judge}</body>")
    with tempfile.TemporaryDirectory() as folder:
        judged = Path(folder) / "judged.html"
        judged.write_text(shown, encoding="utf-8")
        said = _chromium(judged, f"--window-size={width},900", "--virtual-time-budget=20000", "--dump-dom")
    told = re.findall(r'<pre id="told">(.*?)</pre>', said, re.DOTALL)
    assert told, f"axe did not come to an end on {page.name}"
    return json.loads(unescape(told[-1]))


def sheets(page: Path) -> int:
    """Of A4, as the page itself says it is to be printed."""
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "page.pdf"
        _chromium(page, "--no-pdf-header-footer", f"--print-to-pdf={printed}")
        return len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes()))


def _chromium(page: Path, *wishes: str) -> str:
    with tempfile.TemporaryDirectory() as profile:
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
        ran = subprocess.run(
            [*command, *wishes, page.as_uri()], check=True, capture_output=True, text=True, timeout=LONGEST
        )
    return ran.stdout
