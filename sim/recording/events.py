"""A record of single events, beside the outcomes: who moved, what was built, how tenders and training places ended.

It is kept only where asked for (``RenewalModel(..., events=True)``), only reads the world and draws nothing, so that a
run with it and a run without differ in no bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.recording.grown import Table
from sim.recording.places import PlacesRecord
from sim.recording.tenders import TendersRecord
from sim.recording.work_spells import WorkRecord
from sim.rules import appraisal
from sim.vocabulary import TOLD, Work
from sim.world.columns import Floats, Ints
from sim.world.notes import Tender

if TYPE_CHECKING:
    from sim.world.leavers import Settled
    from sim.world.projects import Contract
    from sim.world.world import World

FIFTHS = 5


_MOVES: dict[str, type] = dict.fromkeys(("quarter", "building", "fifth"), int) | {"income": float}
_MOVES |= dict.fromkeys(("caused", "employed", "of_age"), bool)
_MOVES |= {"origin": int, "destination": int, "destination_income": float, "origin_income": float, "km": float}
_MOVES |= {"renovated": bool, "standard": int}
_WORKS: dict[str, type] = dict.fromkeys(("building", "owner", "option", "standard", "energy_level", "flats"), int)
_WORKS |= dict.fromkeys(("announced", "awarded", "start", "finished"), int) | {"private": bool, "heat_price": float}
_WORKS |= dict.fromkeys(("area", "cost", "rent_before", "rent_after", "energy_before", "energy_after"), float)


class Events:
    """What happened in one run.

    ``site`` is the state of every building when households decided to move, and ``at_risk`` the number of households
    by income fifth of the year then, in buildings announced or on site (1) and in all others (0); arrays (quarters,
    buildings) and (quarters, 2, 5). ``twins``: whether joint tenders are also told as their owners' own. ``work``: who
    of the households of 2011 was at work, wherever they live by now.
    """

    def __init__(self, quarters: int, buildings: int, households: int, twins: bool = False) -> None:
        self.twins = twins
        self.site = np.zeros((quarters, buildings), dtype=np.int8)
        self.at_risk = np.zeros((quarters, 2, FIFTHS))
        self.places, self.work = PlacesRecord(), WorkRecord(quarters, households)
        self._moves, self._works, self._tenders = Table(_MOVES), Table(_WORKS), TendersRecord()
        self._bounds: Floats = np.zeros(FIFTHS - 1)
        self._all: Floats = np.zeros(FIFTHS)

    def moves(self) -> pd.DataFrame:
        """One row a household that moved out: quarter, building, whether renovation caused it, income and its fifth,
        work; origin and destination (a neighbourhood's row, or beyond them a kind of place elsewhere), mean income
        there and where they leave (SEK/month), kilometres between, whether the building that they leave is under
        renovation or just renovated, and its standard."""
        return self._moves.frame()

    def works(self) -> pd.DataFrame:
        """One row a finished building: owner (a row of the world's owners), option, quarters of announcement, start
        and end, SEK per flat, and rent (SEK/m2.year) and energy (kWh/m2.year) before and after."""
        return self._works.frame()

    def tenders(self) -> pd.DataFrame:
        """One row a tender, as ``TendersRecord.frame`` tells."""
        return self._tenders.frame()

    def moved(self, world: World, gone: Ints, caused: Ints) -> None:
        """Households leave, some of them because of renovation."""
        r, q = world.residents, world.quarter
        self.site[q] = world.buildings.site
        if q % 4 == 0:
            self._bounds = np.quantile(r.income[r.occupied], np.arange(1, FIFTHS) / FIFTHS)
            self._all = self._by_fifth(r.income[r.occupied])
        disturbed = np.flatnonzero(np.isin(self.site[q], TOLD))
        rows = world.flats_in(disturbed)[1]
        self.at_risk[q, 1] = self._by_fifth(r.income[rows[r.occupied[rows]]])
        self.at_risk[q, 0] = self._all - self.at_risk[q, 1]
        self._moves.add(
            len(gone), quarter=q, building=r.building[gone], caused=np.isin(gone, caused), income=r.income[gone],
            fifth=np.searchsorted(self._bounds, r.income[gone]), employed=r.work[gone] == Work.EMPLOYED,
            of_age=r.work[gone] != Work.RETIRED,
        )  # fmt: skip

    def settled(self, moves: Settled) -> None:
        """Where they went, in the same order."""
        self._moves.add(
            len(moves.goes), origin=moves.origin, destination=moves.goes, destination_income=moves.there,
            origin_income=moves.here, km=moves.km, renovated=moves.renovated, standard=moves.standard,
        )  # fmt: skip

    def moved_within(self, households: Ints, flats: Ints) -> None:
        """Households that move within the region keep their training places."""
        self.places.moved(households, flats)

    def _by_fifth(self, income: Floats) -> Floats:
        return np.bincount(np.searchsorted(self._bounds, income), minlength=FIFTHS).astype(float)

    def finished(self, world: World, contract: Contract, done: Ints, rise: Floats) -> None:
        """Buildings of a contract are about to be finished; ``rise`` is the rent rise of each, SEK/m2.year."""
        b = world.buildings
        rows, options = contract.buildings[done], contract.options[done]
        self._works.add(
            len(rows), building=rows, option=options, standard=appraisal.STANDARDS[options],
            energy_level=appraisal.LEVELS[options], owner=contract.owners[done],
            private=contract.owners[done] >= len(world.municipalities),
            announced=b.announced[rows], awarded=contract.awarded, start=contract.start, finished=world.quarter,
            flats=b.flats[rows], area=b.area[rows],
            cost=contract.total * contract.cost_shares[done] / b.flats[rows],
            rent_before=b.rent[rows], rent_after=b.rent[rows] + rise,
            energy_before=b.energy[rows], energy_after=b.energy[rows] * (1.0 - appraisal.savings(world.p)[options]),
            heat_price=world.surroundings.heat_price,
        )  # fmt: skip

    def tendered(self, world: World, tender: Tender) -> None:
        """Bids for a lot have been opened."""
        self._tenders.opened(world, tender)

    def placed(self, world: World, contract: Contract, rows: Ints) -> None:
        """These residents (rows) take training places on a contract's site."""
        self.places.placed(world, contract, rows)

    def trained(self, world: World) -> None:
        """The quarter's training is done."""
        self.places.follow(world)

    def closed(self, world: World) -> None:
        """A quarter is over."""
        self.work.note(world)
