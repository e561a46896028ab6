"""Rivals: what private landlords maximise when they renovate. The lever ``landlords_maximise`` picks one.

Housing companies appraise at present value under every rule: the law asks for a return at market terms over time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prospect:
    """The nine options of private landlords' buildings; SEK per flat, shape (buildings, 9), rates (buildings,).

    present_value : at the required yield, less that of postponing. income : what the option adds to net income in its
    first year. sold : what a buyer would pay more. required : yield asked of own capital. interest : on loans.
    """

    present_value: Floats
    cost: Floats
    income: Floats
    sold: Floats
    required: Floats
    interest: float


class Aim(NamedTuple):
    """A rule: what an option is worth, SEK per flat against postponing, given a grant;
    by how much that rises if the option brings a krona more, from the options' costs (buildings, 9), so that an error
    of so many SEK is one of the same size under every rule; and the yearly rent gain per SEK of cost from which an
    empty flat is renewed, from required yield, interest and market yield."""

    worth: Callable[[Prospect, Floats, Parameters], Floats]
    per_sek: Callable[[Floats], Floats]
    hurdle: Callable[[Floats, float, Floats, Parameters], Floats]


def _present_value(x: Prospect, grant: Floats, p: Parameters) -> Floats:
    """All that the option brings over its life, at the required yield."""
    return np.asarray(x.present_value + grant)


def _cash_return(x: Prospect, grant: Floats, p: Parameters) -> Floats:
    """What is left of the first year's income after interest, as a share of own capital, above the required yield.

    Expressed in SEK on the cheapest option's own capital, so that the best share wins and not the largest sum.
    """
    # Some own capital always stays in, or the return on it would have no measure.
    lent = min(p.ltv_cap, p.lending_most)
    paid = np.maximum(x.cost - grant, 1.0)
    share = (x.income - x.interest * lent * paid) / ((1.0 - lent) * paid)
    above = share / x.required[:, None] - 1.0
    return np.asarray(above * (1.0 - lent) * np.maximum(x.cost.min(axis=1, keepdims=True), 1.0))


def _resale(x: Prospect, grant: Floats, p: Parameters) -> Floats:
    """What a buyer would pay more for the building, less what the works cost."""
    return np.asarray(x.sold - x.cost + grant)


def _krona(cost: Floats) -> Floats:
    """Worth is in SEK that the option brings."""
    return np.ones_like(cost)


def _on_own_capital(cost: Floats) -> Floats:
    """A share of own capital moves the less by a krona, the more capital there is in the option."""
    paid = np.maximum(cost, 1.0)
    return np.asarray(paid.min(axis=1, keepdims=True) / paid)


# Hurdles: yearly rent gain per SEK of cost from which an empty flat is renewed, by owner and place; of shapes that go
# together.


def _required(required: Floats, interest: float, market: Floats, p: Parameters) -> Floats:
    return required + 0.0 * market


def _loan_and_own(required: Floats, interest: float, market: Floats, p: Parameters) -> Floats:
    return p.ltv_cap * interest + (1.0 - p.ltv_cap) * required + 0.0 * market


def _sold_at(required: Floats, interest: float, market: Floats, p: Parameters) -> Floats:
    return market + 0.0 * required


AIMS: Mapping[str, Aim] = {
    "present-value": Aim(_present_value, _krona, _required),
    "cash-return": Aim(_cash_return, _on_own_capital, _loan_and_own),
    "resale": Aim(_resale, _krona, _sold_at),
}
