"""What households pay, earn and get, and the books of it: rents, pay and support.

The phase of everyday life runs it every quarter, the start of a run once. A passage over all flats for rents, one for
incomes; flats are sorted by building, and buildings by neighbourhood.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.rules.income import (
    CLASSES,
    PAY_OF,
    Pay,
    PayTable,
    assistance,
    burden_of,
    housing_allowance,
    net_pay,
    pay_key,
    pay_table,
)
from sim.rules.phase_in import paid
from sim.rules.training import Programme
from sim.sums import pairwise_group
from sim.world.books import Flow, rows_of
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World

_PAY_ROWS = rows_of(
    Flow.WAGES, Flow.PAYROLL_TAX, Flow.SERVICE_WAGES, Flow.MUNICIPAL_TAX, Flow.COUNTY_TAX,
    Flow.UNEMPLOYMENT_BENEFIT, Flow.PENSIONS, Flow.SITE_WAGES, Flow.SITE_PAYROLL_TAX, Flow.TRAINEE_WORK,
    Flow.WAGE_SUBSIDY, Flow.HOUSING_ALLOWANCE, Flow.SOCIAL_ASSISTANCE, Flow.ASSISTANCE_FOR_RENT,
)  # fmt: skip


def set_rents(world: World) -> Floats:
    """Rent of each flat, SEK/month: the building's level, more in flats renewed singly, and where tenants chose, more
    or less by what their flat got. What comes in of it by building, since nobody pays for an empty flat (b,)."""
    r, b = world.residents, world.buildings
    comes_in = np.empty(b.n)
    _rents(
        r.upgraded, r.rent_apart, r.occupied, r.rent, world.plain_rent, comes_in, b.flats, b.area, b.rent_plain,
        b.rent, b.mixed, b.rise, b.rise_first, b.renovated, world.quarter, world.p.numbers,
    )  # fmt: skip
    return comes_in


@kernel
def _rents(
    upgraded: Bools, rent_apart: Floats, occupied: Bools, rent: Floats, plain_rent: Floats, comes_in: Floats,
    flats: Ints, area: Floats, plain: Floats, level: Floats, mixed: Bools, rise: Floats, rise_first: Floats,
    renovated: Ints, quarter: int, numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """Rents from each building's: plain and as it is, SEK/m2.year (b,); renovated : quarter (b,)."""
    p = own(numbers)
    paid_here, end = np.empty(flats.max()), 0
    for b in range(len(flats)):
        n, first, end = flats[b], end, end + flats[b]
        renewed, here, rents, plains = upgraded[first:end], occupied[first:end], rent[first:end], plain_rent[first:end]
        now, then = level[b] * area[b] / 12.0, plain[b] * area[b] / 12.0
        for i in rows(0, n):
            plains[i] = then
            rents[i] = now * (1.0 + p.turnover_rent * renewed[i])
        if mixed[b]:
            # Differences are phased in as the building's rise is.
            share = 1.0
            if rise[b] > 0.0:
                share = paid(rise[b], rise_first[b], (quarter - renovated[b]) // 4, p) / rise[b]
            for i in rows(0, n):
                rents[i] += share * area[b] / 12.0 * rent_apart[first + i]
        for i in rows(0, n):
            paid_here[i] = rents[i] * here[i]
        comes_in[b] = pairwise_group(paid_here[:n])


def set_incomes(world: World) -> None:
    """Disposable income (SEK/month) and rent burden (share) of each household; wages, taxes, support into the books."""
    r, b, p, k, books = world.residents, world.buildings, world.p, len(world.neighbourhoods), world.books
    table = pay_table(p, world.pay_level)
    net = net_pay(table, (world.municipal_tax + world.county_tax)[books.towns])
    people, waiting = np.zeros((k, CLASSES), dtype=np.int64), np.zeros(k, dtype=np.int64)
    allowances, helped, for_rent, service, hired = np.zeros(k), np.zeros(k), np.zeros(k), np.zeros(k), np.zeros(k)
    looked_at = world.quarter == 0 or (world.quarter + 1) % 4 == 0  # who plans looks once a year
    some = b.n if looked_at else 0
    on_assistance, on_allowance = np.zeros(some, dtype=np.int64), np.zeros(some, dtype=np.int64)
    work = (r.work, r.skill, r.entitled, r.insured, r.spell, r.programme, r.waiting)
    home = (r.occupied, r.size, r.other_income, r.rent, world.plain_rent, b.flats, world.flats_by_neighbourhood.counts)
    found = (r.income, r.burden, on_assistance, on_allowance, people, waiting)
    sums = (allowances, helped, for_rent, service, hired)
    _incomes(*work, *home, *found, *sums, net, table.gross, world.pay_level, p.numbers)
    if looked_at:
        world.tenants_on_assistance, world.tenants_on_allowance = on_assistance / b.flats, on_allowance / b.flats
    _book_pay(world, table, people * 3.0, waiting, service, hired, (allowances, helped, for_rent))


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
    places: Ints,
    income: Floats,
    burden: Floats,
    on_assistance: Ints,
    on_allowance: Ints,
    people: Ints,
    waits: Ints,
    allowances: Floats,
    helped: Floats,
    for_rent: Floats,
    service: Floats,
    hired: Floats,
    net: Floats,
    gross: Floats,
    level: float,
    numbers: NDArray[np.void],
) -> None:
    """Incomes and burdens, neighbourhood by neighbourhood, and what the books want to know of them, from zero.

    flats, places : flats of each building (b,) and neighbourhood (k,). on_assistance, on_allowance : households (b,);
    nobody asks where these are empty. people : main earners by pay class (k, 10). waits : apprentices without a site
    (k,). allowances : housing allowance. helped, for_rent : assistance by rents as they would be, and the rest of it;
    SEK/month (k,). service, hired : wages of two kinds of places, SEK (k,). net, gross : pay, SEK/month (k, 10), (10,).
    level : real pay, 1 = 2011.
    """
    p = own(numbers)
    # What hangs on work and rights alone, and on whether somebody lives there (one bit more), once for all.
    kinds, most = len(PAY_OF), places.max()
    keys = kinds + kinds
    pay, number, poor_of = np.empty(keys), np.empty(keys, np.int64), np.zeros(keys, np.bool_)
    for i in range(kinds):
        poor_of[kinds + i] = PAY_OF[i] == Pay.ASSISTANCE
    key, allowance = np.empty(most, np.uint8), np.empty(most)
    poor, trainees = np.empty(most, np.uint64), np.empty(most, np.uint64)
    end = b = 0
    for k in range(len(places)):
        # Slices count from their own start, so that the machine takes many rows at a time.
        n, first, end = places[k], end, end + places[k]
        works, schooled, right, cover, idle = (
            work[first:end],
            skill[first:end],
            entitled[first:end],
            insured[first:end],
            spell[first:end],
        )
        kind, here, persons, others = (
            programme[first:end],
            occupied[first:end],
            size[first:end],
            other_income[first:end],
        )
        rents, has, load = rent[first:end], income[first:end], burden[first:end]
        plain_rents, no_site = plain_rent[first:end], waiting[first:end]
        some = 0
        for i in rows(0, n):
            runs = cover[i] & (idle[i] < p.insurance_quarters)
            key[i] = pay_key(works[i], schooled[i], right[i], runs, kind[i] == Programme.APPRENTICE) + kinds * here[i]
            some += kind[i] != Programme.NONE
        # What main earners get after tax, and who has a right to assistance.
        for i in range(keys):
            pay[i], number[i] = net[k, PAY_OF[i % kinds]], 0
        assisted = 0
        for i in rows(0, n):
            number[key[i]] += 1
            has[i] = pay[key[i]]
            # The next one's place, unless it counts: cheaper than a branch that nobody can foresee.
            poor[assisted] = i
            assisted += poor_of[key[i]]
        for i in range(kinds):
            people[k, PAY_OF[i]] += number[kinds + i]
        if some:
            found = 0
            for i in rows(0, n):
                trainees[found] = i
                found += kind[i] != Programme.NONE
            for i in trainees[:found]:
                if kind[i] == Programme.APPRENTICE:
                    waits[k] += no_site[i] > 0
                elif kind[i] == Programme.SERVICE:
                    service[k] += 3.0 * gross[schooled[i]]
                elif kind[i] == Programme.HIRE:
                    hired[k] += 3.0 * gross[schooled[i]]
        # What else there is, and housing allowance.
        for i in rows(0, n):
            earned = others[i] * level + has[i]
            allowance[i] = housing_allowance(persons[i], rents[i], earned, p) * here[i]
            has[i] = earned + allowance[i]
            load[i] = burden_of(rents[i], has[i], level, p)
        allowances[k] = pairwise_group(allowance[:n])
        # Assistance, and what of it follows from dearer rent.
        for i in poor[:assisted]:
            other = others[i] * level
            now = assistance(persons[i], rents[i], other, allowance[i], level, p)
            plain = min(rents[i], plain_rents[i])
            before = min(assistance(persons[i], plain, other, allowance[i], level, p), now)
            helped[k] += before
            for_rent[k] += now - before
            has[i] += now
            load[i] = burden_of(rents[i], has[i], level, p)
        done = 0
        while b < len(on_assistance) and done < n:
            for i in rows(done, done + flats[b]):
                on_assistance[b] += poor_of[key[i]]
                on_allowance[b] += allowance[i] > 0.0
            done += flats[b]
            b += 1


def _book_pay(
    world: World, t: PayTable, months: NDArray[np.floating], waits: Ints, service: Floats, hired: Floats,
    support: tuple[Floats, Floats, Floats],
) -> None:  # fmt: skip
    """Wages, taxes and support of the quarter from person-months by neighbourhood and pay class (k, 10).

    waits : apprentices without a site (k,). service, hired : wages in service jobs and of new hires, SEK (k,). support
    : housing allowance and the two parts of assistance, SEK/month (k,).
    """
    books, p = world.books, world.p
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
        *(3.0 * each for each in support),
    )  # fmt: skip
    books.pay_all_at(_PAY_ROWS, np.array(pay))
