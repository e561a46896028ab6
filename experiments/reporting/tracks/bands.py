"""Observed numbers beside the runs of one arm: in one unit, area by area, with what cannot be compared and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from experiments.analysis.pairs import mean_of_known
from experiments.engine.results import Results, yearly_means
from experiments.reporting.tracks.prices import real
from experiments.reporting.tracks.series import BY_NAME, Array, Series
from experiments.reporting.tracks.table import AND, Observed, tracks


@dataclass(frozen=True)
class Dot:
    """One observed number in the unit in which it is compared: the value, and between which ends it may lie."""

    year: int
    value: float
    low: float
    high: float
    observed: Observed

    @property
    def fitted(self) -> bool:
        """Whether it chose something in the model, so that meeting it is no evidence."""
        return self.observed.use == "fit"


@dataclass(frozen=True)
class Track:
    """A series of one area beside the runs. years: calendar years of the runs; values: runs × years, in the unit of the
    dots. base: the year that both are told against, for a series against its first observed year, which is 1 in every
    run: there no change is 1 too, as wide as the band that it stands beside. weights: what each
    run counts; None where all count the same."""

    series: Series
    area: str
    dots: tuple[Dot, ...]
    years: Array
    values: Array
    base: int | None = None
    weights: Array | None = None

    def at(self, year: int) -> Array:
        """What runs say of a year, one number a run."""
        return np.asarray(self.values[:, list(self.years).index(year)])

    @property
    def where(self) -> str:
        """The area for a reader."""
        first, *others = self.area.split(AND)
        return first if not others else f"{first} and {len(others)} more"

    @property
    def start(self) -> Array:
        """What it would be had nothing changed since the start, one number a run."""
        return np.asarray(self.values[:, 0]) if self.base is None else np.ones(len(self.values))


@dataclass(frozen=True)
class LeftOut:
    """Observed numbers of a series that are not compared, and why."""

    series: Series
    areas: tuple[str, ...]
    numbers: int
    reason: str


NOT_HERE = "no such area in this region"
NOT_THEN = "outside the years that were run"
NOT_KEPT = "not recorded for such an area"
NO_PAIR = "one year within the run, and told against the first"


def beside(
    results: Results,
    arm: str,
    table: Sequence[Observed] | None = None,
    outcome: str | None = None,
    weights: Array | None = None,
) -> tuple[tuple[Track, ...], tuple[LeftOut, ...]]:
    """All observed series beside the runs of an arm, and what is left out. table: the shipped one unless given.
    outcome: only series that are this one. weights: what each point of the design counts, in all its replicates."""
    tracks_found: list[Track] = []
    left: dict[tuple[str, str], list[Observed]] = {}

    def leave(some: Iterable[Observed], reason: str) -> None:
        for one in some:
            left.setdefault((one.series, reason), []).append(one)

    first, last = int(results.years[0]), int(results.years[-1])
    for series, area, observed in _groups(tracks() if table is None else table, outcome):
        reason = series.apart or _absent(results, series, observed[0].places)
        if reason:
            leave(observed, reason)
            continue
        within = _within(observed, first, last)
        leave([one for one in observed if one not in within], NOT_THEN)
        if _no_pair(series, within):
            leave(within, NO_PAIR)
        elif within:
            tracks_found.append(_track(results, arm, series, area, within, weights))
    return tuple(tracks_found), tuple(
        LeftOut(BY_NAME[name], tuple(dict.fromkeys(one.area for one in some)), len(some), reason)
        for (name, reason), some in left.items()
    )


def last_compared(places: Collection[str], first: int, last: int) -> int | None:
    """The last calendar year of these in which runs that keep these places have an observed number beside them; None
    where no number that chose nothing in the model would."""
    compared = [
        one
        for series, _, observed in _groups(tracks())
        if not series.apart and set(observed[0].places) <= set(places)
        for within in [_within(observed, first, last)]
        if not _no_pair(series, within)
        for one in within[series.against_first :]
    ]
    return max(one.year for one in compared) if any(one.use != "fit" for one in compared) else None


def _groups(table: Sequence[Observed], outcome: str | None = None) -> Iterator[tuple[Series, str, list[Observed]]]:
    """Numbers of each series and area by year, in the order of the series."""
    order = list(BY_NAME)
    wanted = [one for one in table if outcome in (None, BY_NAME[one.series].outcome)]
    rows = sorted(wanted, key=lambda one: (order.index(one.series), one.area))
    for (name, area), group in groupby(rows, key=lambda one: (one.series, one.area)):
        yield BY_NAME[name], area, sorted(group, key=lambda one: one.year)


def _within(observed: Sequence[Observed], first: int, last: int) -> list[Observed]:
    return [one for one in observed if first <= one.year <= last]


def _no_pair(series: Series, within: Sequence[Observed]) -> bool:
    """Whether there is one number alone of a series that is told against the first."""
    return series.against_first and len(within) == 1


def _absent(results: Results, series: Series, places: tuple[str, ...]) -> str:
    """Why these results cannot tell a series of these places; empty where they can."""
    here = [kind for kind in ("region", "municipality", "neighbourhood") if set(places) <= set(results.areas(kind))]
    if not here:
        # Without detail, curves are those of the region, whose places the manifest still names.
        places_of_it = {*results.made.municipality_of, *results.made.municipality_of.values()}
        return NOT_KEPT if set(places) <= places_of_it else NOT_HERE
    if not set(series.outcomes) <= set(results.outcomes):
        return NOT_KEPT
    kind = _kind(results, series, places)
    # Outcomes of a region or of municipalities alone have empty columns for finer areas.
    empty = any(np.isnan(_yearly(results, name, results.baseline, kind)).all() for name in series.outcomes)
    return NOT_KEPT if empty else ""


def _kind(results: Results, series: Series, places: tuple[str, ...]) -> str:
    if series.region_wide:
        return "region"
    kinds = ("region", "municipality", "neighbourhood")
    return next(kind for kind in kinds if set(places) <= set(results.areas(kind)))


def _track(
    results: Results, arm: str, series: Series, area: str, observed: Sequence[Observed], weights: Array | None
) -> Track:
    """A series of an area, in the unit of comparison. Places observed as one are weighted by flats."""
    places = observed[0].places
    kind = _kind(results, series, places)
    values = _values(results, arm, series, kind, () if series.region_wide else places)
    by_run = None if weights is None else np.repeat(weights, len(values) // len(weights))
    dots = [_dot(series, one) for one in observed]
    if not series.against_first:
        return Track(series, area, tuple(dots), results.years, values, weights=by_run)
    first, *later = dots
    base = values[:, [list(results.years).index(first.year)]]
    # What is not known of the first observed number is not known of the ratio either.
    ratios = tuple(
        Dot(dot.year, dot.value / first.value, dot.low / first.high, dot.high / first.low, dot.observed)
        for dot in later
    )
    with np.errstate(divide="ignore", invalid="ignore"):  # of a company that had nothing then, there is no ratio
        return Track(series, area, ratios, results.years, values / base, first.year, by_run)


def _dot(series: Series, one: Observed) -> Dot:
    value, low, high = (
        real(number, one.year) if series.of_the_day else number for number in (one.value, one.low, one.high)
    )
    return Dot(one.year, value, low, high, one)


def _values(results: Results, arm: str, series: Series, kind: str, places: tuple[str, ...]) -> Array:
    """A series by run and year; no places: of the region."""
    if not places or kind == "region":
        return series.of({name: _yearly(results, name, arm)[:, :, 0] for name in series.outcomes})
    columns = [list(results.areas(kind)).index(place) for place in places]
    each = series.of({name: _yearly(results, name, arm, kind)[:, :, columns] for name in series.outcomes})
    flats = np.where(np.isnan(each), np.nan, _yearly(results, "flats", arm, kind)[:, :, columns])
    return mean_of_known(each * flats, -1) / mean_of_known(flats, -1)


def _yearly(results: Results, outcome: str, arm: str, kind: str = "region") -> Array:
    """Means of each year by run, year and area; runs point by point, and within by replicate."""
    means = yearly_means(results.paths(outcome, arm, kind))
    return means.reshape(-1, *means.shape[2:])
