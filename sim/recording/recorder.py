"""The recorder: an array (quarters, outcomes, areas); the areas are region, municipalities, neighbourhoods.

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

INDEX = {outcome.name: i for i, outcome in enumerate(OUTCOMES)}
_ROUNDING = 1e-9  # by which a share of sums may pass its limits


class Recorder:
    """Outcomes by quarter and area.

    ``data`` has shape (quarters, outcomes, areas), NaN where an outcome does not exist, nothing happened or nothing was
    recorded; ``recorded`` (quarters,) tells which quarters were. What happens in a quarter is that quarter's alone,
    however many pass until the next is recorded.
    """

    def __init__(self, region: Region, quarters: int, every: int = 1) -> None:
        self.names, self.every = areas(region), every
        self.of: Ints = np.array(region.neighbourhoods.municipality_index, dtype=np.int64)
        self.m = len(region.municipalities)
        self.data: Floats = np.full((quarters, len(OUTCOMES), len(self.names)), np.nan)
        self.recorded: Bools = np.zeros(quarters, dtype=bool)
        self.quarter = 0
        # Sums by neighbourhood wait until the quarter is closed, and are added up for all areas at once.
        self._counts: list[int] = []
        self._ratios: list[int] = []
        self._by_town: tuple[list[tuple[int, Numbers]], ...] = ([], [])  # without and with the rest of the county
        self._tops, self._bottoms = np.zeros((2, len(OUTCOMES), len(self.of)))
        low, high = np.array([outcome.limits for outcome in OUTCOMES]).T
        self._least, self._most = low[:, None] - _ROUNDING, high[:, None] + _ROUNDING
        self._may_be_none = np.array([bool(outcome.missing) for outcome in OUTCOMES])
        self._yearly = np.array([outcome.yearly for outcome in OUTCOMES])
        self._nowhere = self._beyond()
        self._none: Bools = self._nowhere.copy()  # cells of the quarter at hand in which there rightly is no number

    def _beyond(self) -> Bools:
        """Cells without a number in any quarter, and those of the region that may have none, (outcomes, areas)."""
        last = {"region": 1, "municipality": 1 + self.m, "all": len(self.names)}
        nowhere = np.arange(len(self.names)) >= np.array([[last[outcome.level]] for outcome in OUTCOMES])
        nowhere[[i for i, outcome in enumerate(OUTCOMES) if outcome.missing], 0] = True
        return np.asarray(nowhere)

    def open(self, quarter: int) -> None:
        """Begin to record a quarter."""
        self.quarter = quarter
        self.recorded[quarter] = True
        self._none[:] = self._nowhere
        if (quarter + 1) % 4:
            self._none[self._yearly] = True

    def close(self) -> None:
        """All of the quarter is recorded.

        Raises
        ------
        OutcomeError : an outcome that must exist does not, or is what it cannot be, such as a share of 1.2.
        """
        self._add_up()
        now = self.data[self.quarter]
        wrong = ~((now >= self._least) & (now <= self._most) | np.isnan(now) & self._none)
        if wrong.any():
            cells = [(OUTCOMES[i], self.names[area][0], float(now[i, area])) for i, area in np.argwhere(wrong)]
            raise impossible_outcomes(cells, self.quarter)

    def due(self, quarter: int) -> bool:
        """Whether a quarter is one of those to record: the last of every ``every``, none where that is 0."""
        return self.every > 0 and (quarter + 1) % self.every == 0

    def frame(self, detail: bool) -> pd.DataFrame:
        """Recorded outcomes, wide: one row per quarter and area (the region's alone without ``detail``)."""
        names = self.names if detail else self.names[:1]
        quarters = np.flatnonzero(self.recorded)
        data = self.data[quarters, :, : len(names)]
        frame = pd.DataFrame(
            data.transpose(0, 2, 1).reshape(-1, len(OUTCOMES)), columns=[outcome.name for outcome in OUTCOMES]
        )
        frame.insert(0, "quarter", np.repeat(quarters, len(names)))
        # Text even where there is none: a column without a type cannot be taken elsewhere (Stata, Arrow).
        for place, column in enumerate(("area", "area_kind")):
            words = [area[place] for area in names] * len(quarters)
            frame.insert(1 + place, column, pd.Series(words, frame.index, dtype=str))
        return frame

    def ratio(self, name: str, top: Numbers, bottom: Numbers) -> None:
        """A mean or share from sums by neighbourhood (k,): tops and bottoms are added before dividing."""
        row = INDEX[name]
        self._tops[row], self._bottoms[row] = top, bottom
        self._ratios.append(row)

    def count(self, name: str, values: Numbers) -> None:
        """A number by neighbourhood (k,) that adds up."""
        row = INDEX[name]
        self._tops[row] = values
        self._counts.append(row)

    def by_municipality(self, name: str, values: Numbers, region: float | None = None) -> None:
        """A value by municipality (m,) or with the rest of the county (m + 1,); the region gets the sum by default."""
        if region is None:
            self._by_town[len(values) - self.m].append((INDEX[name], values))
            return
        row = self.data[self.quarter, INDEX[name]]
        row[0], row[1 : 1 + self.m] = region, values[: self.m]

    def region(self, name: str, value: float) -> None:
        """A value that exists for the region only."""
        self.data[self.quarter, INDEX[name], 0] = value
        self._none[INDEX[name], 0] = False

    def _add_up(self) -> None:
        """Numbers and ratios of the quarter, in all areas."""
        rows = self._counts + self._ratios
        _add_up(
            self.data[self.quarter], self._none, np.array(rows, dtype=np.int64), len(self._counts), self._tops,
            self._bottoms, self.of, self.m, self._may_be_none,
        )  # fmt: skip
        for waiting in self._by_town:
            if waiting:
                of, values = [row for row, _ in waiting], np.array([value for _, value in waiting], dtype=np.float64)
                self.data[self.quarter, of, : 1 + self.m] = np.column_stack([values.sum(axis=1), values[:, : self.m]])
            waiting.clear()
        self._counts.clear()
        self._ratios.clear()


@kernel
def _add_up(
    data: Floats,
    none: Bools,
    rows: Ints,
    counts: int,
    tops: Floats,
    bottoms: Floats,
    of: Ints,
    m: int,
    may_be_none: Bools,
) -> None:
    """The first ``counts`` of these outcomes (rows) are numbers by neighbourhood (k,), the others tops and bottoms of
    ratios: what they are in the region, in municipalities and neighbourhoods (outcomes, areas)."""
    k = len(of)
    top, bottom = np.zeros(1 + m + k), np.zeros(1 + m + k)
    for i in range(len(rows)):
        row = rows[i]
        _in_areas(top, tops[row], of, m)
        if i < counts:
            data[row] = top
            continue
        _in_areas(bottom, bottoms[row], of, m)
        for area in range(1 + m + k):
            data[row, area] = top[area] / bottom[area] if bottom[area] > 0.0 else np.nan
            if may_be_none[row]:
                none[row, area] = bottom[area] == 0.0


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
