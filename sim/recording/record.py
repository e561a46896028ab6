"""What is recorded of a quarter that has just been closed.

It reads the world between two quarters and writes nothing of it: a run that records nothing is the same run.
"""

from __future__ import annotations

import numpy as np

from sim.recording.disturbed import disturbed
from sim.recording.people import People, count_people
from sim.recording.recorder import Recorder
from sim.recording.remaining import left_now
from sim.recording.society import Recorded, lines
from sim.recording.stock import Stock, count_stock
from sim.recording.whom import record_whom
from sim.sums import total
from sim.vocabulary import PUBLIC_PURSES, Away, EnergyLevel, Purse, Standard
from sim.world.books import COORDINATION_COST, FINANCING, JOB, SIDE_PAYMENTS, TALKS, Flow
from sim.world.homes import Homes, homes_now
from sim.world.programme import clause_value
from sim.world.talks import REASONS
from sim.world.tallies import RegionTally, Tally
from sim.world.world import World


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
    _programme(world, people, recorder)
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
    flats = world.census.flats
    rec.count("flats", flats)
    rec.ratio("renovated_share", world.census.renovated, flats)
    for standard, of_it in zip((Standard.MINI, Standard.MIDI, Standard.MAXI), stock.standards, strict=True):
        rec.ratio(f"renovated_{standard.name.lower()}", of_it, flats)
    for level, at_it in zip(EnergyLevel, stock.energy, strict=True):
        rec.ratio(f"energy_{level.name.lower()}", at_it, flats)
    rec.ratio("need_share", stock.need, flats)
    rec.ratio("municipal_share", stock.municipal, flats)
    rec.count("sold_flats", world.tallies.of(Tally.SOLD))
    rec.ratio("condition", stock.condition, flats)
    rec.ratio("energy_use", stock.heat, stock.area)
    rec.count("energy_gwh", stock.heat / 1e6)
    rec.count("co2_tonnes", stock.heat * world.p.co2_per_kwh / 1e3)


def _people(world: World, stock: Stock, people: People, rec: Recorder) -> None:
    """Households: work, rent, satisfaction, moves."""
    flats, counted = world.flats_by_neighbourhood, world.census
    here = counted.households
    rec.ratio("empty_share", flats.counts - here, flats.counts)
    rec.count("voids", people.voids)
    rec.ratio("rent", 12.0 * people.rent, stock.area)
    rec.ratio("rent_burden", people.burden, here)
    rec.ratio("upgraded_share", people.upgraded, flats.counts)
    rec.ratio("employment", counted.at_work, counted.of_age)
    rec.region("second_earners", float(people.second_earners.sum()) / max(float(here.sum()), 1.0))
    rec.ratio("satisfaction", counted.satisfaction, here)
    rec.ratio("health", people.health, here)
    rec.ratio("reputation", world.neighbourhoods.reputation * flats.counts, flats.counts.astype(float))
    rec.ratio("calm", world.neighbourhoods.calm * flats.counts, flats.counts.astype(float))
    _cohort(world, rec)
    _moves(world, rec)


def _cohort(world: World, rec: Recorder) -> None:
    """Employment of those who lived here at the start: the stayers' rows and the leavers' records."""
    c = world.cohort.counted
    years, of_placed = c.worked / 4.0, c.worked_placed / 4.0
    rec.ratio("employment_started_here", c.working, c.force)
    rec.ratio("work_years_started_here", years, c.persons)
    rec.ratio("work_years_placed", of_placed, c.placed)
    rec.ratio("work_years_not_placed", years - of_placed, c.persons - c.placed)


def _moves(world: World, rec: Recorder) -> None:
    """Moves at yearly rates, and who they were."""
    of, here = world.tallies.of, world.census.households
    rec.ratio("moves", 4.0 * of(Tally.MOVES), here)
    rec.ratio("moves_caused", 4.0 * world.tallies.caused.sum(axis=1), here)
    rows = world.flats_in(np.flatnonzero(world.buildings.emptied))[1]
    where = world.neighbourhood_of[rows[world.residents.away[rows] != Away.HOME]]
    rec.count("rehoused", np.bincount(where, minlength=len(here)).astype(float))
    rec.count("not_back", of(Tally.NOT_BACK))
    rec.ratio("in_mover_employment", of(Tally.IN_MOVERS_EMPLOYED), of(Tally.IN_MOVERS) - of(Tally.IN_MOVERS_RETIRED))
    rec.ratio("out_mover_employment", of(Tally.OUT_MOVERS_EMPLOYED), of(Tally.OUT_MOVERS))
    _destinations(world, rec)
    rec.count("first_jobs", of(Tally.FIRST_JOBS))
    rec.count("arrivals", of(Tally.ARRIVALS))
    rec.ratio("arrival_years", of(Tally.ARRIVAL_YEARS), of(Tally.FIRST_JOBS))


def _destinations(world: World, rec: Recorder) -> None:
    """Where those who moved out went, from renovated buildings and from others."""
    of = world.tallies.of
    every, renovated = of(Tally.MOVES), of(Tally.MOVES_RENOVATED)
    rec.ratio("moves_within", of(Tally.MOVES_WITHIN), every)
    for what, there, other in (
        ("income_gap", Tally.GAP_RENOVATED, Tally.GAP_OTHER),
        ("km", Tally.KM_RENOVATED, Tally.KM_OTHER),
    ):
        rec.ratio(f"destination_{what}", of(there) + of(other), every)
        rec.ratio(f"destination_{what}_renovated", of(there), renovated)
        rec.ratio(f"destination_{what}_other", of(other), every - renovated)


def _programme(world: World, people: People, rec: Recorder) -> None:
    """Training places and what became of them."""
    of = world.tallies.of
    rec.count("placements", of(Tally.PLACEMENTS))
    rec.count("newcomer_places", of(Tally.NEWCOMER_PLACES))
    rec.count("graduates", of(Tally.GRADUATES))
    rec.count("dropouts", of(Tally.DROPOUTS))
    rec.count("stranded", of(Tally.STRANDED))
    rec.count("places_unfilled", of(Tally.PLACES_UNFILLED))
    rec.count("service_jobs", of(Tally.SERVICE_JOBS))
    rec.count("programme_jobs", people.programme_jobs)
    rec.count("apprentices", people.apprentices)


def _plans(world: World, rec: Recorder) -> None:
    """What owners' programmes have planned for this year, and what of it goes on site."""
    b, keys = world.buildings, np.flatnonzero(world.plans.planned)
    rows = world.rows_like(keys)
    planned = np.bincount(b.neighbourhood[rows], b.flats[rows], minlength=len(world.neighbourhoods))
    rec.count("planned_flats", planned * world.region.scale)
    rec.count("begun_flats", 4.0 * world.tallies.of(Tally.BEGUN))


def _municipal(world: World, rec: Recorder) -> None:
    """Compact, companies and what coordination cost and paid."""
    of, ms = world.books.of, world.municipalities
    joined = np.array([float(m.committed_to_compact) for m in ms])
    rec.by_municipality("commitment", joined, float(joined.mean()))
    if world.compact.looked:
        rec.region("members", float(joined.sum()) if world.compact.acts else 0.0)
    trust = np.array([m.trust for m in ms])
    rec.by_municipality("trust", trust, float(trust.mean()))
    belief = np.array([m.confidence for m in ms]).reshape(len(ms), -1).mean(axis=1)
    rec.by_municipality("confidence", belief, float(belief.mean()))
    debt, value = np.array([m.debt for m in ms]), np.array([m.value for m in ms])
    rec.by_municipality("loan_to_value", debt / np.maximum(value, 1.0), float(debt.sum() / max(value.sum(), 1.0)))
    rec.by_municipality("dividends", of(Flow.DIVIDENDS))
    rec.by_municipality("owner_injections", of(Flow.OWNER_INJECTIONS))
    rec.by_municipality("lenders_loss", of(Flow.LENDERS_LOSS_COMPANIES) + of(Flow.LENDERS_LOSS_LANDLORDS))
    rec.by_municipality("assistance", (of(Flow.SOCIAL_ASSISTANCE) + of(Flow.ASSISTANCE_FOR_RENT))[: len(ms)])
    rec.by_municipality("allowance", of(Flow.HOUSING_ALLOWANCE)[: len(ms)])
    rec.by_municipality("side_payments", np.asarray(sum(of(flow) for flow in SIDE_PAYMENTS)))
    rec.by_municipality("cofunding", world.cofunded_now)
    rec.by_municipality("talks_cost", np.asarray(sum(of(flow) for flow in TALKS)))
    rec.by_municipality("coordination_cost", np.asarray(sum(of(flow) for flow in COORDINATION_COST)))


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
    of, books = world.tallies.region, world.books
    rec.region("grants_applied", of(RegionTally.GRANTS_APPLIED))
    rec.region("grants_granted", of(RegionTally.GRANTS_GRANTED))
    rec.region("grants_paid", of(RegionTally.GRANTS_PAID))
    rec.region("grants_lapsed", of(RegionTally.GRANTS_LAPSED))
    rec.region("grants_unspent", of(RegionTally.GRANTS_UNSPENT))
    rec.region("grants_carried", of(RegionTally.GRANTS_CARRIED))
    rec.region("grants_anyway", of(RegionTally.GRANTS_ANYWAY))
    work = books.of(Flow.GRANT_APPLICATIONS_COMPANIES).sum() + books.of(Flow.GRANT_APPLICATIONS_LANDLORDS).sum()
    rec.region("grants_work", float(work))
    rec.region("grant_chance", float(world.grants.chance.mean()))


def _market(world: World, rec: Recorder) -> None:
    """Works, builders and the world outside."""
    outside, p = world.surroundings, world.p
    private = total(x.value for x in world.landlords)
    if private > 0.0:
        rec.region("loan_to_value_private", total(x.debt for x in world.landlords) / private)
    rec.region("price_index", world.price_index)
    _tenders(world, rec)
    workers = total(x.workers for x in world.builders)
    busy = total(x.utilisation(outside.other_demand, p) * x.workers for x in world.builders)
    rec.region("utilisation", busy / max(workers, 1e-9))
    rec.region("skilled_workforce", workers)
    rec.region("shortage", outside.shortage)
    rec.region("construction_cycle", outside.other_demand)
    rec.region("heat_price", outside.heat_price)
    rec.region("interest", outside.interest)
    rec.region("vacancies", world.pool.vacancies / world.pool.start_vacancies)


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
    for name, value in lines(recorded(world, homes), world.p).outcomes().items():
        rec.region(name, value)
    if homes.flats_better > 0.0:
        rec.region("home_worth_better", homes.each)
    if world.quarter % 4 == 3:
        rec.region("value_society_left", left_now(world, homes))


def _purses(world: World, people: People, rec: Recorder) -> None:
    """Nets by purse, the part from work, what the programme reports, and market values."""
    books, m = world.books, len(world.municipalities)
    net, jobs = books.net(~FINANCING), books.net(JOB)
    for purse in Purse:
        rec.by_municipality(f"net_{purse.name.lower()}", net[purse])
    reported = clause_value(world, people.programme_jobs)
    for k, purse in enumerate(PUBLIC_PURSES):
        rec.by_municipality(f"jobs_{purse.name.lower()}", jobs[purse])
        rec.by_municipality(f"clause_{purse.name.lower()}", reported[k])
    b = world.buildings
    values = np.bincount(b.municipality + m * (b.owner >= m), world.building_values, minlength=2 * m)
    rec.by_municipality("value_housing_companies", values[:m])
    rec.by_municipality("value_private_landlords", values[m:])
