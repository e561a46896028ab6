"""Work leaves traces: the work history of a person, and what it does to finding and losing work.

A history is whole quarters, from none to ``history_quarters``: one more for each quarter at work, one less for each out
of work. So the chance to find work falls with the length of a spell, down to a floor; a short job after a long spell
mends a part of that; and whoever is new in work is the first to lose it. Rates are per quarter, shares add up to one
over histories and states of work; arrays by group and history have shape (g, h), h = ``history_quarters`` + 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, pick, rule
from sim.inputs.parameters import Parameters
from sim.rules.rivals.long_spells import LongSpells, shares
from sim.sums import pairwise

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Bisection over e to this power either way, and so many halvings: to a millionth of the rate.
_WIDEST, _HALVINGS = 14.0, 36
_ROUNDS = 6  # of finding and losing in turn, after which neither moves by a thousandth


@rule
def longest(p: Parameters) -> int:
    """Quarters of a full work history."""
    return round(p.history_quarters)


def find_by_history(p: Parameters) -> Floats:
    """Chance to find work against somebody with a full history, by quarters of it (h,)."""
    # The first quarters out of work do most of the harm, and the last of a long spell hardly any.
    return np.asarray(p.find_no_history + (1.0 - p.find_no_history) * (1.0 - _lack(p)) ** p.history_shape)


def loss_by_history(p: Parameters) -> Floats:
    """Chance to lose work against somebody with a full history, by quarters of it (h,)."""
    # As the first quarters in work do most of the good.
    return np.asarray(1.0 + (p.loss_no_history - 1.0) * _lack(p) ** p.history_shape)


def _lack(p: Parameters) -> Floats:
    """What a history lacks to a full one, 0-1 (h,)."""
    return np.asarray(1.0 - np.arange(longest(p) + 1) / longest(p))


def settled_losing(employment: Floats, loss: Floats, rule: LongSpells, p: Parameters) -> Floats:
    """Losing by history (g, h), such that groups with this employment (shares, g) lose ``loss`` (g,) on average."""
    by_history = np.outer(loss, loss_by_history(p))
    level = np.ones(len(loss))
    for _ in range(_ROUNDS):
        rates = _most(level[:, None] * by_history, p)
        _, at_work = settled(employment, rates, rule, p)[1]
        mean = (at_work * rates).sum(axis=1) / np.maximum(at_work.sum(axis=1), 1e-12)
        level = level * loss / np.maximum(mean, 1e-12)
    return _most(level[:, None] * by_history, p)


def settled(
    employment: Floats, losing: Floats, rule: LongSpells, p: Parameters
) -> tuple[Floats, tuple[Floats, Floats]]:
    """Finding at a full history (g,) by which employment (shares, g) stays where it is, and the shares of those out of
    work and at work by history (each (g, h)) that stay with it.

    losing : by group and history (g, h).
    """
    rates = np.array(losing)  # of its own: kernels know an array that is kept from being written as another one
    idle, at_work, finding = np.zeros_like(rates), np.zeros_like(rates), np.array(employment)
    _settle(finding, idle, at_work, rates, find_by_history(p), float(np.log(p.finding_most)), p.finding_most, rule.move)
    return finding, (idle, at_work)


@kernel
def _settle(
    finding: Floats, idle: Floats, at_work: Floats, losing: Floats, relative: Floats, highest: float, most: float,
    move: bool,
) -> None:  # fmt: skip
    """Group by group; ``finding`` comes as their employment. relative : finding by history (h,), highest : the
    logarithm of the most that a chance to find work can be."""
    find = np.empty(len(relative))
    for g in range(len(finding)):
        low, high = -_WIDEST, highest
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            _at_most(find, np.exp(middle), relative, most)
            shares(move, idle[g], at_work[g], find, losing[g])
            if pairwise(at_work[g]) < finding[g]:
                low = middle
            else:
                high = middle
        finding[g] = np.exp(0.5 * (low + high))
        _at_most(find, finding[g], relative, most)
        shares(move, idle[g], at_work[g], find, losing[g])


@rule
def _at_most(find: Floats, level: float, relative: Floats, most: float) -> None:
    """Rates that are chances, in place, of one group (h,)."""
    for k in range(len(find)):
        find[k] = np.minimum(level * relative[k], most)


def _most(rates: Floats, p: Parameters) -> Floats:
    """Rates that are chances."""
    return np.asarray(np.minimum(rates, p.finding_most))


@rule
def lengthened(history: NDArray[np.int8], working: NDArray[np.bool_], full: int) -> NDArray[np.int8]:
    """A history after one quarter more for those at work, one less for those who are not (rows,).

    full : quarters of a full one (``longest``).
    """
    now: NDArray[np.int8] = np.minimum(np.maximum(history + 2 * working - 1, 0), full)
    return now


def ends_of(shares: Floats) -> Floats:
    """Where each history but the longest ends on a line from 0 to 1 (g, h - 1), from their shares (g, h)."""
    ends = np.cumsum(shares, axis=1)
    return np.asarray(ends[:, :-1] / np.maximum(ends[:, -1:], 1e-300))


@rule
def drawn(ends: Floats, u: Floats | float) -> Ints:
    """A history for persons of one group, by a uniform draw (rows,). ends : of the group, as ``ends_of`` gives
    (h - 1,)."""
    return np.searchsorted(ends, u, side="right")


@rule
def spell_of(history: Ints | NDArray[np.int8] | int, u: Floats | float, beyond: float, p: Parameters) -> Floats:
    """Quarters out of work (rows,) of somebody with such a history: any length that it leaves possible, alike, and
    where nothing is left of it, more (``beyond``, quarters, on average)."""
    possible = np.ceil(u * np.maximum(longest(p) - history, 1))
    spell: Floats = possible + pick(history == 0, -np.log1p(-u) * beyond, 0.0)
    return np.floor(np.minimum(spell, 99.0))
