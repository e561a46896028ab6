"""What history matching leaves: share of the space by wave, parameters before and after, measures against ranges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.middle import narrower, spans
from experiments.questions.calibrate.result import Calibrated
from experiments.questions.question import Drawing, View
from experiments.reporting.finding import BLUE, INK
from experiments.reporting.numbers import short
from experiments.reporting.over_figure import draw_headlines
from experiments.reporting.style import SIZE, new_figure, panel_grid, put_head, wrapped

BEFORE, AFTER, RANGE = "#C8C8C8", BLUE, "#009E73"
MOST = 6
SHOWN = 30  # parameters, those that narrowed most
HALF = (0.25, 0.75)  # of the set, between which its middle half lies
LINE, LETTERS = 0.15, 40  # inches of a line of words, and letters on it


def draw(found: Calibrated, view: View) -> Sequence[Drawing]:
    """Parameters, measures, and where there are both arms over members those."""
    drawings = [Drawing("parameters", partial(draw_space, found)), Drawing("measures", partial(draw_measures, found))]
    if found.over:
        drawings.append(Drawing("headlines", partial(draw_headlines, found.over, found.where)))
    return drawings


def draw_space(found: Calibrated) -> Figure:
    """Above: the share of the space left by wave. Below: each parameter's range before and after."""
    chosen = shown_parameters(found)
    labels = [wrapped(found.results.setting(found.space.names[k]).brief, LETTERS) for k in chosen]
    lines = max(label.count("\n") + 1 for label in labels)
    rows = 0.2 + (0.06 + LINE * max(lines, 2)) * max(3, len(chosen))
    figure = new_figure(2.2 + rows)
    many = found.space.size
    note = (
        "Above: share of the whole space that is not ruled out after each wave. Below: grey, the plausible range; "
        "blue, what nine tenths of the set span, weighted by fit (thick: the middle half); line: default; ring: "
        f"new default, where it moves.{f' The {len(chosen)} most narrowed of {many}.' if many > len(chosen) else ''}"
    )
    put_head(figure, left_over(found), note, found.results.source)
    above, below = figure.subplots(2, 1, height_ratios=(1.3, rows))
    _shares(above, found)
    _ranges(below, found, chosen, labels)
    return figure


def shown_parameters(found: Calibrated) -> list[int]:
    """Places of the parameters that narrowed most, in their usual order; without members the first ones."""
    space = found.space
    if not len(found.members):
        return list(range(min(space.size, SHOWN)))
    order = np.argsort(-narrower(found.members, space), kind="stable")
    return sorted(int(k) for k in order[:SHOWN])


def left_over(found: Calibrated) -> str:
    """What is left of the space, and whether that has settled, as a title."""
    waves = len(found.shares)
    after = f"after {waves} wave{'s' * (waves != 1)}"
    if found.share == 0.0:
        return f"The patterns leave nothing of {found.space.size} parameters' space {after}"
    many = f"{found.space.size} parameter{'s' * (found.space.size != 1)}"
    left = f"The patterns leave {short(100 * found.share)} % of the space of {many} {after}"
    if not len(found.members):
        return left
    return f"{left}; {short(100 * found.inside)} % of fresh points in it lie inside every range"


def _shares(axes: Axes, found: Calibrated) -> None:
    shares = [100.0, *(100 * share for share in found.shares)]
    known = [(wave, share) for wave, share in enumerate(shares) if share > 0]
    axes.plot(*zip(*known, strict=True), color=AFTER, marker="o")
    for wave, share in known:
        axes.annotate(f"{short(share)} %", (wave, share), xytext=(5, 5), textcoords="offset points", fontsize=SIZE)
    if known[-1][1] < 10.0:
        axes.set_yscale("log")
        axes.set_ylim(top=400.0)
    else:
        axes.set_ylim(0, 130)
    axes.yaxis.set_major_formatter("{x:g}")
    axes.set_xticks(range(len(shares)))
    axes.set_xlim(-0.3, len(shares) - 0.4)
    axes.set_xlabel("wave")
    axes.set_ylabel("% not ruled out")
    axes.yaxis.set_label_coords(-0.14, 0.5)  # not as far out as the names of parameters below
    axes.set_title("What is left of the space")


def _ranges(axes: Axes, found: Calibrated, chosen: Sequence[int], labels: Sequence[str]) -> None:
    space, members = found.space, found.members
    whole = spans(members, space) if len(members) else []
    for place, k in enumerate(chosen):
        name, low, high = space.names[k], float(space.low[k]), float(space.high[k])
        axes.barh(place, 1.0, height=0.62, color=BEFORE, alpha=0.55)
        axes.plot(
            [(found.default(name) - low) / (high - low)] * 2, [place - 0.36, place + 0.36], color=INK, linewidth=1.2
        )
        if whole:
            values = (members[name].to_numpy(np.float64) - low) / (high - low)
            ends = [(end - low) / (high - low) for end in (whole[k].low, whole[k].high)]
            half = np.quantile(values, HALF, weights=members["weight"].to_numpy(np.float64), method="inverted_cdf")
            axes.plot(ends, [place, place], color=AFTER, linewidth=2)
            axes.plot(half, [place, place], color=AFTER, linewidth=6, solid_capstyle="butt")
            if name in found.proposed:
                there = (found.proposed[name] - low) / (high - low)
                axes.plot(there, place, marker="o", markersize=6, markerfacecolor="white", color=AFTER)
        axes.text(-0.015, place, short(low), ha="right", va="center", fontsize=SIZE, color="#505050")
        axes.text(1.015, place, short(high), ha="left", va="center", fontsize=SIZE, color="#505050")
    axes.set_yticks(range(len(chosen)), labels)
    axes.tick_params(axis="y", pad=46)
    axes.set_ylim(len(chosen) - 0.4, -0.6)
    axes.set_xlim(-0.002, 1.002)
    axes.set_xticks([])
    axes.set_xlabel("plausible range, from its low to its high end")
    axes.grid(visible=False)
    axes.set_title("Parameters before and after")


def draw_measures(found: Calibrated) -> Figure:
    """A panel a measure, of those that rule out most: points wave by wave against the pattern's range."""
    tests = {pattern.measure_of(test): test for pattern in found.patterns for test in pattern.tests}
    chosen_ones = hardest_targets(found)
    figure, panels = panel_grid(len(chosen_ones), 2)
    more = len(found.targets) - len(chosen_ones)
    note = (
        "Dots: points, means over seeds; blue: not ruled out by the model itself. Green: the pattern's range."
        f"{f' The {len(chosen_ones)} measures that rule out most; {more} more are in summary.md.' if more else ''}"
    )
    put_head(figure, nearer(found), note, found.results.source)
    values, kept = found.means, found.accepted
    jitter = (np.arange(len(values)) * 0.618) % 1.0 * 0.5 - 0.25
    for k, axes in zip(chosen_ones, panels, strict=False):
        target = found.targets[k]
        for chosen, colour, size in ((~kept, "#A0A0A0", 7), (kept, AFTER, 11)):
            axes.scatter((found.wave_of + jitter)[chosen], values[chosen, k], s=size, color=colour, linewidths=0)
        _range(axes, target)
        axes.set_xticks(range(1, len(found.waves) + 1))
        axes.set_xlabel("wave")
        axes.set_ylabel(wrapped(tests[target.name].unit, 20))
        axes.set_title(wrapped(f"{target.name.partition('.')[0]} {tests[target.name].title}", 36))
    return figure


def hardest_targets(found: Calibrated) -> list[int]:
    """Places of the measures that rule out most points, in their usual order."""
    with np.errstate(invalid="ignore"):
        ruled_out = (found.by_target > found.rules.cut_off).sum(axis=0)
    return sorted(int(k) for k in np.argsort(-ruled_out, kind="stable")[:MOST])


def nearer(found: Calibrated) -> str:
    """How many points come near enough in the first wave and in the last, as a title."""
    told = []
    for wave in dict.fromkeys((1, len(found.waves))):
        here = found.wave_of == wave
        told.append(f"{int(found.accepted[here].sum())} of {int(here.sum())} in wave {wave}")
    return f"The model itself does not rule out {' and '.join(told)}"


def _range(axes: Axes, target: Target) -> None:
    low, high = axes.get_ylim()
    ends = [end for end in (target.low, target.high) if np.isfinite(end)]
    low, high = min(low, *ends, low), max(high, *ends, high)
    margin = 0.06 * (high - low)
    axes.axhspan(max(target.low, low - margin), min(target.high, high + margin), color=RANGE, alpha=0.15, linewidth=0)
    for end in ends:
        axes.axhline(end, color=RANGE, linewidth=1)
    axes.set_ylim(low - margin, high + margin)
