"""What the sensitivity analysis found, in sentences and tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

from experiments.analysis.intervals import Interval
from experiments.analysis.sobol import Effect, Index
from experiments.questions.sensitivity.result import Response, Sensitivity
from experiments.reporting.names import treatment
from experiments.reporting.numbers import decimals_for, listed, number, percent, short
from experiments.reporting.sentences import gained, subject_of
from experiments.reporting.tables import markdown_table
from sim.sums import total

LISTED = 15
NAMED = 3
LOOSE = 0.1
VAGUE = 0.5


def title(found: Sensitivity) -> str:
    """For the summary's heading."""
    return f"what the gain of {treatment(found.results)} depends on"


def said(found: Sensitivity) -> list[str]:
    """The question answered, quantity by quantity."""
    return [_answered(found, response) for response in found.responses]


def sections(found: Sensitivity) -> list[str]:
    """The rest of the summary."""
    parts = [_screened(found)]
    for response in found.responses:
        parts += [f"## {response.quantity.title}", *_tables(found, response)]
    return [*parts, "## How to read it", *_reading(found)]


def _screened(found: Sensitivity) -> str:
    rest = "" if len(found.ranges) == found.uncertain else "; the others stay at their values"
    return (
        f"{len(found.ranges)} of {found.uncertain} uncertain parameters were screened over their plausible "
        f"ranges{rest}. What is explained is the paired difference {found.on} minus {found.off}."
    )


def _reading(found: Sensitivity) -> list[str]:
    ways = f"{found.trajectories} way{'s' * (found.trajectories != 1)} through"
    several = "s" * (found.results.made.replicates > 1)
    floor = (
        "Half of the parameters have effects below the median: what chance does to a run after any small change lies "
        "there, and an effect whose 95 % interval reaches down to it cannot be told from that."
    )
    if len(found.ranges) < found.uncertain:
        floor = "The median is that of the parameters screened, not of all: it says little of what chance alone does."
    return [
        f"Effect (Morris, {ways}): how much the difference changes on average, up or down, when the parameter alone "
        f"moves over its whole plausible range, wherever the others are. {floor}",
        "Share (Sobol'): of the variance of the difference, among the parameters of the second stage, that which "
        "comes from the parameter alone (first) and with all its interactions (total), with 95 % intervals. Both "
        f"stages are taken in the same random-number world{several}.",
        "The mean of the difference is over the points of the second stage. It has a standard deviation but no "
        "interval of its own: the points are a designed sample that share values with one another, not independent "
        "draws.",
    ]


def _answered(found: Sensitivity, response: Response) -> str:
    unit = response.quantity.unit_of_difference
    effects = [f"{_named(found, effect.name)}, by {_effect(effect)} {unit}" for effect in response.effects[:NAMED]]
    moves = f"{found.on.capitalize()} minus {found.off} moves most with {listed(effects)}."
    text = [f"**{response.quantity.title}.** {moves}"]
    if not response.final or not any(index.total for index in response.final):
        return " ".join([*text, "Over the points of the second stage it does not vary."])
    shares = [f"{index.name} {_share(index.total, index.total_half)}" for index in response.final[:NAMED]]
    text += [
        _on_average(response),
        f"Largest shares of its variance, interactions included: {listed(shares)}.",
        _alone(response.final),
        _converged(response),
    ]
    return " ".join(filter(None, text))


def _alone(final: Sequence[Index]) -> str:
    if len(final) < 2:
        return ""
    if not max(index.first_half for index in final) <= VAGUE:
        return "The sample is too small to say what each explains by itself."
    alone = total(max(0.0, index.first) for index in final)
    return f"Each by itself, they explain {percent(min(alone, 1))} of it."


def _on_average(response: Response) -> str:
    """What the difference is over the points of the second stage."""
    quantity, count = response.quantity, len(response.final)
    over = f"over the plausible range{'s' * (count > 1)} of the {count} strongest" if count > 1 else "over its range"
    unit = quantity.unit_of_difference
    spread = f"standard deviation {short(response.spread)}"
    if quantity.account is None:
        return f"Averaged {over}, it is {short(response.mean, True)} {unit} ({spread})."
    account = quantity.account
    mean = Interval(response.mean, math.nan, math.nan, 0)
    adds = f", {account.adds}" if account.adds else ""
    return f"Averaged {over}, {subject_of(account)} {gained(account, mean, unit)} ({spread}){adds}."


def _converged(response: Response) -> str:
    if len(response.indices) < 2:
        return ""
    half, full = (response.indices[size] for size in sorted(response.indices)[-2:])
    before = {index.name: index.total for index in half}
    moved = max(abs(index.total - before[index.name]) for index in full)
    settled = moved <= LOOSE and full[0].name == half[0].name
    verdict = "they have settled" if settled else "they have not settled; a larger --base would tell more"
    widest = max(index.total_half for index in full)
    return (
        f"From half of the sample to all of it, total shares move by at most {number(moved, 2)} (widest 95 % interval "
        f"±{number(widest, 2)}): {verdict}."
    )


def _tables(found: Sensitivity, response: Response) -> list[str]:
    unit = response.quantity.unit_of_difference
    shown = response.effects[:LISTED]
    floor = median(effect.size for effect in response.effects)
    places = _places(effect.half if not math.isnan(effect.half) else effect.size for effect in shown)
    rows = [_effect_row(found, effect, floor, places) for effect in shown]
    headers = ["Parameter", "name", "its unit", f"effect ({unit})", "with sign", "spread", "above the median effect"]
    screening = markdown_table(headers, rows, left=3)
    told = f"Median effect of {len(response.effects)} parameters: {number(floor, places)} {unit}."
    columns = ["Parameter", *(f"total share, {size} base points" for size in response.indices), "first share"]
    return [screening, told, markdown_table(columns, [_index_row(response, index) for index in response.final])]


def _effect_row(found: Sensitivity, effect: Effect, floor: float, places: int) -> list[str]:
    setting = found.results.setting(effect.name)
    above = "–" if math.isnan(effect.half) else "yes" if effect.size - effect.half > floor else "no"
    half = "" if math.isnan(effect.half) else f" ± {number(effect.half, places)}"
    numbers = [f"{number(effect.size, places)}{half}", number(effect.mean, places, True), number(effect.spread, places)]
    return [setting.words, effect.name, setting.unit, *numbers, above]


def _index_row(response: Response, final: Index) -> list[str]:
    found = [next(one for one in indices if one.name == final.name) for indices in response.indices.values()]
    return [final.name, *(_share(one.total, one.total_half) for one in found), _share(final.first, final.first_half)]


def _places(widths: Iterable[float]) -> int:
    known: Sequence[float] = [width for width in widths if width > 0]
    return decimals_for(median(known)) if known else 0


def _share(value: float, half: float) -> str:
    return number(value, 2) if math.isnan(half) else f"{number(value, 2)} ± {number(half, 2)}"


def _effect(effect: Effect) -> str:
    if math.isnan(effect.half):
        return short(effect.size)
    places = decimals_for(effect.half)
    return f"{number(effect.size, places)} ± {number(effect.half, places)}"


def _named(found: Sensitivity, name: str) -> str:
    return f'"{found.results.setting(name).words}" ({name})'
