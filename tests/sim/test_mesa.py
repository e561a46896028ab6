"""RenewalModel is a Mesa model like any other, on the version that is installed."""

from __future__ import annotations

import ast
import gc
import inspect
import sys
import warnings
import weakref
from collections.abc import Callable

import mesa
import numpy as np
import pandas as pd
import pytest

import sim.model
from sim import (
    OUTCOMES,
    PRESETS,
    Builder,
    CivilSociety,
    Collaboration,
    CountyCouncil,
    Landlord,
    Municipality,
    Neighbourhood,
    Region,
    RenewalModel,
    Resident,
    SamspelError,
    State,
)
from sim.mesa_rows import face

Make = Callable[..., RenewalModel]

# What Mesa means to be overridden or set by a model.
OURS_TO_GIVE = {"step", "running"}
# What is Mesa's own and replaced, or set back, on purpose: it would count steps after the last quarter.
REPLACED = {"_wrapped_step", "steps"}


@pytest.fixture(scope="module")
def model(make: Make) -> RenewalModel:
    """A run of two years, only to be read."""
    return make("regional", years=2).run()


# --- names


def names_of_mesa() -> set[str]:
    """What a Mesa model has by itself, as attributes of the class and of a new model."""
    return {name for name in {*dir(mesa.Model), *vars(mesa.Model(rng=1))} if not name.startswith("__")}


def names_of_ours() -> set[str]:
    """What RenewalModel and the face that it builds on define, and what they assign to themselves."""
    tree = ast.Module([*ast.parse(inspect.getsource(sim.model)).body, *ast.parse(inspect.getsource(face)).body], [])
    bodies = [x for x in tree.body if isinstance(x, ast.ClassDef)]
    assert [x.name for x in bodies] == ["RenewalModel", "Face"]
    assigned = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }
    statements = [node for body in bodies for node in body.body]
    defined = {node.name for node in statements if isinstance(node, ast.FunctionDef)}
    constants = {x.id for node in statements if isinstance(node, ast.Assign) for x in node.targets}
    return {name for name in assigned | defined | constants if not name.startswith("__")}


def test_no_name_of_ours_hides_one_of_mesas() -> None:
    ours = names_of_ours()
    assert {"step", "run", "outcomes", "residents", "quarter", "recorder"} <= ours, "the search sees both kinds"
    assert {"agents", "agents_by_type", "random", "rng", "steps"} <= names_of_mesa()
    assert ours & names_of_mesa() == OURS_TO_GIVE | REPLACED


def test_what_a_run_leaves_on_the_model_hides_nothing_of_mesas_either(model: RenewalModel) -> None:
    added = set(vars(model)) - set(vars(mesa.Model(rng=1)))
    assert added & set(dir(mesa.Model)) <= {"step"}, "Mesa itself wraps step"


# --- agents


def test_every_kind_of_agent_is_among_the_models_agents(model: RenewalModel) -> None:
    region = model.region
    expected = {
        Resident: region.total_flats,
        Municipality: len(region.municipalities),
        Landlord: len(region.landlords),
        Builder: len(region.builders),
        CountyCouncil: 1,
        State: 1,
        CivilSociety: len(region.municipalities),
        Neighbourhood: len(region.neighbourhoods),
    }
    assert set(model.agent_types) == set(model.agents_by_type) == set(expected)
    assert {kind: len(model.agents_by_type[kind]) for kind in expected} == expected
    assert len(model.agents) == sum(expected.values())
    for kind in expected:
        first = next(iter(model.agents_by_type[kind]))
        assert isinstance(first, kind) and isinstance(first, mesa.Agent)
        assert first.model is model and first in model.agents
    ids = list(model.agents.get("unique_id"))
    assert len(set(ids)) == len(ids)


def test_residents_give_their_columns_and_count_as_agents_do(model: RenewalModel) -> None:
    residents = model.agents_by_type[Resident]
    satisfaction = residents.get("satisfaction")
    assert np.array_equal(satisfaction, model.residents.satisfaction)
    assert satisfaction is not model.residents.satisfaction, "a copy as of now"
    assert residents.agg("satisfaction", np.mean) == pytest.approx(model.residents.satisfaction.mean())
    old = residents.select(lambda resident: resident.age >= 65)
    born = model.residents.born
    assert len(old) == (born <= model.quarter - 65 * 4).sum() > 0
    same = residents.select(mask=born <= model.quarter - 65 * 4)
    assert list(same) == list(old)
    assert len(residents.select(at_most=10)) == 10
    by_work = residents.groupby("work").count()
    assert sum(by_work.values()) == len(residents) and len(by_work) >= 3


def test_a_resident_is_a_view_of_its_flat(make: Make) -> None:
    model = make()
    resident = list(model.agents_by_type[Resident])[7]
    assert resident.income == model.residents.income[7]
    assert resident.neighbourhood == model.neighbourhoods[model.world.neighbourhood_of[7]].name
    assert resident.age == pytest.approx((model.quarter - model.residents.born[7]) / 4.0)
    resident.health = 0.123
    assert model.residents.health[7] == 0.123
    with pytest.raises(AttributeError, match='did you mean "income"'):
        _ = resident.incme


def test_a_neighbourhood_is_a_view_of_its_row(make: Make) -> None:
    model = make()
    place = model.agents_by_type[Neighbourhood][3]
    assert place == model.neighbourhoods[3] and place.index == 3
    assert place.reputation == model.world.neighbourhoods.reputation[3] == model.region.neighbourhoods.reputation[3]
    assert place.municipality in model.region.municipalities.name
    place.reputation = 0.123
    assert model.world.neighbourhoods.reputation[3] == 0.123
    assert model.agents_by_type[Neighbourhood].get("reputation")[3] == 0.123
    with pytest.raises(AttributeError, match='did you mean "reputation"'):
        _ = place.repuation


def test_what_a_model_shows_of_its_world_is_the_worlds_and_only_to_be_read(make: Make) -> None:
    model = make()
    shown = [name for name, x in vars(face.Face).items() if isinstance(x, property)]
    assert {"region", "collaboration", "p", "levers", "quarter", "quarters", "residents", "buildings", "books",
            "municipalities", "landlords", "owners", "builders", "county_council", "state", "civil_societies",
            "surroundings"} == set(shown)  # fmt: skip
    for name in shown:
        assert getattr(model, name) is getattr(model.world, name)
        with pytest.raises(AttributeError):
            setattr(model, name, None)
    with pytest.raises(AttributeError):
        model.world.bildings = model.buildings


def test_institutions_answer_mesas_questions(model: RenewalModel) -> None:
    places = model.agents_by_type[Neighbourhood]
    wide = model.curves(detail=True)
    last = wide[(wide.area_kind == "neighbourhood") & (wide.quarter == model.quarter - 1)]
    for name in ("reputation", "satisfaction", "employment", "renovated_share"):
        assert np.allclose(list(places.get(name)), last[name])
    assert list(places.get("name")) == list(model.region.neighbourhoods.name)
    towns = model.agents_by_type[Municipality]
    assert towns.agg("debt", sum) == pytest.approx(sum(m.debt for m in model.municipalities))
    large = model.agents_by_type[Builder].select(lambda firm: firm.size == "large")
    assert 0 < len(large) < len(model.builders)


def test_a_data_collector_reports_on_neighbourhoods_and_residents(make: Make) -> None:
    model = make("regional", years=1)
    collector = mesa.DataCollector(
        model_reporters={"Quarter": "quarter", "Renovated": lambda m: float((m.buildings.renovated >= 0).mean())},
        agenttype_reporters={
            Neighbourhood: {"Reputation": "reputation", "Name": "name"},
            Resident: {"Satisfaction": "satisfaction", "Age": "age"},
        },
    )
    for _ in range(2):
        model.step()
        collector.collect(model)
    places = collector.get_agenttype_vars_dataframe(Neighbourhood)
    people = collector.get_agenttype_vars_dataframe(Resident)
    assert len(places) == 2 * len(model.neighbourhoods) and len(people) == 2 * model.residents.n
    now = people.loc[people.index.get_level_values(0).max()]
    assert np.array_equal(now["Satisfaction"].to_numpy(), model.residents.satisfaction)
    assert set(places["Name"]) == set(model.region.neighbourhoods.name)
    assert collector.get_model_vars_dataframe()["Quarter"].tolist() == [1, 2]


# --- running


def test_steps_and_quarters_count_together_and_a_run_stops_at_its_end(make: Make) -> None:
    model = make(years=1)
    assert model.running and model.quarter == 0
    for quarter in range(1, 5):
        model.step()
        assert model.quarter == model.steps == quarter
    assert not model.running
    before = model.curves()
    for _ in range(2):
        with pytest.raises(SamspelError, match="the run is over after 4 quarters"):
            model.step()
    assert model.quarter == model.steps == 4 and model.curves().equals(before) and not model.running
    assert model.run() is model


@pytest.mark.skipif(not hasattr(mesa.Model, "run_for"), reason="Mesa's newer versions alone")
def test_mesas_own_ways_of_running_stop_at_the_end_too(make: Make) -> None:
    model = make(years=1)
    model.run_for(3)  # type: ignore[attr-defined]
    assert model.quarter == model.steps == 3 and model.running
    with pytest.raises(SamspelError, match="the run is over after 4 quarters"):
        model.run_for(100)  # type: ignore[attr-defined]
    assert model.quarter == model.steps == 4 and not model.running


def test_a_model_whose_step_was_broken_off_takes_no_further_one(make: Make) -> None:
    model = make(years=1)
    model.step()
    model.buildings.condition[:] = 1.5
    with pytest.raises(SamspelError, match="condition"):
        model.step()
    before = model.books.history.copy()
    for further in (model.step, model.run):
        with pytest.raises(SamspelError, match="quarter 1 was broken off by an error; expected a new model"):
            further()
    assert np.array_equal(model.books.history, before) and not model.running


def test_a_quarter_at_a_time_equals_a_run(make: Make, differences: Callable[..., dict[str, int]]) -> None:
    at_once, stepwise = make("regional", years=2), make("regional", years=2)
    at_once.run()
    while stepwise.running:
        stepwise.step()
    assert differences(at_once, stepwise) == {}


def test_the_schedule_can_be_printed_phase_by_phase(model: RenewalModel) -> None:
    lines = model.schedule().splitlines()
    assert len(lines) == 2 + 9
    assert [line.split()[0] for line in lines[2:]] == list("123456789")
    assert all(word in lines[0] for word in ("phase", "who acts", "reads", "writes"))
    assert "planning" in lines[4] and "books close" in lines[10]


def test_outcomes_are_tidy_and_hold_what_the_wide_form_holds(model: RenewalModel) -> None:
    tidy, wide = model.outcomes(), model.curves(detail=True)
    assert list(tidy.columns) == ["quarter", "area", "area_kind", "outcome", "value"]
    assert set(tidy.outcome) <= {outcome.name for outcome in OUTCOMES} == set(wide.columns[3:])
    assert tidy.value.notna().all() and len(tidy) == wide.iloc[:, 3:].notna().sum().sum()
    key = ["quarter", "area", "area_kind", "outcome"]
    assert not tidy.duplicated(key).any()
    back = tidy.pivot(index=["quarter", "area", "area_kind"], columns="outcome", values="value")
    both = wide.set_index(["quarter", "area", "area_kind"]).loc[back.index, back.columns]
    pd.testing.assert_frame_equal(back, both, check_names=False)
    assert len(model.curves()) == model.quarters


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_nothing_warns(make: Make, preset: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = make(preset, years=2).run()
        model.outcomes()
        model.agents.get("unique_id")
        model.cofunding()


@pytest.mark.parametrize("years", [0, -1])
def test_a_run_of_no_years_is_refused(small_region: Region, years: int) -> None:
    with pytest.raises(SamspelError, match="expected 1 or more"):
        RenewalModel(small_region, Collaboration.preset("siloed"), years=years)


def test_money_of_the_wrong_shape_is_refused(small_region: Region) -> None:
    with pytest.raises(SamspelError, match=r"same_money has shape \(2, 3, 4\); expected \(3, 3, 4\)"):
        RenewalModel(small_region, Collaboration.preset("siloed"), years=3, same_money=np.zeros((2, 3, 4)))


# --- memory


def test_two_hundred_models_do_not_grow_memory(tiny_region: Region) -> None:
    alive: weakref.WeakSet[RenewalModel] = weakref.WeakSet()

    def some(count: int) -> None:
        for seed in range(count):
            model = RenewalModel(tiny_region, PRESETS["regional"], seed, years=1)
            model.step()
            alive.add(model)
        del model
        gc.collect()

    some(30)
    assert len(alive) == 0
    before = sys.getallocatedblocks()
    some(170)
    assert len(alive) == 0
    # One model of 680 flats holds thousands of blocks; caches that fill up once hold a few.
    assert sys.getallocatedblocks() - before < 5_000


def test_a_model_makes_no_agent_per_flat_before_somebody_asks(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0
    init = Resident.__init__

    def counted(self: Resident, model: object, row: int) -> None:
        nonlocal made
        made += 1
        init(self, model, row)

    monkeypatch.setattr(Resident, "__init__", counted)
    model = make(years=1).run()
    residents = model.agents_by_type[Resident]
    residents.get("income"), residents.agg("health", np.mean), len(residents)
    assert made == 0
    assert len(list(residents)) == model.residents.n == made
