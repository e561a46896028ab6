"""The recorder: an array (quarters, outcomes, areas); the areas are region, municipalities, neighbourhoods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.recording.outcomes import OUTCOMES
from sim.rules.training import Programme
from sim.rules.wellbeing import WORTH
from sim.vocabulary import PUBLIC_PURSES, EnergyLevel, Purse, Standard, Work
from sim.world.books import FINANCING, JOB
from sim.world.columns import Floats

if TYPE_CHECKING:
    from sim.model import RenewalModel

INDEX = {outcome.name: i for i, outcome in enumerate(OUTCOMES)}


class Recorder:
    """Outcomes by quarter and area. ``data`` is NaN where an outcome does not exist or nothing happened."""

    def __init__(self, quarters: int, municipality_index: Any, municipalities: int) -> None:
        self.of = np.asarray(municipality_index)
        self.m = municipalities
        self.data = np.full((quarters, len(OUTCOMES), 1 + municipalities + len(self.of)), np.nan)
        self.quarter = 0

    def ratio(self, name: str, top: NDArray[Any], bottom: NDArray[Any]) -> None:
        """A mean or share from sums by neighbourhood: tops and bottoms are added before dividing."""
        t, b = self._areas(top), self._areas(bottom)
        with np.errstate(invalid="ignore", divide="ignore"):
            self.data[self.quarter, INDEX[name]] = np.where(b > 0.0, t / b, np.nan)

    def count(self, name: str, values: NDArray[Any]) -> None:
        """A number by neighbourhood that adds up."""
        self.data[self.quarter, INDEX[name]] = self._areas(values)

    def by_municipality(self, name: str, values: NDArray[Any], region: float | None = None) -> None:
        """A value by municipality; the region's is their sum unless given."""
        row = self.data[self.quarter, INDEX[name]]
        row[0] = values.sum() if region is None else region
        row[1 : 1 + self.m] = values[: self.m]

    def region(self, name: str, value: float) -> None:
        """A value that exists for the region only."""
        self.data[self.quarter, INDEX[name], 0] = value

    def _areas(self, by_neighbourhood: NDArray[Any]) -> Floats:
        """Region, municipalities and neighbourhoods from values by neighbourhood."""
        municipal = np.bincount(self.of, by_neighbourhood, minlength=self.m)
        return np.concatenate([[municipal.sum()], municipal, by_neighbourhood])


def record(model: RenewalModel) -> None:
    """Write this quarter's outcomes and refresh what neighbourhood agents show."""
    model.recorder.quarter = model.quarter
    _homes(model)
    _people(model)
    _programme(model)
    _municipal(model)
    _market(model)
    _purses(model)


def _homes(model: RenewalModel) -> None:
    """Flats, condition, energy and rent."""
    b, rec, at = model.buildings, model.recorder, model.in_neighbourhood
    flats = at.sum(b.flats)
    rec.count("flats", flats)
    since = b.renovated >= 0
    rec.ratio("renovated_share", at.sum(b.flats * since), flats)
    for standard in (Standard.MINI, Standard.MIDI, Standard.MAXI):
        rec.ratio(f"renovated_{standard.name.lower()}", at.sum(b.flats * (b.standard == standard)), flats)
    for level in EnergyLevel:
        rec.ratio(f"energy_{level.name.lower()}", at.sum(b.flats * (since & (b.energy_level == level))), flats)
    rec.ratio("need_share", at.sum(b.flats * (b.condition < model.p.due_condition)), flats)
    rec.ratio("municipal_share", at.sum(b.flats * (b.owner < len(model.municipalities))), flats)
    rec.ratio("condition", at.sum(b.flats * b.condition), flats)
    area = b.flats * b.area
    heat = at.sum(b.energy * area)
    rec.ratio("energy_use", heat, at.sum(area))
    rec.count("energy_gwh", heat / 1e6)
    rec.count("co2_tonnes", heat * model.p.co2_per_kwh / 1e3)
    renewed = at.sum(b.flats * since) / flats
    for neighbourhood, share in zip(model.neighbourhoods, renewed, strict=True):
        neighbourhood.renovated_share = float(share)


def _people(model: RenewalModel) -> None:
    """Households: work, rent, satisfaction, moves."""
    r, rec, flats = model.residents, model.recorder, model.flats_by_neighbourhood
    here = flats.sum(r.occupied)
    rec.ratio("occupied_share", here, flats.counts)
    rec.ratio("rent", flats.sum(r.rent * 12.0), flats.sum(model.in_building.spread(model.buildings.area)))
    rec.ratio("rent_burden", flats.sum(np.minimum(r.burden, 1.0) * r.occupied), here)
    rec.ratio("upgraded_share", flats.sum(r.upgraded), flats.counts)
    of_age = (r.work != Work.RETIRED) & r.occupied
    working, force = flats.sum(r.work == Work.EMPLOYED), flats.sum(of_age)
    rec.ratio("employment", working, force)
    satisfied = flats.sum(r.satisfaction * r.occupied)
    rec.ratio("satisfaction", satisfied, here)
    rec.ratio("health", flats.sum(r.health * r.occupied), here)
    shown = zip(model.neighbourhoods, satisfied / here, working / np.maximum(force, 1.0), strict=True)
    for neighbourhood, satisfaction, employment in shown:
        neighbourhood.satisfaction, neighbourhood.employment = float(satisfaction), float(employment)
    reputation = np.array([n.reputation for n in model.neighbourhoods])
    rec.ratio("reputation", reputation * flats.counts, flats.counts.astype(float))
    _cohort(model)
    _moves(model, here)


def _cohort(model: RenewalModel) -> None:
    """Employment of those who lived here at the start: the stayers' rows and the leavers' records."""
    r, c, rec, flats = model.residents, model.cohort, model.recorder, model.flats_by_neighbourhood
    stayed = (r.household < r.n) & r.occupied
    away = c.away & (c.born > model.quarter - 65 * 4)
    working = flats.sum(stayed & (r.work == Work.EMPLOYED)) + flats.sum(c.employed & away)
    force = flats.sum(stayed & (r.work != Work.RETIRED)) + flats.sum(away)
    rec.ratio("employment_started_here", working, force)


def _moves(model: RenewalModel, here: Floats) -> None:
    """Moves at yearly rates, and who they were."""
    rec, t = model.recorder, model.tallies
    rec.ratio("moves", 4.0 * t["moves"], here)
    parts = [t["displaced_low"], t["displaced_middle"], t["displaced_high"]]
    rec.ratio("moves_caused", 4.0 * np.sum(parts, axis=0), here)
    for name, values in zip(("displaced_low", "displaced_middle", "displaced_high"), parts, strict=True):
        rec.count(name, values)
    rec.ratio("in_mover_employment", t["in_movers_employed"], t["in_movers"])
    rec.ratio("out_mover_employment", t["out_movers_employed"], t["out_movers"])
    rec.ratio("arrival_years", t["arrival_years"], t["first_jobs"])


def _programme(model: RenewalModel) -> None:
    """Training places and what became of them."""
    r, rec, n = model.residents, model.recorder, len(model.neighbourhoods)
    for name in ("placements", "graduates", "dropouts", "service_jobs"):
        rec.count(name, model.tallies[name])
    rows = np.flatnonzero(r.programme)
    where, kind = model.neighbourhood_of[rows], r.programme[rows]
    at_work = (kind >= Programme.HIRE) & ((r.work[rows] == Work.EMPLOYED) | (kind == Programme.APPRENTICE))
    rec.count("programme_jobs", np.bincount(where[at_work], minlength=n).astype(float))
    rec.count("apprentices", np.bincount(where[kind == Programme.APPRENTICE], minlength=n).astype(float))


def _municipal(model: RenewalModel) -> None:
    """Compact, companies and what coordination cost and paid."""
    rec, books, ms = model.recorder, model.books, model.municipalities
    joined = np.array([float(m.committed_to_compact) for m in ms])
    rec.by_municipality("commitment", joined, float(joined.mean()))
    trust = np.array([m.trust for m in ms])
    rec.by_municipality("trust", trust, float(trust.mean()))
    belief = np.array([m.confidence.mean() for m in ms])
    rec.by_municipality("confidence", belief, float(belief.mean()))
    debt, value = np.array([m.debt for m in ms]), np.array([m.value for m in ms])
    rec.by_municipality("loan_to_value", debt / np.maximum(value, 1.0), float(debt.sum() / max(value.sum(), 1.0)))
    rec.by_municipality("assistance", (books.of("social_assistance") + books.of("assistance_for_rent"))[: len(ms)])
    rec.by_municipality("allowance", books.of("housing_allowance")[: len(ms)])
    paid = sum(books.of(f"side_payment_{x}") for x in ("municipalities", "county", "state"))
    rec.by_municipality("side_payments", np.asarray(paid))
    spent = model.cofunded[model.quarter // 4].sum(axis=0) - model.cofunded_before
    rec.by_municipality("cofunding", spent)
    model.cofunded_before = model.cofunded[model.quarter // 4].sum(axis=0) * (model.quarter % 4 < 3)
    names = ("companies", "municipalities", "county", "state")
    cost = sum(books.of(f"coordination_{x}") for x in names) + books.of("dialogue") + books.of("image_work")
    rec.by_municipality("coordination_cost", np.asarray(cost))


def _market(model: RenewalModel) -> None:
    """Works, builders and the world outside."""
    rec, t, world = model.recorder, model.region_tally, model.surroundings
    rec.region("price_index", model.price_index)
    rec.region("tenders", t["tenders"])
    if t["tenders"] > 0.0:
        rec.region("bids_per_tender", t["bids"] / t["tenders"])
        rec.region("single_bid_share", t["single_bids"] / t["tenders"])
    if t["award_value"] > 0.0:
        rec.region("small_firm_share", t["award_small"] / t["award_value"])
    if t["finished"] > 0.0:
        rec.region("delay", t["delay"] / t["finished"])
        rec.region("write_down", t["written_down"] / t["cost_finished"])
    workers = sum(x.workers for x in model.builders)
    busy = sum(x.utilisation(world.other_demand, model.p) * x.workers for x in model.builders)
    rec.region("utilisation", busy / max(workers, 1e-9))
    rec.region("skilled_workforce", workers)
    rec.region("shortage", world.shortage)
    rec.region("construction_cycle", world.other_demand)
    rec.region("heat_price", world.heat_price)
    rec.region("interest", world.interest)
    rec.region("vacancies", model.pool.vacancies / model.pool.start_vacancies)
    rec.region("resources", _resources(model))
    surplus = _standard_surplus(model)
    rec.region("standard_surplus", surplus)
    rec.region("value_standard_surplus", 4.0 * surplus / model.p.market_yield)


def _standard_surplus(model: RenewalModel) -> float:
    """What households would pay for the standards above mini that they live in, less what their rent takes for them."""
    b, r = model.buildings, model.residents
    # Few flats are empty: what they would add is taken off.
    empty = np.flatnonzero(~r.occupied)
    where = r.building[empty]
    wished = model.in_building.sum(r.wish) - np.bincount(where, r.wish[empty], minlength=b.n)
    let = b.flats - np.bincount(where, minlength=b.n)
    return 3.0 * float((WORTH[b.standard] * wished - b.rent_chosen * b.area / 12.0 * let).sum())


def _resources(model: RenewalModel) -> float:
    """Output less labour, materials and energy, never the sum of purses; rent stands for housing's value."""
    books, p = model.books, model.p
    total = {name: float(books.of(name).sum()) for name in (
        "wages", "payroll_tax", "site_wages", "site_payroll_tax", "service_wages", "rent_companies", "rent_landlords",
        "works_crews", "works_materials", "works_payroll_tax", "heat_companies", "heat_landlords", "upkeep_companies",
        "upkeep_landlords", "repairs_companies", "repairs_landlords", "bidding", "appeals", "recruitment", "tribunal",
        "coordination_companies", "coordination_municipalities", "coordination_county", "coordination_state",
        "dialogue", "image_work", "coaching", "health_care", "grant_applications_companies",
        "grant_applications_landlords",
    )}  # fmt: skip
    output = total.pop("wages") + total.pop("payroll_tax") + total.pop("site_wages") + total.pop("site_payroll_tax")
    output += total.pop("service_wages") * p.service_value
    housing = total.pop("rent_companies") + total.pop("rent_landlords")
    return output * (1.0 - p.leisure_value) + housing - sum(total.values())


def _purses(model: RenewalModel) -> None:
    """Nets by purse, the part from work, what the programme reports, and market values."""
    rec, books, m = model.recorder, model.books, len(model.municipalities)
    net, jobs = books.net(~FINANCING), books.net(JOB)
    for purse in Purse:
        rec.by_municipality(f"net_{purse.name.lower()}", net[purse])
    reported = model.clause_value()
    for k, purse in enumerate(PUBLIC_PURSES):
        rec.by_municipality(f"jobs_{purse.name.lower()}", jobs[purse])
        rec.by_municipality(f"clause_{purse.name.lower()}", reported[k])
    b = model.buildings
    company = b.owner < m
    rec.by_municipality(
        "value_housing_companies", np.bincount(b.municipality[company], model.building_values[company], minlength=m)
    )
    rec.by_municipality(
        "value_private_landlords", np.bincount(b.municipality[~company], model.building_values[~company], minlength=m)
    )
