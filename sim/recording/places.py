"""The record of training places: who took one, how it ended, and whether they work a year after the contract's end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.rules.training import Programme
from sim.vocabulary import Work
from sim.world.columns import Ints

if TYPE_CHECKING:
    from sim.world.projects import Contract
    from sim.world.world import World

OPEN, JOB, OUT, RETIRED, MOVED = range(5)  # how a place ended, so far
OUTCOMES = ("open", "job", "out of work", "retired", "moved away")
YEAR = 4
_WHO = ("household", "row", "municipality", "estate", "contract")
_WHEN = ("start", "end", "contract_end")
_COLUMNS: dict[str, type] = dict.fromkeys((*_WHO, *_WHEN), np.int64) | {
    "kind": np.int8,
    "coached": np.bool_,
    "outcome": np.int8,
    "later": np.float64,
}


class PlacesRecord:
    """One entry a person who took a place; ``later`` is 1 or 0 for at work a year after the contract's end or not."""

    def __init__(self) -> None:
        self._data: dict[str, NDArray[Any]] = {name: np.zeros(0, dtype=kind) for name, kind in _COLUMNS.items()}
        self._contracts = 0
        self._running: dict[int, Contract] = {}

    def frame(self) -> pd.DataFrame:
        """One row a place: household, municipality, estate of the works, kind (a Programme), coached (whether a coach
        follows it), quarters of start, end and the contract's end (-1: not yet), outcome (one of OUTCOMES), and later
        (NaN: too early, or moved and not followed)."""
        table = pd.DataFrame(self._data).drop(columns="row")
        return table.assign(outcome=pd.Series([OUTCOMES[k] for k in table["outcome"]], table.index, dtype=str))

    def placed(self, world: World, contract: Contract, rows: Ints) -> None:
        """These residents take places on a contract's site; which kind is seen when the quarter's training is done."""
        if len(rows) == 0:
            return
        number = self._number(contract)
        who = {
            "household": world.residents.household[rows],
            "row": rows,
            "municipality": world.municipality_of[rows],
            "estate": world.buildings.neighbourhood[contract.buildings[0]],
            "contract": number,
        }
        fresh = dict.fromkeys(_WHEN, -1) | who | {"start": world.quarter, "outcome": OPEN}
        fresh |= {"kind": Programme.NONE, "coached": False, "later": np.nan}
        for name, kind in _COLUMNS.items():
            self._data[name] = np.append(self._data[name], np.broadcast_to(fresh[name], len(rows)).astype(kind))

    def moved(self, households: Ints, flats: Ints) -> None:
        """These households live in these flats (rows) from now on."""
        order = np.argsort(households)
        theirs = np.flatnonzero(np.isin(self._data["household"], households))
        place = np.searchsorted(households[order], self._data["household"][theirs])
        self._data["row"][theirs] = flats[order][place]

    def _number(self, contract: Contract) -> int:
        for number, running in self._running.items():
            if running is contract:
                return number
        self._contracts += 1
        self._running[self._contracts - 1] = contract
        return self._contracts - 1

    def follow(self, world: World) -> None:
        """After the quarter's training: kinds of new places, places that have ended, and people a year later."""
        d = self._data
        fresh = np.flatnonzero(d["start"] == world.quarter)
        d["kind"][fresh] = world.residents.programme[d["row"][fresh]]
        d["coached"][fresh] = world.residents.coached[d["row"][fresh]]
        for number, contract in list(self._running.items()):
            if contract.done:
                d["contract_end"][d["contract"] == number] = world.quarter
                del self._running[number]
        self._note_ends(world)
        due = np.flatnonzero((d["contract_end"] >= 0) & (d["contract_end"] == world.quarter - YEAR))
        d["later"][due] = self._at_work(world, due)

    def _here(self, world: World, which: Ints) -> NDArray[np.bool_]:
        r, rows = world.residents, self._data["row"][which]
        return np.asarray(r.occupied[rows] & (r.household[rows] == self._data["household"][which]))

    def _note_ends(self, world: World) -> None:
        d, r = self._data, world.residents
        still = np.flatnonzero(d["outcome"] == OPEN)
        here = self._here(world, still)
        rows = d["row"][still]
        over = ~here | (r.programme[rows] != d["kind"][still])
        work = r.work[rows]
        how = np.where(work == Work.EMPLOYED, JOB, np.where(work == Work.RETIRED, RETIRED, OUT))
        d["outcome"][still[over]] = np.where(here, how, MOVED)[over]
        d["end"][still[over]] = world.quarter

    def _at_work(self, world: World, which: Ints) -> NDArray[np.float64]:
        """1 or 0 for people at work (waiting apprentices are not), NaN for those whom nobody has followed."""
        d, r, cohort = self._data, world.residents, world.cohort
        rows, household = d["row"][which], d["household"][which]
        practising = (r.programme[rows] == Programme.APPRENTICE) & (r.waiting[rows] == 0)
        at_work = ((r.work[rows] == Work.EMPLOYED) | practising).astype(float)
        first = household < r.n  # households of 2011 are followed wherever they go
        away = np.where(first, cohort.employed[np.minimum(household, r.n - 1)].astype(float), np.nan)
        return np.where(self._here(world, which), at_work, away)
