"""SVG made here, in the page's own ink: shapes by place and number, words as text, no script.

Parts differ by lightness and by pattern, so that they are told apart in grey, and by whoever sees no colours.
The pattern is the page's (body.html): one document defines it once.
"""

from collections.abc import Sequence
from xml.etree import ElementTree as Tree

from pipelines.paper.blocks import Line, Stack
from pipelines.paper.numbers import plain

WIDTH, LABEL, ROW, HEIGHT = 680, 150, 20, 110
INK, GREY = "#1f4e79", "#767676"
FILLS = (INK, "url(#lines)", "#e3e6ea")
# Bars and the line begin right of their labels and leave room for a number.
SPAN = WIDTH - LABEL - 60
MOST_LABELS = 7


def stack(chart: Stack, language: str) -> str:
    """Horizontal bars, to one scale."""
    svg = _svg(26 + len(chart.bars) * ROW + 4, chart.table.title)
    longest = max((sum(values) for _, values in chart.bars), default=0) or 1
    _legend(svg, chart.parts)
    for i, (label, values) in enumerate(chart.bars):
        top, left = 26 + i * ROW, float(LABEL)
        _text(svg, LABEL - 8, top + 12, label, "end")
        for value, fill in zip(values, FILLS, strict=False):
            width = value / longest * SPAN
            if value:
                _add(svg, "rect", x=left, y=top, width=width, height=14, fill=fill, stroke=INK)
            left += width
        total = sum(values)
        _text(svg, left + 5, top + 12, plain(total, language, 0 if total == int(total) else 1), "start")
    return Tree.tostring(svg, encoding="unicode")


def line(chart: Line) -> str:
    """Points from left to right, joined; the scale is 0 to 100 %."""
    svg = _svg(HEIGHT, chart.table.title)
    low = HEIGHT - 30
    step = SPAN / max(1, len(chart.points) - 1)
    places = [(LABEL + i * step, 10 + (1 - share) * (low - 10)) for i, (_, share) in enumerate(chart.points)]
    _text(svg, LABEL - 8, 14, "100 %", "end")
    _text(svg, LABEL - 8, low + 4, "0 %", "end")
    _add(svg, "path", d=f"M{LABEL} 10V{low}H{LABEL + SPAN}", fill="none", stroke=GREY)
    _add(svg, "polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in places), fill="none", stroke=INK)
    # Words that would run into each other are left out, counted from the newest.
    every = -(-len(places) // MOST_LABELS)
    for i, ((x, y), (label, _)) in enumerate(zip(places, chart.points, strict=True)):
        _add(svg, "circle", cx=x, cy=y, r=3.5, fill=INK)
        if (len(places) - 1 - i) % every == 0:
            _text(svg, x, HEIGHT - 12, label, "middle")
    return Tree.tostring(svg, encoding="unicode")


def _legend(svg: Tree.Element, names: Sequence[str]) -> None:
    left = float(LABEL)
    for name, fill in zip(names, FILLS, strict=False):
        _add(svg, "rect", x=left, y=4, width=12, height=12, fill=fill, stroke=INK)
        _text(svg, left + 17, 14, name, "start")
        left += 34 + 6.2 * len(name)  # a letter of this size is about so wide


def _text(svg: Tree.Element, x: float, y: float, words: str, anchor: str) -> None:
    _add(svg, "text", x=x, y=y, **{"text-anchor": anchor}).text = words


def _add(svg: Tree.Element, kind: str, **said: float | str) -> Tree.Element:
    texts = {name: value if isinstance(value, str) else f"{value:.1f}" for name, value in said.items()}
    return Tree.SubElement(svg, kind, texts)


def _svg(height: int, title: str) -> Tree.Element:
    return Tree.Element("svg", {"viewBox": f"0 0 {WIDTH} {height}", "role": "img", "aria-label": title})
