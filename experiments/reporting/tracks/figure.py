"""What was observed over bands of the baseline, nine runs in ten or nine tenths of a set: a panel a series and area."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.engine.results import Results
from experiments.reporting.arms import arm_style
from experiments.reporting.curves import MOST_PANELS
from experiments.reporting.style import flat_axis, head, panel_grid, wrapped, year_axis
from experiments.reporting.tracks.bands import Track
from experiments.reporting.tracks.history import History
from experiments.reporting.tracks.marks import KEY, draw_dots
from experiments.reporting.tracks.score import Scored, band, coverage

BEYOND = 1  # years that are shown after the last observed number
A_ROW, HEIGHT = 2, 2.0  # panels a row; inches of a row
TITLE, UNIT = 44, 18  # letters a line of a panel's title and of its unit


def shown_tracks(found: Sequence[Scored]) -> list[Track]:
    """Series to draw, six at most: those with most numbers that chose nothing, each series once before any again."""
    free = {id(one.track): len(one.held) for one in found if not one.fitted}
    tracks = list({id(one.track): one.track for one in found}.values())
    tracks.sort(key=lambda track: -free.get(id(track), 0))  # stable: as the list of series has them
    names = [track.series.name for track in tracks]
    return sorted(tracks, key=lambda track: names.index(track.series.name) != tracks.index(track))[:MOST_PANELS]


def draw_history(history: History) -> Figure:
    """Small multiples of what was observed; where there is at least one number that chose nothing in the model."""
    results = history.results
    tracks = shown_tracks(history.found)
    until = max(dot.year for track in tracks for dot in track.dots) + BEYOND
    figure, panels = panel_grid(len(tracks), A_ROW, HEIGHT)
    note = f"{history.drawn} {KEY} Dotted: had nothing changed since the start. Axes do not start at zero."
    head(figure, history_title(history), results, note)
    for axes, track in zip(panels, tracks, strict=False):
        _panel(axes, results, track, until)
    return figure


def history_title(history: History) -> str:
    """How many of the numbers that chose nothing the runs hold, and how many no change would."""
    of = coverage(history.held(False))
    inside, unchanged = (round(share * of.numbers) for share in (of.inside, of.inside_unchanged))
    return (
        f"{history.bands.title} {inside} of {of.numbers} observed numbers that chose nothing in the "
        f"model; had nothing changed, {unchanged} would be met"
    )


def _panel(axes: Axes, results: Results, track: Track, until: int) -> None:
    seen = track.years <= until
    unit, factor = track.series.shown
    colour, dashes, _ = arm_style(results, results.baseline)
    lower, middle, upper = np.transpose([band(year, track.weights) for year in track.values[:, seen].T * factor])
    axes.fill_between(track.years[seen], lower, upper, color=colour, alpha=0.2, linewidth=0)
    axes.plot(track.years[seen], middle, color=colour, linestyle=dashes)
    axes.axhline(band(track.start * factor, track.weights)[1], color=colour, linestyle=":", linewidth=1.0)
    draw_dots(axes, track.dots, factor)
    axes.set_title(wrapped(f"{track.series.label}, {track.where}", TITLE))
    axes.set_ylabel(wrapped(unit, UNIT))
    year_axis(axes, results, min(until, int(track.years[-1])))
    flat_axis(axes)
