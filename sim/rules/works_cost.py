"""What works need: a factor on all of it; what a price is made of (crews, materials, taxes, margin); society's cost."""

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


# What a renovation needs, beside its shares: the parameters that a factor on the cost of works multiplies.
_OF_WORKS = ("cost_mini", "cost_midi", "cost_maxi", "cost_energy_medium", "cost_energy_deep", "turnover_cost",
             "lot_setup", "bid_fixed", "rehousing_rent", "rehousing_removal")  # fmt: skip
_OF_ENERGY = ("cost_energy_medium", "cost_energy_deep")


def at_factors(p: Parameters, works: float, energy: float) -> Parameters:
    """The parameters of a world in which all works need ``works`` times as much labour and material, and energy
    measures ``energy`` times as much beside. The price changes because less or more is used: nobody pays a difference.
    Factors of 1 change no bit; 0 is allowed, whatever the bounds of a cost say.
    """
    if works == energy == 1.0:
        return p
    values = dict(p.values)
    for name in _OF_WORKS:
        values[name] *= works
    for name in _OF_ENERGY:
        values[name] *= energy
    return Parameters(p.records, values)


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
