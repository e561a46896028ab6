"""Phase 9. Late equalisation of taxes, loans, sales, market values, prices, and what all will see of neighbourhoods."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.phases import compact_year, programme_years
from sim.phases.calm import settle_calm
from sim.phases.finance import distress, grants, loans, sales
from sim.world.books import COFUNDING, Flow, Together, rows_of
from sim.world.census import Census
from sim.world.demand import see_empty
from sim.world.tallies import RegionTally
from sim.world.values import set_values
from sim.world.world import World

_SUPPORT = rows_of(Flow.UNEMPLOYMENT_BENEFIT, Flow.SOCIAL_ASSISTANCE, Flow.HOUSING_ALLOWANCE, Flow.HEALTH_CARE)
_OF_THE_REST = rows_of(
    Flow.WAGES, Flow.PAYROLL_TAX, Flow.MUNICIPAL_TAX, Flow.COUNTY_TAX, Flow.UNEMPLOYMENT_BENEFIT,
    Flow.SOCIAL_ASSISTANCE, Flow.HOUSING_ALLOWANCE, Flow.PENSIONS, Flow.HEALTH_CARE,
)  # fmt: skip
_COFUNDING = Together.of(*COFUNDING)


def advance(world: World) -> None:
    """Close the quarter's books (SEK), and leave what everybody will act on in the next.

    The rest of the county comes first: support and equalisation look at what has been booked so far.
    """
    _rest_of_county(world)
    _equalise(world)
    loans.charge(world)
    ends = (world.quarter + 1) % 4 == 0
    if ends:
        loans.count_commitments(world)
        sales.advance(world)
    distress.advance(world)
    loans.settle(world)
    see_empty(world, world.p.voids_learning)
    set_values(world)
    if ends:
        distress.count(world)
        grants.close_year(world)
    _price_level(world)
    world.pay_level *= (1.0 + world.p.wage_growth) ** 0.25
    world.programme_away *= 1.0 - world.p.loss_middle
    _remember_public_money(world)
    _count_neighbourhoods(world)
    settle_calm(world)
    retired_born = world.quarter - 4.0 * world.p.retirement_age
    world.cohort.count_work(world.residents, world.flats_by_neighbourhood, retired_born)
    programme_years.close(world)
    compact_year.close(world)


def _rest_of_county(world: World) -> None:
    """Pay, support, pensions, tax and health care in the rest of the county, as changes against a county without
    estates: whoever moves takes them along, so that a leak is a transfer here."""
    pool, p, books, rest = world.pool, world.p, world.books, len(world.municipalities)
    wages = np.array([p.wage_low, p.wage_middle, p.wage_high, p.wage_trade]) * world.pay_level
    more_at_work = pool.employed - pool.employed_start
    gross = 3.0 * float((more_at_work * wages).sum())
    at_large, queue = (pool.unemployed - pool.unemployed_start).sum(axis=1).tolist()
    in_queue = queue + float(more_at_work[1].sum())
    here = _support_here(world)
    insured = 3.0 * p.insurance_pay * world.pay_level * p.insured_share * at_large
    pensions = 3.0 * p.pension * world.pay_level * world.elsewhere.retired(world.quarter)
    base = p.taxable_share * (gross + insured + here.insurance * queue + pensions)
    sek = (
        gross, p.payroll_tax * gross, float(world.municipal_tax.mean()) * base, float(world.county_tax.mean()) * base,
        insured + here.benefit * queue, here.assistance * queue, here.allowance * in_queue, pensions,
        here.care * world.elsewhere.more(),
    )  # fmt: skip
    books.pay_in(_OF_THE_REST, np.array(sek), rest)


class _Support(NamedTuple):
    """What a household of the estates gets, SEK this quarter, and so does one elsewhere: benefits (of them unemployment
    insurance, which is taxed) and assistance of one out of work, housing allowance and health care of any."""

    benefit: float
    insurance: float
    assistance: float
    allowance: float
    care: float


def _support_here(world: World) -> _Support:
    """Means over the estates' households of this quarter, from its books."""
    p, occupied = world.p, float(np.count_nonzero(world.residents.occupied))
    insured = world.insured * 3.0 * p.insurance_pay * world.pay_level
    idle, everybody = max(world.out_of_work, 1.0), max(occupied, 1.0)
    benefit, assistance, allowance, care = world.books.sums(_SUPPORT)
    return _Support(benefit / idle, insured / idle, assistance / idle, allowance / everybody, care / everybody)


def _equalise(world: World) -> None:
    """Income equalisation takes most of extra tax, on the tax base of two years ago (and gives back most of a loss)."""
    books, p = world.books, world.p
    lag = int(p.equalisation_lag * 4)
    # Nothing is settled before there is a base to settle on; changes count against the first quarter.
    if books.quarter < lag:
        return
    for tax, rate, flow in (
        (Flow.MUNICIPAL_TAX, p.equalisation_municipal, Flow.EQUALISATION_MUNICIPAL),
        (Flow.COUNTY_TAX, p.equalisation_county, Flow.EQUALISATION_COUNTY),
    ):
        books.pay(flow, rate * (books.of(tax, books.quarter - lag) - books.of(tax, 0)))
        books.note_at(flow, rate * (books.at[books.quarter - lag, tax.row] - books.at[0, tax.row]))


def _remember_public_money(world: World) -> None:
    """What public budgets spent on collaborating this quarter, which the same-money arms hand to the silos."""
    books, k = world.books, len(world.municipalities)
    year = world.quarter // 4
    world.cofunded[year] += books.added_up(_COFUNDING)[:, :k]
    # Reputation work counts where it goes beyond what was under way in 2011.
    world.cofunded[year, 0] += world.image_practice
    # What was handed over came with the year's first quarter (planning/year.py): it is not the silo's own spending.
    if world.same_money is not None:
        world.cofunded[year] -= world.same_money[year] * (world.quarter % 4 == 0)
    this_year = world.cofunded[year].sum(axis=0)  # summed over payers, SEK (m,)
    world.cofunded_now = this_year - world.cofunded_before
    world.cofunded_before = this_year * (world.quarter % 4 < 3)


def _count_neighbourhoods(world: World) -> None:
    """What owners, outsiders, employers and associations will see of each neighbourhood until the next closing."""
    counted = Census.of(world.residents, world.buildings, world.flats_by_neighbourhood, world.in_neighbourhood)
    places = world.neighbourhoods
    places.renovated_share[:] = counted.renovated / counted.flats
    # Where nobody lives, or nobody of working age, outsiders go on seeing what they saw last.
    np.divide(counted.satisfaction, counted.households, out=places.satisfaction, where=counted.households > 0.0)
    np.divide(counted.at_work, counted.of_age, out=places.employment, where=counted.of_age > 0.0)
    world.census = counted


def _price_level(world: World) -> None:
    """The reference price drifts; owners believe in recent awards, smoothed, builders in recent numbers of bids."""
    p, t = world.p, world.tallies
    world.cost_level *= (1.0 + p.cost_drift) ** 0.25
    world.believed_price *= (1.0 + p.cost_drift) ** 0.25
    reference, tenders = t.region(RegionTally.AWARD_REFERENCE), t.region(RegionTally.TENDERS)
    if reference > 0.0:
        seen = t.region(RegionTally.AWARD_VALUE) / reference
        world.believed_price += p.price_learning * (seen - world.believed_price)
        world.price_index = seen
    if tenders > 0.0:
        bidders = max(t.region(RegionTally.BIDS) / tenders, p.bidders_least)
        world.expected_bidders += p.bidders_learning * (bidders - world.expected_bidders)
