"""One renovated flat, of each kind, to whom: what the nine options cost and bring, in a world that has just begun.

Each option is done now, and weighed against leaving the building until its pipes force the basic renovation, which is
what owners weigh. Both go on for ever by the rules of ``sim/rules/left.py``: standards and energy measures last their
lives, a basic renovation comes back each life. Everything is the model's own rules at the prices of the moment, without
clauses, grants, side payments or moves; a flat that is let. Amounts are SEK a flat, present value at the social rate,
mean over the flats of the buildings that are looked at; arrays (9,) in the order of the options.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim.inputs.parameters import Parameters
from sim.recording.remaining import renovation
from sim.rules import appraisal, bids
from sim.rules.appraisal import LEVELS, STANDARDS, Offer
from sim.rules.homes import worn_in_wishes, worth_of_standards
from sim.rules.inside import done_inside
from sim.rules.left import present, renovation_life
from sim.rules.phase_in import waiting
from sim.rules.rehousing import expected_cost
from sim.rules.social import crowding_out
from sim.rules.works_cost import Split, split
from sim.world.columns import Bools, Floats, Ints
from sim.world.kinds import THIRDS
from sim.world.world import World


@dataclass(frozen=True)
class Parties:
    """Who gains what, SEK; ``society`` is their sum. climate : carbon dioxide beyond what the heat price carries.
    public_funds : what raising the public budgets' money costs beyond the money."""

    tenant: Floats
    owner: Floats
    builders: Floats
    municipality: Floats
    county_council: Floats
    state: Floats
    climate: Floats
    public_funds: Floats

    @property
    def society(self) -> Floats:
        """All together."""
        return np.asarray(sum(getattr(self, one.name) for one in fields(self)))


@dataclass(frozen=True)
class OneFlat:
    """What each option is: cost (SEK, contract with value-added tax), rent_rise and worth (SEK/month; worth to the
    household whose wish is in the middle, and on average in each income third of the start, (3, 9)); own_value and
    market_gain as its owner sees them (SEK, at the return that it asks, and at market yields); kWh and kg of carbon
    dioxide a year that it saves now; and who gains."""

    flats: float
    cost: Floats
    rent_rise: Floats
    worth: Floats
    worth_of_thirds: Floats
    own_value: Floats
    market_gain: Floats
    kwh: Floats
    co2: Floats
    parties: Parties


def one_flat(world: World, rows: Ints) -> OneFlat:
    """The table for these buildings (rows), mean over their flats."""
    b, p = world.buildings, world.p
    o = appraisal.offer(world.rents_of(rows), 1.0, p)
    energy, area, condition = b.energy[rows], b.area[rows], b.condition[rows]
    required = np.maximum(np.array([x.required_yield for x in world.owners])[b.owner[rows]], p.required_least)
    market = appraisal.market_yields(world.neighbourhoods.reputation, world.surroundings.yield_shift, p)
    facts = energy, area, condition, world.heat_cost
    own = appraisal.own_value(o, *facts, required, p) - expected_cost(p)[None, :]
    gain = appraisal.market_gain(o, *facts, market[b.neighbourhood[rows]], p)
    saved = o.saving[None, :] * (energy * area)[:, None]
    flats = b.flats[rows] / b.flats[rows].sum()
    k, r = worth_of_standards(p)[STANDARDS], world.residents
    here = np.flatnonzero(np.isin(r.building, rows) & r.occupied)
    thirds = [_mean(r.wish[here[r.third[here] == third]]) for third in range(len(THIRDS))]
    return OneFlat(
        flats=float(b.flats[rows].sum()),
        cost=contract_price(p),
        rent_rise=flats @ (o.rent_rise * area[:, None]) / 12.0,
        worth=k * float(np.median(r.wish[here])),
        worth_of_thirds=np.outer(thirds, k),
        own_value=flats @ own,
        market_gain=flats @ gain,
        kwh=flats @ saved,
        co2=flats @ saved * p.co2_per_kwh,
        parties=_gains(world, rows, o, flats),
    )


def due_buildings(world: World, place: int | None = None) -> Ints:
    """Buildings whose renovation is due, in one neighbourhood (row) or anywhere; where none is due, all that have never
    been renovated, else all."""
    b = world.buildings
    here: Bools = np.ones(b.n, dtype=bool) if place is None else b.neighbourhood == place
    for those in (here & (b.condition < world.p.due_condition), here & (b.condition < 1.0), here):
        if those.any():
            return np.flatnonzero(those)
    return np.flatnonzero(here)


def contract_price(p: Parameters) -> Floats:
    """What the nine options cost in ordinary times, SEK a flat (9,): change orders and setting up a lot included."""
    return np.asarray(sum(_parts(p)))


def _parts(p: Parameters) -> Split[Floats]:
    """The same in its parts (9,) each."""
    standard, energy = appraisal.reference_costs(p)
    made = [renovation(float(reference), p) for reference in standard + energy]
    return Split(*(np.array(part) for part in zip(*made, strict=True)))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


@dataclass(frozen=True)
class _Streams:
    """What an option brings beyond leaving the building until it must be done, present values a flat (buildings, 9).

    works : the parts of the price of works now and of those that come again, minus works put off and repairs avoided,
    SEK. rent : SEK. heat : kWh. homes : what they are worth more, disturbance taken off, SEK. rehousing : homes for
    those who must move out, SEK.
    """

    works: Split[Floats]
    rent: Floats
    heat: Floats
    homes: Floats
    rehousing: Floats


def _streams(world: World, rows: Ints, o: Offer) -> _Streams:
    b, p = world.buildings, world.p
    area, condition, wish = b.area[rows][:, None], b.condition[rows], _wish(world, rows)
    rate, wait = np.log1p(p.social_discount_rate), appraisal.years_left(condition, p)
    then = np.exp(-rate * wait)[:, None]  # of a krona when the building must be done
    life = np.exp(-rate * renovation_life(p))
    put_off = present(wait, p)[:, None]
    again = (life - then) / (1.0 - life)
    forced = np.full_like(condition, p.forced_condition)
    worn = 0.5 * (appraisal.yearly_repairs(condition, p) + appraisal.yearly_repairs(forced, p)) - p.repair_base
    repaired = split(worn[:, None] * area * put_off, p)
    pairs = zip(_parts(p), repaired, strict=True)
    works = Split(*(now[None, :] + now[0] * again - saved for now, saved in pairs))
    # Rent of basic standard comes earlier and stays; that of a better one lasts as long as the standard.
    basic, missing = o.rent_rise[:, :1], o.later * waiting(np.array(p.social_discount_rate), 0, p)
    above = (o.rent_rise - basic) * present(p.standard_life, p)
    rent = (basic * put_off + above - missing + then * missing[:, :1]) * area
    lasts = present(p.energy_life, p) * o.saving + p.saving_light * np.exp(-rate * p.energy_life) / rate
    heat = (lasts[None, :] - then * lasts[0]) * b.energy[rows][:, None] * area
    worse = 0.5 * (worn_in_wishes(condition, p) + worn_in_wishes(forced, p))[:, None] * put_off
    better = worth_of_standards(p)[STANDARDS][None, :] * present(p.standard_life, p)
    calm = p.disturbance_worth * done_inside(p) * bids.quarters(p.lot_flats, LEVELS, p)
    away = expected_cost(p)
    return _Streams(
        works=works,
        rent=rent,
        heat=heat,
        homes=12.0 * wish * (better + worse) - (calm[None, :] - then * calm[0]),
        rehousing=away[None, :] - then * away[0],
    )


def _wish(world: World, rows: Ints) -> Floats:
    """Mean wish of those who live in these buildings, SEK/month (rows, 1), by the lever ``home_worth_of``."""
    if world.levers.home_worth_of == "marginal":
        return np.full((len(rows), 1), world.wishes.marginal)
    r = world.residents
    wishes, people = world.in_building.sum(r.wish * r.occupied), world.in_building.sum(r.occupied)
    return (wishes / np.maximum(people, 1.0))[rows][:, None]


def _gains(world: World, rows: Ints, o: Offer, flats: Floats) -> Parties:
    """Each stream to those who gain by it; ``flats`` are the buildings' weights."""
    p, town, x = world.p, world.buildings.municipality[rows], _streams(world, rows, o)
    price = np.asarray(sum(x.works))
    parts, left = x.works, 1.0 - crowding_out(p.shortage_start, p)
    taxed = p.taxable_share * parts.pay
    on_assistance, on_allowance, _, _ = (one[:, None] for one in world.seen_tenants(rows))
    helped, allowed = on_assistance * x.rent, p.allowance_rate * on_allowance * x.rent
    net = world.surroundings.heat_price / (1.0 + p.vat)
    municipality = left * taxed * world.municipal_tax[town][:, None] - helped
    county = left * taxed * world.county_tax[town][:, None]
    state = left * (parts.vat + parts.payroll_tax) - (world.heat_cost - net) * x.heat - allowed
    carbon = p.co2_per_kwh * (p.co2_price - p.co2_in_heat_price) * x.heat
    lines = {
        "tenant": x.homes - x.rent + helped + allowed,
        "owner": x.rent + world.heat_cost * x.heat - price - x.rehousing,
        "builders": left * parts.margin,
        "municipality": municipality,
        "county_council": county,
        "state": state,
        "climate": carbon - p.co2_per_sek_materials * p.co2_price * parts.materials,
        "public_funds": (p.cost_of_public_funds - 1.0) * (municipality + county + state),
    }
    return Parties(**{name: flats @ line for name, line in lines.items()})
