"""What would change the verdict, as found: the gain over the set along each setting that was varied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.even_odds import Profile, profile
from experiments.analysis.frontier import Crossing
from experiments.engine.results import Results
from experiments.questions.compare.turns.varied import SHARE, Varied
from experiments.questions.over.turns.varied import STAGE, VARIED_BY_NAME
from experiments.reporting.accounts import HEADLINE, PUBLIC, UNIT
from experiments.reporting.quantity import quantity_of

Array = NDArray[Any]


@dataclass(frozen=True)
class Line:
    """Society's gain over the set along one setting, thousand SEK a flat. stands: where it stands; for what members of
    the set differ in (`differs`), where the default parameters have it. plausible: a parameter's plausible range."""

    varied: Varied
    stands: float
    differs: bool
    plausible: tuple[float, float] | None
    profile: Profile

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value tried."""
        return float(self.profile.values[0]), float(self.profile.values[-1])

    @property
    def even(self) -> Crossing | None:
        """Where the odds are even: of several such values the one nearest to where the setting stands."""
        return min(self.profile.even(), key=lambda one: abs(one.at - self.stands), default=None)


def read_lines(results: Results, members: pd.DataFrame) -> tuple[Line, ...]:
    """The gain along every setting that was varied; none where nothing was run again. members: the table of members in
    which the gain of each at full size stands, after that of the default. Raises SamspelError."""
    if STAGE not in results.made.stages:
        return ()
    small, about = results.at(STAGE), results.made.options["turned"]
    count = int(about["members"])
    found = small.pairs(quantity_of(HEADLINE.name, int(about["flats"])).of(small.runs)).by_point()
    by_member = found.reshape(count, -1).T  # a row a value, the first as everything stands
    first = members.iloc[1 : 1 + count]
    gain, weights = (first[name].to_numpy(np.float64) for name in (HEADLINE.name, "weight"))
    lines, row = [], 1
    for name, others in about["tried"].items():
        responses = by_member[row : row + len(others)] - by_member[0]
        row += len(others)
        line = _line(results, name, others, gain, responses, weights)
        lines += [line] if line is not None else []
    return tuple(lines)


def _line(
    results: Results, name: str, others: Sequence[Any], gain: Array, responses: Array, weights: Array
) -> Line | None:
    """One setting, if there are two values to draw a line between."""
    stands = results.made.options["turned"]["stands"][name]
    differs = name in results.varied
    number = _additional(results, weights) if name == SHARE else float(stands)
    values = [1.0 if name == SHARE else float(value) for value in others]
    gains = gain + responses
    if not differs:
        values, gains = [number, *values], np.vstack([gain, gains])
    if len(values) < 2 or not np.isfinite(values).all():
        return None
    made = profile(np.array(values), gains, weights)
    if made is None:
        return None
    span = results.made.options["turned"]["plausible"].get(name)
    return Line(VARIED_BY_NAME[name], number, differs, None if span is None else (span[0], span[1]), made)


def _additional(results: Results, weights: Array) -> float:
    """What share of the value of programme jobs is additional in these members' own accounts; NaN where they show
    nothing between none and all."""
    jobs, clause = (
        results.pairs(
            results.runs[[f"npv_{kind}_{budget}" for budget in PUBLIC]].sum(axis=1, skipna=False).to_numpy()
        ).by_point()[1 : 1 + len(weights)]
        for kind in ("jobs", "clause")
    )
    known = np.isfinite(jobs) & np.isfinite(clause)
    whole = float(np.sum((weights * clause)[known]))
    share = float(np.sum((weights * jobs)[known])) / whole if whole > 0.0 else float("nan")
    return share if 0.0 < share < 1.0 else float("nan")


def even_at(lines: Sequence[Line]) -> dict[str, float]:
    """By setting, the value at which the odds are even; those alone that turn within what was tried."""
    return {line.varied.name: line.even.at for line in lines if line.even is not None}


def data_of(lines: Sequence[Line]) -> dict[str, Any]:
    """For summary.json, by setting: where it stands, what the set shows at every value tried, and where odds are even
    (null where they are not within what was tried)."""
    return {
        line.varied.name: {
            "what": line.varied.what,
            "stands": line.stands,
            "members_differ": line.differs,
            "tried": [
                {"at": float(value), "share_better": line.profile.share(value), "median": band.mean, "low_90": band.low,
                 "high_90": band.high}
                for value in line.profile.values for band in (line.profile.band(value),)
            ],
            "even_at": None if line.even is None else line.even.at,
            "members": line.profile.gains.shape[1],
            "unit": UNIT,
        }
        for line in lines
    }  # fmt: skip
