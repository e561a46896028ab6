"""What society would be left with if the run ended now: the world's buildings and prices, for ``sim/rules/left.py``."""

from __future__ import annotations

import numpy as np

from sim.compiling import kernel
from sim.inputs.parameters import Parameters
from sim.rules import appraisal, bids
from sim.rules.left import Prices, Stock, left
from sim.rules.social import crowding_out
from sim.rules.works_cost import Split, social_cost, split_of
from sim.vocabulary import Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.homes import Homes
from sim.world.world import World


def left_now(world: World, homes: Homes) -> float:
    """What is left to society at the end of this quarter, SEK, not yet discounted."""
    return left(stock(world, homes), prices(world), world.p)


def stock(world: World, homes: Homes) -> Stock:
    """The buildings as they stand."""
    b = world.buildings
    since = b.renovated >= 0
    option = np.maximum((b.standard - Standard.MINI) * 3 + b.energy_level, 0)
    return Stock(
        flats=b.flats.astype(float),
        area=b.flats * b.area,
        condition=b.condition,
        # Nobody keeps when single flats were renewed: they are taken as half worn.
        age=np.where(since, (world.quarter - b.renovated) / 4.0, world.p.standard_life / 2.0),
        energy=b.energy,
        saving=appraisal.savings(world.p)[option] * since,
        worth=homes.better,
        begun=_begun(world),
        elsewhere=homes.elsewhere,
    )


def prices(world: World) -> Prices:
    """What a kWh saved and a basic renovation are worth to society, at this quarter's prices and ordinary scarcity."""
    p = world.p
    net = world.surroundings.heat_price / (1.0 + p.vat)
    # Tax and levy on heat move from the state to the owner; what the state loses it must raise elsewhere.
    tax = (p.cost_of_public_funds - 1.0) * (world.heat_cost - net)
    heat = net - tax + p.co2_per_kwh * (p.co2_price - p.co2_in_heat_price)
    parts = basic_renovation(world.cost_level, p)
    income_tax = p.taxable_share * float(world.municipal_tax.mean() + world.county_tax.mean())
    cost, public = social_cost(parts, income_tax, crowding_out(p.shortage_start, p))
    carbon = p.co2_per_sek_materials * parts.materials * p.co2_price
    return Prices(heat, cost + carbon - (p.cost_of_public_funds - 1.0) * public)


def basic_renovation(cost_level: float, p: Parameters) -> Split[float]:
    """What a basic renovation costs in ordinary times, SEK a flat: as contracts do, with change orders and a share of
    what it takes to set up a lot; else what is put off would be cheaper than what is built."""
    return renovation(p.cost_mini * cost_level, p)


def renovation(reference: float, p: Parameters) -> Split[float]:
    """The same of works that cost so much by the reference, SEK a flat."""
    setup, more = p.lot_setup / p.lot_flats, 1.0 + p.change_orders
    labour, materials = bids.cost_of_work(reference, 0.0, 1.0, p)
    materials += setup / (1.0 + p.vat)
    return split_of((reference + setup) * more, labour * more, materials * more, p)


def _begun(world: World) -> Floats:
    """Share of a renovation under way that is done, by building (b,): a contract's are built one after another."""
    begun, contracts = np.zeros(world.buildings.n), [c for c in world.contracts if c.progress != 0.0]
    if contracts:
        signed, n = world.signed, len(contracts)
        _share_done(
            begun, np.fromiter((c.row for c in contracts), np.int64, n),
            np.fromiter((c.progress for c in contracts), np.float64, n),
            np.fromiter((c.finished for c in contracts), np.int64, n),
            signed.starts, signed.buildings, signed.flats, np.concatenate([c.modelled for c in contracts]),
        )  # fmt: skip
    return begun


@kernel
def _share_done(
    begun: Floats, contracts: Ints, progress: Floats, finished: Ints, starts: Ints, buildings: Ints, flats: Ints,
    modelled: Bools,
) -> None:  # fmt: skip
    """Into ``begun``, contract by contract. progress : 0-1, finished : buildings, of these ``contracts``, which are
    rows of all that were signed (``Signed``). modelled : of their buildings, those of one contract after another."""
    before = 0
    for i in range(len(contracts)):
        first, stop = starts[contracts[i]], starts[contracts[i] + 1]
        worked, ahead = progress[i] * float(flats[first:stop].sum()), 0
        for at in range(first, stop):
            if at - first >= finished[i] and modelled[before + at - first]:
                begun[buildings[at]] = min(max((worked - ahead) / flats[at], 0.0), 1.0)
            ahead += flats[at]
        before += stop - first
