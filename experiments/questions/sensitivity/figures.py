"""What a difference responds to: effects of a screening, shares of variance, and how they settle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from statistics import median

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.questions.question import Drawing, View
from experiments.questions.sensitivity.result import Response, Sensitivity
from experiments.reporting.arms import SPARE
from experiments.reporting.names import drawn_treatment
from experiments.reporting.style import GAIN, INK, LOSS, new_figure, put_head, wrapped

SHOWN = 15
COLOURS = (GAIN, LOSS, *(one.colour for one in SPARE[:1]), "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#808080")
MARKERS = "osD^vPX*"


def draw(found: Sensitivity, view: View) -> Sequence[Drawing]:
    """The screening's effects, and the shares of variance."""
    drawings = (("screening", draw_screening), ("indices", draw_indices))
    return [Drawing(name, partial(make, found)) for name, make in drawings]


def draw_screening(found: Sensitivity) -> Figure:
    """A panel a quantity: the largest effects with intervals."""
    responses = found.responses
    shown = max(min(SHOWN, len(response.effects)) for response in responses)
    wide = 6.5 * max(len(responses), 1.4)
    figure = new_figure(1.6 + 0.36 * max(shown, 6), wide)
    note = (
        f"Bar: how much the difference {found.on} minus {found.off} changes on average when the parameter alone moves "
        "over its plausible range (Morris); line: 95 % interval; blue: more, orange: less, grey: either way. "
        f"Dashed: the median effect. {len(found.ranges)} of {found.uncertain} uncertain parameters were screened."
    )
    title = f"What the gain of {drawn_treatment(found.results)} depends on"
    put_head(figure, title, note, found.results.source)
    for axes, response in zip(figure.subplots(1, len(responses), squeeze=False)[0], responses, strict=True):
        _effects(axes, found, response)
    return figure


def _effects(axes: Axes, found: Sensitivity, response: Response) -> None:
    shown = response.effects[:SHOWN]
    for place, effect in enumerate(shown):
        clear = abs(effect.mean) > 0.7 * effect.size
        colour = (GAIN if effect.mean > 0 else LOSS) if clear else "#B8B8B8"
        axes.barh(place, effect.size, color=colour, height=0.7)
        if not math.isnan(effect.half):
            ends = [max(0.0, effect.size - effect.half), effect.size + effect.half]
            axes.plot(ends, [place, place], color=INK, linewidth=1.3)
    axes.axvline(median(effect.size for effect in response.effects), color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    labels = [wrapped(f"{found.results.setting(effect.name).words} ({effect.name})", 44) for effect in shown]
    axes.set_yticks(range(len(shown)), labels, fontsize=7)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(f"change of the difference, {response.quantity.unit_of_difference}")
    axes.set_title(wrapped(response.quantity.title, 56))


def draw_indices(found: Sensitivity) -> Figure:
    """A row a quantity. Left: first and total shares of variance; right: totals as the sample grows."""
    figure = new_figure(1.4 + 3.1 * len(found.responses))
    note = (
        f"Left: share of the variance of the difference {found.on} minus {found.off} that comes from a parameter alone "
        "(pale) and with all its interactions (full), with 95 % intervals (Sobol'). Right: total shares from a "
        "quarter, half and all of the sample; lines that have become level have settled."
    )
    title = "Shares of the uncertainty about the gain, and whether they have settled"
    put_head(figure, title, note, found.results.source)
    grid = figure.subplots(len(found.responses), 2, squeeze=False, width_ratios=(1.15, 1))
    for (left, right), response in zip(grid, found.responses, strict=True):
        _shares(left, found, response)
        _settling(right, response)
    return figure


def _shares(axes: Axes, found: Sensitivity, response: Response) -> None:
    for place, index in enumerate(response.final):
        colour = COLOURS[place % len(COLOURS)]
        for offset, value, half, alpha in (
            (-0.19, index.total, index.total_half, 1.0),
            (0.19, index.first, index.first_half, 0.4),
        ):
            axes.barh(place + offset, value, height=0.36, color=colour, alpha=alpha)
            if not math.isnan(half):
                axes.plot([value - half, value + half], [place + offset] * 2, color=INK, linewidth=1.2)
    labels = [wrapped(found.results.setting(index.name).words, 40) for index in response.final]
    axes.set_yticks(range(len(labels)), labels, fontsize=7.5)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(*_clipped(axes.get_xlim()))
    axes.set_xlabel("share of the variance")
    axes.set_title(wrapped(response.quantity.title, 60))


def _settling(axes: Axes, response: Response) -> None:
    sizes = sorted(response.indices)
    for place, final in enumerate(response.final):
        totals, halves = [], []
        for size in sizes:
            index = next(one for one in response.indices[size] if one.name == final.name)
            totals.append(index.total)
            halves.append(index.total_half)
        colour = COLOURS[place % len(COLOURS)]
        shift = np.exp(0.02 * (place - len(response.final) / 2))
        axes.errorbar(
            np.array(sizes) * shift, totals, np.nan_to_num(halves), color=colour, marker=MARKERS[place % len(MARKERS)],
            markersize=4, linewidth=1.2, elinewidth=0.7, label=wrapped(final.name, 30),
        )  # fmt: skip
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.set_ylim(*_clipped(axes.get_ylim()))
    axes.set_xlabel("base points of the sample")
    axes.set_ylabel("total share of the variance")
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1.0, 0.5))
    axes.set_title("As the sample grows")


def _clipped(limits: tuple[float, float]) -> tuple[float, float]:
    """Limits within which shares make sense; intervals of tiny samples reach far beyond."""
    return max(-0.3, limits[0]), min(1.5, limits[1])
