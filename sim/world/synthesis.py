"""Buildings and residents made from a region's tables with keyed draws.

Totals match the tables exactly and shares to within rounding, and one flat more at the end changes no other row:
every row is decided from its own draws and from the rows before it in its neighbourhood.
"""

from __future__ import annotations

import numpy as np

from sim.inputs.parameters import Parameters
from sim.inputs.region import Region
from sim.randomness import NEXT_LIKE, Decision, Draws
from sim.rules.employment import start_propensity
from sim.rules.rivals.rents import RentRule, use_values
from sim.rules.wellbeing import ordinary_health
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Groups, Ints
from sim.world.likes import Likes
from sim.world.state import FAR_PAST, NATIVE, NOBODY, Buildings, Residents

AGE_BANDS = np.array([20.0, 30.0, 45.0, 65.0])  # youngest of each age class of the tables, years

# How far the random part may pull a quota from its share: below 1, so that counts stay within rounding.
_QUOTA_NOISE = 0.5


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
    ends = np.cumsum(np.maximum(np.rint(mean * _around(u, p.building_size_spread)), 1).astype(np.int64))
    # Less than half a house is a part of the house before: else the fewer the houses, the smaller would be their mean.
    ends = np.append(ends[ends <= max(flats - mean / 2.0, 0.0)], flats)
    return np.diff(ends, prepend=0)


def _around(u: Floats, spread: float) -> Floats:
    """Uniform factors around 1, ``spread`` wide, from uniforms."""
    return np.asarray((1.0 - spread / 2.0) + spread * u)


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
    age, size, cell, employed = _quotas(region, p, draws, groups, r.occupied)
    u = [draws.stream(Decision.RESIDENT_START, k, n) for k in range(9)]
    width = np.diff(AGE_BANDS, append=p.start_age_most)
    years = AGE_BANDS[age] + u[0] * width[age]
    r.born[:] = -np.floor(years * 4).astype(np.int64)
    r.size[:] = size + 1
    r.skill[:] = cell // 2
    r.foreign[:] = cell % 2 == 1
    r.work[:] = np.where(age == 3, Work.RETIRED, np.where(employed, Work.EMPLOYED, Work.OUT_OF_WORK))
    r.work[~r.occupied] = Work.OUT_OF_WORK  # as wherever somebody has left
    came = (r.foreign & (u[1] < p.immigrant_share_of_foreign)) & (age < 3)
    in_sweden = p.start_arrival_from + u[2] * p.settled_years * p.start_arrival_span
    r.arrival[:] = np.where(came, -np.floor(4.0 * in_sweden), NATIVE)
    r.ever_worked[:] = (r.work != Work.OUT_OF_WORK) | ~came | (u[3] < p.start_ever_worked)
    where = places.municipality_index[groups.spread(np.arange(len(places)))]
    r.entitled[:] = u[4] < region.municipalities.assistance_share[where]
    r.insured[:] = u[5] < p.insured_share
    r.second_pay[:] = (r.size > 1) * p.second_income * _around(u[7], p.second_income_spread)
    r.other_income[:] = (u[6] < p.second_earner_share) * r.second_pay
    r.since[:] = -np.floor(-np.log1p(-u[8]) * 4.0 / p.move_base).astype(np.int64)
    r.health[:] = ordinary_health(r.work == Work.EMPLOYED, p)
    r.satisfaction[:] = groups.spread(places.satisfaction)
    r.rent[:] = (b.rent * b.area / 12.0)[r.building]
    r.builder[:], r.placed[:] = -1, FAR_PAST
    return r


def _quotas(
    region: Region, p: Parameters, draws: Draws, groups: Groups, occupied: Bools
) -> tuple[Ints, Ints, Ints, Ints]:
    """Age band, size class, (schooling, origin) cell and employment of every row.

    Each neighbourhood is filled row by row, all neighbourhoods at once: the class with the largest deficit against its
    share, plus a random part, comes next. So counts stay within rounding of share times rows, at every length. Empty
    flats are passed by: shares are those of households.
    """
    places, count = region.neighbourhoods, len(region.neighbourhoods)
    n, longest = int(groups.counts.sum()), int(groups.counts.max())
    origin = np.stack([1 - places.foreign_background, places.foreign_background], axis=1)
    cells = (places.education_shares[:, :, None] * origin[:, None, :]).reshape(count, 6)
    shares = np.zeros((count, 3, 6))
    shares[:, 0, :4], shares[:, 1, :4], shares[:, 2, :] = places.age_shares, places.size_shares, cells
    never = shares == 0.0
    noise = _by_position(
        np.stack([draws.stream(Decision.RESIDENT_QUOTA, k, n) for k in range(18)], axis=1), groups, longest
    )
    luck = _by_position(draws.stream(Decision.RESIDENT_QUOTA, 18, n)[:, None], groups, longest)[:, :, 0]
    lived_in = _by_position(occupied[:, None], groups, longest)
    chosen = _in_quotas(shares, np.where(never, -np.inf, 0.0), noise.reshape(longest, count, 3, 6), lived_in)
    works = (chosen[:, :, 0] < 3) & (lived_in[:, :, 0] > 0.0)
    chance = start_propensity(places.employment, cells, p)[np.arange(count), chosen[:, :, 2]]
    employed = _employed(works, places.employment, chance - places.employment + luck)
    keep = np.arange(longest)[:, None] < groups.counts[None, :]
    flat = chosen.transpose(1, 0, 2)[keep.T]
    return flat[:, 0], flat[:, 1], flat[:, 2], employed.T[keep.T]


def _in_quotas(shares: Floats, deficit: Floats, noise: Floats, lived_in: Floats) -> Ints:
    """The class of each position by place and attribute, (positions, places, attributes).

    shares : (places, attributes, classes). deficit : what each class has too few at the start, the same shape; grows.
    noise : uniforms (positions, places, attributes, classes). lived_in : 1 or 0, (positions, places, 1).
    """
    places, attributes, classes = shares.shape
    chosen = np.zeros((len(noise), places, attributes), dtype=np.int64)
    # One index into all deficits is found faster than three: this runs once for every flat of the largest place.
    first = np.arange(places * attributes).reshape(places, attributes) * classes
    flat, everywhere = deficit.reshape(-1), np.asarray((lived_in > 0.0).reshape(len(noise), -1).all(axis=1))
    noise *= _QUOTA_NOISE
    for position, here in enumerate(lived_in):
        deficit += shares if everywhere[position] else shares * here[:, :, None]
        some = noise[position]
        some += deficit
        pick = some.argmax(axis=-1, out=chosen[position])
        flat[first + pick] -= here
    return chosen


def _employed(works: Bools, employment: Floats, chance: Floats) -> Ints:
    """Who has work at the start, 1 or 0 (positions, places): as many as each place's employment says.

    works : of working age, and somebody lives there. employment : share (places,). chance : how much sooner or later
    than others somebody is hired (positions, places).
    """
    employed = np.zeros(works.shape, dtype=np.int64)
    due, owed = employment * works, np.zeros(len(employment))
    for position, of_age in enumerate(works):
        owed += due[position]
        hired = of_age & (owed + chance[position] > 1.0)
        owed -= hired
        employed[position] = hired
    return employed


def _by_position(values: Floats | Bools, groups: Groups, longest: int) -> Floats:
    """Rows of all groups laid out as (position in group, group, column)."""
    out = np.zeros((longest, len(groups.counts), values.shape[1]))
    for g, (start, count) in enumerate(zip(groups.starts, groups.counts, strict=True)):
        out[:count, g] = values[start : start + count]
    return out
