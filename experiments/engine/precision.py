"""Replicates until the headline is known well enough, and what a number of replicates was worth."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from experiments.analysis.intervals import Interval
from experiments.engine.design import Design
from experiments.engine.experiment import Experiment
from experiments.engine.progress import tell
from experiments.engine.results import Results
from sim import SamspelError

WIDTH = 0.5  # how wide the headline's interval should be at most, by the size of its mean


@dataclass(frozen=True)
class Precision:
    """How well a headline is known. width: the interval's width by the size of its mean; wanted: at most that."""

    replicates: int
    mean: float
    width: float
    wanted: float

    @property
    def enough(self) -> bool:
        """Whether the interval is as narrow as wanted."""
        return self.width <= self.wanted

    @property
    def needed(self) -> float:
        """Replicates that would be about enough; the width falls with their square root."""
        return math.ceil(self.replicates * (self.width / self.wanted) ** 2) if math.isfinite(self.width) else math.inf

    def words(self, headline: str = "the headline") -> str:
        """A sentence for a summary."""
        if math.isnan(self.width):
            return f"One replicate gives no interval: nothing can be said of how sure {headline} is."
        wide = f"{100 * self.width:.0f} % of its mean wide with {self.replicates} replicates"
        start = f"The 95 % interval of {headline} is {wide}"
        if self.enough:
            return f"{start}; at most {100 * self.wanted:.0f} % is wanted, so they were enough."
        more = f"about {self.needed:,.0f}" if self.needed < 1e5 else "far more"
        return f"{start}; at most {100 * self.wanted:.0f} % is wanted: not enough, it would take {more}."


def precision_of(interval: Interval, wanted: float) -> Precision:
    """How well an interval over replicates is known."""
    wide = interval.high - interval.low
    width = wide / abs(interval.mean) if interval.mean else (math.inf if wide else 0.0)
    return Precision(interval.count, interval.mean, width if interval.known else math.nan, wanted)


def replicate_until(
    experiment: Experiment,
    make: Callable[[int], Design],
    measure: Callable[[Results], Interval],
    width: float,
    start: int = 10,
    most: int = 200,
    minutes: float | None = None,
) -> tuple[Results, Precision]:
    """Run `make(replicates)` with more and more replicates until the interval that `measure` takes is at most
    `width` of its mean wide, or there are `most`, or the next step would last beyond `minutes`.

    Finished runs count again at each step. Where time decides, results depend on the machine. Raises SamspelError for
    a width or a time that is none.
    """
    if not (math.isfinite(width) and width > 0):
        raise SamspelError(f"width: got {width}; expected a finite number above 0")
    if minutes is not None and not (math.isfinite(minutes) and minutes >= 0):
        raise SamspelError(f"minutes: got {minutes}; expected a finite number, 0 or more")
    began, replicates = time.monotonic(), start
    experiment.announce(make(start))
    while True:
        before = time.monotonic()
        tables = experiment.run(make(replicates))
        precision = precision_of(measure(tables), width)
        following = min(most, _next(precision, replicates))
        each = (time.monotonic() - before) / replicates
        late = minutes is not None and time.monotonic() - began + each * (following - replicates) > 60 * minutes
        if precision.enough or replicates >= most or late:
            return tables, precision
        if experiment.execution.show_progress is not False:
            tell(f"{replicates} replicates: interval {100 * precision.width:.0f} % of the mean wide; {following} next")
        replicates = following


def _next(precision: Precision, replicates: int) -> int:
    # Never more than doubled: a first guess of the width is a poor one.
    if not math.isfinite(precision.needed):
        return 2 * replicates
    return max(replicates + 1, min(2 * replicates, int(precision.needed)))
