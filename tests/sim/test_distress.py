"""Owners who owe too much pay more, and after some years it ends: by their owners, a buyer, or at the lenders' cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import Collaboration, Region, RenewalModel, load_parameters, load_region
from sim.phases.finance.distress import INJECTION, RECEIVERSHIP, SALE, net_incomes
from sim.rules.distress import Shares, bearable, forced_price, shares, strained
from sim.vocabulary import Purse
from sim.world.books import FINANCING, INCIDENCE, Flow
from tests.laws import run_lawfully
from tests.worlds import random_world

P = load_parameters()
QUIET = {"sale_chance": 0.0, "sale_politics": 0.0, "offer_chance": 0.0}


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("botkyrka", 0.1)


def indebted(region: Region, debt: float, rows: tuple[int, ...], years: int = 3, **parameters: float) -> RenewalModel:
    """A world in which these owners (rows) owe ``debt`` of their value."""
    made = RenewalModel(
        region, Collaboration.preset("siloed"), 1, parameters=P.replace(QUIET | parameters), years=years
    )
    for row in rows:
        made.world.owners[row].debt = debt * made.world.owners[row].value
    return made


def ways(model: RenewalModel) -> list[tuple[str, str]]:
    return [(row.owner, row.way) for row in model.world.rescues]


def test_who_owes_four_times_its_value_pays_dearer_loans_and_its_lenders_lose(region: Region) -> None:
    model = indebted(region, 4.0, (0,), years=4)
    start, value = model.municipalities[0].debt, model.municipalities[0].value
    model.step()
    usual = indebted(region, 0.4, (0,))
    usual.step()
    dear, cheap = (float(x.books.of(Flow.INTEREST_COMPANIES, 0)[0]) for x in (model, usual))
    assert dear / start > cheap / (0.4 * value) * 1.5
    assert run_lawfully(model) == []
    company, lost = model.municipalities[0], float(model.books.history[:, Flow.LENDERS_LOSS_COMPANIES.row].sum())
    assert ways(model)[-1] == ("Botkyrka", RECEIVERSHIP) and {owner for owner, _ in ways(model)} == {"Botkyrka"}
    assert model.world.rescues[0].year == 2011 + P.distress_years
    assert lost > 2.0 * value and company.loan_to_value < P.distress_loan_to_value and company.strained == 0
    assert model.curves().lenders_loss.sum() == pytest.approx(lost)


def test_the_same_world_with_capital_knows_no_distress(region: Region) -> None:
    model = indebted(region, 0.4, (0, 1, 2, 3), years=4).run()
    assert ways(model) == [] and not any(x.strained for x in model.municipalities)
    assert model.curves()[["owner_injections", "lenders_loss", "sold_flats"]].to_numpy().sum() == 0.0


def test_a_municipality_stands_by_its_company_as_far_as_its_money_goes(region: Region) -> None:
    rich = indebted(region, 1.1, (0,), injection_chance=1.0, injection_years=50.0, distress_years=1.0)
    assert run_lawfully(rich) == []
    paid = float(rich.books.history[:, Flow.OWNER_INJECTIONS.row].sum())
    assert ways(rich) == [("Botkyrka", INJECTION)] and rich.world.rescues[0].sek == pytest.approx(paid)
    assert rich.municipalities[0].loan_to_value < P.ltv_cap + 0.1
    poor = indebted(region, 1.1, (0,), injection_chance=1.0, injection_years=0.1, distress_years=1.0).run()
    assert [way for _, way in ways(poor)] == [INJECTION, RECEIVERSHIP]
    assert 0.0 < float(poor.books.history[:, Flow.OWNER_INJECTIONS.row].sum()) < 0.1 * paid
    none = indebted(region, 1.1, (0,), injection_chance=0.0, distress_years=1.0).run()
    assert [way for _, way in ways(none)] == [RECEIVERSHIP]


def test_who_owns_something_still_sells_part_of_it(region: Region) -> None:
    model = indebted(region, 0.82, (0, 5), injection_chance=0.0, distress_years=1.0, distress_loan_to_value=0.7)
    flats = [x.flats for x in model.world.owners]
    assert run_lawfully(model) == []
    for row in (0, 5):
        owner = model.world.owners[row]
        assert (owner.name, SALE) in ways(model) and 0 < owner.flats < flats[row]
    prices = model.sales().groupby("seller").price.sum()
    assert prices["Botkyrka"] == pytest.approx(sum(r.sek for r in model.world.rescues if r.owner == "Botkyrka"))


def test_a_landlord_in_receivership_loses_its_buildings_and_its_debts(region: Region) -> None:
    model = indebted(region, 2.0, (4,), distress_years=1.0)
    landlord, flats = model.landlords[0], model.landlords[0].flats
    assert run_lawfully(model) == []
    assert ways(model) == [(landlord.name, RECEIVERSHIP)]
    assert (landlord.flats, landlord.debt, landlord.value) == (0, 0.0, 0.0)
    assert model.sales().flats.sum() == flats and set(model.sales().reason) == {"distress"}
    assert float(model.books.history[:, Flow.LENDERS_LOSS_LANDLORDS.row].sum()) == pytest.approx(
        model.world.rescues[0].sek
    )


def test_landlords_owners_put_money_in_only_where_something_is_theirs(region: Region) -> None:
    def way(debt: float) -> list[tuple[str, str]]:
        return ways(
            indebted(region, debt, (5,), distress_years=1.0, distress_loan_to_value=0.7, injection_chance=1.0).run()
        )

    assert way(0.9)[0][1] == INJECTION
    assert way(1.5)[0][1] == RECEIVERSHIP


@pytest.mark.parametrize("number", range(12))
def test_debts_of_any_size_break_no_law_in_any_world_and_come_to_an_end(number: int) -> None:
    drawn = random_world(number, "plausible", years=4)
    rng = np.random.default_rng(number)
    soon = drawn.parameters.replace({"distress_years": 1.0})
    model: Any = RenewalModel(
        drawn.region, drawn.collaboration, drawn.seed, parameters=soon, levers=drawn.levers, years=4
    )
    for owner in model.world.owners:
        owner.debt = float(rng.choice([0.0, 0.5, 1.0, 5.0]) * owner.value)
    assert run_lawfully(model) == []
    assert (model.curves(detail=True).loan_to_value.dropna() >= 0.0).all()
    # Who earns less than nothing owes more every year, whatever is put in.
    earning = zip(model.world.owners, net_incomes(model.world) > 0.0, strict=True)
    assert all(x.loan_to_value < 2.0 for x, earns in earning if earns)


# --- the rules


def test_strain_is_debt_near_the_value_or_income_below_interest() -> None:
    assert strained(np.array([0.0, 96.0, 90.0, 90.0]), 100.0, np.array([-1.0, 9.0, 9.0, 1.0]), 0.05, P).tolist() == [
        False, True, False, True,
    ]  # fmt: skip


def test_bearable_debt_keeps_to_the_share_and_to_what_income_pays() -> None:
    assert bearable(100.0, 6.0, 0.05, 0.7, P) == pytest.approx(70.0)
    assert bearable(100.0, 2.0, 0.05, 0.7, P) == pytest.approx(40.0) and bearable(100.0, -2.0, 0.05, 0.7, P) == 0.0
    assert bearable(100.0, 2.0, 0.0, 0.7, P) == pytest.approx(70.0), "loans for nothing are borne by anybody"


def test_who_bears_what_adds_up_to_a_debt_that_can_be_borne() -> None:
    rng = np.random.default_rng(1)
    for _ in range(2000):
        debt, value = 10.0 ** rng.uniform(-1, 3), float(rng.choice([0.0, 10.0 ** rng.uniform(0, 3)]))
        tolerates = rng.uniform(0.0, 1.0) * value
        bears, means = rng.uniform(0.0, 1.0) * tolerates, float(rng.choice([0.0, 10.0 ** rng.uniform(-1, 3), np.inf]))
        part = shares(debt, value, bears, tolerates, means, bool(rng.random() < 0.5), P)
        assert min(part) >= 0.0 and part.injected <= means and part.sold <= value
        left = debt - part.injected - part.lost - float(forced_price(part.sold, P))
        assert left <= tolerates + 1e-6 or part.sold > 0.0
        if part.sold > 0.0:
            kept = value - part.sold
            assert left == pytest.approx(bears / value * kept, abs=1e-6), "the rest bears what the whole did, a part"
    assert shares(50.0, 100.0, 70.0, 95.0, np.inf, True, P) == Shares(0.0, 0.0, 0.0)


def test_lenders_losses_are_loans_and_an_injection_is_public_money() -> None:
    for flow in (Flow.LENDERS_LOSS_COMPANIES, Flow.LENDERS_LOSS_LANDLORDS):
        assert FINANCING[flow.row] and INCIDENCE[flow.row, Purse.REST_OF_WORLD] == -1.0
    assert (
        INCIDENCE[Flow.OWNER_INJECTIONS.row, Purse.MUNICIPALITIES] == -1.0 and not FINANCING[Flow.OWNER_INJECTIONS.row]
    )
