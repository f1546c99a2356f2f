"""A page as lines for a terminal: the figures, then every table."""

from collections.abc import Sequence

from pipelines.paper.blocks import Page, Table


def write(page: Page) -> str:
    colon = " : " if page.language == "fr" else ": "
    parts = [[page.title, page.subtitle]]
    parts.append(list(page.said))
    parts.append(
        [f"  {one.label}{colon}{one.value}" + (f" ({one.note})" if one.note else "") for one in page.figures]
    )
    for block in page.blocks:
        table = block if isinstance(block, Table) else block.table
        parts.append([table.title, *columns([table.columns, *table.rows], table.texts)])
        if table.note:
            parts[-1].append(f"  {table.note}")
    parts.append(list(page.notes))
    return "\n\n".join("\n".join(part) for part in parts if part)


def columns(lines: Sequence[Sequence[str]], texts: int) -> list[str]:
    """Lines in columns: the first `texts` are words, to the left, the others figures, to the right."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return [
        "  "
        + "  ".join(
            cell.ljust(width) if i < texts else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
