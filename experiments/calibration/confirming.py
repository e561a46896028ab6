"""The new default: of members that fit in all, near the middle, the one that holds up best at full size.

A region at a tenth shows renovations, energy, rents and moves as the whole does; training comes in whole places and
tenders in whole lots. So the few candidates for the default are measured again, larger, on every pattern that may be
fitted. What is kept for checking stays out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.calibration.implausibility import Target, chance, implausibility, mean_runs, overall
from experiments.calibration.space import Space
from experiments.calibration.targets import targets_of
from experiments.validation.patterns import Pattern, load_patterns
from sim import SamspelError

Array = NDArray[Any]
CANDIDATES = 8
SEEDS = 4


def patterns_to_fit() -> tuple[Pattern, ...]:
    """All patterns marked for fitting that have a measure to fit."""
    return tuple(pattern for pattern in load_patterns() if pattern.use == "fit" and _has_targets(pattern))


def _has_targets(pattern: Pattern) -> bool:
    try:
        return bool(targets_of([pattern]))
    except SamspelError:
        return False


def candidates_of(members: pd.DataFrame, space: Space, best: float, most: int = CANDIDATES) -> list[int]:
    """Rows of members that may become the default, nearest the middle of all members first: those inside every range,
    or else the share ``best`` of members that fit best."""
    unit = space.unit(members[list(space.names)].to_numpy(np.float64))
    worst = members["implausibility"].to_numpy(np.float64)
    among = worst <= (0.0 if (worst == 0.0).any() else np.quantile(worst, best))
    far = np.linalg.norm(unit - np.median(unit, axis=0), axis=1)
    return [int(row) for row in np.argsort(far, kind="stable") if among[row]][:most]


def confirmed(
    members: pd.DataFrame, rows: Sequence[int], targets: Sequence[Target], names: Sequence[str],
    simulate: Callable[[Array], Array],
) -> pd.DataFrame:  # fmt: skip
    """The members with ``middle`` moved to the candidate that is least implausible at full size; the nearer to the
    middle where several are equally so."""
    runs = simulate(members[list(names)].to_numpy(np.float64)[list(rows)])
    noise = chance(runs) / runs.shape[1] if runs.shape[1] > 1 else np.zeros(len(targets))
    worst = overall(implausibility(mean_runs(runs), np.broadcast_to(noise, runs.shape[::2]), targets))
    return members.assign(middle=(np.arange(len(members)) == rows[int(worst.argmin())]).astype(int))
