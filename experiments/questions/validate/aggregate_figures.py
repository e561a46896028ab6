"""The aggregate benchmark beside the agent model."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.questions.compare.curves import panel_grid
from experiments.questions.validate.departures import MINUS, SHOWN, Departure
from experiments.reporting.arms import style_of
from experiments.reporting.numbers import measure_of
from experiments.reporting.style import put_head, wrapped

PANELS = 6
DOTS = (0, (1.0, 1.6))


def aggregate_figure(found: Sequence[Departure], source: str) -> Figure:
    """A panel an outcome, of those that part the longest: the agent model's median and middle 90 % of runs, and the
    benchmark, for every arm."""
    levels = [one for one in found if MINUS not in one.arm]
    outcomes = parting(levels)
    figure, panels = panel_grid(len(outcomes))
    left = len({one.outcome for one in levels}) - len(outcomes)
    over_set = any(one.apart is not None for one in levels)
    agents = "agents, median and nine tenths of the set" if over_set else "agents, median and middle 90 % of runs"
    beside = " (median). They part where it lies on the same side in nine tenths of members" if over_set else ""
    note = (
        f"Line and band: {agents}, yearly means. Dotted: the same parameters as a few difference equations without "
        f"agents{beside}. Axes do not start at zero."
        f"{f' The {len(outcomes)} outcomes that part the longest; {left} more are in summary.md.' if left else ''}"
    )
    top = put_head(figure, finding(levels), note, source, below=0.27)
    for axes, outcome in zip(panels, outcomes, strict=False):
        for one in (one for one in levels if one.outcome == outcome):
            _panel(axes, one)
        measure = measure_of(outcome)
        axes.set_title(wrapped(measure.label, 25))
        axes.set_ylabel(wrapped(measure.unit, 24))
    _legend(figure, [one.arm for one in levels if one.outcome == outcomes[0]], top)
    return figure


def parting(levels: Sequence[Departure]) -> list[str]:
    """The outcomes in which the benchmark lies outside the agents' band for most years, in their usual order."""
    years = {name: sum(int(one.outside.sum()) for one in levels if one.outcome == name) for name in SHOWN}
    known = [name for name in SHOWN if any(one.outcome == name for one in levels)]
    most = sorted(known, key=lambda name: -years[name])[:PANELS]
    return [name for name in known if name in most]


def finding(levels: Sequence[Departure]) -> str:
    """How many curves end outside the agents' band, or over the set on one side of the agents, as a title."""
    away = [one for one in levels if one.since is not None]
    if any(one.apart is not None for one in levels):
        return (
            f"Without agents {len(away) or 'none'} of {len(levels)} curves end{'s' * (len(away) < 2)} on the same "
            "side of the agents' in nine tenths of the set"
        )
    if not away:
        return "Without agents every curve ends within the band of the agents' runs"
    return f"Without agents {len(away)} of {len(levels)} curves end outside the band of the agents' runs"


def _panel(axes: Axes, one: Departure) -> None:
    years = one.years
    colour, dashes, _ = style_of(one.arm)
    axes.fill_between(years, one.agents[0], one.agents[2], color=colour, alpha=0.18, linewidth=0)
    axes.plot(years, one.agents[1], color=colour, linestyle=dashes)
    axes.plot(years, one.aggregate, color=colour, linestyle=DOTS, linewidth=2.2)
    axes.set_xlim(years[0], max(years[-1], years[0] + 1))
    axes.locator_params(axis="x", nbins=4, integer=True)


def _legend(figure: Figure, arms: Sequence[str], top: float) -> None:
    handles = []
    for arm in arms:
        colour, dashes, _ = style_of(arm)
        handles.append(Line2D([], [], color=colour, linestyle=dashes, label=f"{arm}, agents"))
        handles.append(Line2D([], [], color=colour, linestyle=DOTS, linewidth=2.2, label=f"{arm}, aggregate"))
    legend = figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.0, top), ncols=len(handles), handlelength=3.2
    )
    legend.set_in_layout(False)
