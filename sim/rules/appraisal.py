"""The calculation everything turns on: what a renovation is worth to the owner, against postponing it.

All money is SEK per flat (real, 2011, works including value-added tax) unless a name says otherwise. Arrays have one
row per building and one column per option, shape (buildings, 9), or are (buildings,) where options do not differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import pick, rule
from sim.inputs.parameters import Parameters
from sim.rules.finance import annuity, growing_annuity, level_annuity
from sim.rules.phase_in import at_once, waiting
from sim.rules.rivals.rents import Rents
from sim.vocabulary import EnergyLevel, Standard

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Every renovation on offer: three standards times three energy levels, mini without energy measures first.
STANDARDS = np.array([s for s in (Standard.MINI, Standard.MIDI, Standard.MAXI) for _ in EnergyLevel], dtype=np.int64)
LEVELS = np.array([e for _ in (Standard.MINI, Standard.MIDI, Standard.MAXI) for e in EnergyLevel], dtype=np.int64)


@dataclass(frozen=True)
class Offer:
    """What the nine options cost, save and allow in rent for given buildings; arrays (buildings, 9), ``saving`` (9,).

    cost : SEK per flat. saving : share of heat. rent_rise : SEK/m2.year, in the end. later : the part of it that is
    phased in after completion. rent : now, SEK/m2.year (buildings,). void : share of the whole rent that is expected to
    stay unpaid after the option. void_now : the same without works (buildings,).
    """

    cost: Floats
    saving: Floats
    rent_rise: Floats
    later: Floats
    rent: Floats
    void: Floats
    void_now: Floats

    def part(self, rows: NDArray[np.bool_] | Ints) -> Offer:
        """The same for some of the buildings."""
        by_building = self.rent_rise, self.later, self.rent, self.void, self.void_now
        return Offer(self.cost[rows], self.saving, *(x[rows] for x in by_building))

    def more_rent(self, rise: Floats) -> Floats:
        """What tenants pay more with a rise of the rent (buildings, 9), SEK/m2.year: the part of it that is let, and
        the old rent of flats that fill, or minus that of those that empty."""
        return more_rent(rise, self.rent[:, None], self.void_now[:, None], self.void)


def reference_costs(p: Parameters) -> tuple[Floats, Floats]:
    """Cost of standard and of energy measures at the reference price level, SEK per flat, two arrays (9,)."""
    standard = np.array([0.0, p.cost_mini, p.cost_midi, p.cost_maxi])[STANDARDS]
    energy = np.array([0.0, p.cost_energy_medium, p.cost_energy_deep])[LEVELS]
    return standard, energy


def savings(p: Parameters) -> Floats:
    """Share of heat saved by each option (9,): side effects of the standard, or energy measures if they save more."""
    # The larger of the two and not their sum: what the standard saves by the way is part of the energy measures.
    side = np.array([0.0, p.saving_light, p.saving_light, p.saving_light])[STANDARDS]
    return np.asarray(np.maximum(side, np.array([0.0, p.saving_medium, p.saving_deep])[LEVELS]))


def rent_rise(rents: Rents, price: Floats | float, p: Parameters) -> tuple[Floats, Floats]:
    """Rent rise per option in the end, and the part of it that is paid at once, SEK/m2.year, two arrays (buildings, 9).

    By the rule that rents follow, and at most what a cap lets through (what it cuts off is lost, not put off); energy
    measures earn none, as tenants' rent includes heat. price : of works, 1 at the
    reference, one for all or (buildings,).
    """
    cost = (
        np.array([p.cost_mini, p.cost_midi, p.cost_maxi])[None, :]
        * (np.asarray(price) * np.ones_like(rents.rent))[:, None]
    )
    rise = np.minimum(rents.rule.rise(rents, cost, p), rents.cap * rents.rent[:, None])[:, STANDARDS - 1]
    return rise, at_once(rise, rents.rent[:, None], p) if rents.rule.phased else rise


def offer(rents: Rents, price: Floats | float, p: Parameters, rises: tuple[Floats, Floats] | None = None) -> Offer:
    """The nine options for buildings whose rents stand as given, at a price level of works, where all flats are let but
    for ordinary voids.

    price : 1 at the reference, one for all or (buildings,). rises : what ``rent_rise`` says of the same, where known.
    """
    standard, energy = reference_costs(p)
    level = np.asarray(price) * np.ones_like(rents.rent)
    rise, first = rises or rent_rise(rents, level, p)
    void = np.full_like(rise, p.void_base)
    cost = level[:, None] * (standard + energy)[None, :]
    return Offer(cost, savings(p), rise, rise - first, rents.rent, void, void[:, 0])


@rule
def yearly_repairs(condition: Floats | float, p: Parameters) -> Floats:
    """Repairs, SEK/m2.year (buildings,): little in good condition (0-1), rising with the square of what is missing."""
    worn = np.maximum(p.repair_threshold - condition, 0.0) / p.repair_threshold
    repairs: Floats = p.repair_base + p.repair_slope * (worn * worn)
    return repairs


@rule
def years_left(condition: Floats, p: Parameters) -> Floats:
    """Years until the pipes force a renovation at the present rate of decline (buildings,); condition 0-1."""
    # Owners reckon with steady wear: that it runs faster past the technical life comes as a surprise to them.
    years: Floats = (condition - p.forced_condition) / p.condition_decline
    return np.minimum(np.maximum(years, 0.0), p.appraisal_horizon)


@rule
def more_rent(rise: Floats, rent: Floats, void_now: Floats, void: Floats) -> Floats:
    """What tenants pay more, SEK/m2.year: of a rise the part that is let, and the old rent of flats that fill, or minus
    that of those that empty; arrays of shapes that go together."""
    more: Floats = rise * (1.0 - void) + rent * (void_now - void)
    return more


def own_value(
    o: Offer, energy: Floats, area: Floats, condition: Floats, heat_price: float, required: Floats, p: Parameters
) -> Floats:
    """Present value to the owner of each option less that of postponing, SEK per flat, shape (buildings, 9).

    energy : kWh/m2.year. area : m2 of a flat. condition : 0-1. required : real return asked, per year; all
    (buildings,). heat_price : SEK/kWh. Postponing means repairs until the building is worn out, then the mini standard
    at what heat and works cost by then.
    """
    factors = present_values(required, p)
    paid, grown, missing = (x[:, None] for x in factors)
    heat = worth_of_heat(o.saving[None, :], energy[:, None], area[:, None], heat_price, grown)
    rent = worth_of_rent(o.more_rent(o.rent_rise), o.later, o.void, area[:, None], paid, missing)
    works = worth_of_works(heat, rent, o.cost, LEVELS[None, :] > 0, condition[:, None], p)
    later = worth_of_waiting(heat[:, 0], rent[:, 0], o.cost[:, 0], area, condition, required, p)
    return np.asarray(works - later[:, None])


class PresentValues(NamedTuple):
    """What a krona a year is worth to owners, SEK; of a rent, of heat whose price grows, and of each krona of a rent
    that is phased in, what it lacks until then; of the shape of the return asked."""

    paid: Floats
    grown: Floats
    missing: Floats


def present_values(required: Floats, p: Parameters) -> PresentValues:
    """The same at returns asked, per year."""
    grown = growing_annuity(required, p.heat_growth_belief, p.appraisal_horizon)
    paid, missing = annuity(required, p.appraisal_horizon), waiting(required, 0, p, p.appraisal_horizon)
    return PresentValues(paid, grown, missing)


@rule
def worth_of_heat(saving: Floats, energy: Floats, area: Floats, heat_price: float, grown: Floats) -> Floats:
    """Present value of the heat that options save, SEK per flat; arrays of shapes that go together, as below."""
    worth: Floats = saving * (energy * area) * heat_price * grown
    return worth


@rule
def worth_of_rent(more: Floats, later: Floats, void: Floats, area: Floats, paid: Floats, missing: Floats) -> Floats:
    """Present value of what tenants pay more, SEK per flat; more : SEK/m2.year, as ``more_rent`` gives."""
    # Cautious: the general round will lift the rise with the rest of the rent, and owners do not count on it.
    worth: Floats = (more * paid - later * (1.0 - void) * missing) * area
    return worth


@rule
def worth_of_works(
    heat: Floats, rent: Floats, cost: Floats, envelope: NDArray[np.bool_], condition: Floats, p: Parameters
) -> Floats:
    """Present value of options now, against nothing, SEK per flat; envelope : which have energy measures."""
    # Windows and facades of a worn house would have to be renewed anyway: energy measures save part of that.
    spared = (1.0 - condition) * envelope * p.envelope_credit * p.cost_energy_medium
    worth: Floats = heat + rent + spared - cost
    return worth


@rule
def worth_of_waiting(
    heat: Floats, rent: Floats, cost: Floats, area: Floats, condition: Floats, required: Floats, p: Parameters
) -> Floats:
    """Present value of postponing, against nothing, SEK per flat (buildings,). heat, rent : what the mini standard
    would bring now; cost : of it now."""
    # When postponing ends, heat and works cost what they have drifted to.
    wait = years_left(condition, p)
    heat_then = heat * (1.0 + p.heat_growth_belief) ** wait
    later = (1.0 + required) ** -wait * (rent + heat_then - cost * (1.0 + p.cost_drift) ** wait)
    # Repairs rise on the way: the mean of their two ends is near enough, and needs no sum over years.
    worn = 0.5 * (yearly_repairs(condition, p) + yearly_repairs(p.forced_condition, p))
    upkeep = (worn - p.repair_base) * area * level_annuity(required, np.maximum(wait, 1e-9))
    worth: Floats = later - upkeep
    return worth


@rule
def voids(empty: Floats | float, p: Parameters) -> Floats:
    """Share of the rent that owners, buyers and banks reckon not to get: what is seen empty, and some in any place."""
    return np.maximum(empty, p.void_base)


@rule
def operating_income(
    rent: Floats, energy: Floats, condition: Floats, heat_price: float, p: Parameters, empty: Floats | float = 0.0
) -> Floats:
    """What buildings earn before interest and works, SEK/m2.year (buildings,): rent less voids, heat, upkeep, repairs.

    rent : SEK/m2.year. energy : kWh/m2.year. condition : 0-1. heat_price : SEK/kWh. empty : share of flats that is seen
    to stand empty; they are heated and kept up like the others.
    """
    income: Floats = rent * (1.0 - voids(empty, p)) - energy * heat_price - p.upkeep - yearly_repairs(condition, p)
    return income


@rule
def building_value(
    rent: Floats, energy: Floats, condition: Floats, heat_price: float, market_yield: Floats, p: Parameters,
    unpaid: Floats | float = 0.0, empty: Floats | float = 0.0,
) -> Floats:  # fmt: skip
    """Market value, SEK/m2 (buildings,): net operating income over the yield, less what is not paid until then.

    rent : agreed, SEK/m2.year. energy : kWh/m2.year. condition : 0-1. heat_price : SEK/kWh. market_yield : per year.
    unpaid : present value of the part of the agreed rent that is still phased in, SEK/m2. empty : share of flats that
    is seen to stand empty.
    """
    value = operating_income(rent, energy, condition, heat_price, p, empty) / market_yield
    value = value - unpaid * (1.0 - voids(empty, p))
    least: Floats = np.maximum(value, p.net_income_least * rent / market_yield)
    return least


def first_income(o: Offer, energy: Floats, area: Floats, condition: Floats, heat_price: float, p: Parameters) -> Floats:
    """What each option adds to net operating income in its first year, SEK per flat and year, shape (buildings, 9).

    energy : kWh/m2.year. area : m2. condition : 0-1; all (buildings,). heat_price : SEK/kWh.
    """
    return _income(o, o.rent_rise - o.later, energy, area, condition, heat_price, p)


def market_gain(o: Offer, energy: Floats, area: Floats, condition: Floats, heat_price: float, market_yield: Floats,
                p: Parameters) -> Floats:  # fmt: skip
    """What each option adds to market value, SEK per flat, shape (buildings, 9): net operating income once the whole
    rise is paid, over the yield, less what is missing until then.

    energy : kWh/m2.year. area : m2. condition : 0-1. market_yield : per year; all (buildings,). heat_price : SEK/kWh.
    """
    income = _income(o, o.rent_rise, energy, area, condition, heat_price, p)
    missing = waiting(market_yield, 0, p)[:, None]
    return np.asarray(value_added(income, o.later, o.void, area[:, None], market_yield[:, None], missing))


@rule
def value_added(income: Floats, later: Floats, void: Floats, area: Floats, market_yield: Floats,
                missing: Floats) -> Floats:  # fmt: skip
    """The same of the income added once the whole rise is paid, SEK per flat and year. missing : as ``waiting`` gives
    at the market yield; arrays of shapes that go together."""
    value: Floats = income / market_yield - later * (1.0 - void) * (missing * area)
    return value


def _income(o: Offer, rise: Floats, energy: Floats, area: Floats, condition: Floats, heat_price: float,
            p: Parameters) -> Floats:  # fmt: skip
    """Net operating income added by a rise, saved heat and avoided repairs, SEK per flat and year."""
    return np.asarray(
        added_income(
            o.more_rent(rise), o.saving[None, :], energy[:, None], area[:, None], condition[:, None], heat_price, p
        )
    )


@rule
def added_income(more: Floats, saving: Floats, energy: Floats, area: Floats, condition: Floats, heat_price: float,
                 p: Parameters) -> Floats:  # fmt: skip
    """The same; more : rent, SEK/m2.year, as ``more_rent`` gives; arrays of shapes that go together."""
    avoided = yearly_repairs(condition, p) - p.repair_base
    income: Floats = (more + saving * energy * heat_price + avoided) * area
    return income


@rule
def market_yields(reputation: Floats, shift: float, p: Parameters) -> Floats:
    """Net yield at which buildings are sold, per year (neighbourhoods,): a better name lowers it, dear loans raise it.

    reputation : 0-1 (neighbourhoods,). shift : what interest adds to yields, per year.
    """
    market = p.market_yield + shift - p.yield_reputation * (reputation - p.reputation_ordinary)
    return np.minimum(np.maximum(market, p.market_yield_least), p.market_yield_most)


@rule
def written_down(gain: Floats, cost: Floats) -> Floats:
    """Share of a cost that the market value does not give back, 0-1. gain : of the value; both SEK, of one shape."""
    # What has cost nothing loses nothing.
    share = pick(cost > 0.0, gain / pick(cost > 0.0, cost, 1.0), 1.0)
    lost: Floats = np.minimum(np.maximum(1.0 - share, 0.0), 1.0)
    return lost
