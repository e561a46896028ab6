"""History matching in waves: simulate, emulate, rule out, and look again at what is left; at last fresh points of it.

Waves draw their points evenly in what the earlier ones leave and run them on seeds of their own, so that a wave is also
a test of what came before: how many of its points lie inside every fitted range.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.questions.calibrate.matching import space as spaces
from experiments.questions.calibrate.matching.emulator import Emulator, fit
from experiments.questions.calibrate.matching.implausibility import (
    Target,
    chance,
    implausibility,
    inside,
    mean_runs,
    overall,
)
from experiments.questions.calibrate.matching.ruling_out import Rules, Screen
from experiments.questions.calibrate.matching.space import Rest, Space

Array = NDArray[Any]
Bools = NDArray[np.bool_]
MEMBERS = 1 << 20  # beside a wave's number in the seed of what is drawn for it
FEWEST = 10  # points at which a measure must exist for an emulator of it

# Parameter values, a row a point, and the number of runs before these -> points x seeds (one) x targets.
Simulate = Callable[[Array, int], Array]


@dataclass(frozen=True)
class Wave:
    """unit: the points simulated (rows); runs: points x targets; share: of the whole space, left after this wave;
    cut_off: implausibility that its emulators let pass, which is higher than planned where nothing would be left; low,
    high: box around what is left, in the unit cube; missed: by target, how far held-out points lay from the emulator,
    in promised standard deviations (about 1 where it is honest); noise: variance by target that chance has in a run, as
    far as is known: what emulators leave over."""

    unit: Array
    runs: Array
    share: float
    cut_off: float
    low: Array
    high: Array
    missed: Array
    noise: Array


@dataclass
class History:
    """What was simulated, wave by wave, and what is left: points drawn evenly in it. members: fresh points of it (unit
    cube), and their runs, points x seeds x targets."""

    space: Space
    targets: tuple[Target, ...]
    rules: Rules
    waves: list[Wave] = field(default_factory=list)
    left: Rest | None = None
    members: tuple[Array, Array] | None = None
    screen: Screen | None = None  # the emulators of all waves

    def fresh(self) -> Array:
        """The members-to-be: points of the unit cube drawn evenly in what is left, apart from those of the waves."""
        if self.left is None or self.left.share == 0.0:
            return np.zeros((0, self.space.size))
        return _some(self.left, self.rules.members, self.rules.seed + MEMBERS)

    def take(self, unit: Array, runs: Array) -> None:
        """Keep the members and their runs, points x seeds x targets."""
        self.members = unit, _bounded(runs, self.targets)

    @property
    def runs_before(self) -> int:
        """Runs that the waves have made."""
        return sum(len(wave.unit) for wave in self.waves)

    @property
    def share(self) -> float:
        """Share of the space that is left."""
        return self.waves[-1].share if self.waves else 1.0

    @property
    def met(self) -> bool:
        """Whether enough of the last wave's points lay inside every range."""
        return bool(self.waves) and self.inside_in(len(self.waves)) >= self.rules.share_inside

    @property
    def unit(self) -> Array:
        """All simulated points."""
        return np.concatenate([*(wave.unit for wave in self.waves), *([self.members[0]] if self.members else [])])

    @property
    def means(self) -> Array:
        """The mean of every measure over seeds, points x targets."""
        own = [mean_runs(self.members[1])] if self.members else []
        return np.concatenate([*(wave.runs for wave in self.waves), *own])

    @property
    def by_target(self) -> Array:
        """Implausibility of every simulated point by target, from its own runs: no emulator."""
        noise = [np.broadcast_to(self.waves[-1].noise, wave.runs.shape) for wave in self.waves]
        if self.members:
            runs = self.members[1]
            known = chance(runs) if runs.shape[1] > 1 else self.waves[-1].noise
            noise.append(np.broadcast_to(known / runs.shape[1], (len(runs), runs.shape[2])))
        return implausibility(self.means, np.concatenate(noise), self.targets)

    @property
    def inside(self) -> Bools:
        """Which simulated points lie inside every range."""
        return inside(self.means, self.targets)

    @property
    def accepted(self) -> Bools:
        """Which simulated points the model itself does not rule out."""
        return np.asarray(overall(self.by_target, self.rules.rank) <= self.rules.cut_off)

    @property
    def wave_of(self) -> NDArray[np.int64]:
        """The wave of every simulated point, from 1; members come last."""
        counts = [len(wave.unit) for wave in self.waves]
        return np.repeat(np.arange(1, len(counts) + 2), [*counts, len(self.unit) - sum(counts)])

    def inside_in(self, wave: int) -> float:
        """Share of a wave's points (from 1) inside every range."""
        return float(inside(self.waves[wave - 1].runs, self.targets).mean())

    def accepted_in(self, wave: int) -> float:
        """Share of a wave's points (from 1) that the model itself does not rule out."""
        return float(self.accepted[self.wave_of == wave].mean())


def match(
    simulate: Simulate,
    space: Space,
    targets: Sequence[Target],
    rules: Rules,
    said: Callable[[str], None] = lambda _: None,
    first: tuple[Array, Array] | None = None,
) -> History:
    """Waves until enough points of one lie inside every range, nothing is left or ``rules.waves`` are done; ``said``
    hears of each. first: points of the unit cube and their runs (points x targets) that stand for the first wave, which
    is then not simulated."""
    history, screen = History(space, tuple(targets), rules), Screen(targets, rules)
    history.screen = screen
    left = spaces.whole(space.size, rules.candidates, rules.seed)
    while len(history.waves) < rules.waves and left.share > 0.0 and not history.met:
        number = len(history.waves) + 1
        if first is not None and number == 1:
            unit, runs = first[0], _bounded(first[1][:, None, :], targets)[:, 0]
        else:
            unit = _design(left, space.size, rules, number)
            runs = _bounded(simulate(space.values(unit), history.runs_before), targets)[:, 0]
        emulators = _learn(history, screen, unit, runs)
        noise = np.array([0.0 if one is None else one.noise * one.spread**2 for one in emulators])
        left, cut_off = _left(left, screen, emulators, noise, number)
        history.waves.append(_wave(unit, runs, left, cut_off, emulators, noise))
        within = f"{100 * history.inside_in(number):.3g} % of its points inside every range"
        said(f"wave {number}: {len(unit)} points, {within}; {100 * history.share:.3g} % of the space left")
        history.left = left
    return history


def _left(
    left: Rest, screen: Screen, emulators: list[Emulator | None], noise: Array, number: int
) -> tuple[Rest, float]:
    """What a wave leaves, and its cut-off. One below the formal cut-off asks for more than not to be ruled out: where
    no point meets it, it is raised to a little above what the best points reach."""
    rules, seed = screen.rules, screen.rules.seed + 1000 * number
    planned = rules.cut_off_of(number)
    screen.waves.append((emulators, noise, planned))
    found = spaces.narrowed(left, screen.beyond, 0.0, seed)
    raised = planned + found.lowest + rules.spare
    if found.share > 0.0 or not raised <= rules.cut_off:
        return found, planned
    screen.waves[-1] = emulators, noise, raised
    return spaces.narrowed(left, screen.beyond, 0.0, seed), raised


def _design(left: Rest, size: int, rules: Rules, number: int) -> Array:
    """A Latin hypercube first; then points drawn evenly in what is left."""
    if number == 1:
        return spaces.latin_hypercube(size, rules.points_first, rules.seed)
    return _some(left, rules.points_later, rules.seed + number)


def _some(left: Rest, count: int, seed: int) -> Array:
    """So many of the points in what is left, each once where there are enough."""
    different = np.unique(left.points, axis=0)
    draws = np.random.Generator(np.random.PCG64(seed))
    return np.asarray(different[draws.permutation(len(different))[:count]])


def _bounded(runs: Array, targets: Sequence[Target]) -> Array:
    """Runs brought back to where values stop counting."""
    return np.stack([target.bounded(runs[:, :, k]) for k, target in enumerate(targets)], axis=2)


def _learn(history: History, screen: Screen, unit: Array, runs: Array) -> list[Emulator | None]:
    """An emulator per target from this wave's points and earlier ones that are still not ruled out."""
    if history.waves:
        # Points that are ruled out would bend the emulator towards places where it need not be right.
        earlier = screen.beyond(history.unit) <= 0.0
        unit = np.concatenate([history.unit[earlier], unit])
        runs = np.concatenate([history.means[earlier], runs])
    return [_emulator(unit, values) for values in runs.T]


def _emulator(unit: Array, values: Array) -> Emulator | None:
    """Fitted where the measure exists at enough points to learn from."""
    known = np.isfinite(values)
    return fit(unit[known], values[known]) if known.sum() >= FEWEST else None


def _wave(
    unit: Array, runs: Array, left: Rest, cut_off: float, emulators: Sequence[Emulator | None], noise: Array
) -> Wave:
    kept = left.points if len(left.points) else np.full((1, unit.shape[1]), np.nan)
    missed = np.array([np.nan if emulator is None else emulator.missed for emulator in emulators])
    return Wave(unit, runs, left.share, cut_off, kept.min(axis=0), kept.max(axis=0), missed, noise)
