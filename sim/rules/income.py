"""Pay, tax and support by pay class. Money is SEK per month (real, 2011)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters
from sim.vocabulary import Work

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Pay(IntEnum):
    """How the main earner gets money; the first four are wages by schooling (Skill)."""

    WAGE_LOW = 0
    WAGE_MIDDLE = 1
    WAGE_HIGH = 2
    WAGE_TRADE = 3
    PLACEMENT = 4
    APPRENTICE = 5
    INSURED = 6
    ASSISTANCE = 7
    OTHER_SUPPORT = 8
    PENSION = 9


CLASSES = len(Pay)


def _pay_of() -> NDArray[np.uint8]:
    """Pay class by whether somebody is an apprentice (1 bit), work (2), schooling (2), right to assistance and running
    insurance (1 bit each)."""
    table = np.empty(128, dtype=np.uint8)
    for key in range(128):
        apprentice, work, skill = key >> 6, Work(key >> 4 & 3), key >> 2 & 3
        idle = Pay.INSURED if key & 1 else Pay.ASSISTANCE if key & 2 else Pay.OTHER_SUPPORT
        trainee = Pay.APPRENTICE if apprentice else Pay.PLACEMENT
        others = {Work.EMPLOYED: skill, Work.TRAINEE: trainee, Work.RETIRED: Pay.PENSION}
        table[key] = others.get(work, idle)
    return table


PAY_OF = _pay_of()  # by ``pay_key``


@dataclass(frozen=True)
class PayTable:
    """Per pay class, arrays (10,).

    gross : SEK/month. taxable : share that is taxed. wage : 1 where payroll tax is due. support : 1 where the state
    pays instead of an employer.
    """

    gross: Floats
    taxable: Floats
    wage: Floats
    support: Floats


def pay_table(p: Parameters, level: float = 1.0) -> PayTable:
    """The pay classes' amounts, SEK/month and shares (10,), at a real wage level (1 = 2011); assistance is computed by
    household and zero here."""
    gross = np.array(
        [p.wage_low, p.wage_middle, p.wage_high, p.wage_trade, p.placement_pay,
         p.apprentice_pay * p.wage_trade, p.insurance_pay, 0.0, p.other_support, p.pension]
    )  # fmt: skip
    taxed = np.array([1, 1, 1, 1, 0, 1, 1, 0, 0, 1.0])
    wage = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0.0])
    support = np.array([0, 0, 0, 0, 1, 0, 1, 0, 1, 0.0])
    return PayTable(gross * level, taxed * p.taxable_share, wage, support)


def net_pay(table: PayTable, tax: Floats) -> Floats:
    """Pay after municipal and county tax, SEK/month (municipalities, 10); ``tax`` is their sum, a share
    (municipalities,)."""
    return np.asarray(table.gross[None, :] * (1.0 - table.taxable[None, :] * tax[:, None]))


@rule
def pay_key(
    work: NDArray[np.int8], skill: NDArray[np.int8], entitled: Bools, insured: Bools, apprentice: Bools | bool
) -> NDArray[np.int64]:
    """All on which the pay class of main earners hangs, 0 to 127 (rows,). entitled : to assistance. insured : with
    insurance that still runs."""
    return apprentice * 64 + work * 16 + skill * 4 + entitled * 2 + insured


@rule
def pay_class(
    work: NDArray[np.int8], skill: NDArray[np.int8], entitled: Bools, insured: Bools, apprentice: Bools | bool
) -> NDArray[np.uint8]:
    """Pay class of main earners (rows,); the arguments as in ``pay_key``."""
    found: NDArray[np.uint8] = PAY_OF[pay_key(work, skill, entitled, insured, apprentice)]
    return found


@rule
def assistance(
    size: NDArray[np.int8], rent: Floats, other_income: Floats, allowance: Floats, level: float, p: Parameters
) -> Floats:
    """Social assistance (försörjningsstöd), SEK/month (rows,): the norm for the household and its rent, less what else
    it has.

    size : persons. rent, other_income, allowance : SEK/month; all (rows,). level : real pay, 1 = 2011.
    """
    # The whole rent counts, however dear: a rise for those on assistance is the municipality's to pay (wrong pockets).
    norm = (p.assistance_norm + p.assistance_norm_person * (size - 1)) * level
    helped: Floats = np.maximum(norm + rent - other_income - allowance, 0.0)
    return helped


@rule
def housing_allowance(size: NDArray[np.int8], rent: Floats, income: Floats, p: Parameters) -> Floats:
    """Housing allowance (bostadsbidrag) of the state for families, SEK/month (rows,): part of the rent, income-tested.

    size : persons. rent, income : SEK/month, without it; all (rows,).
    """
    family = size >= p.allowance_family_size
    part = p.allowance_rate * np.maximum(rent - p.allowance_floor, 0.0)
    less = p.allowance_taper * np.maximum(income - p.allowance_income, 0.0)
    allowance: Floats = np.minimum(np.maximum(part - less, 0.0), p.allowance_cap)
    return allowance * (family & (income < p.allowance_income * p.allowance_income_reach))


@rule
def burden_of(rent: Floats, income: Floats, level: float, p: Parameters) -> Floats:
    """Rent burden: rent over disposable income, of which some is always reckoned with, share (rows,).

    rent, income : SEK/month (rows,). level : real pay, 1 = 2011.
    """
    burden: Floats = rent / np.maximum(income, p.income_floor * level)
    return burden


@rule
def with_support(
    net: Floats, other: Floats, pay: NDArray[np.uint8], size: NDArray[np.int8], rent: Floats, level: float,
    p: Parameters,
) -> Floats:  # fmt: skip
    """Disposable income of households, SEK/month (rows,): pay, allowance and assistance.

    net : pay after tax. other : income of other members. rent : SEK/month. pay : pay class. size : persons; all
    (rows,). level : real pay, 1 = 2011.
    """
    income = other + net
    allowance = housing_allowance(size, rent, income, p)
    helped = (pay == Pay.ASSISTANCE) * assistance(size, rent, other, allowance, level, p)
    whole: Floats = income + (allowance + helped)
    return whole


@rule
def third(income: Floats, low: float, high: float) -> NDArray[np.int64]:
    """Income thirds: 0 lowest, 1 middle, 2 highest (rows,).

    income : SEK/month (rows,). low, high : limits between them, SEK/month.
    """
    return 1 * (income >= low) + (income >= high)


def job_year_values(
    municipal_tax: Floats, county_tax: Floats, on_assistance: float, p: Parameters, equalised: bool = False
) -> Floats:
    """What municipality, county council and state gain when a resident takes a job for a year, SEK, shape (3, m).

    Without deadweight, before equalisation or (``equalised``) after it. ``on_assistance`` is the share who come from
    social assistance rather than from unemployment insurance; taxes are shares (m,). The arithmetic is that of
    socio-economic accounts (Nilsson and Wadeskog): tax on pay, assistance no longer paid, employer's fee.
    """
    wage = p.wage_low * 12.0
    assistance = 12.0 * p.assistance_mean * on_assistance
    insured = 12.0 * p.insurance_pay * (1.0 - on_assistance)
    base = p.taxable_share * (wage - insured)
    state = p.payroll_tax * wage + insured
    own, county = municipal_tax * base, county_tax * base
    levied = (p.equalisation_municipal * own, p.equalisation_county * county) if equalised else (0.0, 0.0)
    return np.array(
        [own - levied[0] + assistance, county - levied[1], state + levied[0] + levied[1] + np.zeros_like(own)]
    )
