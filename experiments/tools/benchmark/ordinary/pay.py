"""Pay, tax and support of one household. Money is SEK per month (real, 2011)."""

from __future__ import annotations

from typing import NamedTuple

from sim.inputs.parameters import Parameters

# Pay classes: wages by schooling (0-3), two of trainees, and the others.
INSURED, ASSISTANCE, OTHER_SUPPORT, PENSION = 6, 7, 8, 9


class Wages(NamedTuple):
    """By pay class: SEK/month; the share that is taxed; whether payroll tax is due; whether the state pays."""

    gross: list[float]
    taxable: list[float]
    worked: list[float]
    supported: list[float]


def wages_at(level: float, p: Parameters) -> Wages:
    """The amounts at a real wage level (1 = 2011)."""
    gross = [p.wage_low, p.wage_middle, p.wage_high, p.wage_trade, p.placement_pay, p.apprentice_pay * p.wage_trade,
             p.insurance_pay, 0.0, p.other_support, p.pension]  # fmt: skip
    taxed = [1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0]
    worked = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    supported = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]
    return Wages([x * level for x in gross], [x * p.taxable_share for x in taxed], worked, supported)


def net_pay(wages: Wages, tax: float) -> list[float]:
    """Pay after tax by pay class; tax : municipal and county tax, share of what is taxable."""
    return [gross * (1.0 - taxable * tax) for gross, taxable in zip(wages.gross, wages.taxable, strict=True)]


def housing_allowance(rent: float, income: float, p: Parameters) -> float:
    """Housing allowance of a family: part of the rent above a floor, less with income, up to a cap."""
    if rent <= p.allowance_floor:
        return 0.0
    amount = p.allowance_rate * (rent - p.allowance_floor)
    if income > p.allowance_income:
        amount -= p.allowance_taper * (income - p.allowance_income)
    return min(max(amount, 0.0), p.allowance_cap)


def assistance(size: int, rent: float, other: float, allowance: float, level: float, p: Parameters) -> float:
    """Social assistance: the norm for the household and its rent, less what else it has."""
    norm = (p.assistance_norm + p.assistance_norm_person * (size - 1)) * level
    return max(norm + rent - other - allowance, 0.0)
