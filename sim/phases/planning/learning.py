"""What partners learn from the year that is over: how much of each kind of forecast came true, for each payer."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import scope
from sim.compiling import kernel, own, rows
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.rules.commitment import revised_confidence, shown
from sim.rules.social import COUNTY, MUNICIPALITY, PAYERS, STATE, Gain, crowding_out, health_saved
from sim.rules.wellbeing import health_care_cost
from sim.sums import pairwise_group
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


def learn(world: World) -> None:
    """Compare what was forecast with what last year showed: a silo its own, a compact everybody's.

    Jobs and heat were counted as they happened, tax is read from the books and health from those who live in renovated
    homes and those who do not.
    """
    if world.quarter > 0:
        _forecasts(world)
        ms = world.municipalities
        promised, realised = np.array([m.promised for m in ms]), np.array([m.realised for m in ms])
        if scope.learning_together(world):
            promised, realised = (np.broadcast_to(x.sum(axis=0), x.shape) for x in (promised, realised))
        confidence = revised_confidence(np.array([m.confidence for m in ms]), realised, promised, world.p)
        latest = np.where(promised > 0.0, shown(realised, promised), np.array([m.shown for m in ms]))
        for m in ms:
            m.confidence, m.shown = confidence[m.index], latest[m.index]
            m.promised, m.realised = np.zeros_like(m.promised), np.zeros_like(m.realised)
    world.crowding_seen = crowding_out(world.surroundings.shortage, world.p)


def _forecasts(world: World) -> None:
    """What a joint appraisal forecasts beside jobs is looked at where there is one."""
    if scope.calculation_shared(world).any():
        _tax_of_works(world)
        _health(world)
    else:
        for m in world.municipalities:
            m.promised[Gain.CLIMATE] = 0.0


def _tax_of_works(world: World) -> None:
    """Tax that last year's works of housing companies were forecast to bring beyond what others would have paid, and
    what they brought."""
    p, books = world.p, world.books
    works = books.last_year(Flow.WORKS_COMPANIES)
    part = works / np.maximum(works + books.last_year(Flow.WORKS_LANDLORDS), 1.0)
    rates = {MUNICIPALITY: p.works_income_tax_municipal, COUNTY: p.works_income_tax_county, STATE: p.works_state_tax}
    towns = len(world.municipalities)
    promised, realised = np.zeros((towns, PAYERS)), np.zeros((towns, PAYERS))
    flows = {
        MUNICIPALITY: ((Flow.WORKS_INCOME_TAX_MUNICIPAL,), Flow.CROWDED_OUT_MUNICIPAL),
        COUNTY: ((Flow.WORKS_INCOME_TAX_COUNTY,), Flow.CROWDED_OUT_COUNTY),
        STATE: ((Flow.WORKS_VAT, Flow.WORKS_PAYROLL_TAX), Flow.CROWDED_OUT_STATE),
    }
    for payer in range(PAYERS):
        taxes, crowded = flows[payer]
        got = sum((books.last_year(flow) for flow in taxes), np.zeros_like(works)) - books.last_year(crowded)
        hoped = works * rates[payer] * (1.0 - world.crowding_seen)
        promised[:, payer] = np.maximum(hoped[:towns], 0.0)
        realised[:, payer] = np.maximum((got * part)[:towns], 0.0)
    for m in world.municipalities:
        m.promised[Gain.WORKS], m.realised[Gain.WORKS] = promised[m.index], realised[m.index]


def _health(world: World) -> None:
    """Care saved in renovated homes as forecast, and as they differ from homes not renovated, SEK a year. The council
    looks at the county as a whole: in one municipality the two kinds of homes have too few in common."""
    r, b, p = world.residents, world.buildings, world.p
    renovated = b.renovated >= 0
    if not renovated.any() or renovated.all():
        return
    care, persons, flats = np.empty(b.n), np.empty(b.n), world.in_building
    count_care(care, persons, r.health, r.size, r.occupied, flats.starts, flats.counts, p.numbers)
    if min(persons[renovated].sum(), persons[~renovated].sum()) <= 0.0:
        return
    apart = care[~renovated].sum() / persons[~renovated].sum() - care[renovated].sum() / persons[renovated].sum()
    same = (b.standard[renovated][:, None] == STANDARDS) & (b.energy_level[renovated][:, None] == LEVELS)
    hoped = float((health_saved(persons[renovated], p) * same).sum())
    for m in world.municipalities:
        m.promised[Gain.HEALTH, COUNTY] = hoped
        m.realised[Gain.HEALTH, COUNTY] = max(float(apart * persons[renovated].sum()), 0.0)


@kernel
def count_care(care: Floats, persons: Floats, health: Floats, size: Small, occupied: Bools, starts: Ints,
                counts: Ints, numbers: Any) -> None:  # fmt: skip
    """Health care, SEK a year, and persons of each building (b,), by its flats (rows); ``starts``, ``counts`` : the
    first row and the flats of each."""
    p = own(numbers)
    cost, people = np.empty(counts.max()), np.empty(counts.max())
    for building in range(len(counts)):
        flats = counts[building]
        its = slice(starts[building], starts[building] + flats)
        how, many, lived_in = health[its], size[its], occupied[its]
        for i in rows(0, flats):
            there = p.persons_per_size * many[i]
            cost[i], people[i] = health_care_cost(how[i], there, p) * lived_in[i], there * lived_in[i]
        care[building], persons[building] = pairwise_group(cost[:flats]), pairwise_group(people[:flats])
