"""The joint framework's round of a year: its members pick the packages that they will buy, and pay for their design."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.case import Case
from sim.phases.planning.expected import expected_to_begin
from sim.phases.planning.negotiation import choose
from sim.rules import menu
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.hands import Hands, usual_practice
from sim.world.world import World


def pick_packages(world: World, case: Case) -> None:
    """Members pick the year's packages before anybody chooses, and reckon with what that makes of prices: leaves
    ``case.menu``, and ``case.own`` and ``case.bare`` as they are then.

    They show what each option is worth to them by their own calculation, no partner's gains included. Nothing is given
    up for good: what few want is built alone, in smaller lots.
    """
    places = np.flatnonzero(case.pooled)
    if len(places) == 0:
        return
    p, most = world.p, world.levers.framework_packages
    wishes, alone = _wishes(world, case, places)
    if not wishes.flats.any():
        return
    packages = menu.chosen_menu(wishes.begun(), _design(world), most, p)
    buys, flats = menu.expected_round(wishes, packages, p)
    case.menu = flats > 0.0
    extra = menu.dearer_than_usual(wishes, buys, flats, alone, p)
    case.own[places] -= extra
    case.bare[places] -= extra


def settle_packages(world: World, case: Case) -> None:
    """The round as it stands once partners have agreed, money has decided and tenants have been heard; leaves
    ``case.menu``. Who builds a package that is new pays for its design."""
    go = np.flatnonzero(case.pooled & (case.pick >= 0))
    if len(go) == 0:
        return
    pick, cost, flats = case.pick[go], case.o.cost[go], case.flats[go].astype(np.float64)
    nothing, own_lots = np.zeros_like(cost), _own_lots(world, case, go, flats)
    joint = Hands(world).lots_of(float(flats.sum()), float(flats.mean()))
    wishes = menu.Wishes(nothing, nothing[:, 0], cost, flats, own_lots, usual_practice(world), joint)
    case.menu = menu.settled_menu(wishes, case.menu, pick, _design(world), world.levers.framework_packages, world.p)
    new = case.menu & (_design(world) > 0.0)
    world.designed[new] = world.quarter
    _pay_design(world, case.municipality[go], pick, flats, new)


def _design(world: World) -> Floats:
    """What the design of each package would cost this year, SEK (9,): once made it serves for years, and is spent."""
    p = world.p
    lapsed = world.designed + 4.0 * p.design_years <= world.quarter
    return np.where(lapsed, p.package_design / p.design_years, 0.0)


def _wishes(world: World, case: Case, places: Ints) -> tuple[menu.Wishes, Ints]:
    """What members know of their due buildings, and the option that each would choose alone, -1 where it postpones."""
    p = world.p
    alone = choose(world, case, places, case.own, case.grant)
    allowed, cost = case.allowed[places], case.o.cost[places]
    # Where loans are short, capital is as dear to a member here as when it chooses.
    short = np.array([x.short for x in world.owners])[case.owner[places]][:, None]
    value = case.own[places] + case.error[places, :-1] - p.capital_shadow_price * short * (cost - case.grant[places])
    value = np.where(allowed, value, -np.inf)
    otherwise = np.where(alone >= 0, value[np.arange(len(places)), np.maximum(alone, 0)], case.error[places, -1])
    flats = expected_to_begin(world, case, places, alone)
    own_lots = _own_lots(world, case, places, flats)
    joint = Hands(world).lots_of(float(flats.sum()), float(case.flats[places].mean()))
    return menu.Wishes(value, otherwise, cost, flats, own_lots, usual_practice(world), joint), alone


def _own_lots(world: World, case: Case, places: Ints, begun: Floats) -> Floats:
    """Flats of the lot in which each building would be tendered alone, with those of its owner and neighbourhood."""
    estates = case.owner[places] * len(world.neighbourhoods) + world.buildings.neighbourhood[case.rows[places]]
    _, where = np.unique(estates, return_inverse=True)
    together = np.bincount(where, begun)[where]
    # At least the building itself, and at most the largest lot that is put to tender.
    return np.minimum(np.maximum(together, case.flats[places]), world.p.lot_flats)


def _pay_design(world: World, town: Ints, buys: Ints, flats: Floats, new: Bools) -> None:
    """Those who buy a package that is new pay for its design, by flats."""
    paid = np.zeros(len(world.municipalities))
    for package in np.flatnonzero(new):
        buyers = buys == package
        shares = np.bincount(town[buyers], flats[buyers], minlength=len(paid))
        paid += world.p.package_design * shares / shares.sum()
    world.books.pay(Flow.FRAMEWORK_DESIGN, paid * world.region.scale)
