"""The recorder: a page (outcomes, areas) a quarter; the areas are region, municipalities, neighbourhoods.

It takes what is written into it and looks, when a quarter is closed, whether it can be.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.compiling import kernel, rule
from sim.errors import OutcomeError
from sim.inputs.region import Region
from sim.recording.outcomes import OUTCOMES, Outcome
from sim.sums import pairwise
from sim.world.columns import Bools, Floats, Ints, Numbers
from sim.world.state import Small

INDEX = {outcome.name: i for i, outcome in enumerate(OUTCOMES)}
Many = Numbers | Sequence[Numbers]  # of one outcome or of several

_ROUNDING = 1e-9  # by which a share of sums may pass its limits
# What waits of an outcome: a number or a ratio by neighbourhood, or a number by municipality, with or without the rest.
_COUNT, _RATIO, _TOWNS, _AND_REST = 1, 2, 3, 4


class Recorder:
    """Outcomes by quarter and area.

    ``now`` is the page at hand, (outcomes, areas), NaN where an outcome does not exist, nothing happened or nothing was
    recorded; ``recorded`` (quarters,) tells which quarters were. What happens in a quarter is that quarter's alone,
    however many pass until the next is recorded. Of closed quarters those cells alone are kept that can hold a number:
    most outcomes do not exist for every area and in every quarter, and a large region has many areas.
    """

    def __init__(self, region: Region, quarters: int, every: int = 1) -> None:
        self.names, self.every = areas(region), every
        self.of: Ints = np.array(region.neighbourhoods.municipality_index, dtype=np.int64)
        self.m = len(region.municipalities)
        self.now: Floats = np.full((len(OUTCOMES), len(self.names)), np.nan)
        self.recorded: Bools = np.zeros(quarters, dtype=bool)
        self.quarter = 0
        # Sums by neighbourhood and by municipality wait until the quarter is closed: then all areas are added up.
        self._how: Small = np.zeros(len(OUTCOMES), dtype=np.int8)
        self._tops, self._bottoms = np.zeros((2, len(OUTCOMES), max(len(self.of), self.m + 1)))
        low, high = np.array([outcome.limits for outcome in OUTCOMES]).T
        self._least, self._most = low - _ROUNDING, high + _ROUNDING
        self._may_be_none = np.array([bool(outcome.missing) for outcome in OUTCOMES])
        self._yearly = np.array([outcome.yearly for outcome in OUTCOMES])
        self._none: Bools = np.zeros(self.now.shape, dtype=bool)  # cells of the page that rightly have no number
        # Cells that can have one, in the last quarter of a year (True) and in others.
        self._there = {True: self._exist(), False: self._exist() & ~self._yearly[:, None]}
        self._cells = {last: np.flatnonzero(there) for last, there in self._there.items()}
        self._kept: list[Floats] = [np.zeros(0)] * quarters

    def _exist(self) -> Bools:
        """Which outcomes exist for which areas (outcomes, areas)."""
        last = {"region": 1, "municipality": 1 + self.m, "all": len(self.names)}
        return np.asarray(np.arange(len(self.names)) < np.array([[last[outcome.level]] for outcome in OUTCOMES]))

    def open(self, quarter: int) -> None:
        """Begin to record a quarter."""
        self.quarter = quarter
        self.recorded[quarter] = True
        self.now.fill(np.nan)
        self._none.fill(False)
        self._none[:, 0] = self._may_be_none

    def close(self) -> None:
        """All of the quarter is recorded.

        Raises
        ------
        OutcomeError : an outcome that must exist does not, or is what it cannot be, such as a share of 1.2.
        """
        last = _ends_year(self.quarter)
        wrong = _close(
            self.now, self._none, self._how, self._tops, self._bottoms, self.of, self.m, self._may_be_none,
            self._there[last], self._least, self._most,
        )  # fmt: skip
        self._how.fill(0)
        if wrong.any():
            cells = [(OUTCOMES[i], self.names[area][0], float(self.now[i, area])) for i, area in np.argwhere(wrong)]
            raise impossible_outcomes(cells, self.quarter)
        self._kept[self.quarter] = self.now.take(self._cells[last])

    def due(self, quarter: int) -> bool:
        """Whether a quarter is one of those to record: the last of every ``every``, none where that is 0."""
        return self.every > 0 and (quarter + 1) % self.every == 0

    @property
    def data(self) -> Floats:
        """All pages (quarters, outcomes, areas), made when asked for."""
        return np.stack([self.page(quarter) for quarter in range(len(self.recorded))])

    def page(self, quarter: int) -> Floats:
        """What is recorded of a quarter, as ``now`` was (outcomes, areas)."""
        found = np.full(self.now.shape, np.nan)
        kept = self._kept[quarter]
        if len(kept):
            found.put(self._cells[_ends_year(quarter)], kept)
        return found

    def frame(self, detail: bool) -> pd.DataFrame:
        """Recorded outcomes, wide: one row per quarter and area (the region's alone without ``detail``)."""
        names = self.names if detail else self.names[:1]
        quarters = np.flatnonzero(self.recorded).tolist()
        data = np.empty((len(quarters), len(names), len(OUTCOMES)))
        for page, quarter in zip(data, quarters, strict=True):
            page[:] = self.page(quarter)[:, : len(names)].T
        frame = pd.DataFrame(data.reshape(-1, len(OUTCOMES)), columns=[outcome.name for outcome in OUTCOMES])
        frame.insert(0, "quarter", np.repeat(np.array(quarters, dtype=np.int64), len(names)))
        # Text even where there is none: a column without a type cannot be taken elsewhere (Stata, Arrow).
        for place, column in enumerate(("area", "area_kind")):
            words = [area[place] for area in names] * len(quarters)
            frame.insert(1 + place, column, pd.Series(words, frame.index, dtype=str))
        return frame

    def ratio(self, name: str, top: Numbers, bottom: Numbers) -> None:
        """A mean or share from sums by neighbourhood (k,): tops and bottoms are added before dividing."""
        self.ratios(INDEX[name], top, bottom)

    def ratios(self, rows: Ints | int, tops: Many, bottoms: Many) -> None:
        """Several at once (``rows_of``): sums (rows, k), or one for all (k,)."""
        k = len(self.of)
        self._tops[rows, :k], self._bottoms[rows, :k], self._how[rows] = tops, bottoms, _RATIO

    def count(self, name: str, values: Numbers) -> None:
        """A number by neighbourhood (k,) that adds up."""
        self.counts(INDEX[name], values)

    def counts(self, rows: Ints | int, values: Many) -> None:
        """Several at once (``rows_of``): (rows, k)."""
        self._tops[rows, : len(self.of)], self._how[rows] = values, _COUNT

    def by_municipality(self, name: str, values: Numbers, region: float | None = None) -> None:
        """A value by municipality (m,) or with the rest of the county (m + 1,); the region gets the sum by default."""
        row = INDEX[name]
        if region is None:
            self.all_by_municipality(row, values)
        else:
            self.now[row, 0], self.now[row, 1 : 1 + self.m] = region, values[: self.m]

    def all_by_municipality(self, rows: Ints | int, values: Many) -> None:
        """Several at once (``rows_of``), of which the region gets the sum: (rows, m) or (rows, m + 1)."""
        values = np.asarray(values)
        wide = values.shape[-1]
        self._tops[rows, :wide], self._how[rows] = values, _TOWNS if wide == self.m else _AND_REST

    def region(self, name: str, value: float) -> None:
        """A value that exists for the region only."""
        self.regions(INDEX[name], value)

    def regions(self, rows: Ints | int, values: Numbers | Sequence[float] | float) -> None:
        """Several at once (``rows_of``): (rows,)."""
        self.now[rows, 0], self._none[rows, 0] = values, False


def _ends_year(quarter: int) -> bool:
    return bool((quarter + 1) % 4 == 0)


def rows_of(*names: str) -> Ints:
    """Where these outcomes stand in a page: a recorder takes several at once faster than one by one."""
    return np.array([INDEX[name] for name in names], dtype=np.int64)


@kernel
def _close(
    now: Floats,
    none: Bools,
    how: Small,
    tops: Floats,
    bottoms: Floats,
    of: Ints,
    m: int,
    may_be_none: Bools,
    there: Bools,
    least: Floats,
    most: Floats,
) -> Bools:
    """Write what has waited into all areas of the page (outcomes, areas), and tell which cells cannot be.

    how : what of an outcome waits (outcomes,): nothing (0), or one of the kinds above. tops, bottoms : by neighbourhood
    (outcomes, k) or municipality. there : cells that can have a number this quarter; the others must have none.
    """
    k = len(of)
    top, bottom = np.zeros(1 + m + k), np.zeros(1 + m + k)
    wrong = np.zeros(now.shape, np.bool_)
    for row in range(len(now)):
        if how[row] >= _TOWNS:
            now[row, 0] = pairwise(tops[row, : m + how[row] - _TOWNS])
            now[row, 1 : 1 + m] = tops[row, :m]
        elif how[row] == _COUNT:
            _in_areas(now[row], tops[row], of, m)
        elif how[row] == _RATIO:
            _in_areas(top, tops[row], of, m)
            _in_areas(bottom, bottoms[row], of, m)
            for area in range(1 + m + k):
                now[row, area] = top[area] / bottom[area] if bottom[area] > 0.0 else np.nan
                if may_be_none[row]:
                    none[row, area] = bottom[area] == 0.0
        for area in range(1 + m + k):
            value = now[row, area]
            possible = there[row, area] & (value >= least[row]) & (value <= most[row])
            absent = (none[row, area] | (not there[row, area])) & np.isnan(value)
            wrong[row, area] = not (possible | absent)
    return wrong


@rule
def _in_areas(areas: Floats, by_neighbourhood: Floats, of: Ints, m: int) -> None:
    """Region, municipalities and neighbourhoods, in place, from values by neighbourhood (k,)."""
    areas[: 1 + m] = 0.0
    for place in range(len(of)):
        areas[1 + of[place]] += by_neighbourhood[place]
        areas[1 + m + place] = by_neighbourhood[place]
    areas[0] = pairwise(areas[1 : 1 + m])


def impossible_outcomes(cells: Sequence[tuple[Outcome, str, float]], quarter: int) -> OutcomeError:
    """The error for outcomes with the names of their areas and what was computed for them; the first few are told."""
    outcome, area, value = cells[0]
    others = list(dict.fromkeys(other.name for other, _, _ in cells if other is not outcome))
    rest = f" and {len(others) - 3} more" if len(others) > 3 else ""
    more = f"; also {', '.join(others[:3])}{rest}" if others else ""
    unless = f", or none when {outcome.missing}" if outcome.missing else ""
    return OutcomeError(
        f"outcome {outcome.name} of {area} in quarter {quarter}: the model computed {value:g}; "
        f"expected {outcome.expected}{unless}{more}; an error of samspel itself"
    )


def areas(region: Region) -> list[tuple[str, str]]:
    """Names and kinds of the recorded areas, in order."""
    towns = [(name, "municipality") for name in region.municipalities.name]
    return [(region.name, "region"), *towns, *((name, "neighbourhood") for name in region.neighbourhoods.name)]
