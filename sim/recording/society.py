"""Society's account of a quarter: one total, in lines by who gains, and once more by what is really used and made.

Society is all persons (in the estates, in the queue, in the rest of the county, arriving), owners, builders and the
three public budgets. The rest of the world sells inputs and buys labour at what they are worth, and is no part of it.
Rent, side payments, sales, benefits and taxes with both ends inside change hands and move lines, never the total but
through the cost of public funds. The account is a function of what is recorded: flows, people and buildings. ODD 7.17
derives it; what is left at the end of a run is in ``sim/rules/left.py``. All amounts are SEK (real, 2011) a quarter.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim.inputs.parameters import Parameters
from sim.vocabulary import PUBLIC_PURSES, Purse
from sim.world.books import FINANCING, INCIDENCE, PAY, USES, Flow, Use
from sim.world.columns import Floats

_OWNERS = [int(purse) for purse in (Purse.HOUSING_COMPANIES, Purse.PRIVATE_LANDLORDS)]
_PUBLIC = [int(purse) for purse in PUBLIC_PURSES]
_INCIDENCE = INCIDENCE * ~FINANCING[:, None]  # loans and interest left out
_PAY, _WORK = np.flatnonzero(PAY), np.flatnonzero(USES[Use.WORK])
_OUTSIDE = np.ascontiguousarray(INCIDENCE[:, Purse.REST_OF_WORLD])


@dataclass(frozen=True)
class Recorded:
    """What the account of a quarter is made from.

    flows : SEK by kind and place, shape (flows, municipalities + 1). tax : municipal and county tax together, share of
    taxable income by place (municipalities + 1,). homes : what the homes of all persons are worth to them, SEK.
    disturbed : households whose building is being renovated, each by what is done inside (a typical works is 1).
    moves : households that moved. heat : kWh. insecure : missing calm, points times households, with what was moved
    out of the estates.
    """

    flows: Floats
    tax: Floats
    homes: float
    disturbed: float
    moves: float
    heat: float
    insecure: float = 0.0


@dataclass(frozen=True)
class Lines:
    """The account by who gains, SEK a quarter; ``society`` is their sum."""

    people_cash: float
    people_homes: float
    people_calm: float
    people_time: float
    owners: float
    builders: float
    public: float
    product: float
    public_funds: float
    climate: float

    @property
    def people(self) -> float:
        """Persons wherever they live: money, homes, calm and time."""
        return self.people_cash + self.people_homes + self.people_calm + self.people_time

    @property
    def society(self) -> float:
        """The total."""
        rest = self.owners + self.builders + self.public + self.product + self.public_funds + self.climate
        return self.people + rest

    def outcomes(self) -> dict[str, float]:
        """Names of outcomes and their values, SEK a quarter."""
        values = self.society, self.people, *(float(getattr(self, name)) for name in _LINES)
        return dict(zip(ACCOUNT, values, strict=True))


_LINES = [line.name for line in fields(Lines)]
ACCOUNT = ("society", "society_people", *(f"society_{name}" for name in _LINES))  # names of outcomes


def lines(x: Recorded, p: Parameters) -> Lines:
    """The account of a quarter by who gains."""
    net = _INCIDENCE.T @ x.flows.sum(axis=1)
    public = float(net[_PUBLIC].sum())
    return Lines(
        people_cash=float(net[Purse.RESIDENTS]),
        people_homes=x.homes,
        people_calm=-p.disturbance_worth * x.disturbed - p.moving_cost * x.moves - insecurity(x, p),
        people_time=-time(x, p),
        owners=float(net[_OWNERS].sum()),
        builders=float(net[Purse.BUILDERS]),
        public=public,
        product=service_product(x, p) + p.product_markup * ordinary_product(x),
        public_funds=(p.cost_of_public_funds - 1.0) * public,
        climate=-carbon(x, p),
    )


def uses(x: Recorded, p: Parameters) -> dict[str, float]:
    """The same total by what is really made and used, SEK a quarter: gains are positive, uses negative.

    Each krona that crosses society's border stands for something made or used; what has both ends inside is left out.
    """
    by_flow = x.flows.sum(axis=1)
    # What society receives from the rest of the world, less what it pays to it.
    crossing = INCIDENCE[:, Purse.REST_OF_WORLD] * by_flow
    found = {use.value: -float(crossing[USES[use]].sum()) for use in Use if use not in (Use.FINANCE, Use.INSIDE)}
    found[Use.WORK.value] *= 1.0 + p.product_markup
    found["service product"] = service_product(x, p)
    found["homes"] = x.homes
    found["disturbance and moving"] = -p.disturbance_worth * x.disturbed - p.moving_cost * x.moves
    found["insecurity"] = -insecurity(x, p)
    found["time"] = -time(x, p)
    found["carbon"] = -carbon(x, p)
    received = sum(INCIDENCE[:, purse] * by_flow * ~FINANCING for purse in PUBLIC_PURSES)
    found["raising public money"] = (p.cost_of_public_funds - 1.0) * float(np.sum(received))
    return found


def insecurity(x: Recorded, p: Parameters) -> float:
    """What it costs persons that places are less safe than the county elsewhere, SEK."""
    return p.calm_worth / 4.0 * x.insecure


def time(x: Recorded, p: Parameters) -> float:
    """What persons give up by working: a share of their take-home pay, SEK."""
    return p.leisure_value * float((x.flows[_PAY].sum(axis=0) * (1.0 - p.taxable_share * x.tax)).sum())


def service_product(x: Recorded, p: Parameters) -> float:
    """What service jobs produce, which nobody outside buys: a share of the cost of their labour, SEK."""
    # The state pays the employer's fee to itself, so that no flow shows it: it is cost of labour all the same.
    return p.service_product_share * (1.0 + p.payroll_tax) * float(x.flows[Flow.SERVICE_WAGES.row].sum())


def ordinary_product(x: Recorded) -> float:
    """What employers outside pay for work, SEK: its product without the tax on what is sold."""
    return -float((_OUTSIDE[_WORK] * x.flows[_WORK].sum(axis=1)).sum())


def carbon(x: Recorded, p: Parameters) -> float:
    """What carbon dioxide of heat and of materials costs beyond what the heat price carries already, SEK."""
    heat = x.heat * p.co2_per_kwh * (p.co2_price - p.co2_in_heat_price)
    return heat + p.co2_per_sek_materials * float(x.flows[Flow.WORKS_MATERIALS.row].sum()) * p.co2_price
