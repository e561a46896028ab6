"""Which measures keep points out, and which pairs of them are hardly met together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.questions.calibrate.result import Calibrated
from experiments.reporting.over_set import share_words
from experiments.reporting.tables import markdown_table

Array = NDArray[Any]

SELDOM = 0.5  # of the points inside both ranges that would be there if neither knew of the other
EXPECTED = 5.0  # such points, below which chance may leave none


@dataclass(frozen=True)
class Alone:
    """One measure over the points looked at: share inside its range, and share inside all others' ranges."""

    name: str
    inside: float
    others: float


@dataclass(frozen=True)
class Pair:
    """Two measures: points inside both ranges, and how many there would be if neither knew of the other."""

    names: tuple[str, str]
    both: int
    expected: float


def within(found: Calibrated) -> Array:
    """Which simulated points lie inside which target's range; what could not be measured keeps nobody out."""
    return np.stack(
        [np.nan_to_num(target.outside(found.means[:, k])) == 0.0 for k, target in enumerate(found.targets)], axis=1
    )


def alone(found: Calibrated, rows: Array) -> list[Alone]:
    """Every measure that keeps some of these points (rows) out, the one that costs most first: without it, the share
    inside all ranges would be ``others``."""
    there = within(found)[rows]
    one = [
        Alone(target.name, float(there[:, k].mean()), float(np.delete(there, k, axis=1).all(axis=1).mean()))
        for k, target in enumerate(found.targets)
        if not there[:, k].all()
    ]
    return sorted(one, key=lambda each: (-each.others, each.inside))


def pairs(found: Calibrated, rows: Array) -> list[Pair]:
    """Pairs of measures that these points meet together less than half as often as they would if neither knew of the
    other, the rarest first."""
    there = within(found)[rows].astype(np.float64)
    both, share = there.T @ there, there.mean(axis=0)
    expected = len(there) * np.outer(share, share)
    names = [target.name for target in found.targets]
    few = [
        Pair((names[j], names[i]), int(both[i, j]), float(expected[i, j]))
        for i in range(len(names))
        for j in range(i)
        if expected[i, j] >= EXPECTED and both[i, j] < SELDOM * expected[i, j]
    ]
    return sorted(few, key=lambda pair: pair.both / pair.expected)


def hard_together(found: Calibrated) -> str:
    """What keeps members outside some range, and pairs that the first wave's points hardly met together."""
    lines = []
    last = found.wave_of == found.wave_of.max()
    kept_out = alone(found, last)
    if kept_out:
        rows = [(one.name, share_words(one.inside), share_words(one.others)) for one in kept_out]
        head = ("measure", "inside its range", "inside all ranges if it were not asked")
        who = "members" if len(found.members) else "the last wave's points"
        lines.append(f"Of {who}:\n\n{markdown_table(head, rows)}")
    seldom = pairs(found, found.wave_of == 1)
    if seldom:
        said = "; ".join(f"{a} with {b} ({pair.both} points, {pair.expected:.0f} if neither knew of the other)"
                         for pair in seldom for a, b in [pair.names])  # fmt: skip
        lines.append(f"Over the whole space, points of the first wave seldom meet together: {said}.")
    else:
        lines.append(
            "Over the whole space no two measures exclude each other: the first wave's points meet every pair at least "
            "half as often as if neither knew of the other."
        )
    return "\n\n".join(lines)
