"""History matching in waves: simulate, emulate, rule out, and look again at what is left; at last near its middle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.questions.calibrate.matching import space as spaces
from experiments.questions.calibrate.matching.emulator import Emulator, fit
from experiments.questions.calibrate.matching.implausibility import (
    CUT_OFF,
    Target,
    chance,
    implausibility,
    mean_runs,
    overall,
)
from experiments.questions.calibrate.matching.space import Rest, Space

Array = NDArray[Any]
Bools = NDArray[np.bool_]
CENTRE = 3  # near the middle of what is left, a third of a wave's points are simulated
FEWEST = 10  # points at which a measure must exist for an emulator of it
Simulate = Callable[[Array], Array]  # parameter values, a row a point -> points x seeds x targets


@dataclass(frozen=True)
class Rules:
    """points: simulated a wave; waves: at most; cut_off: implausibility that rules out; rank: 1 for the largest over
    targets, 2 for the second largest; stable: relative change of the share left below which nothing more is learnt;
    candidates: points drawn in what is left, at which emulators are asked."""

    points: int = 100
    waves: int = 4
    cut_off: float = CUT_OFF
    rank: int = 1
    stable: float = 0.10
    candidates: int = 1 << 14
    seed: int = 1


@dataclass(frozen=True)
class Wave:
    """unit: the points simulated (rows); runs: points x seeds x targets; share: of the whole space, not ruled out after
    this wave; low, high: box around what is left, in the unit cube; missed: by target, how far held-out points lay from
    the emulator, in promised standard deviations (about 1 where it is honest); noise: variance by target of a point's
    mean over seeds, as known after this wave."""

    unit: Array
    runs: Array
    share: float
    low: Array
    high: Array
    missed: Array
    noise: Array


@dataclass
class History:
    """What was simulated, wave by wave, and what it rules out. ``centre`` are points near the middle of what is left,
    and their runs: they rule out nothing."""

    space: Space
    targets: tuple[Target, ...]
    rules: Rules
    waves: list[Wave] = field(default_factory=list)
    centre: tuple[Array, Array] | None = None

    @property
    def share(self) -> float:
        """Share of the space that is not ruled out."""
        return self.waves[-1].share if self.waves else 1.0

    @property
    def stable(self) -> bool:
        """Whether the last wave ruled out (almost) nothing more, or everything."""
        if self.share == 0.0:
            return True
        before = self.waves[-2].share if len(self.waves) > 1 else 1.0
        return len(self.waves) > 1 and abs(before - self.share) < self.rules.stable * before

    @property
    def unit(self) -> Array:
        """All simulated points."""
        return np.concatenate([*(wave.unit for wave in self.waves), *([self.centre[0]] if self.centre else [])])

    @property
    def runs(self) -> Array:
        """All their runs."""
        return np.concatenate([*(wave.runs for wave in self.waves), *([self.centre[1]] if self.centre else [])])

    @property
    def by_target(self) -> Array:
        """Implausibility of every simulated point by target, from its own runs: no emulator."""
        variance = np.broadcast_to(self.waves[-1].noise, (len(self.unit), len(self.targets)))
        return implausibility(mean_runs(self.runs), variance, self.targets)

    @property
    def accepted(self) -> Bools:
        """Which simulated points the model itself does not rule out."""
        return np.asarray(overall(self.by_target, self.rules.rank) <= self.rules.cut_off)

    @property
    def wave_of(self) -> NDArray[np.int64]:
        """The wave of every simulated point, from 1; those near the middle come last."""
        counts = [len(wave.unit) for wave in self.waves]
        return np.repeat(np.arange(1, len(counts) + 2), [*counts, len(self.unit) - sum(counts)])

    def accepted_in(self, wave: int) -> float:
        """Share of a wave's points (from 1) that the model itself does not rule out."""
        return float(self.accepted[self.wave_of == wave].mean())


class Screen:
    """How implausible the emulators of all waves so far find points; ``noise`` is the variance of a point's mean by
    target."""

    def __init__(self, targets: Sequence[Target], rules: Rules) -> None:
        self.targets, self.rules = targets, rules
        self.waves: list[tuple[list[Emulator | None], Array]] = []

    def implausible(self, unit: Array) -> Array:
        """The largest implausibility over waves of every point; of a point that an earlier wave rules out, that
        wave's: the later ones are not asked."""
        found = np.zeros(len(unit))
        for emulators, noise in self.waves:
            rows = np.flatnonzero(found <= self.rules.cut_off)
            if len(rows):
                found[rows] = np.maximum(found[rows], self._of_wave(unit[rows], emulators, noise))
        return found

    def passes(self, unit: Array) -> Bools:
        """Which points every wave lets pass."""
        return np.asarray(self.implausible(unit) <= self.rules.cut_off)

    def _of_wave(self, unit: Array, emulators: Sequence[Emulator | None], noise: Array) -> Array:
        shape = (len(unit), len(self.targets))
        expected, variance = np.full(shape, np.nan), np.zeros(shape)
        for k, emulator in enumerate(emulators):
            if emulator is not None:
                expected[:, k], variance[:, k] = emulator.predict(unit)
        return overall(implausibility(expected, variance + noise, self.targets), self.rules.rank)


def match(
    simulate: Simulate,
    space: Space,
    targets: Sequence[Target],
    rules: Rules,
    said: Callable[[str], None] = lambda _: None,
) -> History:
    """Waves until what is left is stable or ``rules.waves`` are done, and then points near its middle, from which a new
    default may be taken; ``said`` hears of each."""
    history, screen = History(space, tuple(targets), rules), Screen(targets, rules)
    left = spaces.whole(space.size, rules.candidates, rules.seed)
    while len(history.waves) < rules.waves and not history.stable:
        number = len(history.waves) + 1
        unit = _design(history, left.points)
        runs = _bounded(simulate(space.values(unit)), targets)
        emulators = _learn(history, screen, unit, runs)
        noise = _noise(np.concatenate([*(wave.runs for wave in history.waves), runs]), emulators)
        screen.waves.append((emulators, noise))
        left = spaces.narrowed(left, screen.implausible, rules.cut_off, rules.seed + 1000 * number)
        history.waves.append(_wave(unit, runs, left, emulators, noise))
        said(f"wave {number}: {len(unit)} points, {100 * history.share:.3g} % of the space not ruled out")
    unit = _near_the_middle(left.points, screen)
    if len(unit):
        runs = _bounded(simulate(space.values(unit)), targets)
        history.centre = unit, runs
        said(f"near the middle: {len(unit)} points that are expected to fit everything")
    return history


def _near_the_middle(survivors: Array, screen: Screen) -> Array:
    """Of what is left, points that the newest emulators expect inside every range: those nearest the middle."""
    emulators, _ = screen.waves[-1]
    fits = np.ones(len(survivors), dtype=bool)
    for target, emulator in zip(screen.targets, emulators, strict=True):
        if emulator is not None and len(survivors):
            fits &= target.outside(emulator.predict(survivors)[0]) == 0.0
    if not fits.any():
        return survivors[:0]
    found = survivors[fits]
    far = np.linalg.norm(found - np.median(survivors, axis=0), axis=1)
    return np.asarray(found[np.argsort(far, kind="stable")[: max(screen.rules.points // CENTRE, 1)]])


def _design(history: History, survivors: Array) -> Array:
    """A Latin hypercube first; then points spread over what is left, away from those already known."""
    rules = history.rules
    if not history.waves:
        return spaces.latin_hypercube(history.space.size, rules.points, rules.seed)
    # Only some of the candidates are looked at: the greedy choice takes time with points times candidates.
    return spaces.spread_out(survivors[: 40 * rules.points], rules.points, history.unit)


def _bounded(runs: Array, targets: Sequence[Target]) -> Array:
    """Runs brought back to where values stop counting."""
    return np.stack([target.bounded(runs[:, :, k]) for k, target in enumerate(targets)], axis=2)


def _learn(history: History, screen: Screen, unit: Array, runs: Array) -> list[Emulator | None]:
    """An emulator per target from this wave's points and earlier ones that are still not ruled out."""
    if history.waves:
        # Points that are ruled out would bend the emulator towards places where it need not be right.
        earlier = screen.passes(history.unit)
        unit = np.concatenate([history.unit[earlier], unit])
        runs = np.concatenate([history.runs[earlier], runs])
    known = chance(runs) / runs.shape[1] if runs.shape[1] > 1 else [None] * runs.shape[2]
    return [_emulator(unit, values, one) for values, one in zip(mean_runs(runs).T, known, strict=True)]


def _emulator(unit: Array, values: Array, chance_of_mean: float | None) -> Emulator | None:
    """Fitted where the measure exists at enough points to learn from."""
    known = np.isfinite(values)
    return fit(unit[known], values[known], chance_of_mean) if known.sum() >= FEWEST else None


def _noise(runs: Array, emulators: Sequence[Emulator | None]) -> Array:
    """Variance of a point's mean by target: from its seeds, or where there is one alone, what emulators leave over."""
    # One variance for all points: a few seeds say little of a single point, but much of all together.
    if runs.shape[1] > 1:
        return np.asarray(chance(runs) / runs.shape[1])
    return np.array([0.0 if emulator is None else emulator.noise * emulator.spread**2 for emulator in emulators])


def _wave(unit: Array, runs: Array, left: Rest, emulators: Sequence[Emulator | None], noise: Array) -> Wave:
    kept = left.points if len(left.points) else np.full((1, unit.shape[1]), np.nan)
    missed = np.array([np.nan if emulator is None else emulator.missed for emulator in emulators])
    return Wave(unit, runs, left.share, kept.min(axis=0), kept.max(axis=0), missed, noise)
