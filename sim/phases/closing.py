"""Phase 9. Taxes are equalised two years late, owners settle with their banks, values are set, outcomes recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.recording.record import record
from sim.rules.appraisal import building_value, market_yields
from sim.vocabulary import Purse, Work

if TYPE_CHECKING:
    from sim.model import RenewalModel


def advance(model: RenewalModel) -> None:
    """Close the quarter's books and write down what happened."""
    _rest_of_county(model)
    _equalise(model)
    _settle_loans(model)
    set_values(model)
    _price_level(model)
    model.pay_level *= (1.0 + model.p.wage_growth) ** 0.25
    model.programme_away *= 1.0 - model.p.loss_middle
    _remember_public_money(model)
    record(model)


def _rest_of_county(model: RenewalModel) -> None:
    """Pay, tax and support in the rest of the county, as changes against its start: a leak becomes a transfer here."""
    pool, p, rest = model.pool, model.p, len(model.municipalities)
    wages = np.array([p.wage_low, p.wage_middle, p.wage_high, p.wage_trade]) * model.pay_level
    gross = 3.0 * float(((pool.employed - pool.employed_start) * wages).sum())
    tax, county = float(model.municipal_tax.mean()), float(model.county_tax.mean())
    books = model.books
    benefit, help_paid = _support_per_idle(model)
    at_large, queue = (pool.unemployed - pool.unemployed_start).sum(axis=1)
    insured = 3.0 * p.insurance_pay * model.pay_level * p.insured_share * at_large
    books.pay("wages", gross, rest)
    books.pay("payroll_tax", p.payroll_tax * gross, rest)
    books.pay("municipal_tax", tax * p.taxable_share * gross, rest)
    books.pay("county_tax", county * p.taxable_share * gross, rest)
    books.pay("unemployment_benefit", insured + benefit * queue, rest)
    books.pay("social_assistance", help_paid * queue, rest)


def _support_per_idle(model: RenewalModel) -> tuple[float, float]:
    """Benefits and assistance of a household out of work in the estates, SEK this quarter: the queue gets the same."""
    idle = float(((model.residents.work == Work.OUT_OF_WORK) & model.residents.occupied).sum())
    paid = (float(model.books.of(flow).sum()) for flow in ("unemployment_benefit", "social_assistance"))
    benefit, help_paid = (sek / max(idle, 1.0) for sek in paid)
    return benefit, help_paid


def _equalise(model: RenewalModel) -> None:
    """Income equalisation takes most of extra tax, on the tax base of two years ago (and gives back most of a loss)."""
    books, p = model.books, model.p
    lag = int(p.equalisation_lag * 4)
    if books.quarter < lag:
        return
    for kind, rate, flow in (
        ("municipal_tax", p.equalisation_municipal, "equalisation_municipal"),
        ("county_tax", p.equalisation_county, "equalisation_county"),
    ):
        books.pay(flow, rate * (books.of(kind, books.quarter - lag) - books.of(kind, 0)))


def _settle_loans(model: RenewalModel) -> None:
    """Interest on opening debt; a housing company's surplus pays off loans and its deficit is borrowed."""
    books, p, k = model.books, model.p, len(model.municipalities)
    rate = max(model.surroundings.interest + p.loan_margin, 0.0) / 4.0
    for x in model.owners:
        who = "companies" if x.index < k else "landlords"
        books.pay(f"interest_{who}", rate * x.debt, x.municipality)
        if who == "landlords":
            model.borrow(x, -p.landlord_repayment / 4.0 * max(x.debt, 0.0))
    surplus = books.net()[Purse.HOUSING_COMPANIES]
    books.pay("other_investment", p.other_investment * np.maximum(surplus, 0.0))
    net = books.net()[Purse.HOUSING_COMPANIES]
    books.pay("loans_companies", -net)
    for m in model.municipalities:
        m.debt -= float(net[m.index])


def _remember_public_money(model: RenewalModel) -> None:
    """What public purses spent on collaborating this quarter: the budget that the same-money arm hands to the silos."""
    books, k = model.books, len(model.municipalities)
    spent = (
        books.of("side_payment_municipalities") + books.of("coordination_municipalities") + books.of("coaching"),
        books.of("side_payment_county") + books.of("coordination_county"),
        books.of("side_payment_state") + books.of("coordination_state") + books.of("wage_subsidy"),
    )
    year = model.quarter // 4
    model.cofunded[year] += np.stack([x[:k] for x in spent])
    model.cofunded[year, 0] += model.image_practice
    if model.same_money is not None:
        model.cofunded[year] -= model.same_money[year] * (model.quarter % 4 == 0)


def set_values(model: RenewalModel) -> None:
    """Market values: operating income over a yield that falls with the neighbourhood's name; renewal spills over."""
    b, p = model.buildings, model.p
    reputation = np.array([n.reputation for n in model.neighbourhoods])
    renewed = np.array([n.renovated_share for n in model.neighbourhoods])
    market = market_yields(reputation, model.surroundings.yield_shift, p)[b.neighbourhood]
    per_m2 = building_value(b.rent, b.energy, b.condition, model.surroundings.heat_price, market, p)
    per_m2 *= 1.0 + p.spillover * renewed[b.neighbourhood]
    model.building_values = per_m2 * b.area * b.flats
    totals = np.bincount(b.owner, model.building_values, minlength=len(model.owners))
    flats = np.bincount(b.owner, b.flats, minlength=len(model.owners))
    for x in model.owners:
        x.value, x.flats = float(totals[x.index]), int(flats[x.index])


def _price_level(model: RenewalModel) -> None:
    """The reference price drifts; owners believe in recent awards, smoothed, builders in recent numbers of bids."""
    p, t = model.p, model.region_tally
    model.cost_level *= (1.0 + p.cost_drift) ** 0.25
    model.believed_price *= (1.0 + p.cost_drift) ** 0.25
    if t["award_reference"] > 0.0:
        seen = t["award_value"] / t["award_reference"]
        model.believed_price += p.price_learning * (seen - model.believed_price)
        model.price_index = seen
    if t["tenders"] > 0.0:
        bidders = max(t["bids"] / t["tenders"], 0.5)
        model.expected_bidders += 0.2 * (bidders - model.expected_bidders)
