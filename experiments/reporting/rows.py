"""A forest of findings: a row each, with a name, its mark and interval along a common or an own scale, and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from experiments.reporting.finding import INK, Finding
from experiments.reporting.marks import draw_point
from experiments.reporting.names import fitted
from experiments.reporting.style import SIZE

NAMES, HEIGHT = 2.95, 0.4  # inches beside the axes for names, and of a row of two lines
PALE = "#606060"
UP = 6.5  # points that the first of two lines lies above the middle of its row


@dataclass(frozen=True)
class Told:
    """A row. name, note: its two lines; finding: what is drawn; numbers: beside it, and under them their unit; strong:
    bold; begins: whether space parts it from the row before."""

    name: str
    note: str
    finding: Finding
    unit: str = ""
    strong: bool = False
    begins: bool = False
    places: int | None = None

    @property
    def numbers(self) -> str:
        """The difference with its interval."""
        return self.finding.shown(self.finding.places if self.places is None else self.places)


def height_of(rows: Sequence[Told], each: float = HEIGHT) -> float:
    """Inches that the rows take."""
    return each * (len(rows) + sum(0.5 for row in rows if row.begins) + 0.6)


def draw_rows(axes: Axes, rows: Sequence[Told], own_scale: bool = False) -> None:
    """Rows from above, better to the right. own_scale: each row reaches as far as its own interval, as units differ;
    rows where less is better are turned around. What is neither better nor worse has more to the right."""
    heights = np.cumsum([1.0 + 0.5 * row.begins for row in rows]) - 1.0
    for y, row in zip(heights, rows, strict=True):
        value = row.finding.value
        reach = max((abs(one) for one in (value.mean, value.low, value.high) if np.isfinite(one)), default=0.0)
        turned = -1.0 if own_scale and row.finding.better < 0 else 1.0
        draw_point(axes, row.finding, float(y), turned / (reach or 1.0) if own_scale else 1.0)
        _words(axes, row, float(y))
        axes.axhline(float(y) + 0.5, color="#ECECEC", linewidth=0.7, zorder=0)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
    axes.set_ylim((float(heights[-1]) if rows else 0.0) + 0.55, -0.6)
    if own_scale:
        axes.set_xlim(-1.08, 1.08)
        axes.set_xticks([])


def _words(axes: Axes, row: Told, y: float) -> None:
    at: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": SIZE}
    left: dict[str, Any] = {"xy": (0, y), "xycoords": ("axes fraction", "data"), "ha": "right", **at}
    right: dict[str, Any] = {"xy": (1, y), "xycoords": ("axes fraction", "data"), "ha": "left", **at}
    weight = "bold" if row.strong else "normal"
    up, under = (UP if row.note else 0.0), (UP if row.unit else 0.0)
    axes.annotate(fitted(row.name, NAMES, SIZE, row.strong), xytext=(-8, up), color=INK, fontweight=weight, **left)
    if row.note:
        axes.annotate(fitted(row.note, NAMES, SIZE), xytext=(-8, -UP), color=PALE, **left)
    axes.annotate(row.numbers, xytext=(8, under), color=INK, fontweight=weight, **right)
    if row.unit:
        axes.annotate(row.unit, xytext=(8, -UP), color=PALE, **right)
