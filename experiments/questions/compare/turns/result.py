"""Turning points as found: the headline along each setting that was varied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.breakeven import break_even
from experiments.analysis.intervals import Interval
from experiments.analysis.turning import Along, Turn
from experiments.engine.results import Results
from experiments.questions.compare.turns.varied import BY_NAME, SHARE, STAGE, Varied
from experiments.reporting.accounts import HEADLINE, PUBLIC, UNIT
from experiments.reporting.quantity import quantity_of

Array = NDArray[Any]


@dataclass(frozen=True)
class Line:
    """The headline along one setting. stands: the value that it has in the comparison. along: the difference, thousand
    SEK a flat."""

    varied: Varied
    stands: float
    along: Along

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value tried."""
        return float(self.along.values[0]), float(self.along.values[-1])

    @property
    def tried(self) -> list[Interval]:
        """The difference at every value tried."""
        return self.along.tried()

    @property
    def turns(self) -> list[Turn]:
        """Where the mean changes its sign."""
        return self.along.turns()

    @property
    def decided(self) -> int:
        """At how many of the values tried the interval excludes zero."""
        return sum(one.distinguishable for one in self.tried)


def read_turns(results: Results) -> tuple[Line, ...]:
    """The headline along every setting that was varied; none where nothing was run again. Raises SamspelError."""
    if STAGE not in results.made.stages:
        return ()
    lines = (_line(results, name) for name in results.at(STAGE).varied if name in BY_NAME)
    return tuple(line for line in lines if line is not None and len(line.along.values) > 1)


def _line(results: Results, name: str) -> Line | None:
    small, about = results.at(STAGE), results.made.options["turned"]
    places = small.points[name].tolist()
    rows = [0, *(row for row, value in enumerate(places) if value != places[0])]
    values = [_number(results, places[row]) if name == SHARE else float(places[row]) for row in rows]
    if not np.isfinite(values).all():
        return None
    found = _differences(small, int(about["flats"]))
    responses = [found[row] - found[0] for row in rows]
    today = _differences(results, results.made.flats)[0]
    large = [today for _ in rows]
    for cost, arm in about["costs"] if name == "cost_factor" else ():
        values.append(float(cost))
        large.append(_differences(results, results.made.flats, arm)[0])
        responses.append(np.zeros_like(responses[0]))
    order = np.argsort(values)
    return Line(
        BY_NAME[name], values[0], Along(np.array(values)[order], np.array(large)[order], np.array(responses)[order])
    )


def _differences(results: Results, flats: int, on: str | None = None) -> Array:
    """What the headline differs by: points × replicates, thousand SEK a flat."""
    return results.pairs(quantity_of(HEADLINE.name, flats).of(results.runs), on).difference


def _number(results: Results, rule: str) -> float:
    """Additionality as a share: 1 where all jobs count as additional, else what the comparison's job accounts show; NaN
    where they show nothing between."""
    if rule == "full":
        return 1.0
    jobs, clause = (
        results.pairs(
            results.runs[[f"npv_{kind}_{budget}" for budget in PUBLIC]].sum(axis=1, skipna=False).to_numpy()
        ).one
        for kind in ("jobs", "clause")
    )
    known = ~np.isnan(jobs)
    share = break_even(jobs[known], jobs[known], clause[known]).emergent
    return share if 0.0 < share < 1.0 else float("nan")


def turns_at(lines: Sequence[Line]) -> dict[str, Any]:
    """For summary.json, by setting: where it stands, what was tried with the difference there, and every value at which
    the mean changes its sign. Bounds are null where nothing tried lies beyond them, or where there are no intervals."""
    return {
        line.varied.name: {
            "what": line.varied.what,
            "stands": line.stands,
            "tried": [
                {"at": float(at), "mean": one.mean, "low": one.low, "high": one.high}
                for at, one in zip(line.along.values, line.tried, strict=True)
            ],
            "turns": [
                {"at": t.at, "low": t.low, "high": t.high, "gains": "above" if t.rising else "below"}
                for t in line.turns
            ],
            "unit": UNIT,
        }
        for line in lines
    }
