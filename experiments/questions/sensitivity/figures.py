"""What a difference responds to: effects of a screening, shares of variance, and how they settle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from statistics import median

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.analysis.sobol import Effect
from experiments.questions.question import Drawing, View
from experiments.questions.sensitivity.result import Response, Sensitivity
from experiments.reporting.ends import MOST, End, label_ends
from experiments.reporting.finding import BLUE, GREY, INK, MARKS, ORANGE, PURPLE, WHITE, Verdict
from experiments.reporting.names import fitted
from experiments.reporting.numbers import listed, number, percent, short
from experiments.reporting.style import SIZE, new_figure, put_head, wrapped

SHOWN = 10
CLEAR = 0.7  # of an effect's size that its mean must have, so that it goes one way
LOOSE = 0.5  # half of the widest interval of a share above which a title says that the sample is small
LINES = (INK, "#8C6D31", "#56B4E9", "#CC79A7")
MARKERS = "soD*"
# Inches of a panel of shares without what stands around it, at least; of a parameter's bars; of its name at its line.
HEIGHT, BAR, NAME = 2.1, 0.27, 0.95


def draw(found: Sensitivity, view: View) -> Sequence[Drawing]:
    """The screening's effects, and the shares of variance."""
    drawings = (("screening", draw_screening), ("indices", draw_indices))
    return [Drawing(name, partial(make, found)) for name, make in drawings]


def draw_screening(found: Sensitivity) -> Figure:
    """A panel a quantity: the largest effects with intervals."""
    responses = found.responses
    shown = max(min(SHOWN, len(response.effects)) for response in responses)
    figure = new_figure((0.8 + 0.34 * max(shown, 4)) * len(responses))
    note = (
        f"Bar: how much the difference {found.on} minus {found.off} changes on average when the parameter alone moves "
        "over its plausible range (Morris); line: 95 % interval. Blue: the more of it the better; orange and hatched: "
        "the worse; purple: either way; grey: not above the median effect (dashed), so that chance may do it. "
        f"{len(found.ranges)} of {found.uncertain} uncertain parameters were screened."
    )
    put_head(figure, screened(found, responses[0]), note, found.results.source)
    for axes, response in zip(figure.subplots(len(responses), 1, squeeze=False)[:, 0], responses, strict=True):
        _effects(axes, found, response)
    return figure


def screened(found: Sensitivity, response: Response) -> str:
    """Which parameters move the difference more than chance does, as a title."""
    floor = median(effect.size for effect in response.effects)
    above = [effect for effect in response.effects if _above(effect, floor)]
    about, most = _what(response), response.effects[0]
    unit = response.quantity.unit_of_difference
    by = f"by {short(most.size)} {unit}".rstrip()
    if not above:
        return f"{about} moves most with {_words(found, most)}, {by}; chance may do that"
    rest = len(above) - 1
    more = f" and with {rest} more parameter{'s' * (rest > 1)} above chance" if rest else " and no other above chance"
    return f"{about} moves most with {_words(found, most)}, {by},{more}"


def _what(response: Response) -> str:
    account, quantity = response.quantity.account, response.quantity
    if account is None:
        return f"The difference in {quantity.about.inside}"
    return f"What {quantity.about.inside} {account.verb(True)}"


def _words(found: Sensitivity, name: Effect) -> str:
    return found.results.setting(name.name).words.partition(",")[0].partition(" (")[0]


def _above(effect: Effect, floor: float) -> bool:
    """Whether an effect's interval lies above the median effect; never where there is none."""
    return not math.isnan(effect.half) and effect.size - effect.half > floor


def _effects(axes: Axes, found: Sensitivity, response: Response) -> None:
    shown = response.effects[:SHOWN]
    floor = median(effect.size for effect in response.effects)
    for place, effect in enumerate(shown):
        colour, hatch = _look(effect, floor, response.quantity.better)
        axes.barh(place, effect.size, color=colour, height=0.7, hatch=hatch, edgecolor=WHITE, linewidth=0)
        if not math.isnan(effect.half):
            ends = [max(0.0, effect.size - effect.half), effect.size + effect.half]
            axes.plot(ends, [place, place], color=INK, linewidth=1.3)
    axes.axvline(floor, color=INK, linewidth=0.9, linestyle=(0, (4, 2)))
    labels = [wrapped(f"{found.results.setting(effect.name).words} ({effect.name})", 46) for effect in shown]
    axes.set_yticks(range(len(shown)), labels)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(left=0)
    axes.locator_params(axis="x", nbins=6)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(f"change of the difference, {response.quantity.unit_of_difference}")
    axes.set_title(wrapped(response.quantity.title, 56))


def _look(effect: Effect, floor: float, better: int) -> tuple[str, str]:
    """Colour and hatching of an effect."""
    if not _above(effect, floor):
        return GREY, ""
    if abs(effect.mean) <= CLEAR * effect.size or not better:
        return PURPLE, ""
    good = effect.mean * better > 0
    return (BLUE, "") if good else (ORANGE, MARKS[Verdict.WORSE].hatch)


def draw_indices(found: Sensitivity) -> Figure:
    """A row a quantity. Left: first and total shares of variance; right: totals as the sample grows."""
    height = max(HEIGHT, BAR * max(len(response.final) for response in found.responses))
    figure = new_figure((height + 0.75) * len(found.responses))
    note = (
        f"Left: share of the variance of the difference {found.on} minus {found.off} that comes from a parameter with "
        "all its interactions (dark) and alone (grey), with 95 % intervals (Sobol'). Right: total shares of the "
        "largest from a quarter, half and all of the sample; lines that have become level have settled. summary.md "
        "says what the names mean."
    )
    put_head(figure, shared(found, found.responses[0]), note, found.results.source)
    grid = figure.subplots(len(found.responses), 2, squeeze=False)
    for (left, right), response in zip(grid, found.responses, strict=True):
        _shares(left, response)
        _settling(right, response, height)
    return figure


def shared(found: Sensitivity, response: Response) -> str:
    """Whose uncertainty makes most of the difference's, as a title."""
    about = _what(response)
    about = about[:1].lower() + about[1:]
    sure = [index for index in response.final if index.total > 0]
    if not sure:
        return f"{_what(response)} does not vary over the points of the second stage"
    widest = max(index.total_half for index in response.final)
    loose = f"; the sample is small, 95 % intervals reach ±{number(widest, 2)}" if not widest <= LOOSE else ""
    told = [f"{index.name} {percent(min(index.total, 1.0))}" for index in sure[:2]]
    return f"The uncertainty of {about} comes most from {listed(told)}, interactions included{loose}"


def _shares(axes: Axes, response: Response) -> None:
    for place, index in enumerate(response.final):
        for offset, value, half, colour in (
            (-0.19, index.total, index.total_half, "#5A5A5A"),
            (0.19, index.first, index.first_half, GREY),
        ):
            axes.barh(place + offset, value, height=0.36, color=colour)
            if not math.isnan(half):
                axes.plot([value - half, value + half], [place + offset] * 2, color=INK, linewidth=1.2)
    axes.set_yticks(range(len(response.final)), [one.name for one in response.final])
    axes.set_ylim(len(response.final) - 0.4, -0.6)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(*_clipped(axes.get_xlim()))
    axes.locator_params(axis="x", nbins=4)
    axes.set_xlabel("share of the variance")
    axes.set_title(wrapped(response.quantity.title, 50))


def _settling(axes: Axes, response: Response, height: float) -> None:
    sizes, ends = sorted(response.indices), []
    for place, final in enumerate(response.final[:MOST]):
        found = [next(one for one in response.indices[size] if one.name == final.name) for size in sizes]
        colour = LINES[place % len(LINES)]
        shift = np.exp(0.02 * (place - MOST / 2))
        totals = [index.total for index in found]
        halves = np.nan_to_num([index.total_half for index in found])
        axes.errorbar(np.array(sizes) * shift, totals, halves, color=colour, marker=MARKERS[place % len(MARKERS)],
                      markersize=4, linewidth=1.2, elinewidth=0.7)  # fmt: skip
        ends.append(End(totals[-1], fitted(final.name, NAME, SIZE), colour))
    axes.set_xscale("log", base=2)
    axes.set_xticks(sizes, [str(size) for size in sizes])
    axes.minorticks_off()
    axes.set_ylim(*_clipped(axes.get_ylim()))
    axes.set_xlabel("base points of the sample")
    axes.set_ylabel("total share")
    axes.set_title("As the sample grows")
    label_ends(axes, ends, height)


def _clipped(limits: tuple[float, float]) -> tuple[float, float]:
    """Limits within which shares make sense; intervals of tiny samples reach far beyond."""
    return max(-0.3, limits[0]), min(1.5, limits[1])
