"""Agents that are rows of columns: what a Mesa user does with an agent set, without an object per flat.

`register_rows` puts a `RowSet` where Mesa keeps its own agent sets; a `RowAgent` is a view of one row, made
when somebody asks for it and dropped afterwards. Whatever a view seems to hold lives in the columns.

Parts of Mesa relied on that Mesa does not promise (tests/sim/mesa_rows/test_rows.py checks each on the version at
hand):

- `Model._all_agents` is what `model.agents` returns, and registering calls only its `add` and `remove`;
- `Model.agents_by_type` is the registry itself and not a copy of it;
- `Agent._ids` (3.3 only) is a dictionary from model to the counter of its agents' ids.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import mesa
import numpy as np

from sim.mesa_rows.agent_sets import LazySet
from sim.mesa_rows.row_sets import ColumnsLike, RowAgent, RowSet

__all__ = ["ColumnsLike", "RowAgent", "RowSet", "forget", "go_on_counting", "let_models_go", "register_rows"]


class _AllAgents(LazySet):
    """What `model.agents` is: Mesa's own set of ordinary agents, kept up by Mesa, and the rows after them."""

    _fixed = True

    def __init__(self, ordinary: Any) -> None:
        super().__init__(ordinary.random)
        self.ordinary = ordinary
        self.row_sets: list[RowSet] = []

    def __len__(self) -> int:
        return len(self.ordinary) + sum(map(len, self.row_sets))

    def __iter__(self) -> Iterator[Any]:
        return itertools.chain(self.ordinary, *self.row_sets)

    def __contains__(self, agent: object) -> bool:
        return agent in self.ordinary or any(agent in rows for rows in self.row_sets)

    def _present(self, agent: Any) -> bool:
        return agent in self

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, slice) or not -len(self) <= item < len(self):
            return list(self)[item]
        place = item % len(self)
        parts: list[Any] = [list(self.ordinary), *self.row_sets]
        for part in parts:
            if place < len(part):
                return part[place]
            place -= len(part)

    def _update(self, agents: Iterable[Any]) -> LazySet:
        raise NotImplementedError  # the set is fixed

    def copy(self) -> LazySet:
        """A set of the agents of now."""
        return self._from_iterable(self)

    def add(self, agent: Any) -> None:
        """Mesa registers an ordinary agent."""
        self.ordinary.add(agent)

    def discard(self, agent: Any) -> None:
        """Mesa takes an ordinary agent off its list."""
        if isinstance(agent, RowAgent):
            agent.remove()
        self.ordinary.discard(agent)

    def select(
        self,
        filter_func: Callable[[Any], Any] | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> LazySet:
        """The first `at_most` of those that pass; a `RowSet` where `agent_type` means one class of rows."""
        limit = self._limit(at_most)
        for rows in self.row_sets:
            if agent_type is rows.agent_class and not inplace:
                return rows.select(filter_func, math.inf if limit is None else limit)
        return super().select(filter_func, at_most, inplace, agent_type)

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """One value per agent, or one list per agent for a list of names."""
        values: list[Any] = []
        for part in (self.ordinary, *self.row_sets):
            own = part.get(attr_names, handle_missing, default_value)
            values += own.tolist() if isinstance(own, np.ndarray) else own
        return values


def register_rows(model: mesa.Model, agent_class: type[RowAgent], n: int) -> RowSet:
    """Make rows 0 to n-1 of a model's columns its agents of a class.

    They are `model.agents_by_type[agent_class]`, and in `model.agents` they come after the ordinary agents,
    which may come and go before and after. Takes the same few microseconds for any n. Calls `let_models_go`.
    """
    let_models_go()
    if not isinstance(model._all_agents, _AllAgents):
        model._all_agents = _AllAgents(model._all_agents)
    everyone: _AllAgents = model._all_agents
    _check(model, agent_class, n, everyone.row_sets)
    rows = RowSet(model, agent_class, range(n))
    rows._fixed = True
    everyone.row_sets.append(rows)
    model.agents_by_type[agent_class] = rows
    return rows


def _check(model: mesa.Model, agent_class: type[RowAgent], n: int, others: list[RowSet]) -> None:
    name = agent_class.__name__
    for other in others:
        lower, upper = sorted([(agent_class.first_id, n), (other.agent_class.first_id, len(other))])
        if sum(lower) > upper[0]:
            raise ValueError(f"{name}.first_id gives ids that {other.agent_class.__name__} rows have already")
    for field in agent_class.columns_of(model).fields:
        if hasattr(RowAgent, field) or field in ("model", "row"):
            raise ValueError(f'{name} cannot show column "{field}": every agent has a {field} of its own')


class _WeakCounters(WeakKeyDictionary[Any, Iterator[int]]):
    """From model to the counter of its agents' ids, for as long as the model lives."""

    def __getitem__(self, model: Any) -> Iterator[int]:
        return self.setdefault(model, itertools.count(1))


def let_models_go() -> None:
    """Stop Mesa 3.3 from keeping every model of the process alive.

    Its `Agent._ids` holds each model for ever, columns and all. A dictionary with weak keys takes its
    place, once a process, with its counters: ids are as before. Later versions have no such dictionary.
    """
    counters = getattr(mesa.Agent, "_ids", None)
    if counters is not None and not isinstance(counters, _WeakCounters):
        mesa.Agent._ids = _WeakCounters(counters)  # type: ignore[attr-defined] # in 3.3 alone


def go_on_counting(model: mesa.Model) -> None:
    """Let a copy of a model count its agents' ids from where the model was; Mesa 3.3 counts beside the model."""
    let_models_go()
    counters = getattr(mesa.Agent, "_ids", None)
    if counters is not None:
        everyone = model._all_agents
        ordinary = everyone.ordinary if isinstance(everyone, _AllAgents) else everyone
        last = max((getattr(agent, "unique_id", 0) for agent in ordinary), default=0)
        counters[model] = itertools.count(last + 1)


def forget(model: mesa.Model) -> None:
    """Empty a model that nobody will look at again, so that its memory is free at once.

    A model, its step and its agents refer to each other. Without this they wait for Python's garbage
    collector, which counts objects and not bytes and may let many models with large columns pile up.
    """
    vars(model).clear()
