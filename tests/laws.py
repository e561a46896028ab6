"""What holds in every world after every quarter, cell by cell: laws(model) names what does not.

Shares and conditions lie between nothing and all, persons are no fewer than none and all accounted for, money is
finite and has a payer and a receiver, and where an outcome must exist there is a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import OUTCOMES, RenewalModel
from sim.recording.record import recorded
from sim.recording.society import lines, uses
from sim.rules.training import Programme
from sim.vocabulary import Away, EnergyLevel, Purse, Site, Skill, Standard, Work
from sim.world.books import INCIDENCE, SIDE_PAYMENTS, Flow
from sim.world.columns import Columns
from sim.world.homes import homes_now
from sim.world.projects import Pledge
from sim.world.tallies import Tally
from sim.world.world import World

Array = NDArray[Any]
ROUNDING = 1e-9
CODES = {kind.__name__: kind for kind in (Work, Skill, Standard, EnergyLevel, Site, Away, Programme)}
STANDARDS, LEVELS = (
    ("renovated_mini", "renovated_midi", "renovated_maxi"),
    ("energy_none", "energy_medium", "energy_deep"),
)
# The sign of every column whose unit does not say what it can be: less than nothing is a mistake in the first ones, and
# none is nothing in POSITIVE.
POSITIVE = {"size", "flats", "area", "built"}
NEVER_NEGATIVE = POSITIVE | {
    "other_income", "wish", "rent", "income", "burden", "practice", "waiting", "spell", "energy", "energy_start",
    "tuned", "rent_plain", "use_value", "rise", "rise_first", "comfort", "comfort_start",
    "building", "neighbourhood", "municipality", "owner", "third", "works", "chosen",  # rows, ids and options
    "history", "second_pay",
}  # fmt: skip
# Quarters before the start, and nobody's row.
ANY_SIGN = {"arrival", "born", "since", "programme_since", "placed", "builder", "household", "renovated", "announced",
            "rent_chosen", "rent_apart"}  # fmt: skip
# Flows that may run backwards: loans that are paid back, equalisation of a loss, what is counted against the start.
BOTH_WAYS = {Flow.LOANS_COMPANIES, Flow.LOANS_LANDLORDS, Flow.EQUALISATION_MUNICIPAL, Flow.EQUALISATION_COUNTY,
             Flow.INTEREST_COMPANIES, Flow.INTEREST_LANDLORDS,
             Flow.CROWDED_OUT_BUILDERS}  # fmt: skip # a builder that loses on a contract crowds out a loss


def broken_laws(model: RenewalModel) -> list[str]:
    """What does not hold after the latest quarter, one line each."""
    world = model.world
    return [*_columns(world), *_people(world), *_firms(world), *_owners(world), *_grants(world), *_outside(world),
            *_books(world), *_account(world), *_outcomes(model)]  # fmt: skip


def _inside(name: str, values: object, low: float = -np.inf, high: float = np.inf) -> Iterator[str]:
    """A line if some value is none, infinite, or outside."""
    cells = np.atleast_1d(np.asarray(values, dtype=float))
    with np.errstate(invalid="ignore"):
        wrong = ~(np.isfinite(cells) & (cells >= low - ROUNDING) & (cells <= high + ROUNDING))
    if wrong.any():
        yield f"{name}: {cells[wrong][:3].tolist()} in {int(wrong.sum())} of {cells.size}; expected {low:g} to {high:g}"


def _columns(world: World) -> Iterator[str]:
    tables: tuple[Columns, ...] = (world.residents, world.buildings, world.neighbourhoods)
    for table in tables:
        for name, column in table.declared().items():
            values = getattr(table, name)
            where = f"{type(table).__name__}.{name}"
            if column.unit in CODES:
                yield from _inside(where, values, 0, max(CODES[column.unit]))
            elif column.unit.startswith(("0-1", "share of")) or column.dtype == "bool":
                yield from _inside(where, values, 0.0, 1.0)
            else:
                yield from _signed(where, name, values)
    yield from _inside("Buildings.condition", world.buildings.condition, world.p.condition_least)
    yield from _flats(world)
    b = world.buildings
    yield from _inside("Buildings.rise: what is still to come", b.rise - b.rise_first, 0.0)
    if b.rent.max() < 1e6:  # beyond it rounding shows
        yield from _inside("Buildings.rent above the plain one", b.rent - b.rent_plain, 0.0)


def _flats(world: World) -> Iterator[str]:
    """Flats are as their buildings are where nobody chose, and on average where somebody did."""
    r, b = world.residents, world.buildings
    alike = ~b.mixed[r.building]
    if (r.standard != b.standard[r.building])[alike].any() or r.rent_apart[alike].any():
        yield "a flat has another standard or rent than its building, whose tenants did not choose"
    apart = np.bincount(r.building, r.rent_apart, minlength=b.n) / b.flats
    if not np.allclose(apart, 0.0, atol=1e-6 * (1.0 + np.abs(r.rent_apart).max())):
        yield "rents of flats do not average to those of their buildings"


def _signed(where: str, name: str, values: Array) -> Iterator[str]:
    if name not in NEVER_NEGATIVE | ANY_SIGN:
        yield f"{where}: tests/laws.py does not say whether it may be negative"
    yield from _inside(where, values, 0.0 if name in NEVER_NEGATIVE else -np.inf)
    if name in POSITIVE and not np.all(values > 0):
        yield f"{where}: {int((values <= 0).sum())} of {len(values)} are nothing; expected more"


def _people(world: World) -> Iterator[str]:
    pool, r = world.pool, world.residents
    for name in ("employed", "unemployed", "employed_start", "unemployed_start", "find", "vacancies", "tightness",
                 "openings", "start_seekers", "start_vacancies"):  # fmt: skip
        yield from _inside(f"pool.{name}", getattr(pool, name), 0.0)
    yield from _inside("pool.loss", pool.loss, 0.0, 1.0)
    yield from _inside("elsewhere.born", world.elsewhere.born, -1.0)
    yield from _inside("elsewhere.newcomers", world.elsewhere.newcomers, 0.0)
    of_age = world.elsewhere.people(world.books.quarter)
    if not np.isclose(pool.people, of_age, rtol=1e-9, atol=1.0):  # a person may be short of a schooling
        yield f"people elsewhere: {pool.people} by work, {of_age} by age"
    inside = r.household[r.occupied]
    if len(np.unique(inside)) != len(inside):
        yield "a household lives in two flats"
    here = np.zeros(r.n, dtype=bool)
    here[inside[inside < r.n]] = True
    if not np.array_equal(here, world.cohort.lived & ~world.cohort.away):
        yield "a household of the start is neither in its flat nor followed elsewhere, or both"
    if (r.programme[~r.occupied] != Programme.NONE).any():
        yield "somebody who has left is in the programme"
    elsewhere = r.away != Away.HOME
    if (elsewhere & ~r.occupied).any() or not world.buildings.emptied[r.building[elsewhere]].all():
        yield "somebody is housed elsewhere who has left, or whose building is not emptied"
    yield from _training(world)


def _training(world: World) -> Iterator[str]:
    r, p, books = world.residents, world.p, world.books
    in_place = r.builder >= 0
    kinds = (Programme.PLACEMENT, Programme.HIRE, Programme.APPRENTICE)
    if not np.array_equal(in_place, np.isin(r.programme, kinds)):
        yield "somebody has a firm's training place and is in no programme, or the other way round"
    if (world.books.quarter < r.placed[in_place]).any() or (r.placed[in_place] < 0).any():
        yield "somebody in a training place never got one"
    yield from _inside("coaches", world.coaches, p.coach_capacity)
    paid = books.of(Flow.COACHING).sum() + books.of(Flow.PLACE_ADMINISTRATION).sum()
    if not np.isclose(paid, p.place_cost * world.tallies.of(Tally.PLACEMENTS).sum()):
        yield "the cost of training places is booked more than once, or less"


def _firms(world: World) -> Iterator[str]:
    for x in world.builders:
        for name in ("workers", "busy", "experience", "visible", "places_owed"):
            yield from _inside(f"{x.name}.{name}", getattr(x, name), 0.0)
    for c in world.contracts:
        yield from _inside("contract.progress", c.progress, 0.0, 1.0)
        for name in ("price", "total", "labour", "crew", "places", "clause"):
            yield from _inside(f"contract.{name}", getattr(c, name), 0.0)
        yield from (line for pledge in c.pledges for line in _pledge(pledge))
    for q in world.projects:
        yield from _inside("project.cost", q.cost, 0.0)
        yield from _inside("project.payments", q.payments, 0.0)
    for pledge in world.pledges:
        yield from _pledge(pledge)
        if pledge.over:
            yield "a pledge that is over is still there"


def _pledge(pledge: Pledge) -> Iterator[str]:
    yield from _inside("pledge.yearly", pledge.yearly, 0.0)
    yield from _inside("pledge.share", pledge.share, 0.0, 1.0)
    yield from _inside("pledge.made", pledge.made, 0, pledge.years.max())


def _owners(world: World) -> Iterator[str]:
    for x in world.owners:
        yield from _inside(f"{x.name}.value", x.value, 0.0)
        yield from _inside(f"{x.name}.debt", x.debt, 0.0)  # nobody owes an owner anything
        yield from _inside(f"{x.name}.short", x.short, 0.0, 1.0)
        yield from _inside(f"{x.name}.loan_to_value", x.loan_to_value, 0.0)
    for m in world.municipalities:
        yield from _inside(f"{m.name}.confidence", m.confidence, 0.0, 1.0)
        yield from _inside(f"{m.name}.shown", m.shown, 0.0, 1.0)
        yield from _inside(f"{m.name}.trust", m.trust, 0.0, 1.0)
        yield from _inside(f"{m.name}.budget", m.budget, 0.0 - 1.0)
    for budget in (
        world.county_council.budget,
        world.state.budget,
        world.state.grants_left,
        world.state.grants_carried,
    ):
        yield from _inside("budget of county council or state", budget, 0.0 - 1.0)
    yield from _inside("building_values", world.building_values, 0.0)
    owned = np.bincount(world.buildings.owner, world.buildings.flats, minlength=len(world.owners))
    if owned.sum() != world.region.total_flats or [x.flats for x in world.owners] != owned.tolist():
        yield "flats are not all owned, or not by those who count them"


def _grants(world: World) -> Iterator[str]:
    """Money set aside is there once, for buildings that have a promise; nobody asks for what it has been promised."""
    g = world.grants
    for name in ("asked", "granted", "reserved", "due", "anyway"):
        yield from _inside(f"grants.{name}", getattr(g, name), 0.0)
    yield from _inside("grants.chance", g.chance, 0.0, 1.0)
    yield from _inside("grants.taken_up", g.taken_up, 0.0, 1.0)
    if (g.pending & (g.reserved > 0.0)).any():
        yield "a building has applied for a grant and been promised one"
    if (g.due > g.reserved + 1e-3).any() or ((g.reserved > 0.0) & (g.until < 0)).any():
        yield "a grant is due that nobody has set aside, or has no end"


def _outside(world: World) -> Iterator[str]:
    outside = world.surroundings
    yield from _inside("shortage", outside.shortage, 0.0, 1.0)
    for name in ("heat_price", "interest", "other_demand", "workforce"):
        yield from _inside(name, getattr(outside, name), 0.0)
    for name in ("believed_price", "price_index", "cost_level", "pay_level", "expected_bidders"):
        yield from _inside(name, getattr(world, name), 0.0)
    yield from _inside("slack", outside.slack, -1.0, 1.0)


def _books(world: World) -> Iterator[str]:
    page = world.books.history[world.books.quarter]
    m = len(world.municipalities)
    for flow in Flow:
        # The rest of the county is booked as a change against the start, which may be less.
        yield from _inside(f"flow {flow}", page[flow.row][:m], -np.inf if flow in BOTH_WAYS else -1e-3)
        yield from _inside(f"flow {flow}, rest of the county", page[flow.row][m])
    if abs((INCIDENCE.T @ page).sum()) > 1e-9 * np.abs(page).sum():
        yield "the books do not balance"
    yield from _inside("cofunded", world.cofunded, -1.0)
    told = float(sum(row.sek for row in world.payments_made if row.quarter == world.books.quarter))
    paid = sum(float(world.books.of(flow).sum()) for flow in SIDE_PAYMENTS)
    if abs(told - paid) > 1e-9 * abs(paid) + 1e-3:
        yield f"side payments: {paid} SEK in the books, {told} in the table of payments"
    companies, losses = (
        {x.name for x in world.municipalities},
        (Flow.LENDERS_LOSS_COMPANIES, Flow.LENDERS_LOSS_LANDLORDS),
    )
    for what, flows, told in (
        ("sales", (Flow.SALES,), sum(row.price for row in world.sales if row.seller in companies)),
        ("lenders' losses", losses, sum(row.sek for row in world.rescues if row.way == "receivership")),
    ):
        paid = sum(float(world.books.history[:, flow.row].sum()) for flow in flows)
        if abs(told - paid) > 1e-9 * abs(paid) + 1e-3:
            yield f"{what}: {paid} SEK in the books so far, {told} in the table"


def _account(world: World) -> Iterator[str]:
    """Society's account by lines and by what is really made and used, and each line from the world itself."""
    x = recorded(world, homes_now(world))
    by_lines, by_uses = lines(x, world.p), uses(x, world.p)
    apart = by_lines.society - sum(by_uses.values())
    if abs(apart) > 1.0 + 1e-12 * float(np.abs(x.flows).sum()):
        yield f"society's account: its lines and what is made and used are {apart} SEK apart"
    b, p, books, vat = world.buildings, world.p, world.books, 1.0 + world.p.vat
    heat = float((b.energy * b.area * b.flats).sum()) / 4.0 * world.surroundings.heat_price
    paid = -by_uses["upkeep"] + sum(
        float(books.of(flow).sum())
        for flow in (Flow.UPKEEP_TAX_COMPANIES, Flow.UPKEEP_TAX_LANDLORDS, Flow.PROPERTY_FEE_COMPANIES,
                     Flow.PROPERTY_FEE_LANDLORDS)
    )  # fmt: skip
    works = sum(
        float(books.of(flow).sum())
        for flow in (Flow.WORKS_COMPANIES, Flow.WORKS_LANDLORDS, Flow.REPAIRS_COMPANIES, Flow.REPAIRS_LANDLORDS)
    )
    facts = {
        "heat": np.isclose(-by_uses["heat"] * vat, heat),
        "upkeep": np.isclose(paid, p.upkeep * float((b.area * b.flats).sum()) / 4.0),
        "value-added tax of works": np.isclose(float(books.of(Flow.WORKS_VAT).sum()) * vat, works * (vat - 1.0)),
    }
    yield from (f"society's account: {name} is not what the world shows" for name, holds in facts.items() if not holds)


def _outcomes(model: RenewalModel) -> Iterator[str]:
    """Recorded outcomes of the latest quarter, held against what is declared of them."""
    rec, q = model.recorder, model.quarter - 1
    if not rec.recorded[q]:
        return
    page = rec.page(q)
    last = {"region": 1, "municipality": 1 + len(model.municipalities), "all": len(rec.names)}
    for outcome, cells in zip(OUTCOMES, page, strict=True):
        here, low_high = cells[: last[outcome.level]], outcome.limits
        yield from _inside(f"outcome {outcome.name}", here[~np.isnan(here)] if outcome.missing else here, *low_high)
        if not np.isnan(cells[last[outcome.level] :]).all():
            yield f"outcome {outcome.name} is recorded below its level"
    names = {outcome.name: i for i, outcome in enumerate(OUTCOMES)}
    of = {name: page[i] for name, i in names.items()}
    for parts in (STANDARDS, LEVELS):
        if not np.allclose(sum(of[part] for part in parts), of["renovated_share"]):
            yield f"{', '.join(parts)} do not sum to renovated_share"
    nets = [of[f"net_{purse.name.lower()}"][0] for purse in Purse]
    if abs(sum(nets)) > 1e-9 * sum(map(abs, nets)) + 1e-3:
        yield f"recorded nets sum to {sum(nets)}"


# --- from quarter to quarter


@dataclass(frozen=True)
class Stocks:
    """Stocks that the flows of a quarter must explain."""

    company_debt: Array
    landlord_debt: Array
    everybody: float
    occupied: Array

    @classmethod
    def of(cls, model: RenewalModel) -> Stocks:
        """Those of now."""
        world, m = model.world, len(model.municipalities)
        landlords = np.zeros(m)
        for x in model.landlords:
            landlords[x.municipality] += x.debt
        here = world.neighbourhood_of[world.residents.occupied]
        return cls(
            np.array([x.debt for x in model.municipalities]), landlords,
            float(world.elsewhere.born.sum() + world.residents.occupied.sum()),
            np.bincount(here, minlength=len(world.neighbourhoods)).astype(float),
        )  # fmt: skip


def unexplained(model: RenewalModel, before: Stocks) -> list[str]:
    """Stocks after the latest quarter that are not those before it plus its flows."""
    world, after, m = model.world, Stocks.of(model), len(model.municipalities)
    page, t = world.books.history[model.quarter - 1], world.tallies
    companies, landlords = page[Flow.LOANS_COMPANIES.row], page[Flow.LOANS_LANDLORDS.row]
    near = {"rtol": 1e-9, "atol": 1e-9 * float(np.nansum(np.abs(page))) + 1.0}  # SEK
    there = world.elsewhere
    came = float(there.grown_up.sum() + there.arrivals.sum())
    facts = {
        "company debt": np.allclose(after.company_debt, before.company_debt + companies[:m], **near),
        "landlord debt": np.allclose(after.landlord_debt, before.landlord_debt + landlords[:m], **near),
        "loans of the rest of the county": companies[m] == 0.0 == landlords[m],
        "persons here and elsewhere": np.isclose(after.everybody, before.everybody + came, rtol=1e-12, atol=1e-6),
        "households": np.array_equal(after.occupied, before.occupied - t.of(Tally.MOVES) + t.of(Tally.IN_MOVERS)),
    }
    return [f"{name}: not what was before and what was added" for name, holds in facts.items() if not holds]


def run_lawfully(model: RenewalModel) -> list[str]:
    """Run a model to its end; what did not hold in the first quarter in which something did not."""
    while model.quarter < model.quarters:
        before = Stocks.of(model)
        model.step()
        broken = [*broken_laws(model), *unexplained(model, before)]
        if broken:
            return [f"quarter {model.quarter - 1}: {line}" for line in broken]
    return []
