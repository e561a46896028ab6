"""What history matching leaves: share of the space by wave, parameters before and after, measures against ranges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from experiments.questions.calibrate.matching.headlines import Headline
from experiments.questions.calibrate.matching.implausibility import Target, mean_runs
from experiments.questions.calibrate.result import Calibrated
from experiments.questions.compare.curves import panel_grid
from experiments.questions.question import Drawing, View
from experiments.reporting.numbers import short
from experiments.reporting.style import GAIN, INK, LOSS, new_figure, put_head, wrapped

BEFORE, AFTER, RANGE = "#C8C8C8", GAIN, "#009E73"


def draw(found: Calibrated, view: View) -> Sequence[Drawing]:
    """Parameters, measures, and where there are both arms over members those."""
    drawings = [Drawing("parameters", partial(draw_space, found)), Drawing("measures", partial(draw_measures, found))]
    if found.over:
        drawings.append(Drawing("headlines", partial(draw_headlines, found.over, found.where)))
    return drawings


def draw_space(found: Calibrated) -> Figure:
    """Left: the share of the space left by wave. Right: each parameter's range before and after."""
    space = found.space
    figure = new_figure(max(3.6, 1.7 + 0.34 * space.size))
    note = (
        "Left: share of the whole space that is not ruled out after each wave. Right: grey, the plausible range; blue, "
        "what members of the set span (thick: the middle half); ring: the member near the middle; line: default."
    )
    put_head(figure, "What the patterns leave of the uncertain parameters", note, found.results.source)
    left, right = figure.subplots(1, 2, width_ratios=(1, 2.2))
    _shares(left, found)
    _ranges(right, found)
    return figure


def _shares(axes: Axes, found: Calibrated) -> None:
    shares = [100.0, *(100 * share for share in found.shares)]
    known = [(wave, share) for wave, share in enumerate(shares) if share > 0]
    axes.plot(*zip(*known, strict=True), color=AFTER, marker="o")
    for wave, share in known:
        axes.annotate(f"{short(share)} %", (wave, share), xytext=(5, 5), textcoords="offset points", fontsize=8)
    if known[-1][1] < 10.0:
        axes.set_yscale("log")
        axes.set_ylim(top=250.0)
    else:
        axes.set_ylim(0, 112)
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xticks(range(len(shares)))
    axes.set_xlim(-0.3, len(shares) - 0.4)
    axes.set_xlabel("wave")
    axes.set_ylabel("% of the space not ruled out")
    axes.set_title("What is left")


def _ranges(axes: Axes, found: Calibrated) -> None:
    space = found.space
    for place, (name, low, high) in enumerate(zip(space.names, space.low, space.high, strict=True)):
        axes.barh(place, 1.0, height=0.62, color=BEFORE, alpha=0.55)
        axes.plot(
            [(found.default(name) - low) / (high - low)] * 2, [place - 0.36, place + 0.36], color=INK, linewidth=1.2
        )
        if len(found.members):
            values = (found.members[name].to_numpy() - low) / (high - low)
            middle = values[found.members["middle"].to_numpy() == 1]
            quarter = np.quantile(values, [0.25, 0.75])
            axes.plot([values.min(), values.max()], [place, place], color=AFTER, linewidth=2)
            axes.plot(quarter, [place, place], color=AFTER, linewidth=6, solid_capstyle="butt")
            axes.plot(middle, [place], marker="o", markersize=6, markerfacecolor="white", color=AFTER)
        axes.text(-0.01, place, short(low), ha="right", va="center", fontsize=7, color="#505050")
        axes.text(1.01, place, short(high), ha="left", va="center", fontsize=7, color="#505050")
    labels = [wrapped(found.results.setting(name).label, 54) for name in space.names]
    axes.set_yticks(range(space.size), labels, fontsize=7.5)
    axes.tick_params(axis="y", pad=36)
    axes.set_ylim(space.size - 0.4, -0.6)
    axes.set_xlim(-0.002, 1.002)
    axes.set_xticks([])
    axes.set_xlabel("plausible range, from its low to its high end")
    axes.grid(visible=False)
    axes.set_title("Parameters before and after")


def draw_measures(found: Calibrated) -> Figure:
    """A panel a measure: points wave by wave against the pattern's range."""
    tests = {pattern.measure_of(test): test for pattern in found.patterns for test in pattern.tests}
    figure, panels = panel_grid(len(found.targets))
    note = (
        "Dots: points, means over seeds; blue: not ruled out by the model itself. Green: the pattern's range. Values "
        "further outside than counts are drawn at the edge."
    )
    put_head(figure, "The measures come nearer the patterns, wave by wave", note, found.results.source)
    values, kept = mean_runs(found.runs), found.accepted
    jitter = (np.arange(len(values)) * 0.618) % 1.0 * 0.5 - 0.25
    for k, (axes, target) in enumerate(zip(panels, found.targets, strict=False)):
        for chosen, colour, size in ((~kept, "#A0A0A0", 7), (kept, AFTER, 11)):
            axes.scatter((found.wave_of + jitter)[chosen], values[chosen, k], s=size, color=colour, linewidths=0)
        _range(axes, target)
        axes.set_xticks(range(1, len(found.waves) + 1))
        axes.set_xlabel("wave")
        axes.set_ylabel(tests[target.name].unit)
        axes.set_title(wrapped(f"{target.name.partition('.')[0]} {tests[target.name].title}", 38), fontsize=8)
    return figure


def _range(axes: Axes, target: Target) -> None:
    low, high = axes.get_ylim()
    ends = [end for end in (target.low, target.high) if np.isfinite(end)]
    low, high = min(low, *ends, low), max(high, *ends, high)
    margin = 0.06 * (high - low)
    axes.axhspan(max(target.low, low - margin), min(target.high, high + margin), color=RANGE, alpha=0.15, linewidth=0)
    for end in ends:
        axes.axhline(end, color=RANGE, linewidth=1)
    axes.set_ylim(low - margin, high + margin)


def draw_headlines(found: Sequence[Headline], source: str) -> Figure:
    """A bar an outcome and account: the share of the set in which coordination wins, and in which nothing differs."""
    figure = new_figure(1.5 + 0.3 * len(found), 10.0)
    note = (
        f"Of {found[0].members} members of the set: blue, coordinated is better than siloed; orange, worse, both by "
        "the sign of the mean over replicates; grey, no difference. At the right: the mean difference."
    )
    put_head(figure, "In which share of the set does coordination win?", note, source)
    axes = figure.subplots()
    for place, one in enumerate(found):
        axes.barh(place, 100 * one.wins, height=0.68, color=GAIN)
        axes.barh(place, 100 * one.ties, left=100 * one.wins, height=0.68, color=BEFORE)
        start = 100 * (one.wins + one.ties)
        axes.barh(place, 100 - start, left=start, height=0.68, color=LOSS)
    axes.axvline(50, color=INK, linestyle="dashed", linewidth=0.8)
    means = axes.twinx()
    for side, texts in (
        (axes, [wrapped(one.quantity.title, 44) for one in found]),
        (means, [f"{short(one.mean.mean, True)} {one.quantity.unit_of_difference}" for one in found]),
    ):
        side.set_yticks(range(len(found)), texts, fontsize=7.5)
        side.set_ylim(len(found) - 0.4, -0.6)
        side.tick_params(axis="y", length=0)
        side.grid(visible=False)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of members")
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        engine.set(w_pad=0.2)  # texts at both ends
    return figure
