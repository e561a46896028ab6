"""Practices and levers have calendar years: before them nothing differs, and after them what persists by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim import PRESETS, Collaboration, Dated, Levers, Region, RenewalModel, SamspelError, load_parameters, scope
from sim.inputs.collaboration import NATIONAL
from sim.rules.training import Programme
from sim.vocabulary import EnergyLevel, Practice, Work
from sim.world.books import Flow
from tests.laws import run_lawfully
from tests.sim.test_deals import DEAR_CARBON, MONEY, energy, paid, planted
from tests.sim.test_deals import dozen as dozen

Make = Callable[..., RenewalModel]
Differences = Callable[[RenewalModel, RenewalModel], dict[str, int]]
PLACES = {"clause_places": 2.0, "programme_least": 1e5}
# Partners have every reason to pay for works.
PAYING = {
    "haggling": 0.0, "confidence_start": 1.0, "confidence_learning": 0.0, "housing_health_effect": 0.11,
    "agreement_years_municipality": 40.0, "agreement_years_county": 40.0, "free_window": 40.0, "cofunding_share": 1.0,
    "county_budget": 5e9, "state_budget": 5e9, "negotiation_fixed": 1000.0, "co2_price": 5.0, "programme_least": 1e5,
}  # fmt: skip
EACH_PRACTICE = pytest.mark.parametrize("practice", list(Practice))


def dated(preset: str, from_year: int | None, to_year: int | None = None) -> Collaboration:
    """A preset, all practices of which are on in these years only."""
    made = PRESETS[preset]
    years = {str(x): Dated(made.strength(x), from_year, to_year) for x in Practice}
    return made.replace(**years)


def only(practice: Practice, strength: Any = 1.0) -> Collaboration:
    """One practice, with everybody in scope."""
    return Collaboration("one", partners=NATIONAL, **{practice.value: strength})


# --- the value


def test_a_dated_value_holds_in_its_years_both_included() -> None:
    assert [y for y in range(2010, 2020) if Dated(1.0, 2013, 2016).holds(y)] == [2013, 2014, 2015, 2016]
    assert Dated(1.0, to_year=2013).holds(1990) and not Dated(1.0, to_year=2013).holds(2014)
    assert Dated(1.0, 2013).holds(2100) and not Dated(1.0, 2013).holds(2012) and Dated(1.0).holds(2012)
    assert Dated(1.0, np.int64(2013), 2014.0) == Dated(1.0, 2013, 2014)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((1.0, 2016, 2013), "from_year: 2016 is after to_year, 2013; expected a year up to it"),
        ((1.0, 2013.5), "from_year: got 2013.5; expected a calendar year, a whole number from 1900 to 2500"),
        ((1.0, None, "2014"), "to_year: got '2014'; expected a calendar year"),
        ((1.0, 2), "from_year: got 2; expected a calendar year"),
        ((1.0, True), "from_year: got True; expected a calendar year"),
        ((Dated(1.0, 2013), 2014), "expected a value that has no years of its own"),
    ],
)
def test_years_that_cannot_be_are_refused(given: tuple[Any, ...], message: str) -> None:
    with pytest.raises(SamspelError, match=message):
        Dated(*given)


def test_practices_and_levers_are_checked_with_their_years_and_one_thing_has_one_form() -> None:
    with pytest.raises(SamspelError, match=r"training is 1\.5; expected a share from 0 to 1"):
        PRESETS["regional"].replace(training=Dated(1.5, 2013))
    with pytest.raises(SamspelError, match="lever grant_rate: got 'much'; expected a number from 0 to 1"):
        Levers(grant_rate=Dated("much", 2013))
    assert PRESETS["regional"].replace(training=Dated(1)) == PRESETS["regional"]
    assert Levers(grant_rate=Dated(1)) == Levers(grant_rate=1.0) != Levers(grant_rate=Dated(1.0, 2013))
    with pytest.raises(SamspelError, match="training has years of its own; expected a calendar year"):
        dated("regional", 2013).strength(Practice.TRAINING)


def test_a_lever_has_its_default_in_other_years_and_levers_without_years_are_themselves() -> None:
    levers = Levers(grant_rate=Dated(0.3, 2014, 2018), renovation=Dated(False, to_year=2012), grant_burden=5.0)
    rates = [levers.in_year(y).grant_rate for y in range(2012, 2020)]
    assert rates == [0.0, 0.0, 0.3, 0.3, 0.3, 0.3, 0.3, 0.0] and levers.in_year(2014).grant_burden == 5.0
    assert [levers.in_year(y).renovation for y in (2011, 2012, 2013)] == [False, False, True]
    plain = Levers(grant_rate=0.3)
    assert plain.in_year(2014) is plain and Levers(**levers.settings()) == levers
    assert levers.replace(grant_rate=0.1).in_year(2011).grant_rate == 0.1


# --- the run


@pytest.mark.parametrize("preset", ["national", "emergent"])
def test_an_arm_dated_from_2016_is_siloed_to_the_bit_up_to_2015(make: Make, preset: str) -> None:
    siloed, later = make(years=7, parameters=PLACES), make(dated(preset, 2016), years=7, parameters=PLACES)
    a, b = siloed.run().recorder.data, later.run().recorder.data
    assert np.array_equal(a[:20], b[:20], equal_nan=True) and not np.array_equal(a[20:], b[20:], equal_nan=True)
    assert np.array_equal(siloed.books.history[:20], later.books.history[:20])


@pytest.mark.parametrize("preset", ["national", "emergent"])
def test_an_arm_dated_over_the_whole_run_is_the_arm(make: Make, differences: Differences, preset: str) -> None:
    whole = make(dated(preset, 2011, 2013), parameters=PLACES).run()
    assert differences(make(preset, parameters=PLACES).run(), whole) == {}


@EACH_PRACTICE
def test_a_practice_that_stops_changes_something_afterwards_and_nothing_before(
    make: Make, differences: Differences, practice: Practice
) -> None:
    on, stopped = (
        make(only(practice, s), years=6, parameters=PAYING | PLACES).run() for s in (1.0, Dated(1.0, None, 2013))
    )
    found = differences(on, stopped)
    assert found and min(found.values()) >= 12, "three years are the same"


@EACH_PRACTICE
def test_a_practice_that_starts_changes_nothing_before_its_first_year(
    make: Make, differences: Differences, practice: Practice
) -> None:
    off, later = (make(only(practice, s), years=6, parameters=PAYING | PLACES).run() for s in (0.0, Dated(1.0, 2013)))
    found = differences(off, later)
    assert found and min(found.values()) >= 8


def test_when_training_stops_contracts_under_way_fill_their_places_and_no_new_contract_has_any(make: Make) -> None:
    model = make(only(Practice.TRAINING, Dated(1.0, to_year=2013)), years=8, parameters=PLACES)
    while model.quarter < 12:
        model.step()
    old = {id(c) for c in model.world.contracts}
    left = sum(c.places * (1.0 - c.progress) for c in model.world.contracts)
    placed, graduates = model.curves().placements.sum(), int((model.residents.work == Work.TRAINEE).sum())
    assert left > 0.0 and graduates > 0
    while model.quarter < 32:
        model.step()
        assert all(c.places == 0.0 for c in model.world.contracts if id(c) not in old), "no new places"
    curves = model.curves()
    assert curves.placements.sum() > placed, "places that were owed are filled"
    assert curves.graduates[12:].sum() > 0.0 and curves.placements[24:].sum() == 0.0


# A partner's money, in a planted house: agreed in 2011, built in 2013, paid year by year.


def in_years(from_year: int | None = None, to_year: int | None = None) -> Collaboration:
    """Joint appraisal with flexible state money in these years."""
    return MONEY.replace(**{x: Dated(1.0, from_year, to_year) for x in ("shared_calculation", "free_state_money")})


def test_when_joint_appraisal_stops_what_was_agreed_is_built_and_paid(dozen: Region) -> None:
    model = RenewalModel(dozen, in_years(to_year=2011), 1, parameters=load_parameters().replace(DEAR_CARBON), years=16)
    model.step()
    agreed = float((model.world.projects[0].payments.sum(axis=1) * model.world.projects[0].years).sum())
    assert run_lawfully(model) == []
    assert energy(model) == EnergyLevel.MEDIUM and model.buildings.renovated[0] >= 4, "finished after 2011"
    assert paid(model) == pytest.approx(agreed) and agreed > 0.0 and model.payments().quarter.min() >= 4


def test_joint_appraisal_that_starts_when_the_house_is_decided_changes_nothing_in_it(dozen: Region) -> None:
    late = planted(dozen, in_years(2013), **DEAR_CARBON)
    assert energy(late) == EnergyLevel.NONE and paid(late) == 0.0


def test_when_a_compact_ends_nobody_pays_for_it(make: Make) -> None:
    eager = {"parameters": PLACES | {"commitment_drive": 5.0}, "levers": {"county_drive": 1.0, "county_staff": 20.0}}
    model = make(dated("emergent", 2012, 2013), years=4, **eager)
    paid = []
    while model.quarter < model.quarters:
        model.step()
        paid.append(model.books.of(Flow.COORDINATION_MUNICIPALITIES, model.quarter - 1).sum())
    by_year = np.add.reduceat(paid, [0, 4, 8, 12])
    assert (by_year > 0.0).tolist() == [False, True, True, False]


def test_reputation_work_and_dialogue_cost_nothing_once_they_stop(make: Make) -> None:
    for practice, flow in ((Practice.IMAGE_WORK, Flow.IMAGE_WORK), (Practice.PARTICIPATION, Flow.DIALOGUE)):
        off, stopped = (
            make(only(practice, s), years=5, parameters=PLACES).run() for s in (0.0, Dated(1.0, to_year=2012))
        )
        extra = [stopped.books.of(flow, q).sum() - off.books.of(flow, q).sum() for q in range(20)]
        assert max(extra[:8]) > 0.0 and max(map(abs, extra[12:])) == 0.0


def test_service_jobs_end_with_flexible_state_money_and_those_that_there_are_run_out(make: Make) -> None:
    model, held = make(only(Practice.FREE_STATE_MONEY, Dated(1.0, to_year=2012)), years=6), []
    while model.quarter < model.quarters:
        model.step()
        held.append(int((model.residents.programme == Programme.SERVICE).sum()))
    assert held[7] > 0 and held[8] > 0 and held[-1] == 0
    jobs = model.curves().service_jobs
    assert jobs[:8].sum() > 0.0 and jobs[8:].sum() == 0.0


def test_pooled_lots_end_with_pooled_procurement(make: Make) -> None:
    made = make(only(Practice.POOLED_PROCUREMENT, Dated(1.0, to_year=2013)), years=6, parameters=PLACES)
    shares = []
    while made.quarter < made.quarters:
        made.step()
        shares.append(scope.pooled_share(made.world).max())
    assert shares == [1.0] * 11 + [0.0] * 13, "what is decided in a quarter of 2014 is not pooled"


def test_partners_are_there_for_nothing_in_years_without_a_practice(make: Make) -> None:
    asked = (scope.in_force, scope.convened, scope.learning_together, scope.training_across_region)
    for preset, by_commitment in (("national", False), ("emergent", True)):
        model, found = make(dated(preset, 2012, 2012), years=3, parameters=PLACES), []
        while model.quarter < model.quarters:
            model.step()
            if model.quarter % 4 == 2:  # within each year
                for m in model.municipalities:
                    m.committed_to_compact = True
                found.append(([question(model.world) for question in asked], scope.payers(model.world).any()))
        none, all_there = ([False] * 4, False), ([True, by_commitment, True, True], True)
        assert found == [none, all_there, none]


def test_apprentices_follow_sites_in_the_region_only_while_training_is_practised(make: Make) -> None:
    model = make(PRESETS["regional"].replace(training=Dated(1.0, to_year=2011)), years=2, parameters=PLACES)
    assert scope.training_across_region(model.world)
    while model.quarter < 5:
        model.step()
    assert scope.in_force(model.world) and not scope.training_across_region(model.world)


# --- levers


def test_a_dated_grant_is_paid_for_works_decided_in_its_years_only(make: Make, differences: Differences) -> None:
    grant = {"grant_energy_only": False, "grant_burden": 0.0}
    runs = [
        make(seed=2, years=7, levers=grant | {"grant_rate": rate}, parameters=PLACES)
        for rate in (0.0, Dated(0.5, 2013, 2014), 0.5)
    ]
    without, some, all_years = (run.run() for run in runs)
    assert min(differences(without, some).values()) >= 8, "nothing before 2013"
    paid = [
        [x.books.of(Flow.GRANTS_COMPANIES, q).sum() + x.books.of(Flow.GRANTS_LANDLORDS, q).sum() for q in range(28)]
        for x in (some, all_years)
    ]
    assert sum(paid[0]) > 0.0 and sum(paid[1][20:]) > sum(paid[0][20:])
    assert runs[1].levers.grant_rate == 0.0 and runs[1].world.policy.dated


@pytest.mark.parametrize(
    ("lever", "value"),
    [
        ("works_cost_factor", 0.2), ("standard_choice", "tenants"), ("renovation", False), ("rents_follow", "cost"),
        ("training_places_factor", 4.0), ("landlords_maximise", "resale"), ("vacancies", "fixed"),
        ("leaving", "low-incomes"), ("turnover_renovation", False), ("home_worth_of", "marginal"),
    ],
)  # fmt: skip
def test_any_lever_acts_from_its_first_year_and_not_before(
    make: Make, differences: Differences, lever: str, value: Any
) -> None:
    off, later = (
        make("regional", years=5, levers=levers, parameters=PLACES).run()
        for levers in ({}, {lever: Dated(value, 2013)})
    )
    found = differences(off, later)
    assert found and min(found.values()) >= 8


def test_what_works_need_is_as_before_when_a_factor_on_them_ends(make: Make) -> None:
    model = make(years=3, levers={"works_cost_factor": Dated(0.0, 2012, 2012)})
    usual, seen = model.p, []
    while model.quarter < model.quarters:
        model.step()
        seen.append(model.p.cost_midi)
    assert seen == [usual.cost_midi] * 4 + [0.0] * 4 + [usual.cost_midi] * 4 and model.p is usual
