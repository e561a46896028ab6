"""What a better home is worth to whom: wishes by income, offers that a household weighs, and what society gains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compiling import pick, rule
from sim.inputs.parameters import Parameters
from sim.vocabulary import Standard

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# What a mean of equal numbers may differ from them by rounding, SEK/month.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Wishes:
    """What the wishes of the start's households say of the county, SEK/month at the pay of 2011; kept.

    marginal : wish of the household elsewhere that just gets a home of full standard. typical : mean wish of the
    start's households. above : what they wish for beyond the marginal one (0 for those below), on average.
    """

    marginal: float = 0.0
    typical: float = 0.0
    above: float = 0.0


def worth_of_standards(p: Parameters) -> Floats:
    """What each Standard is worth to a tenant above basic (mini), in wishes for intermediate (midi); shape (4,)."""
    return np.array([0.0, 0.0, 1.0, p.home_worth_maxi])


@rule
def worth_of_flats(standard: NDArray[np.int8], upgraded: Bools | bool, p: Parameters) -> Floats:
    """What the standard of each flat is worth above basic, in wishes for intermediate (rows,).

    standard : of the building. upgraded : renewed singly at a change of tenant.
    """
    # A flat renewed singly has a new kitchen, bathroom and floors in a building that has not been touched: for whoever
    # lives in it, nearest to the intermediate standard.
    by_standard = pick(standard >= Standard.MAXI, p.home_worth_maxi, 1.0 * (standard >= Standard.MIDI))
    worth: Floats = pick(upgraded, p.home_worth_single, by_standard)
    return worth


@rule
def wish(income: Floats, u: Floats | float, p: Parameters) -> Floats:
    """What households would pay for an intermediate standard, SEK/month at the pay of 2011 (rows,).

    income : SEK/month at the pay of 2011. u : uniforms in [0, 1); both (rows,).
    """
    # Against an income that is given, so that no household's wish depends on who else there is.
    relative = np.maximum(income, p.income_floor) / p.home_worth_at
    # Exponential: few wish for much. What is not income is taste, which no study that was found measures.
    wishes: Floats = p.home_worth_midi * relative**p.home_worth_income * -np.log1p(-u)
    return wishes


def pay_factor(pay_level: float, p: Parameters) -> float:
    """By how much wishes have grown with pay since 2011 (1 = 2011).

    One Engel curve for both: a household with a tenth more pay than another wishes for as much more as the same
    household with a tenth more pay than before.
    """
    return float(pay_level**p.home_worth_income)


@rule
def takes(wishes: Floats, worth: Floats, extra: Floats, next_worth: Floats, next_extra: Floats) -> Bools:
    """Whether households that choose take a flat (rows,): worth less extra rent is no less than the next offer's.

    wishes : SEK/month now. worth : of the flat's standard, in wishes. extra : rent for more than the basic standard,
    SEK/month. next_worth, next_extra : the same of the flat that the household may expect next; all (rows,).
    """
    found: Bools = wishes * (worth - next_worth) - (extra - next_extra) >= -_ROUNDING
    return found


@rule
def extra_rent(chosen: Floats, apart: Floats, rent: Floats, upgraded: Bools, area: Floats, p: Parameters) -> Floats:
    """Rent that flats take for more than the basic standard, SEK/month (rows,).

    chosen, rent : the building's rent, and the part of it for more than basic. apart : the flat's above the building's;
    SEK/m2.year. upgraded : renewed singly. area : m2; all (rows,).
    """
    # The part that pays for pipes and bathroom buys what a wish does not count, and is left out on both sides. What is
    # renewed singly is inside the flat, and its whole rise pays for that.
    single = p.turnover_rent * rent * upgraded
    return (chosen + apart + single) * area / 12.0


def left_by_all(households: int, wished: float, above: float, by: Wishes, p: Parameters) -> float:
    """What others lose of the full standard by some households' living elsewhere in the county, in SEK/month at the pay
    of 2011, beyond as many typical households of the start.

    wished : sum of their wishes. above : sum of what they wish for beyond the marginal household; SEK/month.

    The county is closed and homes elsewhere of full standard are given in number (share `home_worth_elsewhere`). Where
    they are not sorted, a household that moves away from there leaves a full home with that chance, which goes to
    anybody: the county loses share x (its wish - mean wish). Where they are sorted, all wishes above the marginal one
    have a full home, and what a household leaves goes to the marginal one: the county loses max(wish - marginal, 0).
    """
    sorted_ = p.home_worth_elsewhere_sorted
    lot = (1.0 - sorted_) * p.home_worth_elsewhere * (wished - households * by.typical)
    return float(lot + sorted_ * (above - households * by.above))


@rule
def worn_in_wishes(condition: Floats | float, p: Parameters) -> Floats:
    """What it costs a household to live in a worn building, in wishes for intermediate: nothing until a renovation is
    due, then in proportion to the wear. condition : 0-1 (buildings,)."""
    worn: Floats = p.home_worth_worn * np.maximum(p.due_condition - condition, 0.0) / p.due_condition
    return worn


def seen(wishes: Floats, county_income: float, p: Parameters) -> Wishes:
    """What the start's wishes (rows,) say of the county.

    county_income : mean income in the rest of the county over that of the start's households, a ratio. Wishes there
    have the same distribution but for it, and estates are few homes beside it.
    """
    elsewhere = float(np.quantile(wishes, 1.0 - p.home_worth_elsewhere) * county_income**p.home_worth_income)
    above = float(np.maximum(wishes - elsewhere, 0.0).mean())
    return Wishes(elsewhere, float(wishes.mean()), above)
