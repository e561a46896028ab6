"""The box in which something happens: PRIM of the EMA workbench, pruned of limits that chance explains, and checked
on runs that it was not found on."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom, ks_2samp

from sim.errors import SamspelError

Array = NDArray[Any]
Flags = NDArray[np.bool_]

MISSING = (
    "samspel discover needs the EMA workbench, which is not installed; install it with: pip install 'samspel[discover]'"
)
MASKS = (1, 2, 4, 8, 16)  # halves of the runs by the bits of their number: five pairs of complements
CHANCE = 0.05
STRONGEST = 8


@dataclass(frozen=True)
class Limit:
    """One side of a box: an input below (`upper`) or above a value. chance: how likely it is that the runs which
    the limit shuts out hold as few cases as they do, were they like the rest of the box."""

    name: str
    value: float
    upper: bool
    chance: float


@dataclass(frozen=True)
class Box:
    """coverage: the share of all cases inside; density: of the runs inside, the share that are cases; mass: of all
    runs, the share inside; base: the share of cases among all runs; path: (coverage, density) on the way."""

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    base: float
    path: tuple[tuple[float, float], ...] = ()

    def holds(self, inputs: pd.DataFrame) -> Flags:
        """Which of the runs lie inside."""
        inside = np.ones(len(inputs), bool)
        for limit in self.limits:
            inside &= _within(inputs, limit)
        return inside


@dataclass(frozen=True)
class Check:
    """Boxes found on halves of the runs. density, coverage: on the other halves; again: the share of halves whose box
    has a limit of the same input to the same side, by limit of the box that is checked."""

    density: float
    coverage: float
    again: dict[tuple[str, bool], float]


def load_prim() -> Any:
    """The workbench's module. Raises SamspelError with what to do where it is missing."""
    try:
        with warnings.catch_warnings():
            # It warns of parts of its own that are missing and that nothing here needs.
            warnings.simplefilter("ignore")
            from ema_workbench.analysis import prim
    except ImportError:
        raise SamspelError(MISSING) from None
    logging.getLogger("EMA").setLevel(logging.ERROR)
    return prim


def find_box(inputs: pd.DataFrame, cases: Flags, least_mass: float = 0.05) -> Box:
    """The box that holds the cases best: of the boxes on PRIM's way, that which holds most of the cases less the share
    of all others (Youden 1950), without limits that chance explains. No limits where nothing is better than all."""
    cases = np.asarray(cases, bool)
    everywhere = _measured((), inputs, cases)
    if cases.all() or not cases.any():
        return everywhere
    names = _telling(inputs, cases)
    if not names:
        return everywhere
    peeled = _peeled(load_prim(), inputs[names], cases, least_mass)
    way = [_measured(_limits(box, inputs, names), inputs, cases) for box in peeled]
    best = _pruned(max(way, key=_worth), inputs, cases)
    path = tuple((box.coverage, box.density) for box in way)
    return replace(max((everywhere, best), key=_worth), path=path)


def strongest(inputs: pd.DataFrame, cases: Flags, most: int = STRONGEST) -> list[str]:
    """The inputs whose values differ most between cases and others (Kolmogorov and Smirnov's test), strongest first.
    Among hundreds of inputs PRIM's greedy steps follow chance; among these few they do not."""
    return list(_chances(inputs, cases))[:most]


def _chances(inputs: pd.DataFrame, cases: Flags) -> dict[str, float]:
    columns = {str(name): inputs[name].to_numpy() for name in inputs}
    if cases.all() or not cases.any():  # nothing to tell them from
        return dict.fromkeys(columns, 1.0)
    chances = {name: float(ks_2samp(values[cases], values[~cases]).pvalue) for name, values in columns.items()}
    return dict(sorted(chances.items(), key=lambda item: item[1]))


def _telling(inputs: pd.DataFrame, cases: Flags) -> list[str]:
    """Of the strongest inputs, those that would hardly be so strong were all inputs without effect: each is one of
    many that were looked at (Holm 1979)."""
    chances = list(_chances(inputs, cases).items())
    kept = []
    for rank, (name, chance) in enumerate(chances[:STRONGEST]):
        if chance > CHANCE / (len(chances) - rank):
            break
        kept.append(name)
    return kept


def check_box(box: Box, inputs: pd.DataFrame, cases: Flags, least_mass: float = 0.05) -> Check:
    """Find boxes on halves of the runs and look at them on the other halves."""
    seen: list[tuple[float, float]] = []
    again = {(limit.name, limit.upper): 0 for limit in box.limits}
    for half in _halves(len(inputs)):
        found = find_box(inputs[half], cases[half], least_mass)
        outside = _measured(found.limits, inputs[~half], cases[~half])
        seen.append((outside.density, outside.coverage))
        for key in {(limit.name, limit.upper) for limit in found.limits} & set(again):
            again[key] += 1
    density, coverage = np.nanmean(np.array(seen), axis=0)
    return Check(float(density), float(coverage), {key: count / len(seen) for key, count in again.items()})


def _peeled(prim: Any, inputs: pd.DataFrame, cases: Flags, mass: float) -> list[Any]:
    """The boxes on PRIM's way, from all runs on; each a table with lowest and highest values in its two rows."""
    with warnings.catch_warnings():
        # Pandas and numpy deprecations inside the workbench are not ours to mend.
        warnings.simplefilter("ignore")
        # Version 2 throws away boxes less dense than a threshold, version 3 has none.
        more = {"threshold": 0.0} if "threshold" in signature(prim.Prim).parameters else {}
        search = prim.Prim(inputs.reset_index(drop=True), cases, mass_min=mass, **more)
        return list(search.find_box().box_lims)


def _limits(box: Any, inputs: pd.DataFrame, names: list[str]) -> tuple[Limit, ...]:
    found = []
    for name in names:
        low, high = (float(value) for value in box[name])
        if low > inputs[name].min():
            found.append(Limit(name, low, False, 0.0))
        if high < inputs[name].max():
            found.append(Limit(name, high, True, 0.0))
    return tuple(found)


def _pruned(box: Box, inputs: pd.DataFrame, cases: Flags) -> Box:
    """Without the limits that chance explains, dropped one at a time, the likeliest first."""
    limits = list(box.limits)
    while limits:
        # A limit is judged beside the others: one that only repeats another's work goes.
        chances = [_chance(limits, limit, inputs, cases) for limit in limits]
        if max(chances) <= CHANCE:
            kept = (replace(one, chance=chance) for one, chance in zip(limits, chances, strict=True))
            return _measured(tuple(kept), inputs, cases)
        limits.pop(int(np.argmax(chances)))
    return _measured((), inputs, cases)


def _chance(limits: list[Limit], limit: Limit, inputs: pd.DataFrame, cases: Flags) -> float:
    wider = np.ones(len(inputs), bool)
    for other in limits:
        if other is not limit:
            wider &= _within(inputs, other)
    inside = wider & _within(inputs, limit)
    return float(binom.sf(cases[inside].sum() - 1, inside.sum(), cases[wider].mean())) if wider.any() else 1.0


def _measured(limits: tuple[Limit, ...], inputs: pd.DataFrame, cases: Flags) -> Box:
    inside = Box(limits, 0, 0, 0, 0).holds(inputs)
    hits, total = int(cases[inside].sum()), int(cases.sum())
    density = hits / inside.sum() if inside.any() else float("nan")
    return Box(limits, hits / total if total else float("nan"), density, float(inside.mean()), float(cases.mean()))


def _worth(box: Box) -> float:
    # Not the harmonic mean of coverage and density: where half of the runs are cases, that prefers all runs to any box.
    if not 0 < box.base < 1 or box.mass == 0:
        return 0.0
    others = box.mass * (1.0 - box.density) / (1.0 - box.base)
    return box.coverage - others


def _within(inputs: pd.DataFrame, limit: Limit) -> Flags:
    values = inputs[limit.name].to_numpy()
    within: Flags = values <= limit.value if limit.upper else values >= limit.value
    return within


def _halves(count: int) -> Iterator[Flags]:
    numbers = np.arange(count)
    for mask in MASKS:
        half = numbers & mask == 0
        if 0 < half.sum() < count:
            yield half
            yield ~half
