"""The world of one run: everything that phases read and write, declared in one place.

Plain data and the few questions that several phases ask of it. It decides nothing, draws nothing and knows neither
Mesa's model nor the recorder; ``sim/world/start.py`` makes it from a region.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from sim.agents.builder import Builder
from sim.agents.institutions import CivilSociety, CountyCouncil, State
from sim.agents.landlord import Landlord
from sim.agents.municipality import Municipality
from sim.agents.owner import Owner
from sim.inputs.collaboration import Collaboration
from sim.inputs.injections import Injection
from sim.inputs.levers import NO_CAP, Levers
from sim.inputs.parameters import Parameters
from sim.inputs.region import Region
from sim.inputs.shocks import Shocks
from sim.randomness import Draws
from sim.rules.choice import OPTIONS
from sim.rules.homes import Wishes
from sim.rules.rivals.long_spells import LONG_SPELLS
from sim.rules.rivals.rents import RENTS, Rents
from sim.rules.works_cost import at_factors
from sim.vocabulary import Site
from sim.world.around import Around
from sim.world.books import Books, Flow
from sim.world.calm import Calm
from sim.world.census import Census
from sim.world.cohort import Cohort
from sim.world.columns import Bools, Floats, Groups, Ints, Numbers, among
from sim.world.compact import Compact
from sim.world.county_labour import CountyLabour
from sim.world.elsewhere import PeopleElsewhere
from sim.world.firms import Firms
from sim.world.grants import Grants
from sim.world.histories import Histories, found_away
from sim.world.leavers import Settled
from sim.world.likes import Likes
from sim.world.notes import Payment, ProgrammeYear, Refusal, Rescue, Sale, Talk, Tender
from sim.world.plans import Plans
from sim.world.projects import Contract, Pledge, Project
from sim.world.signed import Signed
from sim.world.spare import Spare
from sim.world.state import Buildings, Neighbourhoods, Residents
from sim.world.surroundings import Surroundings
from sim.world.talks import Talks
from sim.world.tallies import Tallies, Tally


class EventLog(Protocol):
    """Whoever wants to hear of single events. It only looks: a run with and a run without differ in no bit.

    ``twins``: whether it wants to know what joint lots would have cost as their owners' own.
    """

    twins: bool

    def moved(self, world: World, gone: Ints, caused: Ints) -> None:
        """Rows (of flats) whose households are about to leave, and those of them that renovation drives away."""

    def settled(self, moves: Settled) -> None:
        """Where they went, in the same order."""

    def moved_within(self, households: Ints, flats: Ints) -> None:
        """These households (ids) move into these flats (rows) of the region, one each."""

    def tendered(self, world: World, tender: Tender) -> None:
        """Bids for a lot have been opened."""

    def finished(self, world: World, contract: Contract, done: Ints, rise: Floats) -> None:
        """Buildings of a contract (places in it) are about to be finished; ``rise`` of their rents, SEK/m2.year."""

    def placed(self, world: World, contract: Contract, rows: Ints) -> None:
        """These residents (rows of flats) take training places on a contract's site."""

    def trained(self, world: World) -> None:
        """The quarter's training is done."""


@dataclass(slots=True, eq=False, repr=False, kw_only=True)
class World:
    """State of a run. ``n`` flats, ``b`` buildings, ``k`` neighbourhoods, ``m`` municipalities, SEK real of 2011.

    The first block is given and does not change, but that levers with years of their own, and with them what works
    need, are those of the year; quarters count from the start.
    """

    region: Region
    collaboration: Collaboration  # read in sim/scope.py and nowhere else
    given: Parameters
    p: Parameters  # those given, at what works need under this year's levers
    policy: Levers  # of all years
    levers: Levers  # of this year
    draws: Draws
    quarters: int  # length of the run
    injections: tuple[Injection, ...] = ()  # SEK of the whole region at 1:1, by owner and calendar year
    shocks: Shocks = field(default_factory=dict)  # values of series of the surroundings by calendar year
    same_money: Floats | None = None  # SEK (years, 3 payers, m): handed to the housing companies without conditions

    # Who lives where, in columns.
    residents: Residents
    buildings: Buildings
    neighbourhoods: Neighbourhoods
    cohort: Cohort

    # Who decides.
    municipalities: list[Municipality]
    landlords: list[Landlord]
    builders: list[Builder]
    firms: Firms  # the builders in columns
    county_council: CountyCouncil
    state: State
    civil_societies: list[CivilSociety]

    # Markets.
    surroundings: Surroundings
    pool: CountyLabour
    elsewhere: PeopleElsewhere
    around: Around = field(init=False)  # what households that look for a home know of places
    start_rate: Floats  # finding rate per quarter, at a full work history, that keeps the start in balance (k,); fixed
    histories: Histories  # what work histories do; fixed

    quarter: int = 0  # now
    books: Books
    tallies: Tallies
    census: Census  # sums by neighbourhood at the latest closing
    events: EventLog | None = None
    likes: Likes | None = None  # the buildings at full size; none where these are the modelled ones
    projects: list[Project] = field(default_factory=list)  # decided, not yet awarded
    contracts: list[Contract] = field(default_factory=list)  # awarded, not yet finished
    signed: Signed = field(default_factory=Signed)  # all contracts in columns, finished ones too
    pledges: list[Pledge] = field(default_factory=list)  # what payers owe for works that are done
    talks: Talks = field(default_factory=Talks)  # of this year

    # Written down as it happens, and read by nobody within the run.
    programme_years: list[ProgrammeYear] = field(default_factory=list)
    payments_made: list[Payment] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    rescues: list[Rescue] = field(default_factory=list)
    talk_log: list[Talk] = field(default_factory=list)

    # Prices and beliefs, 1 = the start.
    pay_level: float = 1.0  # wages, support and pensions
    cost_level: float = 1.0  # reference price of works, without scarcity
    believed_price: float = 1.0  # price of works that owners reckon with
    price_index: float = 1.0  # latest awards over their reference cost at the start
    expected_bidders: float = field(init=False)  # bids that a firm expects to meet

    # Set at the start in sim/world/household_money.py and kept there.
    plain_rent: Floats = field(init=False)  # SEK/month without any renovation since the start (n,)
    leaving_start: Floats = field(init=False)  # share of households that leaves in a quarter, without works (k,); fixed
    appeal_start: Floats = field(init=False)  # of homes and places to households that choose, 1 = ordinary (k,); fixed
    lookers_start: Floats = field(init=False)  # households that look for a flat, a quarter and flat (k,); fixed
    base_satisfaction: Floats = field(init=False)  # what else makes a place liked (k,); fixed
    income_terciles: tuple[float, float] = (0.0, 0.0)  # limits of income thirds at the start, SEK/month; fixed
    wishes: Wishes = field(default_factory=Wishes)  # what wishes of the start say of the county; fixed
    calm: Calm = field(init=False)  # what calm is measured against, and where insecurity goes

    # Counted when the quarter's pay is booked: main earners, persons.
    out_of_work: float = 0.0
    insured: float = 0.0  # of them, with unemployment insurance that runs

    # The programme.
    intake: Floats = field(init=False)  # training places filled this year (m,)
    coaches: Floats = field(init=False)  # places a year that coaches can follow closely, at full size (m,)
    programme_away: Floats = field(init=False)  # people through the programme, at work, who moved away (m,)
    trainees_by_builder: Floats = field(init=False)  # persons who are shown the work at the moment (firms,)

    # Public money for collaborating.
    crowding_seen: float = 1.0  # share of the works' tax that partners last took to be crowded out
    cofunded: Floats = field(init=False)  # SEK (years, 3 payers, m)
    cofunded_before: Floats = field(init=False)  # of this year up to the latest closing, SEK (m,)
    cofunded_now: Floats = field(init=False)  # of the quarter that was closed last, SEK (m,)
    designed: Floats = field(init=False)  # quarter when the framework last paid for the design of each package (9,)
    image_practice: Floats = field(init=False)  # image work of this quarter beyond that of 2011, SEK (m,)

    # What owners and partners know.
    plans: Plans = field(init=False)  # owners' programmes
    compact: Compact = field(init=False)
    grants: Grants = field(init=False)  # applications and promises
    known_to_owners: Floats = field(init=False)  # of each building at full size, not modelled: standard errors (l, 10)
    building_values: Floats = field(init=False)  # market values at the latest closing, SEK (b,)
    tenants_on_assistance: Floats = field(init=False)  # share of a building's tenants, this quarter's incomes (b,)
    tenants_on_allowance: Floats = field(init=False)  # the same for housing allowance (b,)

    # Follows from the above.
    owners: list[Owner] = field(init=False)  # housing companies, then landlords
    in_building: Groups = field(init=False)  # flats of each building
    in_neighbourhood: Groups = field(init=False)  # buildings of each neighbourhood
    flats_by_neighbourhood: Groups = field(init=False)
    neighbourhood_of: Ints = field(init=False)  # of each flat (n,)
    municipality_of: Ints = field(init=False)  # of each flat (n,)
    flat_shares: Floats = field(init=False)  # each municipality's share of the region's flats (m,)
    municipal_tax: Floats = field(init=False)  # share of taxable income (m,)
    county_tax: Floats = field(init=False)  # share of taxable income (m,)
    cohort_find: Floats = field(init=False)  # of those who left, at a full work history, by schooling (4,); fixed
    spare: Spare = field(init=False)  # room for lists of residents; means nothing between phases
    _ledger_cell: Ints = field(init=False)  # of each building: its neighbourhood, + k where the owner is private (b,)

    def __post_init__(self) -> None:
        """What follows from the rest, and nothing yet where something is counted or learnt."""
        region, b = self.region, self.buildings
        m, k = len(self.municipalities), len(region.neighbourhoods)
        self.owners = [*self.municipalities, *self.landlords]
        self.in_building = Groups.of(b.flats)
        self.in_neighbourhood = Groups.of(np.bincount(b.neighbourhood, minlength=k))
        self.flats_by_neighbourhood = Groups.of(region.neighbourhoods.flats)
        # Narrow, as there may be a million flats.
        where: list[Any] = [self.in_building.spread(x.astype(np.int32)) for x in (b.neighbourhood, b.municipality)]
        self.neighbourhood_of, self.municipality_of = where
        flats = np.bincount(region.neighbourhoods.municipality_index, region.neighbourhoods.flats)
        self.flat_shares = flats / flats.sum()
        self.municipal_tax = region.municipalities.municipal_tax
        self.county_tax = region.municipalities.county_tax
        rule = LONG_SPELLS[self.levers.long_spells]
        mean = self.pool.find[1] * self.p.cohort_finding
        self.cohort_find = found_away(mean, self.histories.losing, self.pool.loss, rule, self.p)
        self.cofunded = np.zeros((self.quarters // 4, 3, m))
        self.cofunded_before, self.cofunded_now, self.image_practice = np.zeros(m), np.zeros(m), np.zeros(m)
        self.expected_bidders = self.p.bidders_normal
        self.compact = Compact(m)
        self.designed = np.full(OPTIONS, -np.inf)
        self.intake, self.programme_away = np.zeros(m), np.zeros(m)
        self.coaches = np.full(m, self.p.coach_capacity)
        self.trainees_by_builder = np.zeros(len(self.builders))
        self.spare = Spare(self.residents.n)
        self.building_values = np.zeros(b.n)
        self.tenants_on_assistance, self.tenants_on_allowance = np.zeros(b.n), np.zeros(b.n)
        self.plain_rent, self.base_satisfaction = np.zeros(self.residents.n), np.zeros(k)
        self.leaving_start, self.appeal_start, self.lookers_start = np.zeros(k), np.ones(k), np.zeros(k)
        self.owners_known()

    @property
    def at_full_size(self) -> Buildings | Likes:
        """Condition, energy and rent of all buildings at full size, as planning looks at them."""
        return self.buildings if self.likes is None else self.likes

    def rows_like(self, keys: Ints) -> Ints:
        """The modelled buildings (rows) that these at full size are, or are like."""
        return keys if self.likes is None else self.likes.like[keys]

    def modelled(self, keys: Ints) -> Bools:
        """Which of these buildings at full size are modelled."""
        return np.ones(len(keys), dtype=bool) if self.likes is None else self.likes.modelled[keys]

    def set_site(self, keys: Ints, site: Site) -> None:
        """What goes on in these buildings at full size from now on."""
        self.buildings.site[self.rows_like(keys)[self.modelled(keys)]] = site
        if self.likes is not None:
            self.likes.idle[keys] = site == Site.IDLE

    def begin(self, contracts: list[Contract]) -> None:
        """These go on site, with all of their buildings; those of owners with a programme are counted, to scale."""
        keys, rows = (np.concatenate([getattr(c, name) for c in contracts]) for name in ("keys", "buildings"))
        self.set_site(keys, Site.ON_SITE)
        self.plans.begun[keys] = True
        if self.plans.of:
            planned = among(self.buildings.owner[rows], np.array(list(self.plans.of), dtype=np.int64), len(self.owners))
            flats = np.asarray(self.buildings.flats[rows] * planned * self.region.scale, dtype=np.float64)
            which = np.repeat(np.arange(len(contracts)), [len(c.keys) for c in contracts])
            self.tallies.count_in_turn(Tally.BEGUN, which, self.buildings.neighbourhood[rows], flats)

    def open_quarter(self) -> None:
        """A new page in the books, and nothing counted; in a new year, the levers that hold in it."""
        self.books.quarter = self.quarter
        self.tallies.clear()
        if self.policy.dated and self.quarter % 4 == 0:
            self.levers = self.policy.in_year(self.year)
            self.p = at_factors(self.given, self.levers.works_cost_factor, self.levers.energy_cost_factor)

    def flats_in(self, buildings: Ints) -> tuple[Ints, Ints]:
        """For all flats of these buildings: the position of its building in the argument, and its row; two (flats,)."""
        counts = self.buildings.flats[buildings]
        where = np.repeat(np.arange(len(buildings)), counts)
        ahead = np.repeat(np.cumsum(counts) - counts, counts)
        return where, self.in_building.starts[buildings][where] + np.arange(len(where)) - ahead

    def pay_by_owner(self, companies: Flow, landlords: Flow, sek_by_building: Floats) -> None:
        """Book what owners get or pay for each building (b,), housing companies' and landlords' as flows apart."""
        k = len(self.neighbourhoods)
        totals = np.bincount(self._ledger_cell, sek_by_building, minlength=2 * k)
        self.books.pay_at(companies, totals[:k])
        self.books.pay_at(landlords, totals[k:])

    def pay_all_by_owner(self, rows: Ints, sek_by_building: Floats) -> None:
        """The same of several pairs of flows at once: rows (2 pairs,), what each owner gets or pays (pairs, b)."""
        self.books.pay_all_by_owner(rows, sek_by_building, self._ledger_cell)

    def owners_known(self) -> None:
        """After a sale: which buildings are whose."""
        private = self.buildings.owner >= len(self.municipalities)
        self._ledger_cell = self.buildings.neighbourhood + len(self.neighbourhoods) * private

    def borrow(self, landlord: Owner, sek: float) -> None:
        """A landlord draws a loan of so many SEK, or pays one back (negative), at most what it owes."""
        sek = max(sek, -landlord.debt)
        landlord.debt += sek
        self.books.pay(Flow.LOANS_LANDLORDS, sek, landlord.municipality)

    def borrow_each(self, landlords: Ints, sek: Floats) -> None:
        """The same of several (rows of owners), one after another; they may come more than once."""
        if not len(landlords):
            return
        drawn, where = [], []
        for row, asked in zip(landlords.tolist(), sek.tolist(), strict=True):
            landlord = self.owners[row]
            drawn.append(max(asked, -landlord.debt))
            where.append(landlord.municipality)
            landlord.debt += drawn[-1]
        self.books.pay_each(Flow.LOANS_LANDLORDS, np.array(drawn), np.array(where, dtype=np.int64))

    def by_municipality(self, values: Numbers) -> Floats:
        """The sum over each municipality's flats, from (n,) to (municipalities,)."""
        # By neighbourhoods first, whose flats are consecutive rows: ten times as fast as counting row by row.
        where, m = self.region.neighbourhoods.municipality_index, len(self.municipalities)
        return np.asarray(np.bincount(where, self.flats_by_neighbourhood.sum(values), minlength=m), dtype=np.float64)

    def seen_tenants(self, buildings: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """Of each of these buildings, as last closed: shares on assistance, on allowance and with low income, and
        persons per household."""
        r, n, (where, rows) = self.residents, len(buildings), self.flats_in(buildings)
        sums = (np.bincount(where, of, minlength=n) for of in (r.income[rows] < self.income_terciles[0], r.size[rows]))
        low, size = (some / self.buildings.flats[buildings] for some in sums)
        return self.tenants_on_assistance[buildings], self.tenants_on_allowance[buildings], low, size

    @property
    def year0(self) -> int:
        """The calendar year of the first quarter, which whoever tells a year reads here."""
        return self.region.start_year

    @property
    def year(self) -> int:
        """The calendar year of the quarter."""
        return self.year0 + self.quarter // 4

    @property
    def rent_level(self) -> float:
        """General rents over those of the start: a round in the first quarter of each year but the first."""
        return float((1.0 + self.p.rent_growth) ** (self.quarter // 4))

    @property
    def heat_cost(self) -> float:
        """What owners pay for heat, SEK/kWh: its price, and the carbon levy beside it."""
        return self.surroundings.heat_price + self.carbon_levy

    @property
    def carbon_levy(self) -> float:
        """The levy on the carbon dioxide of heat, SEK/kWh."""
        return self.levers.carbon_levy * self.p.co2_per_kwh

    def rents_of(self, buildings: Ints) -> Rents:
        """How rents stand in these buildings (rows)."""
        return self._rents(self.buildings, buildings, buildings)

    def rents_at_full_size(self, keys: Ints) -> Rents:
        """The same of buildings at full size (rows there)."""
        return self._rents(self.at_full_size, keys, self.rows_like(keys))

    def _rents(self, now: Buildings | Likes, keys: Ints, rows: Ints) -> Rents:
        rule = RENTS[self.levers.rents_follow]
        cap = self.levers.rent_rise_cap if self.levers.rent_rise_cap < NO_CAP else np.inf
        return Rents(now.rent[keys], self.buildings.area[rows], now.use_value[keys], self.rent_level, rule, cap)

    def years_renovated(self, ago: int = 0) -> Ints:
        """Whole years since each building's latest renovation was finished, as it was so many quarters ago (b,)."""
        return (self.quarter - ago - self.buildings.renovated) // 4

    def civic_pressure(self, municipality: int) -> float:
        """How loudly the associations ask a municipality to act: strength times the need that people see, 0-1."""
        b = self.buildings
        here = b.municipality == municipality
        need = float((b.flats * (b.condition < self.p.due_condition))[here].sum() / b.flats[here].sum())
        return self.civil_societies[municipality].strength * need
