"""P11 and P12: in whose purse the gain of a job lands, and when a job programme pays for itself."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from experiments.analysis.value import discount_factors
from experiments.engine.runs import LEFT
from experiments.questions.validate.measuring.jobs import enough_places
from experiments.questions.validate.measuring.worlds import Array, World, Worlds
from sim.rules.income import job_year_values
from sim.sums import total as in_order
from sim.vocabulary import PUBLIC_PURSES, Purse
from sim.world.books import FINANCING, INCIDENCE, JOB, SIDE_PAYMENTS, Flow

PUBLIC = list(PUBLIC_PURSES)
GAINERS = [Purse.RESIDENTS, Purse.HOUSING_COMPANIES, *PUBLIC]
PROGRAMME = JOB | (np.arange(len(Flow)) == Flow.COACHING.row)  # what follows from work, and what coaching costs


def wrong_pocket(worlds: Worlds) -> Mapping[str, float]:
    """P11. Shares of a job's value by purse, and what housing companies pay for and receive."""
    start, p = worlds.fresh().world, worlds.parameters
    found: dict[str, float] = {}
    for source, on_assistance in (("assistance", 1.0), ("insurance", 0.0)):
        values = job_year_values(start.municipal_tax, start.county_tax, on_assistance, p)
        shares = (values / values.sum(axis=0)).mean(axis=1)
        found |= {f"{source}_{k}": shares[i] for i, k in enumerate(("municipality", "county", "state"))}
    kept = job_year_values(start.municipal_tax, start.county_tax, 1.0, p, equalised=True)
    shares = (kept / kept.sum(axis=0)).mean(axis=1)
    found |= {"equalised_municipality": shares[0], "equalised_county": shares[1]}
    return found | {"company_cost": _company_cost(worlds.regional), "company_gain": _company_gain(worlds)}


def _company_cost(world: World) -> float:
    """The part of housing companies' works that nobody else pays."""
    total = world.model.books.history.sum(axis=(0, 2))
    paid = total[Flow.WORKS_COMPANIES.row]
    others = (*SIDE_PAYMENTS, Flow.GRANTS_COMPANIES)
    return float(1.0 - in_order(total[flow.row] for flow in others) / paid) if paid else float("nan")


def _company_gain(worlds: Worlds) -> float:
    """The housing companies' part of what clauses bring to residents, companies and public purses that gain."""
    gains = np.maximum(_present(worlds, _difference(worlds, worlds.clauses, ~FINANCING))[GAINERS], 0.0)
    return float(gains[1] / gains.sum()) if gains.any() else float("nan")


def conditional_gain(worlds: Worlds) -> Mapping[str, float]:
    """P12. Years until a job programme has paid for itself in the public purses, as a spreadsheet counts and as it
    emerges, and present values in MSEK: of the public budgets, and of society's account."""
    if not enough_places(worlds):
        names = ("years_full", "years_emergent", "times_longer", "public", "society")
        return dict.fromkeys(names, np.nan)
    full, emergent = (_difference(worlds, x, PROGRAMME)[:, PUBLIC] for x in (worlds.clauses_full, worlds.clauses))
    years = [_break_even(worlds, flows.sum(axis=1)) for flows in (full, emergent)]
    return {
        "years_full": years[0],
        "years_emergent": years[1],
        "times_longer": years[1] / years[0] if np.isfinite(years[0]) else np.nan,
        "public": float(_present(worlds, emergent).sum() / 1e6),
        "society": society_gain(worlds, worlds.clauses) / 1e6,
    }


def _difference(worlds: Worlds, world: World, flows: Array) -> Array:
    """Quarterly net by purse of these flows in a run less that of its siloed twin, SEK."""
    change = (world.model.books.history - worlds.siloed.model.books.history).sum(axis=2)
    return np.asarray((change * flows) @ INCIDENCE)


def _present(worlds: Worlds, flows: Array) -> Array:
    """Present value of quarterly flows (first axis) at the social discount rate."""
    factors = discount_factors(len(flows), worlds.parameters.social_discount_rate)
    return np.asarray(factors @ flows)


def headline(worlds: Worlds) -> Mapping[str, float]:
    """What full collaboration brings society against silos, SEK a flat at present value: no pattern, the answer."""
    return {"society": society_gain(worlds, worlds.regional) / worlds.fresh().residents.n}


def society_gain(worlds: Worlds, world: World) -> float:
    """What society gains against the siloed twin, SEK at present value, with what is left at the end: the headline
    account."""
    factors = discount_factors(len(world.curves), worlds.parameters.social_discount_rate)
    flows, left = (world.outcome(name) - worlds.siloed.outcome(name) for name in ("society", LEFT))
    return float(factors @ flows + factors[-1] * left[-1])


def _break_even(worlds: Worlds, flows: Array) -> float:
    """Years after which the discounted sum stays at or above zero; infinite if it never does, NaN without flows."""
    if not flows.any():
        return float("nan")
    summed = np.cumsum(flows * discount_factors(len(flows), worlds.parameters.social_discount_rate))
    below = np.flatnonzero(summed < 0.0)
    quarters = int(below[-1]) + 1 if below.size else 1
    return quarters / 4.0 if quarters < len(flows) else float("inf")
