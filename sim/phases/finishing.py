"""What becomes of modelled buildings whose works are done, within phase 5: standard, energy, comfort, rents by flat."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compiling import kernel, own
from sim.phases.new_rents import raise_rents, risen_rents
from sim.rules import appraisal, mixture
from sim.rules.phase_in import waiting
from sim.vocabulary import Site
from sim.world.columns import Bools, Floats, Ints
from sim.world.projects import Contract
from sim.world.state import Small
from sim.world.tallies import RegionTally
from sim.world.world import World


class Ended(NamedTuple):
    """Modelled buildings of a contract (places in it) that are finished this quarter."""

    contract: Contract
    done: Ints


def finish(world: World, ended: list[Ended]) -> None:
    """New standard, energy, comfort and rent in finished buildings; what they have cost is tallied, and the part of it
    that they would not fetch on the market."""
    b, r, p, outside = world.buildings, world.residents, world.p, world.surroundings
    ended.sort(key=lambda one: one.contract.mixed)
    rows = np.concatenate([c.buildings[done] for c, done in ended])
    options = np.concatenate([c.options[done] for c, done in ended])
    mix = np.concatenate([c.mix[done] for c, done in ended])
    level = np.repeat([c.level for c, _ in ended], [len(done) for _, done in ended])
    rents = world.rents_of(rows)
    risen = risen_rents(world, rents, level, options, mix if ended[-1].contract.mixed else None)
    if world.events is not None:
        each = np.split(risen.rise, np.cumsum([len(done) for _, done in ended])[:-1])
        for (c, done), rise in zip(ended, each, strict=True):
            world.events.finished(world, c, done, rise)
    raise_rents(world, b, rows, risen)
    standard, energy = appraisal.reference_costs(p)
    market = appraisal.market_yields(world.neighbourhoods.reputation[b.neighbourhood[rows]], outside.yield_shift, p)
    by_building = np.array((level, rents.rent, market, waiting(market, 0, p), risen.rise, risen.basic,
                            mixture.mean(appraisal.STANDARDS, options, mix)))  # fmt: skip
    by_option = np.array((standard + energy, appraisal.savings(p)))
    rises, at_once = np.ascontiguousarray(risen.by_option[0]), np.ascontiguousarray(risen.by_option[1])
    cost, lost = np.empty_like(rises), np.empty_like(rises)
    _finish(rows, options, mix, by_building, by_option, rises, at_once,
            np.ascontiguousarray(risen.parts), world.heat_cost, world.quarter, p.numbers, b.flats, b.area,
            world.in_building.starts, b.condition, b.energy, b.rent_chosen, b.comfort, b.standard, b.energy_level,
            b.renovated, b.site, b.mixed, r.upgraded, r.standard, r.rent_apart, r.chosen, cost, lost)  # fmt: skip
    for tally, sek in ((RegionTally.COST_FINISHED, cost), (RegionTally.WRITTEN_DOWN, lost)):
        world.tallies.add(tally, float((mixture.mean(sek, options, mix) * b.flats[rows]).sum()))


@kernel
def _finish(rows: Ints, options: Ints, mix: Floats, by_building: Floats, by_option: Floats, rises: Floats,
            at_once: Floats, parts: Floats, heat_cost: float, quarter: int, numbers: Any, flats: Ints, area: Floats,
            starts: Ints, condition: Floats, energy: Floats, rent_chosen: Floats, comfort: Floats, standard: Small,
            energy_level: Small, renovated: Ints, site: Small, mixed: Bools, upgraded: Bools, flat_standard: Small,
            rent_apart: Floats, chosen: Small, cost: Floats, lost: Floats) -> None:  # fmt: skip
    """One building after another.

    ``by_building`` : price level spent, rent before (SEK/m2.year), market yield, what a rise that is phased in lacks at
    it, rise, that for the basic standard, mean standard. ``by_option`` : reference cost (SEK per flat), saving.
    ``rises``, ``at_once`` by option and ``parts`` by part : SEK/m2.year. The other columns are those of buildings up to
    ``mixed``, then those of flats. ``cost`` of each option and what of it is ``lost`` : SEK per flat.
    """
    p, void = own(numbers), numbers[0].void_base
    for i in range(len(rows)):
        b, option = rows[i], options[i]
        level, rent, market, missing = by_building[0, i], by_building[1, i], by_building[2, i], by_building[3, i]
        rise, basic, mean_standard = by_building[4, i], by_building[5, i], by_building[6, i]

        # What the market does not give back is taken option by option, as if flats were sold by standard.
        for o in range(cost.shape[1]):
            more = appraisal.more_rent(rises[i, o], rent, void, void)
            income = appraisal.added_income(more, by_option[1, o], energy[b], area[b], condition[b], heat_cost, p)
            later = rises[i, o] - at_once[i, o]
            gain = appraisal.value_added(income, later, void, area[b], market, missing)
            cost[i, o] = level * by_option[0, o]
            lost[i, o] = appraisal.written_down(gain, cost[i, o]) * cost[i, o]

        # By right the basic standard may cost less than it does: the part for more than basic is then below none.
        rent_chosen[b] += rise - basic
        energy[b] *= 1.0 - by_option[1, option]
        standard[b], energy_level[b] = appraisal.STANDARDS[option], appraisal.LEVELS[option]
        condition[b] = 1.0
        comfort[b] = (
            p.comfort_renovated + p.comfort_standard * mean_standard + p.comfort_energy * appraisal.LEVELS[option]
        )
        renovated[b], site[b] = quarter, Site.IDLE
        mixed[b] = mix[i].any()

        # Each flat's standard, and how far its rent will lie from the mean of its building. Renovating a building
        # replaces what was renewed flat by flat.
        for flat in range(starts[b], starts[b] + flats[b]):
            upgraded[flat] = False
            flat_standard[flat], rent_apart[flat] = appraisal.STANDARDS[option], 0.0
            if mixed[b]:
                part = np.int64(chosen[flat]) - 1
                flat_standard[flat], rent_apart[flat] = mixture.STANDARD[part], parts[i, part] - rise
                chosen[flat] = 0
