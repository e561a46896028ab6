"""One invented truth: what is observed in its world, whether matching keeps it, and how far ranges narrow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.questions.calibrate.matching.implausibility import CUT_OFF, Target, with_depth
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.calibrate.matching.waves import History, Simulate, match

Array = NDArray[Any]

TRUTHS = 1 << 21  # beside the seed of the waves in that of the truths
# Half the width of a range around a value that only had a bound, in standard deviations of the discrepancy: the plan
# sets that to a fifth of a range's width, so a range is five of them wide. A share of the bound would be no width at
# all where only a sign is known.
HALF = 2.5
ENDS = (0.05, 0.95)  # of what is left of a parameter, between which nine tenths lie
NINE_TENTHS = ENDS[1] - ENDS[0]  # of a range, which those span where nothing is known


@dataclass(frozen=True)
class Recovered:
    """What matching made of a truth. kept: no wave's emulators rule it out; measures: how many said something; share:
    of the space left; wave, ruled_out_by: the first that ruled the truth out and by which measures (0 and none where it
    is kept); inside: share of the last wave's points inside every range; low, high: of every parameter, in what is
    left, the ends of its middle nine tenths (NaN where nothing is left); cut_offs: those in use, by wave, which are
    higher than planned where nothing would have been left."""

    kept: bool
    measures: int
    share: float
    wave: int
    ruled_out_by: tuple[str, ...]
    inside: float
    low: tuple[float, ...]
    high: tuple[float, ...]
    cut_offs: tuple[float, ...] = ()


def truths(size: int, count: int, seed: int) -> Array:
    """Points of the unit cube drawn evenly, each by itself; the first are the same however many there are."""
    return np.random.Generator(np.random.PCG64([seed, TRUTHS])).random((count, size))


def observed(targets: Sequence[Target], measured: Array) -> tuple[Target, ...]:
    """Ranges around what was measured in an invented world, in place of those of the patterns. What could not be
    measured there, or never comes, says nothing."""
    return tuple(
        _around(target, float(value)) for target, value in zip(targets, measured, strict=True) if math.isfinite(value)
    )


def _around(target: Target, value: float) -> Target:
    """The pattern's range, moved so that its middle is the value; where one end is open, both are given."""
    near = max(target.below, target.above)
    width = target.high - target.low
    half = width / 2.0 if math.isfinite(width) else HALF * near / CUT_OFF
    return Target(target.name, value - half, value + half, near, near)


def recover(
    simulate: Simulate,
    space: Space,
    targets: Sequence[Target],
    rules: Rules,
    truth: Array,
    first: tuple[Array, Array] | None = None,
) -> Recovered:
    """Match what was observed in a truth's world (``targets``), and look whether the truth (a point of the unit cube)
    is still there. first: points and runs of a first wave that is known, as of ``match``."""
    if not targets:
        whole = ENDS[0] * (space.high - space.low)
        return Recovered(True, 0, 1.0, 0, (), math.nan, tuple(space.low + whole), tuple(space.high - whole))
    history = match(simulate, space, targets, rules, first=first)
    screen, left = history.screen, history.left
    assert screen is not None and left is not None, "there is at least one wave"
    kept = left.share > 0.0 and float(screen.beyond(truth[None, :])[0]) <= 0.0
    wave, names = (0, ()) if kept else _ruled_out(history, truth)
    low, high = np.full((2, space.size), np.nan)
    if len(left.points):
        low, high = np.quantile(space.values(left.points), ENDS, axis=0)
    inside = history.inside_in(len(history.waves))
    used = tuple(one.cut_off for one in history.waves)
    return Recovered(
        kept, len(targets), left.share, wave, names, inside, tuple(low.tolist()), tuple(high.tolist()), used
    )


def _ruled_out(history: History, truth: Array) -> tuple[int, tuple[str, ...]]:
    """The first wave whose emulators rule the truth out, and by which measures; the last one, and none, where a wave
    left nothing although no emulator spoke against the truth."""
    assert history.screen is not None
    for number, (emulators, noise, cut_off) in enumerate(history.screen.waves, 1):
        names = []
        for emulator, chance, target in zip(emulators, noise, history.targets, strict=True):
            if emulator is not None:
                expected, variance = emulator.predict(truth[None, :])
                if with_depth(expected[:, None], (variance + chance)[:, None], [target])[0, 0] > cut_off:
                    names.append(target.name)
        if names:
            return number, tuple(names)
    return len(history.waves), ()


def narrowed(low: Array, high: Array, space: Space) -> Array:
    """By which share the middle nine tenths of what is left are narrower than those of the whole range: 0 where nothing
    is learnt, 1 where all is."""
    return np.asarray(1.0 - (high - low) / (NINE_TENTHS * (space.high - space.low)))
