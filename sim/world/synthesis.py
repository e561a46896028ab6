"""Buildings and residents made from a region's tables with keyed draws.

Totals match the tables exactly and shares to within rounding, and one flat more at the end changes no other row:
every row is decided from its own draws and from the rows before it in its neighbourhood.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.inputs.parameters import Parameters
from sim.inputs.region import Region
from sim.randomness import NEXT_LIKE, Decision, Draws, Keys, around, uniform
from sim.rules.employment import start_propensity
from sim.rules.rivals.rents import RentRule, use_values
from sim.rules.wellbeing import ordinary_health
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Groups, Ints
from sim.world.likes import Likes
from sim.world.quotas import Classes, fill_quotas
from sim.world.state import FAR_PAST, NATIVE, NOBODY, Buildings, Residents, Small

AGE_BANDS = np.array([20.0, 30.0, 45.0, 65.0])  # youngest of each age class of the tables, years


def make_buildings(region: Region, p: Parameters, draws: Draws, rule: RentRule) -> Buildings:
    """The region's buildings (b,), sizes in flats drawn around the neighbourhood's mean until its flats are used up.

    rule : what rents follow, for buildings renovated before the start.
    """
    places = region.neighbourhoods
    sizes, owners, where = [], [], []
    for i in range(len(places)):
        for private, flats in enumerate((places.municipal_flats[i], places.flats[i] - places.municipal_flats[i])):
            own = _building_sizes(int(flats), float(places.flats_per_building[i]), 2 * i + private, draws, p)
            sizes.append(own)
            owner = len(region.municipalities) + places.landlord_index[i] if private else places.municipality_index[i]
            owners.append(np.full(len(own), owner))
            where.append(np.full(len(own), i))
    b = Buildings(int(sum(map(len, sizes))))
    b.flats[:] = np.concatenate(sizes)
    b.owner[:] = np.concatenate(owners)
    b.neighbourhood[:] = np.concatenate(where)
    b.municipality[:] = places.municipality_index[b.neighbourhood]
    _building_state(b, region, p, draws)
    _start_rents(b, region, p, rule)
    return b


def make_likes(region: Region, p: Parameters, draws: Draws, b: Buildings, rule: RentRule) -> Likes:
    """The buildings at full size: 1/scale for each that is modelled, of its size, each with a state of its own."""
    ends = np.floor(np.arange(b.n + 1) / region.scale + 1e-9).astype(np.int64)
    like = np.repeat(np.arange(b.n), np.diff(ends))
    start = Buildings(len(like))
    for name in b.fields:
        getattr(start, name)[:] = getattr(b, name)[like]
    _building_state(start, region, p, draws, NEXT_LIKE)
    _start_rents(start, region, p, rule)
    return Likes(like, start, b)


def _building_sizes(flats: int, mean: float, key: int, draws: Draws, p: Parameters) -> Ints:
    """Sizes of one owner's buildings in one neighbourhood; the last takes what is left, if that is enough for one."""
    if flats == 0:
        return np.zeros(0, dtype=np.int64)
    u = draws.at(Decision.BUILDING_SIZE, key, np.arange(int(2 * flats / mean) + 2))[:, 0]
    ends = np.cumsum(np.maximum(np.rint(mean * around(u, p.building_size_spread)), 1).astype(np.int64))
    # Less than half a house is a part of the house before: else the fewer the houses, the smaller would be their mean.
    ends = np.append(ends[ends <= max(flats - mean / 2.0, 0.0)], flats)
    return np.diff(ends, prepend=0)


def _building_state(b: Buildings, region: Region, p: Parameters, draws: Draws, key: int = 0) -> None:
    """Age, condition and energy at the start. Draws are keyed by neighbourhood and place in it, not by row."""
    places, n = region.neighbourhoods, b.neighbourhood
    groups = Groups.of(np.bincount(n, minlength=len(places)))
    within = np.arange(b.n) - groups.spread(groups.starts)
    u = draws.at(Decision.BUILDING_START, 0, n * 100_000 + within + key, 5)
    b.area[:] = places.flat_area_m2[n]
    b.built[:] = places.built_from[n] + np.floor(u[:, 0] * (places.built_to[n] - places.built_from[n] + 1)).astype(
        np.int64
    )
    done = _in_turn(b.flats, places.renovated_share[n])
    years = p.start_renovated_from + u[:, 1] * (p.start_renovated_to - p.start_renovated_from)
    b.renovated[:] = np.where(done, -np.floor(4.0 * years), FAR_PAST)
    age_condition = p.start_condition - p.start_condition_spread * (u[:, 2] - 0.5)
    renewed_condition = p.start_condition_renovated + b.renovated * p.condition_decline / 4.0
    b.condition[:] = np.clip(np.where(done, renewed_condition, age_condition), p.condition_least, 1.0)
    b.energy[:] = np.maximum(places.energy_kwh_m2[n] + p.energy_house_sd * _normal(u[:, 3:5]), p.energy_least)
    b.energy[done] *= 1.0 - p.saving_light
    b.energy_start[:] = b.energy
    b.comfort[:] = p.comfort_worn + p.comfort_condition * b.condition
    b.comfort_start[:] = b.comfort


def _start_rents(b: Buildings, region: Region, p: Parameters, rule: RentRule) -> None:
    """Rents of the seed table, which are those of unrenovated buildings; those renovated before have basic standard."""
    unrenovated = region.neighbourhoods.rent_sek_m2[b.neighbourhood]
    done = b.renovated > FAR_PAST
    b.rent[:] = unrenovated + done * rule.earlier(unrenovated, p)
    b.rent_plain[:] = b.rent
    b.use_value[:] = done * use_values(p)[0]


def _in_turn(flats: Ints, share: Floats) -> Bools:
    """A share of buildings, so that it holds for flats: each in turn in which at least half of its flats are owed."""
    owed, chosen = 0.0, np.zeros(len(flats), dtype=bool)
    for i, (size, part) in enumerate(zip(flats.tolist(), share.tolist(), strict=True)):
        owed += part * size
        if owed >= size / 2.0:
            chosen[i] = True
            owed -= size
    return chosen


def _normal(u: Floats) -> Floats:
    """Standard normals from two columns of uniforms."""
    return np.asarray(np.sqrt(-2.0 * np.log(u[:, 0])) * np.cos(2.0 * np.pi * u[:, 1]))


def make_residents(region: Region, p: Parameters, draws: Draws, b: Buildings) -> Residents:
    """The households at the start (n,): one in every flat that is not empty, in the order of buildings."""
    places = region.neighbourhoods
    n = int(b.flats.sum())
    r = Residents(n)
    r.building[:] = np.repeat(np.arange(b.n), b.flats)
    r.occupied[:] = ~places.empty
    r.household[:] = np.where(r.occupied, np.arange(n), NOBODY)
    groups = Groups.of(places.flats)
    classes, employed = _quotas(region, p, draws, groups, r.occupied)
    keys = np.concatenate([draws.keys(Decision.RESIDENT_START, k) for k in range(8)])
    entitled = region.municipalities.assistance_share[places.municipality_index]
    bands, width = AGE_BANDS, np.diff(AGE_BANDS, append=p.start_age_most)
    columns = r.born, r.size, r.skill, r.foreign, r.work, r.arrival, r.ever_worked, r.entitled, r.insured
    _describe(
        *columns, r.second_pay, r.other_income, classes, employed, r.occupied, groups.counts, entitled, bands,
        width, NATIVE, keys, p.numbers,
    )  # fmt: skip
    u = draws.stream(Decision.RESIDENT_START, 8, n)
    r.since[:] = -np.floor(-np.log1p(-u) * 4.0 / p.move_base).astype(np.int64)
    r.health[:] = ordinary_health(r.work == int(Work.EMPLOYED), p)
    r.satisfaction[:] = groups.spread(places.satisfaction)
    r.rent[:] = (b.rent * b.area / 12.0)[r.building]
    r.builder[:], r.placed[:] = -1, FAR_PAST
    return r


@kernel
def _describe(
    born: Ints,
    size: Small,
    skill: Small,
    foreign: Bools,
    work: Small,
    arrival: Ints,
    ever_worked: Bools,
    entitled: Bools,
    insured: Bools,
    second_pay: Floats,
    other_income: Floats,
    classes: Classes,
    employed: Bools,
    occupied: Bools,
    counts: Ints,
    assistance: Floats,
    bands: Floats,
    width: Floats,
    native: int,
    keys: Keys,
    numbers: NDArray[np.void],
) -> None:
    """What households are like, flat by flat, from their classes and keyed draws. assistance : share of each place's
    households that fall back on it (places,). bands, width : youngest of each age class, and its width, years."""
    p = own(numbers)
    start = 0
    for place in range(len(counts)):
        for row in rows(start, start + counts[place]):
            age, cell = classes[row, 0], classes[row, 2]
            working_age = age < len(bands) - 1
            born[row] = -np.int64(np.floor((bands[age] + uniform(keys[0], row) * width[age]) * 4.0))
            size[row] = classes[row, 1] + 1
            skill[row], foreign[row] = cell // 2, cell % 2 == 1
            work[row] = Work.OUT_OF_WORK  # as wherever somebody has left
            if occupied[row] and not working_age:
                work[row] = Work.RETIRED
            elif occupied[row] and employed[row]:
                work[row] = Work.EMPLOYED
            came = foreign[row] and working_age and uniform(keys[1], row) < p.immigrant_share_of_foreign
            if came:
                in_sweden = p.start_arrival_from + uniform(keys[2], row) * p.settled_years * p.start_arrival_span
                arrival[row] = -np.int64(np.floor(4.0 * in_sweden))
            else:
                arrival[row] = native
            at_work = work[row] != Work.OUT_OF_WORK
            ever_worked[row] = at_work or not came or uniform(keys[3], row) < p.start_ever_worked
            entitled[row] = uniform(keys[4], row) < assistance[place]
            insured[row] = uniform(keys[5], row) < p.insured_share
            if size[row] > 1:
                second_pay[row] = p.second_income * around(uniform(keys[7], row), p.second_income_spread)
                if uniform(keys[6], row) < p.second_earner_share:
                    other_income[row] = second_pay[row]
        start += counts[place]


def _quotas(region: Region, p: Parameters, draws: Draws, groups: Groups, occupied: Bools) -> tuple[Classes, Bools]:
    """Age band, size class and cell of schooling and origin of every row (n, 3), and who has work (n,)."""
    places, count = region.neighbourhoods, len(region.neighbourhoods)
    origin = np.stack([1 - places.foreign_background, places.foreign_background], axis=1)
    cells = (places.education_shares[:, :, None] * origin[:, None, :]).reshape(count, 6)
    shares = np.zeros((count, 3, 6))
    shares[:, 0, :4], shares[:, 1, :4], shares[:, 2, :] = places.age_shares, places.size_shares, cells
    chance = start_propensity(places.employment, cells, p)
    keys = np.concatenate([draws.keys(Decision.RESIDENT_QUOTA, k) for k in range(19)])
    return fill_quotas(shares, groups.counts, occupied, chance, places.employment, len(AGE_BANDS) - 1, keys)
