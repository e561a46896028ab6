"""What households pay, earn and get, and the books of it: rents, pay and support.

The phase of everyday life runs it every quarter, the start of a run once. A passage over all flats for rents, one for
incomes; flats are sorted by building, and buildings by neighbourhood.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.rules.income import CLASSES, Pay, assistance, burden_of, housing_allowance, net_pay, pay_class, pay_table
from sim.rules.phase_in import paid
from sim.rules.training import Programme
from sim.world.books import Flow, rows_of
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World

_PAY_ROWS = rows_of(
    Flow.WAGES, Flow.PAYROLL_TAX, Flow.SERVICE_WAGES, Flow.MUNICIPAL_TAX, Flow.COUNTY_TAX,
    Flow.UNEMPLOYMENT_BENEFIT, Flow.PENSIONS, Flow.SITE_WAGES, Flow.SITE_PAYROLL_TAX, Flow.TRAINEE_WORK,
    Flow.WAGE_SUBSIDY,
)  # fmt: skip


def set_rents(world: World) -> None:
    """Rent of each flat, SEK/month: the building's level, more in flats renewed singly, and where tenants chose, more
    or less by what their flat got."""
    r, b, p = world.residents, world.buildings, world.p
    apart = np.zeros(b.n)
    mixed = np.flatnonzero(b.mixed)
    if len(mixed):
        # Differences are phased in as the building's rise is.
        now = paid(b.rise[mixed], b.rise_first[mixed], world.years_renovated()[mixed], p)
        share = np.divide(now, b.rise[mixed], out=np.ones_like(now), where=b.rise[mixed] > 0.0)
        apart[mixed] = share * b.area[mixed] / 12.0
    plain, level = b.rent_plain * b.area / 12.0, b.rent * b.area / 12.0
    _rents(r.upgraded, r.rent_apart, r.rent, world.plain_rent, b.flats, plain, level, apart, p.turnover_rent)


@kernel
def _rents(
    upgraded: Bools,
    rent_apart: Floats,
    rent: Floats,
    plain_rent: Floats,
    flats: Ints,
    plain: Floats,
    level: Floats,
    apart: Floats,
    dearer: float,
) -> None:
    """Rents from each building's: plain, its level, and what a difference chosen makes, SEK/month (b,).

    dearer : share that a flat renewed singly costs more.
    """
    end = 0
    for b in range(len(flats)):
        first, end = end, end + flats[b]
        for row in rows(first, end):
            plain_rent[row] = plain[b]
            rent[row] = level[b] * (1.0 + dearer * upgraded[row]) + apart[b] * rent_apart[row]


def set_incomes(world: World) -> None:
    """Disposable income (SEK/month) and rent burden (share) of each household; wages, taxes, support into the books."""
    r, b, p, k, books = world.residents, world.buildings, world.p, len(world.neighbourhoods), world.books
    table = pay_table(p, world.pay_level)
    net = net_pay(table, (world.municipal_tax + world.county_tax)[books.towns])
    people, waiting = np.zeros((k, CLASSES), dtype=np.int64), np.zeros(k, dtype=np.int64)
    helped, for_rent, service, hired = np.zeros(k), np.zeros(k), np.zeros(k), np.zeros(k)
    allowance = np.empty(r.n)
    on_assistance, on_allowance = np.zeros(b.n, dtype=np.int64), np.zeros(b.n, dtype=np.int64)
    work = (r.work, r.skill, r.entitled, r.insured, r.spell, r.programme, r.waiting)
    home = (r.occupied, r.size, r.other_income, r.rent, world.plain_rent, b.flats, b.neighbourhood)
    found = (r.income, r.burden, allowance, on_assistance, on_allowance)
    sums = (helped, for_rent, service, hired)
    _incomes(*work, *home, *found, people, waiting, *sums, net, table.gross, world.pay_level, p.numbers)
    books.pay_at(Flow.HOUSING_ALLOWANCE, 3.0 * world.flats_by_neighbourhood.sum(allowance))
    books.pay_at(Flow.SOCIAL_ASSISTANCE, 3.0 * helped)
    books.pay_at(Flow.ASSISTANCE_FOR_RENT, 3.0 * for_rent)
    if world.quarter == 0 or (world.quarter + 1) % 4 == 0:  # who plans looks once a year
        world.tenants_on_assistance, world.tenants_on_allowance = on_assistance / b.flats, on_allowance / b.flats
    _book_pay(world, people * 3.0, waiting, service, hired)


@kernel
def _incomes(
    work: Small,
    skill: Small,
    entitled: Bools,
    insured: Bools,
    spell: Small,
    programme: Small,
    waiting: Small,
    occupied: Bools,
    size: Small,
    other_income: Floats,
    rent: Floats,
    plain_rent: Floats,
    flats: Ints,
    neighbourhood: Ints,
    income: Floats,
    burden: Floats,
    allowance: Floats,
    on_assistance: Ints,
    on_allowance: Ints,
    people: Ints,
    waits: Ints,
    helped: Floats,
    for_rent: Floats,
    service: Floats,
    hired: Floats,
    net: Floats,
    gross: Floats,
    level: float,
    numbers: NDArray[np.void],
) -> None:
    """Incomes and burdens, and what the books want to know of them, counted from zero.

    allowance : of each flat (n,). on_assistance, on_allowance : households (b,). people : main earners by pay class
    (k, 10). waits : apprentices without a site (k,). helped, for_rent : assistance by rents as they would be, and the
    rest of it, SEK/month (k,). service, hired : wages of two kinds of places, SEK (k,). net, gross : pay, SEK/month
    (k, 10), (10,). level : real pay, 1 = 2011.
    """
    p = own(numbers)
    poor = np.empty(flats.max(), dtype=np.uint64)
    end = 0
    for b in range(len(flats)):
        k, first, end = np.uint64(neighbourhood[b]), end, end + flats[b]
        # What main earners get after tax, and who has a right to assistance.
        assisted = 0
        for row in rows(first, end):
            kind, runs = programme[row], insured[row] & (spell[row] < p.insurance_quarters)
            pay = pay_class(work[row], skill[row], entitled[row], runs, kind == Programme.APPRENTICE)
            people[k, pay] += occupied[row]
            income[row] = net[k, pay]
            # The next one's place, unless it counts: cheaper than a branch that nobody can foresee.
            poor[assisted] = row
            assisted += (pay == Pay.ASSISTANCE) & occupied[row]
            if kind == Programme.APPRENTICE:
                waits[k] += waiting[row] > 0
            elif kind == Programme.SERVICE:
                service[k] += 3.0 * gross[skill[row]]
            elif kind == Programme.HIRE:
                hired[k] += 3.0 * gross[skill[row]]
        on_assistance[b] = assisted
        # What else there is, and housing allowance.
        allowed = 0
        for row in rows(first, end):
            earned = other_income[row] * level + income[row]
            allowance[row] = housing_allowance(size[row], rent[row], earned, p) * occupied[row]
            income[row] = earned + allowance[row]
            burden[row] = burden_of(rent[row], income[row], level, p)
            allowed += allowance[row] > 0.0
        on_allowance[b] = allowed
        # Assistance, and what of it follows from dearer rent.
        for row in poor[:assisted]:
            other = other_income[row] * level
            now = assistance(size[row], rent[row], other, allowance[row], level, p)
            plain = min(rent[row], plain_rent[row])
            before = min(assistance(size[row], plain, other, allowance[row], level, p), now)
            helped[k] += before
            for_rent[k] += now - before
            income[row] += now
            burden[row] = burden_of(rent[row], income[row], level, p)


def _book_pay(world: World, months: NDArray[np.floating], waits: Ints, service: Floats, hired: Floats) -> None:
    """Wages, taxes and support of the quarter from person-months by neighbourhood and pay class (k, 10).

    waits : apprentices without a site (k,). service, hired : wages in service jobs and of new hires, SEK (k,).
    """
    t, books, p = pay_table(world.p, world.pay_level), world.books, world.p
    idle = months[:, [Pay.INSURED, Pay.ASSISTANCE, Pay.OTHER_SUPPORT]].sum(axis=0) / 3.0
    world.out_of_work, world.insured = float(idle.sum()), float(idle[0])
    # Employers pay for work that they can sell; the state pays service jobs, firms their apprentices and new hires.
    ordinary = months @ (t.gross * t.wage) - service - hired
    base = months @ (t.gross * t.taxable)
    apprentices = months[:, Pay.APPRENTICE] * t.gross[Pay.APPRENTICE]
    site = apprentices + hired
    # Who waits for a site is paid and does nothing.
    waiting = 3.0 * t.gross[Pay.APPRENTICE] * waits
    product = p.trainee_product_share * (1.0 + p.payroll_tax) * np.maximum(site - waiting, 0.0)
    pay = (
        ordinary, p.payroll_tax * ordinary, service,
        base * world.municipal_tax[books.towns], base * world.county_tax[books.towns],
        months @ (t.gross * t.support), months[:, Pay.PENSION] * t.gross[Pay.PENSION],
        site, p.payroll_tax * site, product, p.wage_subsidy * hired + p.apprentice_subsidy * apprentices,
    )  # fmt: skip
    books.pay_all_at(_PAY_ROWS, np.array(pay))
