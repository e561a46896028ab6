"""Grants as owners meet them: who applies, waits, is granted, builds or does not, and what becomes of the money.

The world is planted: a house with a dozen flats, which its company would renew in 2012, fully, without energy measures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import PRESETS, Dated, Levers, Region, RenewalModel, load_parameters, load_region
from sim.vocabulary import EnergyLevel, Standard
from sim.world.books import Flow

from .houses import region_of, run

# The whole cost of energy measures, with hardly any work: whoever is sure of it takes it.
WHOLE = {"grant_rate": 1.0, "grant_cap_per_flat": 1e6, "grant_burden": 10_000.0}
WORK = (Flow.GRANT_APPLICATIONS_COMPANIES, Flow.GRANT_APPLICATIONS_LANDLORDS)
YEARS = 6
ALONE, HOUSE = 7, 0  # the quarter in which the house is done without a grant; its row

Met = Callable[..., RenewalModel]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Region:
    return region_of(tmp_path_factory.mktemp("grants") / "house", [{}])


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """A house that uses little, and one of the same size that uses much."""
    houses = [{"energy_kwh_m2": 140.0}, {"neighbourhood": "Cold", "energy_kwh_m2": 260.0}]
    return region_of(tmp_path_factory.mktemp("grants") / "two", houses)


@pytest.fixture(scope="module")
def met(house: Region) -> Met:
    """Runs of the house, each made once: levers beside the whole grant, and parameters."""
    made: dict[str, RenewalModel] = {}

    def of(years: int = YEARS, grant: bool = True, **changes: Any) -> RenewalModel:
        levers = {name: value for name, value in changes.items() if name.startswith("grant_") and name not in NAMES}
        parameters = {name: value for name, value in changes.items() if name not in levers}
        key = repr((years, grant, changes))
        made[key] = made.get(key) or run(house, (WHOLE if grant else {}) | levers, years, **parameters)
        return made[key]

    return of


NAMES = set(load_parameters().records)


def got(model: RenewalModel) -> tuple[int, int]:
    """When the house was done and with which energy level; far in the past where it was not."""
    return int(model.buildings.renovated[HOUSE]), int(model.buildings.energy_level[HOUSE])


def total(model: RenewalModel, name: str) -> float:
    """SEK of a run's outcome."""
    return float(model.curves()[f"grants_{name}"].sum())


def same(one: RenewalModel, other: RenewalModel) -> bool:
    return bool(np.array_equal(one.books.history, other.books.history))


# --- applying is a decision under uncertainty


def test_who_believes_in_the_grant_applies_waits_for_the_answer_and_goes_deep(met: Met) -> None:
    assert got(met(grant=False)) == (ALONE, EnergyLevel.NONE)
    model = met()
    done, level = got(model)
    assert level == EnergyLevel.DEEP and done > ALONE + 4, "a year later, as the answer takes a year"
    assert total(model, "applied") == total(model, "granted") == pytest.approx(total(model, "paid"))
    assert total(model, "paid") > 0.0


def test_who_does_not_believe_in_it_does_not_apply(met: Met) -> None:
    model = met(grant_chance=0.0)
    assert got(model) == (ALONE, EnergyLevel.NONE) and total(model, "applied") == 0.0
    assert total(model, "unspent") == YEARS * 300e6, "all of the budget"


def test_who_fears_that_the_money_ends_before_the_answer_does_not_apply(met: Met) -> None:
    assert got(met(grant_doubt=1.0)) == (ALONE, EnergyLevel.NONE)
    assert got(met(grant_doubt=1.0, grant_lead_quarters=0))[1] == EnergyLevel.DEEP, "nothing can end at once"


def test_paperwork_decides_who_applies(met: Met) -> None:
    assert got(met(grant_burden=0.0))[1] == EnergyLevel.DEEP
    assert got(met(grant_burden=3e6)) == (ALONE, EnergyLevel.NONE)


def test_yearly_work_with_a_programme_must_pay_too(met: Met) -> None:
    assert got(met(grant_burden=200_000.0, grant_yearly_work=0.0))[1] == EnergyLevel.DEEP
    assert got(met(grant_burden=200_000.0, grant_yearly_work=20.0)) == (ALONE, EnergyLevel.NONE)


def test_owners_without_staff_buy_the_work_and_apply_for_less(met: Met) -> None:
    small, staffed = (
        met(grant_burden=150_000.0, grant_unstaffed_work=10.0, grant_staffed_flats=flats) for flats in (1000.0, 10.0)
    )
    assert got(small) == (ALONE, EnergyLevel.NONE) and got(staffed)[1] == EnergyLevel.DEEP


def test_the_longer_the_answer_takes_the_later_are_the_works(met: Met) -> None:
    done = [got(met(grant_lead_quarters=lead, grant_chance=1.0))[0] for lead in (0, 4, 8)]
    assert done[0] < done[1] < done[2]
    assert done[1] - done[0] == done[2] - done[1] == 4


def test_owners_count_on_answers_when_they_come() -> None:
    """They come when a year opens; owners used to count on a wait of one quarter where it was four."""
    region, grant = load_region("botkyrka", 0.02), {"grant_rate": 0.5, "grant_energy_only": False}
    for quick, real in ((1, 4), (5, 8)):
        levers = [Levers.checked(**grant, grant_lead_quarters=lead, grant_burden=3e5) for lead in (quick, real)]
        one, other = (RenewalModel(region, PRESETS["siloed"], 3, levers=x, years=6).run() for x in levers)
        assert same(one, other) and total(one, "applied") > 0.0


def test_pipes_that_give_out_do_not_wait(met: Met) -> None:
    hurried = met(grant_lead_quarters=40, grant_chance=1.0, forced_condition=0.5, due_condition=0.6)
    assert got(hurried)[0] >= 0 and got(hurried)[1] == EnergyLevel.NONE


def test_in_a_region_paperwork_decides_how_much_of_a_small_grant_is_asked_for() -> None:
    """Owners used to apply knowing the outcome: all took 5 % at no or ordinary work, and 82 % at five times that."""
    region, small = load_region("botkyrka", 0.1), {"grant_rate": 0.05, "grant_energy_only": False}
    applied = []
    for burden in (0.0, 150_000.0, 750_000.0):
        levers = Levers.checked(**small, grant_burden=burden)
        models = [RenewalModel(region, PRESETS["siloed"], seed, levers=levers, years=5).run() for seed in (1, 2)]
        applied.append(sum(total(model, "applied") for model in models))
    assert applied[0] > 1.1 * applied[1] and applied[1] > 3.0 * applied[2]


# --- harm


def test_refused_applications_have_cost_their_work(met: Met) -> None:
    model = met(grant_budget_per_year=1e6)
    booked = sum(float(model.books.history[:, flow.row].sum()) for flow in WORK)
    assert total(model, "granted") == 0.0 < booked == pytest.approx(total(model, "work"))


def test_waiting_for_a_grant_that_does_not_come_puts_the_renovation_off(met: Met) -> None:
    free, once, patient = (met(**asked) for asked in (
        {"grant": False}, {"grant_budget_per_year": 1e6}, {"grant_budget_per_year": 1e6, "grant_waits": 100}
    ))  # fmt: skip
    assert 0 <= got(free)[0] < got(once)[0] <= got(free)[0] + 8, "one answer later"
    assert got(patient)[0] < 0, "still not done after six years"
    assert patient.curves()["condition"].iloc[-1] < free.curves()["condition"].iloc[-1]


def test_whoever_sees_others_refused_stops_applying(met: Met) -> None:
    model = met(years=14, grant_budget_per_year=1e6, grant_learning=1.0)
    asked = model.curves()["grants_applied"]
    assert asked.iloc[0] > 0.0 and asked.iloc[4] == 0.0, "after one answer"
    assert model.curves()["grant_chance"].iloc[4] < 0.01
    assert got(model)[1] == EnergyLevel.NONE and ALONE < got(model)[0] < ALONE + 8


def test_a_promise_does_not_become_works_where_loans_do_not_reach(house: Region) -> None:
    model = run(house, WHOLE, YEARS, ltv_cap=0.11)
    assert total(model, "granted") > 0.0 == total(model, "paid")
    assert got(model)[0] < 0 and total(model, "lapsed") > 0.0


# --- conditions


@pytest.mark.parametrize(
    ("condition", "met_by", "level"),
    [
        ({"grant_least_saving": 0.3}, True, EnergyLevel.DEEP),
        ({"grant_least_saving": 0.9}, False, EnergyLevel.NONE),
        ({"grant_energy_limit": 120.0}, True, EnergyLevel.DEEP),
        ({"grant_energy_limit": 20.0}, False, EnergyLevel.NONE),
    ],
)
def test_works_that_save_too_little_get_nothing(met: Met, condition: dict[str, Any], met_by: bool, level: int) -> None:
    model = met(**condition)
    assert got(model)[1] == level and (total(model, "granted") > 0.0) == met_by


def test_a_condition_on_saving_makes_the_owner_go_deeper_for_a_general_grant(met: Met) -> None:
    general = {"grant_energy_only": False, "grant_rate": 0.7}
    free, bound = met(**general), met(**general, grant_least_saving=0.5)
    assert total(free, "granted") > 0.0 and got(free)[1] < got(bound)[1]


def test_a_promise_lapses_where_works_begin_too_late_and_the_money_goes_back(met: Met) -> None:
    late, timely = met(grant_start_within=1), met()
    assert total(late, "lapsed") == total(late, "granted") > 0.0 == total(late, "paid")
    assert total(timely, "lapsed") == 0.0
    assert same(met(grant_start_within=0), timely), "no limit, and one that is kept"


def test_nobody_builds_for_a_promise_that_ends_before_works_could_begin() -> None:
    """Owners used to choose works in the last year of a promise by a grant that was sure to have lapsed by then: 21 %
    of all works with a grant where it holds for four quarters, and 3 % at the default of eight."""
    levers = Levers.checked(grant_rate=0.5, grant_energy_only=False, grant_start_within=4)
    model, decided, hopeless = RenewalModel(load_region("botkyrka", 0.02), PRESETS["siloed"], 3, levers=levers), 0, 0
    for quarter in range(40):
        before = model.world.grants.due.copy()
        model.step()
        grants = model.world.grants
        now = (grants.due > 0.0) & (before == 0.0) & (quarter % 4 == 0)
        decided += int(now.sum())
        hopeless += int((now & (grants.until < quarter + 2)).sum())
    assert hopeless == 0 < decided


def test_what_is_asked_for_together_must_be_large_enough(met: Met) -> None:
    assert got(met(grant_min_flats=13.0)) == (ALONE, EnergyLevel.NONE)
    assert same(met(grant_min_flats=12.0), met())


def test_the_own_part_must_be_shown_and_borne(house: Region, met: Met) -> None:
    poor = [run(house, WHOLE | {"grant_own_funding": own}, YEARS, ltv_cap=0.11) for own in (0.0, 0.5)]
    assert total(poor[0], "applied") > 0.0 == total(poor[1], "applied")
    assert total(met(grant_own_funding=0.9), "granted") < total(met(), "granted")


# --- a call


def granted_first(region: Region, form: str, seed: int = 1, **parameters: float) -> tuple[bool, ...]:
    """Which of two houses has a promise after the first round of answers, under a budget that is enough for one."""
    levers = WHOLE | {"grant_form": form, "grant_budget_per_year": 6e6}
    model = run(region, levers, 2, seed=seed, steps=5, grant_chance=1.0, start_condition_spread=0.0, **parameters)
    return tuple(bool(sek > 0.0) for sek in model.world.grants.reserved[:2])


def test_a_panel_grants_the_project_that_saves_most_for_its_money(two: Region) -> None:
    for seed in range(1, 6):
        assert granted_first(two, "call", seed, panel_error=0.0, panel_social=0.0) == (False, True)
    by_chance = {granted_first(two, "general", seed) for seed in range(1, 9)}
    assert by_chance == {(True, False), (False, True)}, "first come, first served has no such preference"


def test_a_panel_errs(two: Region) -> None:
    assert {granted_first(two, "call", seed, panel_error=10.0) for seed in range(1, 9)} == {
        (True, False),
        (False, True),
    }


def test_a_calls_results_are_known_once_a_year_however_fast_it_is(met: Met) -> None:
    assert got(met(grant_form="call", grant_lead_quarters=0))[0] == got(met(grant_form="call"))[0]
    assert got(met(grant_lead_quarters=0))[0] < got(met())[0]


# --- money that is left


def test_unspent_money_is_carried_over_only_if_the_rules_say_so(met: Met) -> None:
    """The house asks for 5.4 MSEK, a year's budget is 3: two years' are enough."""
    lost, kept = (met(years=8, grant_budget_per_year=3e6, grant_carry_over=share) for share in (0.0, 1.0))
    assert total(lost, "granted") == 0.0 and total(lost, "carried") == 0.0
    assert total(kept, "granted") > 0.0 and got(kept)[1] == EnergyLevel.DEEP
    assert total(lost, "unspent") == 8 * 3e6 and total(kept, "unspent") == 0.0 < total(kept, "carried")


def test_flexible_state_funding_lets_grant_money_through_to_the_next_year(house: Region) -> None:
    levers = WHOLE | {"grant_budget_per_year": 3e6}
    assert total(run(house, levers, 3, preset="siloed"), "carried") == 0.0
    assert total(run(house, levers, 3, preset="national"), "carried") > 0.0


def test_every_krona_of_a_budget_is_promised_carried_or_lost(met: Met) -> None:
    for changes in ({}, {"grant_budget_per_year": 3e6, "grant_carry_over": 0.7}, {"grant_start_within": 1}):
        model = met(years=8, **changes)
        table = model.curves()[[f"grants_{x}" for x in ("granted", "unspent", "carried", "lapsed")]]
        by_year = table.groupby(np.arange(len(table)) // 4).sum()
        budget = changes.get("grant_budget_per_year", 300e6)
        before = by_year["grants_carried"].shift(fill_value=0.0)
        used = by_year["grants_granted"] + by_year["grants_unspent"] + by_year["grants_carried"]
        assert (used <= budget + before + by_year["grants_lapsed"] + 1.0).all()
        assert (used >= budget + before - 1.0).all()
        g = model.world.grants
        open_ = float(g.reserved.sum())
        assert total(model, "granted") == pytest.approx(total(model, "paid") + total(model, "lapsed") + open_)
        assert (g.due <= g.reserved + 1e-6)[g.begun].all()


def test_what_is_paid_is_what_the_state_has_booked(met: Met) -> None:
    model = met()
    booked = sum(model.books.history[:, flow.row].sum() for flow in (Flow.GRANTS_COMPANIES, Flow.GRANTS_LANDLORDS))
    assert booked == pytest.approx(total(model, "paid")) and booked > 0.0


def test_what_is_carried_over_is_lost_when_the_programme_ends(house: Region) -> None:
    levers = WHOLE | {"grant_rate": Dated(1.0, 2011, 2012), "grant_budget_per_year": 1e6, "grant_carry_over": 1.0}
    curves = run(house, levers, 4).curves()
    assert curves["grants_carried"].to_numpy().nonzero()[0].tolist() == [3, 7]
    assert curves["grants_unspent"].iloc[8] == 2e6 == curves["grants_unspent"].sum()


# --- what would have been done anyway


def test_a_grant_for_what_is_done_anyway_is_deadweight(met: Met) -> None:
    alone, anyway = met(grant=False), met(grant_energy_only=False, grant_rate=0.1)
    built = [(int(x.buildings.standard[HOUSE]), int(x.buildings.energy_level[HOUSE])) for x in (alone, anyway)]
    assert built[0] == built[1], "the grant changes nothing that is built"
    assert total(anyway, "anyway") == pytest.approx(total(anyway, "paid")) and total(anyway, "paid") > 0.0


def test_a_grant_that_makes_the_works_larger_is_deadweight_for_what_the_smaller_would_have_got(met: Met) -> None:
    """Where tenants pay well for basic works the house would get those; a grant on all works buys the full standard."""
    basic = {"company_yield": 0.0519, "use_value_mini": 191.0}
    alone, larger = met(grant=False, **basic), met(grant_energy_only=False, grant_rate=0.1, **basic)
    assert alone.buildings.standard[HOUSE] == Standard.MINI < larger.buildings.standard[HOUSE]
    assert 0.0 < total(larger, "anyway") < 0.5 * total(larger, "paid")


def test_a_grant_for_measures_that_nobody_would_have_built_is_no_deadweight(met: Met) -> None:
    assert total(met(), "anyway") == 0.0, "the company would not have built any energy measures"


# --- do nothing


def test_without_a_grant_no_rule_of_grants_changes_a_bit(met: Met) -> None:
    odd = {"grant_burden": 1.0, "grant_lead_quarters": 0, "grant_form": "call", "grant_carry_over": 1.0}
    assert same(met(grant=False, **odd, grant_chance=1.0), met(grant=False))


def test_a_programme_without_money_changes_nothing_but_the_work_of_applying(met: Met) -> None:
    model = met(grant_budget_per_year=0.0, grant_lead_quarters=0)
    assert got(model) == got(met(grant=False)) and total(model, "work") > 0.0


def test_a_programme_that_ends_refuses_what_is_not_answered_and_keeps_its_promises(house: Region) -> None:
    ends = {year: run(house, WHOLE | {"grant_rate": Dated(1.0, 2011, year)}, YEARS) for year in (2011, 2012)}
    assert total(ends[2011], "applied") > 0.0 == total(ends[2011], "granted")
    done, level = got(ends[2011])
    assert level == EnergyLevel.NONE and done >= ALONE + 4, "it has waited for nothing"
    assert total(ends[2012], "paid") > 0.0 and got(ends[2012])[1] == EnergyLevel.DEEP


def test_waiting_for_an_answer_is_a_cause_of_slipping(tmp_path_factory: pytest.TempPathFactory) -> None:
    row = {"flats": 240, "built_from": 1950, "built_to": 1952}
    region = region_of(tmp_path_factory.mktemp("grants") / "plan", [row])
    model = run(region, WHOLE, 3, programme_least=100.0, grant_chance=1.0)
    causes: pd.Series = model.programmes()["cause"]
    assert "grant" in set(causes)
