"""The two models side by side: a quarter of ours, watched; and in what the ordinary one differs from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import thread_time

import numpy as np
from numpy.typing import NDArray

from experiments.tools.benchmark.ordinary.household import Household
from experiments.tools.benchmark.ordinary.model import OrdinaryModel
from experiments.tools.benchmark.ordinary.outside import Outside, seen
from experiments.tools.benchmark.ordinary.start import TRAITS
from sim import RenewalModel, schedule
from sim.world.books import Flow
from sim.world.kinds import KINDS
from sim.world.tallies import Tally
from sim.world.world import World

RESIDENTS = ("work and training", "everyday life")  # the phases that are theirs
CLOSE = 1e-9  # how near real numbers are, relative
ELSEWHERE = (Tally.BEGUN, Tally.SOLD)  # counted in other phases
REAL = ("other_income", "second_pay", "health", "satisfaction", "wish", "burden", "income")


class Watched:
    """A model of ours that is run quarter by quarter, while somebody asks for what its residents' phases begin with.

    seconds : processor time of these phases so far.
    """

    def __init__(self, model: RenewalModel) -> None:
        self.model, self.seconds = model, 0.0
        self._seen: Outside | None = None

    def __iter__(self) -> Iterator[Outside]:
        while self.model.running:
            usual = schedule.PHASES
            schedule.PHASES = tuple(
                replace(x, advance=self._timed(x.advance)) if x.name in RESIDENTS else x for x in usual
            )
            try:
                self.model.step()
            finally:
                schedule.PHASES = usual
            assert self._seen is not None  # both phases have been there
            now, self._seen = self._seen, None
            yield now

    def _timed(self, advance: Callable[[World], None]) -> Callable[[World], None]:
        def timed(world: World) -> None:
            if self._seen is None:
                self._seen = seen(world)
            started = thread_time()
            advance(world)
            self.seconds += thread_time() - started

        return timed


def differences(ours: World, other: OrdinaryModel) -> list[str]:
    """In what the ordinary model differs from ours once both have had the same quarter: states and decisions by any
    bit, real numbers by more than rounding. Empty if in nothing."""
    found = [*_households(ours, other), *_cohort(ours, other), *_sums(ours, other), *_money(ours, other)]
    return [text for text in found if text]


def _households(ours: World, other: OrdinaryModel) -> Iterator[str]:
    """Who lives in which flat, and what is known of them."""
    r = ours.residents
    lives_in = {x.flat.row: x for x in other.agents if isinstance(x, Household)}
    lived_in = [flat.row in lives_in for flat in other.flats]
    yield _exact("occupied", r.occupied, lived_in)
    yield _exact("households", r.occupied.sum(keepdims=True), [len(other.agents)])
    if lived_in != r.occupied.tolist():
        return
    rows = np.flatnonzero(r.occupied)
    there = [lives_in[row] for row in rows.tolist()]
    for name in ("household", *TRAITS):
        values = [x.number if name == "household" else getattr(x, name) for x in there]
        compare = _close if name in REAL else _exact
        yield compare(name, getattr(r, name)[rows], values)
    yield _close("rent", r.rent, [flat.rent for flat in other.flats])


def _cohort(ours: World, other: OrdinaryModel) -> Iterator[str]:
    """Households of the start that have left."""
    c, away = ours.cohort, sorted(other.away, key=lambda one: one.number)
    who = np.flatnonzero(c.away)
    yield _exact("away", who, [one.number for one in away])
    if who.tolist() == [one.number for one in away]:
        for name in ("employed", "history", "skill", "born"):
            yield _exact(f"{name} of those away", getattr(c, name)[who], [getattr(one, name) for one in away])


def _sums(ours: World, other: OrdinaryModel) -> Iterator[str]:
    """What is counted: moves by kind of household, and whatever else either side has counted."""
    counts, tallies = other.now.counts, ours.tallies
    for name, ordinary, table in (("moves", counts.moves, tallies.moves), ("caused", counts.caused, tallies.caused)):
        cells = [ordinary[i, kind] for i in range(len(table)) for kind in range(KINDS)]
        yield _exact(f"{name} by kind", table.ravel(), cells)
    for tally in set(Tally).difference(ELSEWHERE):
        yield _close(f"tally {tally.name.lower()}", tallies.of(tally), counts.of[tally.name.lower()])


def _money(ours: World, other: OrdinaryModel) -> Iterator[str]:
    """The books of the quarter that are residents', by neighbourhood; the labour market; what is known of places."""
    books, pool = other.now.books, other.county.pool
    for name, values in books.of.items():
        yield _close(f"flow {name}", ours.books.at[other.now.q, Flow[name.upper()].row], values)
    yield _close("tightness", ours.pool.tightness, other.now.tightness)
    yield _close("vacancies", ours.pool.vacancies, pool.vacancies)
    yield _close("work elsewhere", ours.pool.employed, pool.employed)
    yield _close("people elsewhere", ours.elsewhere.born.sum(axis=1), other.county.people.born.sum(axis=1))
    yield _close("newcomers", ours.elsewhere.newcomers, other.county.people.newcomers)
    yield _close("incomes of places", ours.around.incomes, other.place_incomes)
    if other.now.knows_tenants:
        for name, known in (("assistance", ours.tenants_on_assistance), ("allowance", ours.tenants_on_allowance)):
            values = [getattr(b, f"on_{name}") / b.flats for b in other.buildings]
            yield _close(f"tenants on {name}", known, values)


def _exact(name: str, ours: NDArray[np.generic], other: Sequence[object]) -> str:
    """A line where any two differ, or where there are not as many."""
    mine = ours.tolist()
    if len(mine) != len(other):
        return f"{name}: {len(mine)} here, {len(other)} there"
    apart = [i for i, (a, b) in enumerate(zip(mine, other, strict=True)) if a != b]
    return f"{name}: {mine[apart[0]]} here, {other[apart[0]]} there, {len(apart)} in all" if apart else ""


def _close(name: str, ours: object, other: object) -> str:
    """A line where any two differ by more than rounding."""
    mine, theirs = np.ravel(np.asarray(ours, dtype=float)), np.ravel(np.asarray(other, dtype=float))
    apart = ~np.isclose(mine, theirs, rtol=CLOSE, atol=CLOSE)
    if not apart.any():
        return ""
    worst = int(np.argmax(np.abs(mine - theirs)))
    return f"{name}: {mine[worst]} here, {theirs[worst]} there, {int(apart.sum())} in all"
