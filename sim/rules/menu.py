"""Which packages the members of a joint framework buy together: what they give them against the repetition they cost.

A package is one of the nine options. Each further one meets more buildings' wishes and divides the works among more and
shorter series (``sim/rules/repetition.py``); it also has to be designed. Buildings are those that are due and could be
pooled, arrays (buildings,) or (buildings, 9), SEK per flat. Nobody is bound to buy: a building for which no package is
good enough is tendered alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel
from sim.inputs.parameters import Parameters
from sim.rules import repetition
from sim.rules.choice import OPTIONS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

_MENUS = 1 << OPTIONS  # a menu is a number: bit k for package k
_BITS = (np.arange(_MENUS)[:, None] >> np.arange(OPTIONS)) & 1 == 1  # (menus, 9)


@dataclass(frozen=True)
class Wishes:
    """What members know of their buildings, and of firms.

    value : of each option to its owner, error included, -inf where it may not be built. otherwise : the best that the
    owner can do alone, postponing included. cost : of each option. flats : expected to be begun this year. own_lot :
    flats alike in the lot in which the building would be tendered alone. practice : that firms bring to a lot of each
    package by their references, series (9,). largest : lots into which a joint round of each package is cut, flats
    (9,).
    """

    value: Floats
    otherwise: Floats
    cost: Floats
    flats: Floats
    own_lot: Floats
    practice: Floats
    largest: Floats

    def begun(self) -> Wishes:
        """The same for those that are likely to be begun at all."""
        some = self.flats > 0.0
        columns = (self.value, self.otherwise, self.cost, self.flats, self.own_lot)
        value, otherwise, cost, flats, own_lot = (each[some] for each in columns)
        return Wishes(value, otherwise, cost, flats, own_lot, self.practice, self.largest)


def price(lot: Floats, practice: Floats, p: Parameters) -> tuple[Floats, Floats]:
    """What a lot of so many flats of one package costs by its size: a factor on the table's cost, and setting up, SEK a
    flat. By firms with such practice (series), in a calm market; of the shapes that are given."""
    flats = np.maximum(lot, 1.0)
    output = repetition.productivity(repetition.doublings(practice, flats / p.lot_flats), repetition.labour_rate(p))
    return 1.0 - p.labour_share * (1.0 - 1.0 / output), np.asarray(p.lot_setup / flats)


def alone(w: Wishes, p: Parameters) -> Floats:
    """What each option costs in a lot of the owner's own, SEK per flat (buildings, 9)."""
    factor, setup = price(w.own_lot[:, None], w.practice[None, :], p)
    return np.asarray(w.cost * factor + setup)


def joint(w: Wishes, flats: Floats, p: Parameters) -> Floats:
    """What each package costs in the joint lots of a round with so many flats of each (9,), SEK per flat (buildings,
    9)."""
    factor, setup = price(np.minimum(flats, w.largest), w.practice, p)
    return np.asarray(w.cost * factor + setup)


def gains(w: Wishes, design: Floats, p: Parameters) -> Floats:
    """What each menu gives its members together this year, over tendering alone, SEK (menus,).

    design : SEK of this year for each package (9,). A member buys what is best for it, at the savings of a full joint
    lot; what the round then saves depends on how many flats each package gets.
    """
    by_itself, full = w.value + alone(w, p), np.full(OPTIONS, w.flats.sum())
    worth = by_itself - joint(w, full, p)
    shape = _MENUS, OPTIONS
    flats, beyond, cost = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    _buy_from_each_menu(flats, beyond, cost, worth, by_itself, w.cost, w.otherwise, w.flats)
    # What nobody buys of a menu costs and gives nothing.
    some = np.nonzero(flats)
    factor, setup = price(np.minimum(flats[some], w.largest[some[1]]), w.practice[some[1]], p)
    given = np.zeros(shape)
    given[some] = beyond[some] - factor * cost[some] - setup * flats[some]
    return np.asarray(given.sum(axis=1) - _BITS @ design)


@kernel
def _buy_from_each_menu(bought: Floats, beyond: Floats, cost: Floats, worth: Floats, by_itself: Floats, each: Floats,
                        otherwise: Floats, flats: Floats) -> None:  # fmt: skip
    """Every building buys the package that is worth most to it of each menu, if it is worth as much as what its owner
    can do alone. Adds up over buyers, by menu and package (menus, 9): flats ``bought``, what the package is worth
    ``beyond`` that, and its ``cost``, SEK.

    worth, by_itself : of packages in full joint lots and in lots of their own, each : what they cost, SEK per flat
    (buildings, 9). otherwise : the best that each can do alone, flats : that it expects to begin (buildings,).
    """
    menus = len(bought)
    best, pick = np.full(menus, -np.inf), np.zeros(menus, dtype=np.int64)
    for building in range(len(flats)):
        for package in range(worth.shape[1]):
            mine = worth[building, package]
            # Menus with this package and none after it: the ones before them, and this.
            for before in range(1 << package):
                more = mine > best[before]
                best[before + (1 << package)] = mine if more else best[before]
                pick[before + (1 << package)] = package if more else pick[before]
        for menu in range(menus):
            if best[menu] >= otherwise[building]:
                its = pick[menu]
                bought[menu, its] += flats[building]
                beyond[menu, its] += (by_itself[building, its] - otherwise[building]) * flats[building]
                cost[menu, its] += each[building, its] * flats[building]


def chosen_menu(w: Wishes, design: Floats, most: int, p: Parameters) -> Bools:
    """The menu that gives most, of at most so many packages (9,); none at all where every one costs more than it gives.

    All of them are tried, so that none is missed.
    """
    # At a tie fewer packages win: that with the lower number is part of the other, or as good.
    best = np.where(_BITS.sum(axis=1) <= most, gains(w, design, p), -np.inf).argmax()
    return np.array(_BITS[best])


def expected_round(w: Wishes, menu: Bools, p: Parameters) -> tuple[Ints, Floats]:
    """Which package of a menu each building buys, -1 for none, and flats of the round by package; (buildings,), (9,).

    At the savings that the round itself will bring: those whom too short a series would cost more than it brings turn
    away, until nobody else does.
    """
    value, flats = np.where(menu, w.value, -np.inf), np.full(OPTIONS, w.flats.sum())
    before, buys = flats, np.full(len(w.flats), -1)
    by_itself = value + alone(w, p)
    for _ in range(OPTIONS):
        worth = by_itself - joint(w, flats, p)
        pick = worth.argmax(axis=1)
        buys = np.where(worth[np.arange(len(pick)), pick] >= w.otherwise, pick, -1)
        flats = np.bincount(buys[buys >= 0], w.flats[buys >= 0], minlength=OPTIONS).astype(np.float64)
        if np.array_equal(flats, before):
            break
        before = flats
    return buys, flats


def settled_menu(w: Wishes, menu: Bools, pick: Ints, design: Floats, most: int, p: Parameters) -> Bools:
    """The packages (9,) that are built together once every building's option is settled (buildings,): what was picked
    for the menu and is wanted, and what else saves more by joint lots than its design costs, the most saving first."""
    flats = np.bincount(pick, w.flats, minlength=OPTIONS).astype(np.float64)
    own, together = price(w.own_lot, w.practice[pick], p), price(np.minimum(flats, w.largest), w.practice, p)
    cost = w.cost[np.arange(len(pick)), pick]
    saved = ((cost * own[0] + own[1]) - (cost * together[0][pick] + together[1][pick])) * w.flats
    gain = np.where(menu, np.inf, np.bincount(pick, saved, minlength=OPTIONS) - design)
    rank = np.argsort(np.argsort(-np.where(flats > 0.0, gain, -np.inf), kind="stable"), kind="stable")
    return np.asarray((flats > 0.0) & (gain > 0.0) & (rank < most))


def dearer_than_usual(w: Wishes, buys: Ints, flats: Floats, best_alone: Ints, p: Parameters) -> Floats:
    """What each option costs more, or less, than owners believe by the size of its lot, SEK per flat (buildings, 9).

    buys, flats : as ``expected_round`` gives. best_alone : the option that each building would be tendered with alone,
    -1 where its owner would rather postpone (buildings,).
    Believed prices are those of recent awards, joint and other ones, and so of the lots of an ordinary round: what is
    in a joint lot is below their mean, what is tendered alone above it.
    """
    offered = flats > 0.0
    own, shared = (price(w.own_lot[:, None], w.practice, p), price(np.minimum(flats, w.largest), w.practice, p))
    factor, setup = (np.where(offered, of_all, of_one) for of_one, of_all in zip(own, shared, strict=True))
    paid = np.arange(len(buys)), np.where(buys >= 0, buys, np.maximum(best_alone, 0))
    weight = w.flats * ((buys >= 0) | (best_alone >= 0))
    weight = weight / max(float(weight.sum()), 1e-9)
    usual = float((factor[paid] * weight).sum()), float((setup[paid] * weight).sum())
    return np.asarray(w.cost * (factor - usual[0]) + setup - usual[1])
