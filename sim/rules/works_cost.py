"""What a price paid to builders is made of: crews, materials, taxes and margin; and what the works cost society."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Sek = TypeVar("Sek", float, NDArray[np.float64])


class Split(NamedTuple, Generic[Sek]):
    """Parts of a price with value-added tax, SEK; they sum to it.

    pay : of crews before their income tax. payroll_tax : the employer's fee on it. margin : profit, or loss (negative).
    """

    pay: Sek
    payroll_tax: Sek
    materials: Sek
    vat: Sek
    margin: Sek


def split(price: Sek, p: Parameters) -> Split[Sek]:
    """A price (SEK, with value-added tax) at the normal margin: what labour and materials cost is in it as in 2011."""
    cost = price / (1.0 + p.vat) / (1.0 + p.margin_base)
    return split_of(price, p.labour_share * cost, (1.0 - p.labour_share) * cost, p)


def split_of(price: Sek, labour: Sek, materials: Sek, p: Parameters) -> Split[Sek]:
    """A price (SEK, with value-added tax) for work whose labour (with the employer's fee) and materials cost what they
    cost: whatever is asked beyond that is margin."""
    net = price / (1.0 + p.vat)
    pay = labour / (1.0 + p.payroll_tax)
    return Split(pay, labour - pay, materials, price - net, net - labour - materials)


def social_cost(parts: Split[Sek], income_tax: float, crowding_out: float) -> tuple[Sek, Sek]:
    """What works cost society before the cost of public funds, and what public budgets get of it; two amounts, SEK.

    income_tax : share of crews' pay that goes to municipality and county. crowding_out : share (0-1) of the works that
    takes the place of others, which then cost what their buyers would have paid, taxes and margin included.
    """
    taxes = parts.vat + parts.payroll_tax + income_tax * parts.pay
    used = parts.pay * (1.0 - income_tax) + parts.materials
    return used + crowding_out * (taxes + parts.margin), (1.0 - crowding_out) * taxes
