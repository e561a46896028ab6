"""How much faster residents' phases are than the ordinary Mesa model of the same rules: part (a) of the benchmark."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from statistics import median_low
from time import thread_time
from typing import NamedTuple

from experiments.tools.benchmark.ordinary.beside import Watched, differences
from experiments.tools.benchmark.ordinary.model import OrdinaryModel
from experiments.tools.benchmark.rows import Row, Target
from sim import Collaboration, Levers, Region, RenewalModel, load_region
from sim.mesa_rows.rows import forget

REGION = "stockholm-county"
YEARS = 2
LARGE = 80_000  # residents for which a ratio is asked
AT_LEAST = 60.0
NOBODY_RENOVATES = Levers(renovation=False, turnover_renovation=False)
_SMALL = 1_000  # residents of a run that only compiles


class Round(NamedTuple):
    """One measurement: ns of processor time per resident and quarter, and in how many columns the two differ."""

    ours: float
    ordinary: float
    differ: int

    @property
    def ratio(self) -> float:
        """How many times as fast ours is."""
        return self.ordinary / self.ours


def measured(sizes: Sequence[int], rounds: int) -> list[Row]:
    """Rows of part (a) for regions of about so many residents: the county's, to scale.

    Rounds alternate between the two models, and the round with the median ratio counts.
    """
    _round(_county(_SMALL))
    rows = []
    for size in sizes:
        region = _county(size)
        found = [_round(region) for _ in range(rounds)]
        middle = _middle(found)
        rows.append(
            Row(
                "a",
                f"residents' phases, {size:,} residents",
                middle.ours,
                "ns per resident and quarter",
                middle.ordinary,
                "an ordinary Mesa model",
                target=Target("ratio", ">=", AT_LEAST) if size >= LARGE else None,
            )
        )
        rows.append(
            Row(
                "a",
                f"what differs from the ordinary model after {4 * YEARS} quarters, {size:,} residents",
                float(max(one.differ for one in found)),
                "columns and sums",
                target=Target("value", "<=", 0.0),
            )
        )
    return rows


def _middle(rounds: list[Round]) -> Round:
    """The round with the median ratio, the lower of two."""
    wanted = median_low(one.ratio for one in rounds)
    return next(one for one in rounds if one.ratio == wanted)


def _county(residents: int) -> Region:
    """The county with about so many residents."""
    return load_region(REGION, min(residents / load_region(REGION).total_flats, 1.0))


def _round(region: Region) -> Round:
    """Both models, one after the other, from the same start through the same quarters."""
    ours, start = (_model(region) for _ in range(2))
    watched = Watched(ours)
    gc.collect()
    quarters = list(watched)
    other = OrdinaryModel(start.world, iter(quarters))
    gc.collect()
    seconds = 0.0
    for _ in quarters:
        started = thread_time()
        other.step()
        seconds += thread_time() - started
    each = 1e9 / region.total_flats / len(quarters)
    found = Round(watched.seconds * each, seconds * each, len(differences(ours.world, other)))
    for model in (ours, start, other):
        forget(model)
    return found


def _model(region: Region) -> RenewalModel:
    """A world in which nobody renovates."""
    return RenewalModel(region, Collaboration.preset("siloed"), 1, years=YEARS, levers=NOBODY_RENOVATES)
