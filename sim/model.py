"""RenewalModel: builds a region, runs the nine phases of a quarter, and keeps what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import mesa
import numpy as np
import pandas as pd

from sim import schedule
from sim.agents.builder import Builder
from sim.agents.institutions import CivilSociety, CountyCouncil, Neighbourhood, State
from sim.agents.landlord import Landlord
from sim.agents.municipality import Municipality
from sim.agents.owner import Owner
from sim.agents.resident import Resident
from sim.errors import SamspelError
from sim.inputs.collaboration import Collaboration
from sim.inputs.levers import Levers
from sim.inputs.parameters import Parameters, load_parameters
from sim.inputs.region import Region
from sim.mesa_rows.rows import register_rows
from sim.phases.closing import set_values
from sim.phases.everyday import settle_start
from sim.phases.training import in_programme_work
from sim.phases.work import job_seekers
from sim.randomness import Draws
from sim.recording.events import Events
from sim.recording.outcomes import OUTCOMES
from sim.recording.record import Recorder
from sim.rules.employment import loss_rates
from sim.rules.income import job_year_values
from sim.vocabulary import Work
from sim.world.books import Books
from sim.world.columns import Floats, Groups, Ints
from sim.world.county_labour import CountyLabour, Estates
from sim.world.projects import Contract, Project
from sim.world.surroundings import Surroundings
from sim.world.synthesis import make_buildings, make_residents


class Cohort:
    """The households of 2011 by their own id: whether they have left, and the leavers' work since."""

    def __init__(self, n: int) -> None:
        self.away = np.zeros(n, dtype=bool)
        self.employed = np.zeros(n, dtype=bool)
        self.skill = np.zeros(n, dtype=np.int8)
        self.born = np.zeros(n, dtype=np.int64)


class RenewalModel(mesa.Model):
    """Neighbourhood renewal in one region under one collaboration.

    Parameters
    ----------
    region : what ``load_region`` gives.
    collaboration : who works together, such as ``Collaboration.preset("regional")``.
    seed : the replicate; the same seed in two arms gives paired runs.
    parameters, levers : behaviour and policy; the shipped values by default.
    years : length of the run.
    same_money : SEK per (year, payer, municipality), handed to the housing companies without conditions: another run's
        ``cofunding()``.
    events : keep a record of single events (``model.events``); changes nothing else.

    A model whose ``step`` raised is finished; make a new one.
    """

    # set in sim/phases/everyday.py
    plain_rent: Floats
    base_satisfaction: Floats
    income_terciles: tuple[float, float]

    def __init__(
        self,
        region: Region,
        collaboration: Collaboration,
        seed: int = 1,
        *,
        parameters: Parameters | None = None,
        levers: Levers | None = None,
        years: int = 30,
        same_money: Floats | None = None,
        events: bool = False,
    ) -> None:
        super().__init__(rng=int(seed))
        if years < 1:
            raise SamspelError(f"years is {years}; expected 1 or more")
        self.region, self.collaboration = region, collaboration
        self.p = parameters or load_parameters()
        self.levers = levers or Levers()
        self.quarters, self.quarter, self.year0 = years * 4, 0, 2011
        self.draws = Draws(seed)
        self.same_money = self._money(same_money, years)
        self._populate()
        self.events = Events(self.quarters, self.buildings.n) if events else None
        self._institutions()
        self._labour_market()
        self._money_at_start(years)
        register_rows(self, Resident, self.residents.n)

    # --- building the world -------------------------------------------------------------------------------------------

    def _money(self, same_money: Floats | None, years: int) -> Floats | None:
        """The other run's co-funding, checked for shape."""
        shape = (years, 3, len(self.region.municipalities))
        if same_money is not None and np.shape(same_money) != shape:
            raise SamspelError(
                f"same_money has shape {np.shape(same_money)}; expected {shape} (years, payers, municipalities)"
            )
        return same_money

    def _populate(self) -> None:
        """Buildings, residents and where everything is."""
        region, p = self.region, self.p
        self.buildings = make_buildings(region, p, self.draws)
        self.residents = make_residents(region, p, self.draws, self.buildings)
        b = self.buildings
        self.in_building = Groups.of(b.flats)
        self.in_neighbourhood = Groups.of(np.bincount(b.neighbourhood, minlength=len(region.neighbourhoods)))
        self.flats_by_neighbourhood = Groups.of(region.neighbourhoods.flats)
        self.neighbourhood_of: Ints = self.in_building.spread(b.neighbourhood)
        self.municipality_of: Ints = self.in_building.spread(b.municipality)
        self.cohort = Cohort(self.residents.n)
        flats = np.bincount(region.neighbourhoods.municipality_index, region.neighbourhoods.flats)
        self.flat_shares: Floats = flats / flats.sum()
        self.municipal_tax: Floats = region.municipalities.municipal_tax
        self.county_tax: Floats = region.municipalities.county_tax

    def _institutions(self) -> None:
        """Ordinary Mesa agents, in the order of the tables."""
        region, p = self.region, self.p
        towns, places = region.municipalities, region.neighbourhoods
        self.municipalities = [Municipality(self, i, name, p.company_yield, p) for i, name in enumerate(towns.name)]
        self.landlords = [
            Landlord(self, len(towns) + i, name, int(m), float(required), strategy)
            for i, (name, m, required, strategy) in enumerate(
                zip(region.landlords.name, region.landlords.municipality_index, region.landlords.required_yield,
                    region.landlords.strategy, strict=True)
            )
        ]  # fmt: skip
        self.owners: list[Owner] = [*self.municipalities, *self.landlords]
        self.builders = [
            Builder(self, i, name, int(m), float(workers), size)
            for i, (name, m, workers, size) in enumerate(
                zip(region.builders.name, region.builders.municipality_index, region.builders.workers,
                    region.builders.size, strict=True)
            )
        ]  # fmt: skip
        self.county_council = CountyCouncil(self, len(towns), p)
        self.state = State(self, len(towns))
        self.civil_societies = [CivilSociety(self, i, float(s)) for i, s in enumerate(towns.civic_strength)]
        self.neighbourhoods = [
            Neighbourhood(self, i, name, towns.name[places.municipality_index[i]]) for i, name in enumerate(places.name)
        ]
        for x in self.neighbourhoods:
            x.reputation = float(places.reputation[x.index])
            x.satisfaction, x.employment = float(places.satisfaction[x.index]), float(places.employment[x.index])

    def _labour_market(self) -> None:
        """Surroundings, and finding rates at which every neighbourhood starts in balance at its observed employment."""
        p, r, groups = self.p, self.residents, self.flats_by_neighbourhood
        self.surroundings = Surroundings(p)
        self.start_rate: Floats = np.ones(len(self.neighbourhoods))
        rows, weight = job_seekers(self)
        lost = loss_rates(p)[r.skill] * (r.work == Work.EMPLOYED)
        # Movers in are less often employed than movers out: finding has to make up for that as well.
        drain = p.move_base / 4.0 * p.mover_drain * groups.sum(r.work != Work.RETIRED)
        effort = np.bincount(self.neighbourhood_of[rows], weight, minlength=len(self.neighbourhoods))
        self.start_rate = (groups.sum(lost) + drain) / np.maximum(effort, 1e-9)
        seekers = float((effort * self.start_rate).sum())
        of_age = r.work != Work.RETIRED
        schooling = np.bincount(r.skill[of_age], minlength=4) / of_age.sum()
        working = float((r.work == Work.EMPLOYED).sum() / of_age.sum())
        estates = Estates(float(of_age.sum()), schooling, working, float(lost.sum()), seekers)
        self.pool = CountyLabour(self.region.county, estates, p)
        self.cohort_find: Floats = self.pool.find[1] * p.cohort_finding

    def _money_at_start(self, years: int) -> None:
        """Books, values, debts, and what everybody believes at the start."""
        p, m = self.p, len(self.municipalities)
        self.books = Books(self.quarters, m)
        self.cofunded: Floats = np.zeros((years, 3, m))
        self.image_practice: Floats = np.zeros(m)
        self.cofunded_before: Floats = np.zeros(m)
        self.recorder = Recorder(self.quarters, self.region.neighbourhoods.municipality_index, m)
        self.projects: list[Project] = []
        self.contracts: list[Contract] = []
        self.pay_level = self.cost_level = self.believed_price = self.price_index = 1.0
        self.expected_bidders = 3.0
        self.intake, self.programme_away = np.zeros(m), np.zeros(m)
        self.trainees_by_builder: Floats = np.zeros(len(self.builders))
        self.building_values: Floats = np.zeros(self.buildings.n)
        self.owners_known()
        set_values(self)
        for town in self.municipalities:
            town.debt = float(self.region.municipalities.company_loan_to_value[town.index]) * town.value
        for landlord in self.landlords:
            landlord.debt = p.landlord_loan_to_value * landlord.value
        self._open_tallies()
        self._known: tuple[Floats, Floats] = (np.zeros(self.buildings.n), np.zeros(self.buildings.n))
        self._satisfaction_at_start()

    def _satisfaction_at_start(self) -> None:
        """First incomes, and the neighbourhoods' own level of satisfaction that the rest of the rule leaves open."""
        settle_start(self)

    # --- a quarter ----------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One quarter: the nine phases in order."""
        if self.quarter >= self.quarters:
            self.running = False
            return
        self.books.quarter = self.quarter
        self._open_tallies()
        for phase in schedule.PHASES:
            phase.advance(self)
        self.quarter += 1
        self.running = self.quarter < self.quarters

    def run(self) -> RenewalModel:
        """All remaining quarters; returns the model."""
        while self.quarter < self.quarters:
            self.step()
        return self

    @staticmethod
    def schedule() -> str:
        """The order of a quarter as a table."""
        return schedule.table()

    def _open_tallies(self) -> None:
        """Counters of the quarter, by neighbourhood and for the region."""
        n = len(self.neighbourhoods)
        self.tallies: dict[str, Floats] = defaultdict(lambda: np.zeros(n))
        self.region_tally: dict[str, float] = defaultdict(float)

    def tally(self, name: str, where: Ints, weights: Floats | None = None) -> None:
        """Count rows by neighbourhood."""
        self.tallies[name] = self.tallies[name] + np.bincount(where, weights, minlength=len(self.neighbourhoods))

    def tally_region(self, name: str, value: float) -> None:
        """Count something of the region."""
        self.region_tally[name] += value

    # --- what phases ask ----------------------------------------------------------------------------------------------

    def flats_in(self, buildings: Ints) -> tuple[Ints, Ints]:
        """Rows of all flats in these buildings, and for each the position of its building in the argument."""
        counts = self.buildings.flats[buildings]
        where = np.repeat(np.arange(len(buildings)), counts)
        ahead = np.repeat(np.cumsum(counts) - counts, counts)
        return where, self.in_building.starts[buildings][where] + np.arange(len(where)) - ahead

    def flats_renewed(self, buildings: Ints) -> None:
        """Renovating a house replaces what was renewed flat by flat."""
        self.residents.upgraded[self.flats_in(buildings)[1]] = False

    def cost_by_owner(self, contract: Contract) -> Iterator[tuple[int, float]]:
        """Each owner's share of a contract."""
        shares = np.bincount(contract.owners, contract.cost_shares, minlength=len(self.owners))
        for owner in np.flatnonzero(shares):
            yield int(owner), float(shares[owner])

    def pay_by_owner(self, kind: str, sek_by_building: Floats) -> None:
        """Book what owners get or pay for each building, companies and landlords apart."""
        totals = np.bincount(self._ledger_cell, sek_by_building, minlength=2 * len(self.municipalities))
        self.books.pay(f"{kind}_companies", totals[: len(self.municipalities)])
        self.books.pay(f"{kind}_landlords", totals[len(self.municipalities) :])

    def owners_known(self) -> None:
        """After a sale: which buildings are whose."""
        m = len(self.municipalities)
        self._ledger_cell: Ints = self.buildings.municipality + m * (self.buildings.owner >= m)

    def borrow(self, landlord: Owner, sek: float) -> None:
        """A landlord draws a loan, or pays one back (negative)."""
        landlord.debt += sek
        self.books.pay("loans_landlords", sek, landlord.municipality)

    def know_tenants(self, on_assistance: Ints, on_allowance: Ints) -> None:
        """Remember, by building, which share of tenants lives on assistance and on housing allowance."""
        n, building = self.buildings.n, self.residents.building
        self._known = (
            np.bincount(building[on_assistance], minlength=n) / self.buildings.flats,
            np.bincount(building[on_allowance], minlength=n) / self.buildings.flats,
        )

    def seen_tenants(self, buildings: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """Shares on assistance, on allowance and with low income, and persons per household, as last closed."""
        low = self.in_building.mean(self.residents.income < self.income_terciles[0])[buildings]
        size = self.in_building.mean(self.residents.size)[buildings]
        return self._known[0][buildings], self._known[1][buildings], low, size

    def seen_by_neighbourhood(self) -> tuple[Floats, Floats]:
        """Mean satisfaction and employment of last quarter's close."""
        ns = self.neighbourhoods
        return np.array([n.satisfaction for n in ns]), np.array([n.employment for n in ns])

    def civic_pressure(self, municipality: int) -> float:
        """How loudly the associations ask a municipality to act: strength times the need that people see, 0-1."""
        b = self.buildings
        here = b.municipality == municipality
        need = float((b.flats * (b.condition < self.p.due_condition))[here].sum() / b.flats[here].sum())
        return self.civil_societies[municipality].strength * need

    def programme_jobs(self) -> Floats:
        """People at work through the programme by municipality where they took their place, movers included."""
        here = np.bincount(self.municipality_of[in_programme_work(self)], minlength=len(self.municipalities))
        return np.asarray(here + self.programme_away)

    def clause_value(self) -> Floats:
        """Their work as the programme would report it, SEK this quarter, shape (3, municipalities)."""
        p = self.p
        values = job_year_values(self.municipal_tax, self.county_tax, p.assistance_share_of_trainees, p)
        return np.asarray(values / 4.0 * self.programme_jobs())

    def trainees_on(self, contract: Contract) -> float:
        """Trainees that a contract's crew shows the work."""
        return float(
            self.trainees_by_builder[contract.builder] * contract.crew / max(self.builders[contract.builder].busy, 1e-9)
        )

    # --- what users ask -----------------------------------------------------------------------------------------------

    def cofunding(self) -> Floats:
        """SEK that public purses spent on collaborating, shape (years, payers, municipalities).

        Side payments, their part of the talks, coaching, wage subsidies, image work beyond that of 2011. Payers are
        municipality, county council and state.
        """
        return self.cofunded.copy()

    def areas(self) -> list[tuple[str, str]]:
        """Names and kinds of the recorded areas, in order."""
        towns = [(name, "municipality") for name in self.region.municipalities.name]
        return [(self.region.name, "region"), *towns, *((n.name, "neighbourhood") for n in self.neighbourhoods)]

    def curves(self, detail: bool = False) -> pd.DataFrame:
        """Recorded outcomes, wide: one row per quarter and area, one column per outcome.

        The region alone, or with ``detail`` also municipalities and neighbourhoods.
        """
        areas = self.areas() if detail else self.areas()[:1]
        data = self.recorder.data[: self.quarter, :, : len(areas)]
        frame = pd.DataFrame(
            data.transpose(0, 2, 1).reshape(-1, len(OUTCOMES)), columns=[outcome.name for outcome in OUTCOMES]
        )
        frame.insert(0, "quarter", np.repeat(np.arange(self.quarter), len(areas)))
        frame.insert(1, "area", [name for name, _ in areas] * self.quarter)
        frame.insert(2, "area_kind", [kind for _, kind in areas] * self.quarter)
        return frame

    def outcomes(self, detail: bool = True) -> pd.DataFrame:
        """Recorded outcomes, tidy: quarter x area x outcome, without those that do not exist for an area."""
        wide = self.curves(detail)
        tidy = wide.melt(id_vars=["quarter", "area", "area_kind"], var_name="outcome", value_name="value")
        return tidy.dropna(subset="value").reset_index(drop=True)
