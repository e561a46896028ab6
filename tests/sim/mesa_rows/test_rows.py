"""Rows behave as Mesa's agents do; the private parts of Mesa that this needs are there."""

from __future__ import annotations

import copy
import gc
import pickle
import time
import tracemalloc
import weakref
from collections import defaultdict
from itertools import count
from typing import Any

import mesa
import numpy as np
import pytest

from sim.mesa_rows import rows as rows_module
from sim.mesa_rows.rows import RowAgent, RowSet, forget, let_models_go, register_rows


class DummyColumns:
    fields = ("income", "age", "working", "kind")

    def __init__(self, n: int) -> None:
        self.income = np.arange(n) * 100.0
        self.age = 20 + np.arange(n) % 3
        self.working = np.arange(n) % 2 == 0
        self.kind = np.array(["b", "a"])[np.arange(n) % 2]


class Person(RowAgent):
    @classmethod
    def columns_of(cls, model: Any) -> DummyColumns:
        return model.columns

    @property
    def thousands(self) -> float:
        return self.income / 1000

    @thousands.setter
    def thousands(self, value: float) -> None:
        self.income = value * 1000

    def earn(self, more: float = 1.0) -> float:
        self.income += more
        return self.income


class Office(mesa.Agent):
    income = 7.0

    def earn(self, more: float = 1.0) -> None:
        self.income += more


class Town(mesa.Model):
    def __init__(self, n: int = 6, seed: int = 1) -> None:
        super().__init__(rng=seed)
        self.columns = DummyColumns(n)
        self.first = Office(self)
        self.people = register_rows(self, Person, n)
        self.second = Office(self)


class PlainPerson(mesa.Agent):
    """The same person as an ordinary agent, to compare with."""

    def __init__(self, model: mesa.Model, row: int) -> None:
        super().__init__(model)
        self.row, self.age, self.income = row, 20 + row % 3, row * 100.0
        self.seen: list[int] = []


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def plain() -> mesa.Model:
    model = mesa.Model(rng=1)
    PlainPerson.create_agents(model, 6, list(range(6)))
    return model


def rows(agents: Any) -> list[int]:
    return [agent.row for agent in agents]


# one row


def test_a_view_reads_and_writes_its_row(town: Town) -> None:
    person = town.people[2]
    assert (person.income, person.age, person.working, person.kind) == (200.0, 22, True, "b")
    assert [type(value) for value in (person.income, person.age, person.working)] == [float, int, bool]
    person.income = 1000.0
    person.thousands += 1
    assert town.columns.income[2] == 2000.0
    assert {"income", "row", "thousands"} <= set(dir(person))


def test_two_views_of_a_row_are_one_agent_and_rows_of_two_models_are_not(town: Town) -> None:
    assert town.people[2] == town.people[2] != town.people[3]
    assert len({town.people[2], town.people[2], town.people[3]}) == 2
    assert town.people[2] != Town().people[2]
    assert town.people[2].model is town and town.people[2].pos is None


def test_an_attribute_that_is_no_column_is_refused_with_the_nearest_name(town: Town) -> None:
    with pytest.raises(AttributeError, match='Person has no column "incomme"; did you mean "income"'):
        town.people[0].incomme = 1.0
    with pytest.raises(AttributeError, match="incomme"):
        _ = town.people[0].incomme
    assert not hasattr(town.people[0], "wealth")


def test_a_row_cannot_be_removed(town: Town) -> None:
    with pytest.raises(TypeError, match="row for ever"):
        town.people[0].remove()
    for keep in (town.people, town.agents):
        with pytest.raises(TypeError):
            keep.remove(town.people[0])
        with pytest.raises(TypeError, match="work on a copy"):
            keep.select(lambda agent: False, inplace=True)
    assert len(town.people) == 6


def test_views_use_up_no_ids_and_ids_never_meet(town: Town) -> None:
    assert [person.unique_id for person in town.people] == [Person.first_id + row for row in range(6)]
    third = Office(town)
    assert [office.unique_id for office in (town.first, town.second, third)] == [1, 2, 3]
    ids = town.agents.get("unique_id")
    assert len(set(ids)) == len(ids) == 9


# a set of rows, against what Mesa does with ordinary agents


def test_a_set_of_rows_has_length_order_and_members(town: Town) -> None:
    people = town.people
    assert (len(people), rows(people), rows(people.to_list())) == (6, list(range(6)), list(range(6)))
    assert (people[-1].row, rows(people[1:3]), rows(reversed(people))) == (5, [1, 2], [5, 4, 3, 2, 1, 0])
    assert people[0] in people and town.first not in people and Town().people[0] not in people
    assert people.index(people[3]) == 3 and people.count(people[3]) == 1
    with pytest.raises(IndexError):
        people[6]


def test_get_is_a_column_as_of_now(town: Town) -> None:
    before = town.people.get("income")
    town.people.do("earn", more=2.0)
    assert before.tolist() == [0, 100, 200, 300, 400, 500]
    assert (town.people.get("income") - before == 2.0).all()
    assert town.people.get(["age", "income"]).tolist()[3:] == [[20, 302], [21, 402], [22, 502]]
    assert town.people.get(["age", "kind"]).tolist()[:2] == [[20, "b"], [21, "a"]]
    assert town.people.get("thousands")[1] == 0.102
    assert town.people.get("wealth", handle_missing="default", default_value=0) == [0] * 6
    assert town.people.get("row").tolist() == list(range(6)) and town.people.get("model") == [town] * 6
    with pytest.raises(AttributeError, match="wealth"):
        town.people.get("wealth")
    with pytest.raises(ValueError, match="handle_missing"):
        town.people.get("income", handle_missing="maybe")


def test_agg_and_set_work_on_columns_and_on_properties(town: Town) -> None:
    assert town.people.agg("income", np.mean) == 250.0
    assert town.people.agg("income", [min, max, sum]) == [0.0, 500.0, 1500.0]
    assert town.people.agg("thousands", max) == 0.5
    some = town.people.select(mask=town.people.get("age") == 20)
    assert some.set("income", 1.0) is some
    assert town.columns.income.tolist() == [1, 100, 200, 1, 400, 500]
    some.set("thousands", 2.0)
    some.set("age", np.array([30, 31]))
    assert town.columns.income[3] == 2000.0 and town.columns.age.tolist() == [30, 21, 22, 31, 21, 22]


def test_select_chooses_as_mesa_does(town: Town, plain: mesa.Model) -> None:
    people, others = town.people, plain.agents_by_type[PlainPerson]
    for choice in (
        {},
        {"filter_func": lambda person: person.age > 20},
        {"at_most": 2},
        {"at_most": 0.5},
        {"at_most": 0},
        {"filter_func": lambda person: person.income >= 200, "at_most": 3},
        {"filter_func": lambda person: person.income >= 200, "at_most": 0.5},
    ):
        assert rows(people.select(**choice)) == rows(others.select(**choice)), choice
    assert people.select(agent_type=Person) == people.select(agent_type=mesa.Agent) == people
    assert rows(people.select(agent_type=Office)) == []


def test_a_mask_chooses_and_combines_with_the_other_choices(town: Town) -> None:
    old = town.people.select(mask=town.columns.age > 20)
    assert isinstance(old, RowSet) and rows(old) == [1, 2, 4, 5]
    assert rows(old.select(mask=np.array([False, True, True, False]))) == [2, 4]
    assert rows(town.people.select(lambda person: person.working, mask=town.columns.age > 20)) == [2, 4]
    assert rows(town.people.select(at_most=0.5, mask=town.columns.age > 20)) == [1, 2, 4]
    with pytest.raises(ValueError, match=r"shape \(6,\), not \(2,\)"):
        town.people.select(mask=np.array([True, False]))


def test_shuffling_visits_rows_in_the_order_mesa_would(town: Town, plain: mesa.Model) -> None:
    seen: list[int] = []
    expected: list[int] = []
    town.people.shuffle_do(lambda person: seen.append(person.row))
    plain.agents.shuffle_do(lambda person: expected.append(person.row))
    assert seen == expected != sorted(seen)
    assert rows(town.people.shuffle()) == rows(plain.agents.shuffle())
    assert rows(town.people) == list(range(6))


def test_sorting_and_grouping_are_as_mesas(town: Town, plain: mesa.Model) -> None:
    others = plain.agents_by_type[PlainPerson]
    for ascending in (True, False):
        assert rows(town.people.sort("age", ascending)) == rows(others.sort("age", ascending))
        assert rows(town.people.sort(lambda person: -person.income, ascending)) == rows(
            others.sort(lambda person: -person.income, ascending)
        )
    backwards, expected = town.people.sort("income").groupby("age"), others.sort("income").groupby("age")
    assert [(key, rows(group)) for key, group in backwards] == [(key, rows(group)) for key, group in expected]
    assert backwards.count() == {22: 2, 21: 2, 20: 2}
    assert backwards.agg("income", sum) == expected.agg("income", sum)
    assert town.people.groupby("working").map("agg", "income", np.mean) == {True: 200.0, False: 300.0}
    assert town.people.groupby(lambda person: person.row > 3).count() == {False: 4, True: 2}
    assert rows(town.people.groupby("age", result_type="list").groups[21]) == [1, 4]


def test_do_and_map_call_every_row(town: Town) -> None:
    assert town.people.do("earn", 1.0) is town.people
    assert town.people.map("earn", more=1.0) == [2.0, 102.0, 202.0, 302.0, 402.0, 502.0]
    assert town.people.map(lambda person, factor: person.row * factor, 2) == [0, 2, 4, 6, 8, 10]


def test_a_copy_may_be_changed_and_combined(town: Town) -> None:
    some = town.people.select(at_most=3)
    assert copy.copy(town.people) == town.people.copy() == town.people.select() == town.people
    assert rows(some.select(lambda person: person.row > 0, inplace=True)) == rows(some) == [1, 2]
    some.add(town.people[5])
    some.discard(town.people[1])
    some.discard(town.people[1])
    assert rows(some) == [2, 5] and rows(some.shuffle(inplace=True).sort("row", ascending=True)) == [2, 5]
    with pytest.raises(KeyError):
        some.remove(town.people[1])
    with pytest.raises(TypeError, match="only rows of its own model"):
        some.add(town.first)
    assert rows(town.people - some) == [0, 1, 3, 4] and sorted(rows(town.people & some)) == [2, 5]
    assert len(some | [town.first]) == 3 and len(some & []) == 0


# all agents of a model


def test_model_agents_are_the_ordinary_ones_and_then_the_rows(town: Town) -> None:
    offices = [town.first, town.second]
    assert len(town.agents) == 8 and list(town.agents) == offices + list(town.people)
    assert town.agents_by_type[Person] is town.people and Person in town.agent_types
    assert town.first in town.agents and town.people[0] in town.agents and Town().first not in town.agents
    assert [town.agents[place] for place in (0, 1, 2, -1)] == [*offices, town.people[0], town.people[5]]
    assert town.agents[1:3] == [town.second, town.people[0]]
    with pytest.raises(IndexError):
        town.agents[8]


def test_model_agents_stay_right_when_ordinary_agents_come_and_go(town: Town) -> None:
    third = Office(town)
    assert len(town.agents) == 9 and town.agents[2] is third and len(town.agents_by_type[Office]) == 3
    town.first.remove()
    assert len(town.agents) == 8 and town.first not in town.agents
    assert list(town.agents_by_type[Office]) == [town.second, third]
    town.first.remove()  # Mesa lets this pass
    assert len(town.agents) == 8


def test_all_agents_can_be_asked_told_and_chosen_together(town: Town) -> None:
    assert town.agents.get("income") == [7.0, 7.0, 0, 100, 200, 300, 400, 500]
    assert town.agents.agg("income", max) == 500
    assert town.agents.get(["income"])[:3] == [[7.0], [7.0], [0.0]]
    assert town.agents.get("age", handle_missing="default") == [None, None, 20, 21, 22, 20, 21, 22]
    assert town.agents.do("earn", 1.0) is town.agents
    assert town.second.income == 8.0 and town.columns.income[5] == 501.0
    assert town.agents.map(lambda agent: agent.income)[:3] == [8.0, 8.0, 1.0]
    rich = town.agents.select(lambda agent: agent.income < 200)
    assert list(rich) == [town.first, town.second, town.people[0], town.people[1]]
    assert rich.set("income", 0.0).agg("income", sum) == 0.0 and town.columns.income[1] == 0.0
    assert town.agents.sort("income")[0] == town.people[5]
    assert town.agents.groupby(type).count() == {Office: 2, Person: 6}


def test_choosing_the_class_of_rows_gives_a_set_of_rows(town: Town) -> None:
    chosen = town.agents.select(agent_type=Person)
    assert isinstance(chosen, RowSet) and chosen == town.people
    assert rows(town.agents.select(lambda person: person.age == 22, at_most=1, agent_type=Person)) == [2]
    assert len(town.agents.select(at_most=0.5, agent_type=Person)) == 4
    assert list(town.agents.select(agent_type=Office)) == [town.first, town.second]


def test_an_agent_removed_on_the_way_is_not_called(town: Town) -> None:
    called: list[Any] = []

    def visit(agent: Any) -> None:
        called.append(agent)
        if agent is town.first:
            town.second.remove()

    town.agents.do(visit)
    assert called == [town.first, *town.people]
    called.clear()
    town.agents.shuffle_do(visit)
    assert len(called) == 7 and town.second not in called
    assert len(town.agents.shuffle()) == len(town.agents.copy()) == 7


def test_a_data_collector_reports_on_rows(town: Town) -> None:
    collector = mesa.DataCollector(
        model_reporters={"mean": lambda model: model.agents_by_type[Person].agg("income", np.mean)},
        agent_reporters={"income": "income"},
        agenttype_reporters={
            Person: {"age": "age", "thousands": lambda person: person.thousands},
            Office: {"income": "income"},
        },
    )
    collector.collect(town)
    assert collector.get_model_vars_dataframe()["mean"].tolist() == [250.0]
    assert collector.get_agent_vars_dataframe()["income"].tolist() == [7.0, 7.0, 0, 100, 200, 300, 400, 500]
    people = collector.get_agenttype_vars_dataframe(Person)
    assert people.index.get_level_values("AgentID").tolist() == [Person.first_id + row for row in range(6)]
    assert people["age"].tolist() == [20, 21, 22, 20, 21, 22] and people["thousands"].sum() == 1.5
    assert collector.get_agenttype_vars_dataframe(Office)["income"].tolist() == [7.0, 7.0]


@pytest.mark.parametrize("twin_of", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copied_model_has_rows_of_its_own(town: Town, twin_of: Any) -> None:
    twin = twin_of(town)
    twin.agents_by_type[Person].set("income", 0.0)
    assert twin.columns.income.sum() == 0 and town.columns.income.sum() == 1500
    assert len(twin.agents) == 8 and twin.agents[7].model is twin


# registering


def test_two_classes_of_rows_live_side_by_side(town: Town) -> None:
    class Shop(Person):
        first_id = 2_000_000_000

    shops = register_rows(town, Shop, 6)
    assert len(town.agents) == 14 and town.agents[8] == shops[0] != town.people[0]
    assert len(set(town.agents.get("unique_id"))) == 14


def test_what_would_make_rows_ambiguous_is_refused(town: Town) -> None:
    class Twin(Person):
        first_id = Person.first_id + 5

    class Hidden(Person):
        first_id = 5_000_000_000

        @classmethod
        def columns_of(cls, model: Any) -> Any:
            columns = DummyColumns(1)
            columns.fields = ("income", "model")
            return columns

    for again in (Person, Twin):
        with pytest.raises(ValueError, match="ids that Person rows have already"):
            register_rows(town, again, 6)
    with pytest.raises(ValueError, match='"model": every agent has a model of its own'):
        register_rows(town, Hidden, 1)
    assert len(town.agents) == 8 and Hidden not in town.agent_types


def test_registering_a_county_of_rows_takes_less_than_a_millisecond() -> None:
    durations = []
    for _ in range(5):
        model = mesa.Model(rng=1)
        model.columns = DummyColumns(1)
        start = time.perf_counter()
        register_rows(model, Person, 83_000)
        durations.append(time.perf_counter() - start)
    assert min(durations) < 1e-3


# memory


def test_a_thousand_models_in_one_process_are_all_let_go() -> None:
    alive = []
    for seed in range(1000):
        model = Town(seed=seed)
        list(model.agents)
        alive.append(weakref.ref(model))
    del model
    gc.collect()
    assert [ref for ref in alive if ref() is not None] == []


def test_memory_does_not_grow_with_the_number_of_models() -> None:
    def make(models: int) -> int:
        for seed in range(models):
            Town(n=1000, seed=seed)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        first = make(20)
        later = make(100)
    finally:
        tracemalloc.stop()
    assert later - first < 100_000  # one model is 30,000 bytes


def test_a_forgotten_model_is_gone_without_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        model = Town()
        model.step()
        alive = [weakref.ref(model), weakref.ref(model.columns), weakref.ref(model.first)]
        forget(model)
        del model
        assert [ref() for ref in alive] == [None, None, None]
    finally:
        gc.enable()


def test_letting_models_go_changes_no_id(monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(mesa.Agent, "_ids"):
        pytest.skip("this Mesa does not keep models")
    monkeypatch.setattr(mesa.Agent, "_ids", defaultdict(lambda: count(1)))
    model, other = mesa.Model(rng=1), mesa.Model(rng=1)
    assert [Office(model).unique_id, Office(model).unique_id] == [1, 2]
    let_models_go()
    let_models_go()
    assert [Office(model).unique_id, Office(other).unique_id, Office(other).unique_id] == [3, 1, 2]


# the parts of Mesa that are not promised


def test_the_private_parts_of_mesa_are_as_we_rely_on_them() -> None:
    model = mesa.Model(rng=1)
    assert model.agents is model._all_agents, "model.agents is no longer Model._all_agents: see register_rows"
    model.agents_by_type[Person] = []
    assert Person in model.agent_types, "Model.agents_by_type is a copy of the registry: see register_rows"
    calls: list[str] = []

    class Watching:
        random = model.random

        def __getattr__(self, name: str) -> Any:
            calls.append(name)
            return lambda agent: None

    model._all_agents = Watching()
    Office(model).remove()
    assert calls == ["add", "remove"], "registering does more than add and remove: see _AllAgents"
    counters = getattr(mesa.Agent, "_ids", None)
    assert counters is None or isinstance(counters, (dict, rows_module._WeakCounters)), "see let_models_go"
