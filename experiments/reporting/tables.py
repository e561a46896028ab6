"""Tables as aligned text for a terminal and as Markdown."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

Rows = Sequence[Sequence[str]]
_BARE_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")  # one that is not escaped yet


def text_table(headers: Sequence[str], rows: Rows, left: int = 1) -> str:
    """Columns aligned with two blanks between; the first `left` columns to the left, others to the right."""
    widths = [max(len(line[i]) for line in (headers, *rows)) for i in range(len(headers))]

    def line(cells: Sequence[str]) -> str:
        parts = [c.ljust(w) if i < left else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))]
        return "  ".join(parts).rstrip()

    return "\n".join([line(headers), line(["-" * width for width in widths]), *(line(row) for row in rows)])


def fitted_table(headers: Sequence[str], rows: Rows, width: int) -> str:
    """The same, with the first column shortened where lines would be longer than `width`."""
    excess = max(len(line) for line in text_table(headers, rows).splitlines()) - width
    room = max(12, max(len(row[0]) for row in rows) - max(0, excess))
    return text_table(headers, [[_shortened(row[0], room), *row[1:]] for row in rows])


def _shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


def markdown_table(headers: Sequence[str], rows: Rows, left: int = 1) -> str:
    """The same as a Markdown table; whatever stands in a cell, it stays one cell of one line."""
    rule = ["---" if i < left else "---:" for i in range(len(headers))]
    lines = ([_cell(cell) for cell in cells] for cells in (headers, rule, *rows))
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _cell(text: str) -> str:
    return _BARE_BAR.sub(r"\1\\|", " ".join(text.split()))


def wrapped_table(headers: Sequence[str], rows: Rows, width: int = 100) -> str:
    """Left-aligned columns, the last one wrapped so that no line is longer than `width`."""
    widths = [max(len(line[i]) for line in (headers, *rows)) for i in range(len(headers) - 1)]
    indent = sum(widths) + 2 * len(widths)
    lines: list[str] = []
    for cells in (headers, *rows):
        start = "".join(cell.ljust(size + 2) for cell, size in zip(cells[:-1], widths, strict=True))
        text = textwrap.wrap(cells[-1], max(20, width - indent)) or [""]
        lines += [start + text[0], *(" " * indent + part for part in text[1:])]
    return "\n".join(line.rstrip() for line in lines)
