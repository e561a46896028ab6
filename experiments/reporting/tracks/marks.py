"""Observed numbers drawn over the bands of runs: diamonds, hollow where the number chose something in the model."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from experiments.engine.results import Results
from experiments.reporting.finding import INK, WHITE
from experiments.reporting.numbers import measure_of
from experiments.reporting.tracks.bands import Dot, Track, beside
from experiments.reporting.tracks.score import band

KEY = "Diamonds: observed, with the range it may lie in; hollow where the number chose something in the model."


def drawn_over(results: Results, outcome: str, area: str | None) -> list[Dot]:
    """What was observed of an outcome in an area (None: the region), in the outcome's own recorded unit. A series that
    is told against its first observed year goes on from where the baseline's median was then."""
    if outcome not in results.outcomes:
        return []
    place = area or results.areas("region")[0]
    tracks, _ = beside(results, results.baseline, outcome=outcome)
    return [dot for track in tracks if _belongs(track, outcome, place, results) for dot in _levels(track, results)]


def draw_dots(axes: Axes, dots: Sequence[Dot], factor: float = 1.0) -> None:
    """Diamonds with ranges; `factor` turns their unit into the axis's."""
    for dot in dots:
        if dot.high > dot.low:
            axes.plot([dot.year] * 2, [dot.low * factor, dot.high * factor], color=INK, linewidth=1.1, zorder=5,
                      solid_capstyle="butt", clip_on=False)  # fmt: skip
        face = WHITE if dot.fitted else INK
        axes.plot([dot.year], [dot.value * factor], linestyle="", marker="D", markersize=5.5, color=INK,
                  markerfacecolor=face, markeredgewidth=1.2, zorder=6, clip_on=False)  # fmt: skip


def draw_observed(axes: Axes, results: Results, outcome: str, area: str | None) -> bool:
    """Draw what was observed of an outcome over its curves; whether there was anything."""
    dots = drawn_over(results, outcome, area)
    draw_dots(axes, dots, measure_of(outcome).factor)
    return bool(dots)


def _belongs(track: Track, outcome: str, place: str, results: Results) -> bool:
    if track.series.outcome != outcome:
        return False
    # Of a market that the region shares, a number observed anywhere in it belongs to the region.
    return track.area == place or (track.series.region_wide and place in results.areas("region"))


def _levels(track: Track, results: Results) -> Sequence[Dot]:
    if track.base is None:
        return track.dots
    outcome = str(track.series.outcome)
    _, level, _ = band(results.yearly(outcome, results.baseline)[:, list(results.years).index(track.base)])
    return [Dot(dot.year, dot.value * level, dot.low * level, dot.high * level, dot.observed) for dot in track.dots]
