"""Neighbourhoods where they lie: a tile each on the region's schematic map, where its tables have one."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from experiments.engine.results import Results
from experiments.questions.compare.areas import MAIN, area_findings, areas_title
from experiments.reporting.finding import INK, Finding, Verdict, key
from experiments.reporting.marks import shades
from experiments.reporting.names import drawn_label, lines_of
from experiments.reporting.numbers import lower_first, measure_of, number
from experiments.reporting.style import SIZE, head, new_figure

WIDE, HIGH = 7.6, 0.62  # inches for all tiles of a row, and for one of a column
WIDEST = 1.9  # inches of a tile
NAMED = 0.7  # inches of a tile from which on its name and number are written in it
NONE = "\N{EN DASH}"
ROOM = 0.12  # inches between a name and its tile's edges
LINES = 2  # of a name in its tile
GAP = 0.06  # between tiles, share of one
PALE = 0.55  # of the full shade at most, so that what is written on it can be read


def draw_tiles(results: Results, on: str, off: str) -> Figure:
    """The paired difference of the last year in each neighbourhood's tile, coloured where it is decided."""
    names, measure = results.areas("neighbourhood"), measure_of(MAIN)
    findings = area_findings(results, MAIN, on, off)
    across, down = (max(where) + 1 for where in zip(*results.made.tile_of.values(), strict=True))
    figure = new_figure(HIGH * down + 1.15)
    verdicts = [one.verdict for one in findings]
    note = (
        f"{measure.label}, {drawn_label(results, on).lower()} minus {drawn_label(results, off).lower()}, mean of the "
        f"last year, {lower_first(measure.difference_unit)}. {key(verdicts)}. The map is schematic."
    )
    head(figure, areas_title(results, on, off, verdicts), results, note)
    axes = figure.subplots()
    reach = max((abs(one.value.mean) for one in findings if one.verdict is not Verdict.NOTHING), default=0.0) or 1.0
    for name, finding in zip(names, findings, strict=True):
        _tile(axes, name, finding, results.made.tile_of[name], reach, min(WIDE / across, WIDEST))
    axes.set_xlim(0, max(across, WIDE / WIDEST))
    axes.set_ylim(down, 0)
    axes.set_axis_off()
    return figure


def _tile(axes: Axes, name: str, finding: Finding, where: tuple[int, int], reach: float, inches: float) -> None:
    (x, y), known = where, finding.verdict is not Verdict.NOTHING
    depth = PALE * float(np.clip(finding.value.mean / reach, -1.0, 1.0)) if finding.verdict.decided else 0.0
    colour = shades(finding.better)(0.5 + 0.5 * depth)
    corner, side = (x + GAP / 2, y + GAP / 2), 1 - GAP
    axes.add_patch(Rectangle(corner, side, side, facecolor=colour, edgecolor=INK, linewidth=0.6))
    lines = lines_of(name, inches - ROOM, SIZE, most=LINES) if inches >= NAMED else []
    lines.append(finding.mark.symbol if known else NONE)
    if known and inches >= NAMED:
        lines[-1] += f" {number(finding.value.mean, finding.places, signed=True)}"
    axes.text(x + 0.5, y + 0.5, "\n".join(lines), ha="center", va="center", fontsize=SIZE, color=INK, linespacing=1.15)
