"""What is recorded of a quarter that has just been closed.

It reads the world between two quarters and writes nothing of it: a run that records nothing is the same run.
"""

from __future__ import annotations

import numpy as np

from sim.recording.disturbed import disturbed
from sim.recording.people import People, count_people
from sim.recording.recorder import Recorder, rows_of
from sim.recording.remaining import left_now
from sim.recording.society import ACCOUNT, Recorded, lines
from sim.recording.stock import Stock, count_stock
from sim.recording.whom import record_whom
from sim.rules import bids
from sim.sums import total
from sim.vocabulary import PUBLIC_PURSES, Purse
from sim.world.books import COORDINATION_COST, FINANCING, INCIDENCE, JOB, SIDE_PAYMENTS, TALKS, Flow, Together
from sim.world.homes import Homes, homes_now
from sim.world.programme import clause_value
from sim.world.talks import REASONS
from sim.world.tallies import RegionTally, Tally
from sim.world.world import World

# Outcomes that are recorded together, in the order in which that is done below.
_HOMES = rows_of("flats", "energy_gwh", "co2_tonnes")
_OF_FLATS = rows_of(
    "renovated_share", "renovated_mini", "renovated_midi", "renovated_maxi", "energy_none", "energy_medium",
    "energy_deep", "need_share", "municipal_share", "condition",
)  # fmt: skip
_OF_ALL_FLATS = rows_of("empty_share", "upgraded_share", "reputation", "calm")
_OF_HOUSEHOLDS = rows_of("rent_burden", "satisfaction", "health")
_PEOPLE = rows_of("voids", "programme_jobs", "apprentices", "rehoused")
_COHORT = rows_of("employment_started_here", "work_years_started_here", "work_years_placed", "work_years_not_placed")
_MOVES = rows_of("moves", "moves_caused")
_GONE = rows_of("moves_within", "destination_income_gap", "destination_km")
_GONE_RENOVATED = rows_of("destination_income_gap_renovated", "destination_km_renovated")
_GONE_OTHER = rows_of("destination_income_gap_other", "destination_km_other")
_COUNTED = {
    "sold_flats": Tally.SOLD, "not_back": Tally.NOT_BACK, "first_jobs": Tally.FIRST_JOBS, "arrivals": Tally.ARRIVALS,
    "placements": Tally.PLACEMENTS, "newcomer_places": Tally.NEWCOMER_PLACES, "graduates": Tally.GRADUATES,
    "dropouts": Tally.DROPOUTS, "stranded": Tally.STRANDED, "places_unfilled": Tally.PLACES_UNFILLED,
    "service_jobs": Tally.SERVICE_JOBS,
}  # fmt: skip
_TALLIES, _TALLIED = rows_of(*_COUNTED), [tally.row for tally in _COUNTED.values()]
_PLANS = rows_of("planned_flats", "begun_flats")
_FLOWS = {
    "dividends": (Flow.DIVIDENDS,),
    "owner_injections": (Flow.OWNER_INJECTIONS,),
    "lenders_loss": (Flow.LENDERS_LOSS_COMPANIES, Flow.LENDERS_LOSS_LANDLORDS),
    "side_payments": SIDE_PAYMENTS,
    "talks_cost": TALKS,
    "coordination_cost": COORDINATION_COST,
}
_PAID, _PAID_HERE = rows_of(*_FLOWS), rows_of("assistance", "allowance", "cofunding")
_ASSISTANCE, _ALLOWANCE = (Flow.SOCIAL_ASSISTANCE, Flow.ASSISTANCE_FOR_RENT), (Flow.HOUSING_ALLOWANCE,)
_PAID_BY = Together.of(*_FLOWS.values(), _ASSISTANCE, _ALLOWANCE)
_GRANTS_OF = {
    "grants_applied": RegionTally.GRANTS_APPLIED, "grants_granted": RegionTally.GRANTS_GRANTED,
    "grants_paid": RegionTally.GRANTS_PAID, "grants_lapsed": RegionTally.GRANTS_LAPSED,
    "grants_unspent": RegionTally.GRANTS_UNSPENT, "grants_carried": RegionTally.GRANTS_CARRIED,
    "grants_anyway": RegionTally.GRANTS_ANYWAY,
}  # fmt: skip
_GRANTS, _GRANTS_COUNTED = rows_of(*_GRANTS_OF), [tally.row for tally in _GRANTS_OF.values()]
_GRANT_WORK = rows_of("grants_work", "grant_chance")
_MARKET = rows_of(
    "price_index", "utilisation", "skilled_workforce", "shortage", "construction_cycle", "heat_price", "interest",
    "vacancies",
)  # fmt: skip
_NETS = rows_of(*(f"net_{purse.name.lower()}" for purse in Purse))
_JOBS, _CLAUSES = (rows_of(*(f"{what}_{x.name.lower()}" for x in PUBLIC_PURSES)) for what in ("jobs", "clause"))
_NOT_FINANCING, _OF_JOBS = (INCIDENCE * which[:, None] for which in (~FINANCING, JOB))
_PUBLIC = [int(purse) for purse in PUBLIC_PURSES]
_VALUES = rows_of("value_housing_companies", "value_private_landlords")
_SOCIETY = rows_of(*ACCOUNT)


def record(world: World, recorder: Recorder) -> None:
    """Write down the outcomes of the quarter that has just been closed.

    Raises
    ------
    OutcomeError : the run has computed what cannot be.
    """
    recorder.open(world.quarter)
    stock, people = count_stock(world), count_people(world)
    _homes(world, stock, recorder)
    _people(world, stock, people, recorder)
    _plans(world, recorder)
    _municipal(world, recorder)
    _deals(world, recorder)
    _grants(world, recorder)
    _market(world, recorder)
    _purses(world, people, recorder)
    _society(world, recorder)
    record_whom(world, recorder)
    recorder.close()


def _homes(world: World, stock: Stock, rec: Recorder) -> None:
    """Flats, condition, energy and rent."""
    flats, counted = world.census.flats, (world.census.renovated, *stock.standards, *stock.energy)
    rec.ratios(_OF_FLATS, [*counted, stock.need, stock.municipal, stock.condition], flats)
    rec.ratio("energy_use", stock.heat, stock.area)
    rec.counts(_HOMES, [flats, stock.heat / 1e6, stock.heat * world.p.co2_per_kwh / 1e3])


def _people(world: World, stock: Stock, people: People, rec: Recorder) -> None:
    """Households: work, rent, satisfaction, moves."""
    flats, counted, places = world.flats_by_neighbourhood.counts, world.census, world.neighbourhoods
    here = counted.households
    of_flats = [flats - here, people.upgraded, places.reputation * flats, places.calm * flats]
    rec.ratios(_OF_ALL_FLATS, of_flats, flats)
    rec.ratios(_OF_HOUSEHOLDS, [people.burden, counted.satisfaction, people.health], here)
    rec.ratio("rent", 12.0 * people.rent, stock.area)
    rec.ratio("employment", counted.at_work, counted.of_age)
    rec.counts(_PEOPLE, [people.voids, people.programme_jobs, people.apprentices, stock.rehoused])
    rec.region("second_earners", float(people.second_earners.sum()) / max(float(here.sum()), 1.0))
    _cohort(world, rec)
    _moves(world, rec)


def _cohort(world: World, rec: Recorder) -> None:
    """Employment of those who lived here at the start: the stayers' rows and the leavers' records."""
    c = world.cohort.counted
    years, of_placed = c.worked / 4.0, c.worked_placed / 4.0
    tops, people = (
        [c.working, years, of_placed, years - of_placed],
        [c.force, c.persons, c.placed, c.persons - c.placed],
    )
    rec.ratios(_COHORT, tops, people)


def _moves(world: World, rec: Recorder) -> None:
    """Moves at yearly rates, who they were, and where they went, from renovated buildings and from others; and what was
    counted of training, jobs and sales."""
    of, here = world.tallies.of, world.census.households
    moves, within, renovated = of(Tally.MOVES), of(Tally.MOVES_WITHIN), of(Tally.MOVES_RENOVATED)
    rec.ratios(_MOVES, [4.0 * moves, 4.0 * world.tallies.caused.sum(axis=1)], here)
    of_age = of(Tally.IN_MOVERS) - of(Tally.IN_MOVERS_RETIRED)
    rec.ratio("in_mover_employment", of(Tally.IN_MOVERS_EMPLOYED), of_age)
    rec.ratio("out_mover_employment", of(Tally.OUT_MOVERS_EMPLOYED), of(Tally.OUT_MOVERS))
    rec.ratio("arrival_years", of(Tally.ARRIVAL_YEARS), of(Tally.FIRST_JOBS))
    gap, gap_other = of(Tally.GAP_RENOVATED), of(Tally.GAP_OTHER)
    km, km_other = of(Tally.KM_RENOVATED), of(Tally.KM_OTHER)
    rec.ratios(_GONE, [within, gap + gap_other, km + km_other], moves)
    rec.ratios(_GONE_RENOVATED, [gap, km], renovated)
    rec.ratios(_GONE_OTHER, [gap_other, km_other], moves - renovated)
    rec.counts(_TALLIES, world.tallies.by_neighbourhood[_TALLIED])


def _plans(world: World, rec: Recorder) -> None:
    """What owners' programmes have planned for this year, and what of it goes on site."""
    b, keys = world.buildings, np.flatnonzero(world.plans.planned)
    rows = world.rows_like(keys)
    planned = np.bincount(b.neighbourhood[rows], b.flats[rows], minlength=len(world.neighbourhoods))
    rec.counts(_PLANS, [planned * world.region.scale, 4.0 * world.tallies.of(Tally.BEGUN)])


def _municipal(world: World, rec: Recorder) -> None:
    """Compact, companies and what coordination cost and paid."""
    ms = world.municipalities
    of_each = np.array([(m.committed_to_compact, m.trust, m.debt, m.value) for m in ms], dtype=np.float64)
    joined, trust, debt, value = np.ascontiguousarray(of_each.T)
    rec.by_municipality("commitment", joined, float(joined.sum()) / len(ms))
    if world.compact.looked:
        rec.region("members", float(joined.sum()) if world.compact.acts else 0.0)
    rec.by_municipality("trust", trust, float(trust.sum()) / len(ms))
    beliefs = np.array([m.confidence for m in ms]).reshape(len(ms), -1)
    belief = beliefs.sum(axis=1) / beliefs.shape[1]
    rec.by_municipality("confidence", belief, float(belief.sum()) / len(ms))
    rec.by_municipality("loan_to_value", debt / np.maximum(value, 1.0), float(debt.sum() / max(value.sum(), 1.0)))
    *paid, assistance, allowance = world.books.added_up(_PAID_BY)
    rec.all_by_municipality(_PAID, paid)
    here = assistance[: len(ms)], allowance[: len(ms)]  # what is not counted outside
    rec.all_by_municipality(_PAID_HERE, [*here, world.cofunded_now])


def _deals(world: World, rec: Recorder) -> None:
    """How far partners pay for other works than owners would do alone, and how far short they are; nothing where there
    was nothing to look at."""
    talks = world.talks
    if talks.flats > 0.0:
        rec.region("deal_flats", talks.agreed / talks.flats)
    if talks.unpaid > 0.0:
        short = talks.short / talks.unpaid
        rec.region("deal_short", float(short.sum()))
        rec.region("deal_offered", talks.offered / talks.unpaid)
        for reason, part in zip(REASONS, short, strict=True):
            rec.region(f"deal_{reason}", float(part))
    if talks.deep_flats > 0.0:
        rec.region("deep_short", talks.deep_short / talks.deep_flats)
        rec.region("deep_offered", talks.deep_offered / talks.deep_flats)


def _grants(world: World, rec: Recorder) -> None:
    """What becomes of the state's grants, of all buildings at full size, to scale."""
    books = world.books
    rec.regions(_GRANTS, world.tallies.of_region[_GRANTS_COUNTED])
    work = books.of(Flow.GRANT_APPLICATIONS_COMPANIES).sum() + books.of(Flow.GRANT_APPLICATIONS_LANDLORDS).sum()
    rec.regions(_GRANT_WORK, [work, world.grants.chance.mean()])


def _market(world: World, rec: Recorder) -> None:
    """Works, builders and the world outside."""
    outside, p, firms = world.surroundings, world.p, world.firms
    private = total(x.value for x in world.landlords)
    if private > 0.0:
        rec.region("loan_to_value_private", total(x.debt for x in world.landlords) / private)
    _tenders(world, rec)
    workers = total(firms.workers.tolist())
    used = bids.utilisation(firms.workers, firms.busy, p.background_share * outside.other_demand, p) * firms.workers
    utilisation, vacancies = (
        total(used.tolist()) / max(workers, 1e-9),
        world.pool.vacancies / world.pool.start_vacancies,
    )
    around = outside.shortage, outside.other_demand, outside.heat_price, outside.interest
    rec.regions(_MARKET, [world.price_index, utilisation, workers, *around, vacancies])


def _tenders(world: World, rec: Recorder) -> None:
    """What tenders brought and how works ended; nothing where there were none."""
    of = world.tallies.region
    tenders, awarded, finished = of(RegionTally.TENDERS), of(RegionTally.AWARD_VALUE), of(RegionTally.FINISHED)
    rec.region("tenders", tenders)
    if tenders > 0.0:
        rec.region("bids_per_tender", of(RegionTally.BIDS) / tenders)
        rec.region("single_bid_share", of(RegionTally.SINGLE_BIDS) / tenders)
    if awarded > 0.0:
        rec.region("small_firm_share", of(RegionTally.AWARD_SMALL) / awarded)
    if finished > 0.0:
        rec.region("delay", of(RegionTally.DELAY) / finished)
    if of(RegionTally.COST_FINISHED) > 0.0:
        rec.region("write_down", of(RegionTally.WRITTEN_DOWN) / of(RegionTally.COST_FINISHED))


def recorded(world: World, homes: Homes) -> Recorded:
    """What society's account of this quarter is made from."""
    b, books = world.buildings, world.books
    tax = world.municipal_tax + world.county_tax
    return Recorded(
        flows=books.history[books.quarter],
        tax=np.append(tax, tax.mean()),
        homes=homes.quarter,
        disturbed=disturbed(world),
        moves=float(world.tallies.of(Tally.MOVES).sum()),
        heat=float((b.energy * b.area * b.flats).sum()) / 4.0,
        insecure=float(world.census.households @ (1.0 - world.neighbourhoods.calm)) + world.calm.outside,
    )


def _society(world: World, rec: Recorder) -> None:
    """Society's account by line, and what would be left if the run ended now."""
    homes = homes_now(world)
    account = lines(recorded(world, homes), world.p).outcomes()
    rec.regions(_SOCIETY, [account[name] for name in ACCOUNT])
    if homes.flats_better > 0.0:
        rec.region("home_worth_better", homes.each)
    if world.quarter % 4 == 3:
        rec.region("value_society_left", left_now(world, homes))


def _purses(world: World, people: People, rec: Recorder) -> None:
    """Nets by purse, the part from work, what the programme reports, and market values."""
    books, m = world.books, len(world.municipalities)
    net, jobs = books.net_by(_NOT_FINANCING), books.net_by(_OF_JOBS)
    rec.all_by_municipality(_NETS, net)
    rec.all_by_municipality(_JOBS, jobs[_PUBLIC])
    rec.all_by_municipality(_CLAUSES, clause_value(world, people.programme_jobs))
    b = world.buildings
    values = np.bincount(b.municipality + m * (b.owner >= m), world.building_values, minlength=2 * m)
    rec.all_by_municipality(_VALUES, values.reshape(2, m))
