"""SVG made here, in the page's own ink: shapes by place and number, words as text, no script.

Parts differ by lightness and by pattern, so that they are told apart in grey, and by whoever sees no colours.
"""

from collections.abc import Sequence

from markupsafe import Markup, escape

from pipelines.paper.blocks import Line, Stack

WIDTH, LABEL, ROW = 680, 150, 20
FILLS = ("#1f4e79", "url(#lines)", "#e3e6ea")
# Bars and the line begin right of their labels and leave room for a number.
SPAN = WIDTH - LABEL - 60
HEIGHT = 110


def stack(chart: Stack) -> Markup:
    """Horizontal bars, to one scale."""
    longest = max((sum(values) for _, values in chart.bars), default=0) or 1
    parts = [_legend(chart.parts)]
    for i, (label, values) in enumerate(chart.bars):
        top, left = 26 + i * ROW, float(LABEL)
        parts.append(_text(LABEL - 8, top + 12, label, "end"))
        for value, fill in zip(values, FILLS, strict=False):
            width = value / longest * SPAN
            if value:
                parts.append(
                    Markup(
                        '<rect x="{:.1f}" y="{}" width="{:.1f}" height="14" fill="{}" stroke="#1f4e79"/>'
                    ).format(left, top, width, Markup(fill))
                )
            left += width
        parts.append(_text(left + 5, top + 12, f"{sum(values):g}", "start"))
    return _svg(26 + len(chart.bars) * ROW + 4, chart.table.title, parts)


def line(chart: Line) -> Markup:
    """Points from left to right, joined; the scale is 0 to 100 %."""
    step = SPAN / max(1, len(chart.points) - 1)
    places = [
        (LABEL + i * step, 10 + (1 - share) * (HEIGHT - 40)) for i, (_, share) in enumerate(chart.points)
    ]
    parts = [
        _text(LABEL - 8, 14, "100 %", "end"),
        _text(LABEL - 8, HEIGHT - 26, "0 %", "end"),
        Markup('<path d="M{0} 10V{1}H{2}" fill="none" stroke="#767676"/>').format(
            LABEL, HEIGHT - 30, LABEL + SPAN
        ),
        Markup('<polyline points="{}" fill="none" stroke="#1f4e79" stroke-width="2"/>').format(
            " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        ),
    ]
    for (x, y), (label, _) in zip(places, chart.points, strict=True):
        parts.append(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3.5" fill="#1f4e79"/>').format(x, y))
        parts.append(_text(x, HEIGHT - 12, label, "middle"))
    return _svg(HEIGHT, chart.table.title, parts)


def _legend(names: Sequence[str]) -> Markup:
    parts, left = [], float(LABEL)
    for name, fill in zip(names, FILLS, strict=False):
        box = '<rect x="{:.1f}" y="4" width="12" height="12" fill="{}" stroke="#1f4e79"/>'
        parts.append(Markup(box).format(left, Markup(fill)))
        parts.append(_text(left + 17, 14, name, "start"))
        left += 34 + 6.2 * len(name)
    return Markup("").join(parts)


def _text(x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, words)


def _svg(height: int, title: str, parts: Sequence[Markup]) -> Markup:
    # A pattern of one document has one name: whichever picture comes first defines it for all.
    pattern = Markup(
        '<defs><pattern id="lines" width="5" height="5" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect width="5" height="5" fill="#fff"/>'
        '<path d="M0 0V5" stroke="#a8321e" stroke-width="4"/></pattern></defs>'
    )
    head = Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">'
    ).format(WIDTH, height, escape(title))
    return head + pattern + Markup("").join(parts) + Markup("</svg>")
