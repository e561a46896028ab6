"""The joint framework's round of a year: its members pick the packages that they will buy, and pay for their design."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.case import Case
from sim.phases.planning.negotiation import choose
from sim.rules import menu
from sim.rules.urgency import per_krona, urgency
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.hands import Hands, usual_practice
from sim.world.world import World


def pick_packages(world: World, case: Case) -> None:
    """Choose the year's menu and let members reckon with it, before anybody chooses; leaves ``case.menu``.

    Members show what each option is worth to them by their own calculation, no partner's gains included. The menu gives
    up nothing for anybody for good: what is not on it is built alone, in smaller lots.
    """
    places = np.flatnonzero(case.pooled)
    if len(places) == 0:
        return
    p, most = world.p, world.levers.framework_packages
    wishes, alone = _wishes(world, case, places)
    if not wishes.flats.any():
        return
    lapsed = world.designed + 4.0 * p.design_years <= world.quarter
    # Once designed a package serves for years: what it costs is spread over them, and is spent where it is there.
    yearly = np.where(lapsed, p.package_design / p.design_years, 0.0)
    buys, flats = menu.expected_round(wishes, menu.chosen_menu(wishes.begun(), yearly, most, p), p)
    case.menu = flats > 0.0
    extra = menu.dearer_than_usual(wishes, buys, flats, alone, p)
    case.own[places] -= extra
    case.bare[places] -= extra
    new = case.menu & lapsed
    world.designed[new] = world.quarter
    _pay_design(world, case.municipality[places], buys, wishes.flats, new)


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
    flats = _begun(world, case, places, alone)
    own_lots = _own_lots(world, case, places, flats)
    joint = Hands(world).lots_of(float(flats.sum()), float(case.flats[places].mean()))
    return menu.Wishes(value, otherwise, cost, flats, own_lots, usual_practice(world), joint), alone


def _begun(world: World, case: Case, places: Ints, alone: Ints) -> Floats:
    """Flats of each building that its owner expects to begin this year: what it does first, as far as its organisation
    can; part of the building at the margin."""
    p, owner, n = world.p, case.owner[places], np.arange(len(places))
    flats, option = case.flats[places].astype(np.float64), np.maximum(alone, 0)
    worn = world.at_full_size.condition[case.keys[places]] <= p.forced_condition
    worth = (case.own[places] + case.error[places, :-1])[n, option]
    first = urgency(per_krona(worth, (case.o.cost - case.grant)[places, option]), worn)
    begun = np.zeros(len(places))
    for x in world.owners:
        mine = np.flatnonzero((owner == x.index) & (alone >= 0))
        mine = mine[np.argsort(-first[mine], kind="stable")]
        before = np.cumsum(flats[mine]) - flats[mine]
        begun[mine] = np.clip(p.programme_share * x.flats / world.region.scale - before, 0.0, flats[mine])
    return begun


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
