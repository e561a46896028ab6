"""What rules points out: the rules of a calibration, and the emulators of all its waves so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.questions.calibrate.matching.emulator import Emulator
from experiments.questions.calibrate.matching.implausibility import CUT_OFF, Target, overall, with_depth

Array = NDArray[Any]


@dataclass(frozen=True)
class Rules:
    """points_first, points_later: simulated in the first wave and in later ones, on a seed each; waves: at most;
    cut_offs: implausibility that emulators let pass, by wave, the last for all that follow; share_inside: of a wave's
    points inside every range, at which it ends; members: fresh points of what is left, on seeds_of_members each;
    cut_off: implausibility beyond which a point's own runs rule it out, and beyond which no wave's cut-off is raised
    where nothing is left; spare: how far above the least implausible points it is raised then; rank: 1 for the largest
    over targets, 2 for the second largest; candidates: points drawn in what is left, at which emulators are asked."""

    points_first: int = 100
    points_later: int = 100
    waves: int = 4
    cut_offs: tuple[float, ...] = (CUT_OFF,)
    share_inside: float = 0.65
    members: int = 50
    seeds_of_members: int = 1
    cut_off: float = CUT_OFF
    spare: float = 0.25
    rank: int = 1
    candidates: int = 1 << 10
    seed: int = 1

    def points_of(self, wave: int) -> int:
        """How many points a wave (from 1) simulates."""
        return self.points_first if wave == 1 else self.points_later

    def cut_off_of(self, wave: int) -> float:
        """The implausibility that a wave's (from 1) emulators let pass."""
        return self.cut_offs[min(wave, len(self.cut_offs)) - 1]

    @property
    def most_runs(self) -> int:
        """How many runs there will be if no wave is the last one early."""
        return sum(self.points_of(wave + 1) for wave in range(self.waves)) + self.members * self.seeds_of_members


class Screen:
    """How implausible the emulators of all waves so far find points: of each wave its emulators, the variance of chance
    by target, and its cut-off."""

    def __init__(self, targets: Sequence[Target], rules: Rules) -> None:
        self.targets, self.rules = targets, rules
        self.waves: list[tuple[list[Emulator | None], Array, float]] = []

    def beyond(self, unit: Array, level: float = 0.0) -> Array:
        """By how much the implausibility of every point exceeds a wave's cut-off, the largest over waves. Of a point
        that one finds beyond ``level``, the others are not asked: any number above it. Zero or less is left."""
        found = np.full(len(unit), -np.inf)
        # The latest wave knows the place best and rules out most.
        for emulators, noise, cut_off in reversed(self.waves):
            rows = np.flatnonzero(found <= level)
            if len(rows):
                here = self._of_wave(unit[rows], emulators, noise, level + cut_off) - cut_off
                found[rows] = np.maximum(found[rows], here)
        return found

    def by_wave(self, point: Array) -> list[float]:
        """How implausible every wave's emulators find one point."""
        return [float(self._of_wave(point[None, :], emulators, noise, np.inf)[0])
                for emulators, noise, _ in self.waves]  # fmt: skip

    def _of_wave(self, unit: Array, emulators: Sequence[Emulator | None], noise: Array, level: float) -> Array:
        """One wave's; measure by measure, without the points that ``rank`` measures have found beyond the level."""
        found = np.full((len(unit), len(self.targets)), -np.inf)
        for k, emulator in enumerate(emulators):
            rows = np.flatnonzero((found > level).sum(axis=1) < self.rules.rank)
            if emulator is not None and len(rows):
                expected, variance = emulator.predict(unit[rows])
                here = with_depth(expected[:, None], (variance + noise[k])[:, None], self.targets[k : k + 1])
                found[rows, k] = here[:, 0]
        return overall(found, self.rules.rank)
