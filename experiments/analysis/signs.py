"""Signs of a finding over many readings of the model: which hold under all, which flip, and what flips them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from experiments.analysis.intervals import Interval

Verdict = Literal["holds", "leans", "flips", "open"]


def sign(value: Interval) -> int:
    """+1 or -1 where the interval excludes zero, 0 where it covers zero or there is none.

    >>> sign(Interval(2.0, 1.0, 3.0, 5)), sign(Interval(2.0, -1.0, 5.0, 5))
    (1, 0)
    """
    return (1 if value.mean > 0 else -1) if value.distinguishable else 0


def verdict(signs: Sequence[int]) -> Verdict:
    """holds: one sign everywhere; leans: one sign where it is decided, but not everywhere; flips: both signs;
    open: decided nowhere."""
    decided = {one for one in signs if one}
    if len(decided) == 2:
        return "flips"
    if not decided:
        return "open"
    return "leans" if 0 in signs else "holds"


@dataclass(frozen=True)
class Switches:
    """What replacing one rule alone does to a sign, over all pairs of combinations that differ in that rule only.

    pairs: how many there are. flips: those with opposite signs. decides: those decided in one and open in the other.
    """

    name: str
    pairs: int
    flips: int
    decides: int


def switches(points: Sequence[Mapping[str, Any]], signs: Sequence[int], name: str) -> Switches:
    """The switches of the rule `name`; `signs` belong to `points`."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for point, one in zip(points, signs, strict=True):
        groups.setdefault(tuple(value for key, value in point.items() if key != name), []).append(one)
    pairs = [pair for group in groups.values() for pair in combinations(group, 2)]
    flips = sum(a * b < 0 for a, b in pairs)
    return Switches(name, len(pairs), flips, sum((a == 0) != (b == 0) for a, b in pairs))
