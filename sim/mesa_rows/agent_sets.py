"""Agent sets that make their agents when looked at.

Mesa's own sets keep weak references: a view would be gone before anybody saw it.
"""

from __future__ import annotations

import itertools
import math
import operator
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Self

from mesa.agent import AgentSet

try:
    from mesa.agentset import GroupBy
except ImportError:  # Mesa 3.3 has it elsewhere
    from mesa.agent import GroupBy

__all__ = ["GroupBy", "HeldSet", "LazySet", "Method"]

Method = str | Callable[..., Any]


class LazySet(AgentSet):
    """All that Mesa's agent set does, from `__iter__` and `__len__` alone, without Mesa's `__init__`."""

    _fixed = False  # True where the model itself keeps the set, and nobody else may change who is in it

    def __init__(self, random: Any) -> None:
        self.random = random

    @abstractmethod
    def __iter__(self) -> Iterator[Any]: ...

    @abstractmethod
    def _update(self, agents: Iterable[Any]) -> LazySet:
        """Replace the members."""

    @abstractmethod
    def copy(self) -> LazySet:
        """A set of the same agents, free to be changed."""

    def _from_iterable(self, agents: Iterable[Any]) -> LazySet:  # type: ignore[override] # Python's: a set of anything
        return HeldSet(agents, self.random)

    def _free(self) -> None:
        if self._fixed:
            raise TypeError("the model keeps this set of agents; work on a copy: agents.copy()")

    def _changed(self, agents: Iterable[Any], inplace: bool = True) -> LazySet:
        if not inplace:
            return self._from_iterable(agents)
        self._free()
        return self._update(list(agents))

    def _limit(self, at_most: float) -> int | None:
        """How many `at_most` means: a float up to 1 is a share of this set."""
        if isinstance(at_most, float) and at_most <= 1.0:
            return max(int(len(self) * at_most), 0)
        return None if math.isinf(at_most) else max(math.ceil(at_most), 0)

    def __copy__(self) -> LazySet:
        return self.copy()

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__.copy()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self)} agents>"

    def to_list(self) -> list[Any]:
        """All agents, as a list."""
        return list(self)

    def __getitem__(self, item: Any) -> Any:
        return list(self)[item]

    def add(self, agent: Any) -> None:
        """Take an agent in."""
        self._changed([*self, agent])

    def discard(self, agent: Any) -> None:
        """Leave an agent out, if it is there."""
        self._changed(other for other in self if other != agent)

    def remove(self, agent: Any) -> None:
        """Leave an agent out; a KeyError if it is not there."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def select(
        self,
        filter_func: Callable[[Any], Any] | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> LazySet:
        """The first `at_most` (a number, or a share as float) of those that pass."""
        kept: Iterable[Any] = (a for a in self if agent_type is None or isinstance(a, agent_type))
        if filter_func is not None:
            kept = filter(filter_func, kept)
        return self._changed(itertools.islice(kept, self._limit(at_most)), inplace)

    def shuffle(self, inplace: bool = False) -> LazySet:
        """In random order, from the model's own generator."""
        agents = list(self)
        self.random.shuffle(agents)
        return self._changed(agents, inplace)

    def sort(self, key: Method, ascending: bool = False, inplace: bool = False) -> LazySet:
        """By a name or by what a function returns; the largest first unless `ascending`."""
        of = operator.attrgetter(key) if isinstance(key, str) else key
        return self._changed(sorted(self, key=of, reverse=not ascending), inplace)

    def _present(self, agent: Any) -> bool:
        """Whether an agent seen a moment ago is still there."""
        return True

    def _call(self, agents: list[Any], method: Method, args: Any, kwargs: Any) -> list[Any]:
        call: Any = operator.methodcaller(method, *args, **kwargs) if isinstance(method, str) else None
        if call is None:
            return [method(a, *args, **kwargs) for a in agents if self._present(a)]  # type: ignore[operator]
        return [call(a) for a in agents if self._present(a)]

    def map(self, method: Method, *args: Any, **kwargs: Any) -> list[Any]:
        """What `method` returns for each agent."""
        return self._call(list(self), method, args, kwargs)

    def do(self, method: Method, *args: Any, **kwargs: Any) -> Self:
        """Call `method` on each agent, in order."""
        self._call(list(self), method, args, kwargs)
        return self

    def shuffle_do(self, method: Method, *args: Any, **kwargs: Any) -> Self:
        """Call `method` on each agent, in random order."""
        agents = list(self)
        self.random.shuffle(agents)
        self._call(agents, method, args, kwargs)
        return self

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> Any:
        """One value per agent, or one list per agent for a list of names."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f'handle_missing is "error" or "default", not "{handle_missing}"')
        default = () if handle_missing == "error" else (default_value,)
        if isinstance(attr_names, str):
            return [getattr(a, attr_names, *default) for a in self]
        return [[getattr(a, name, *default) for name in attr_names] for a in self]

    def set(self, attr_name: str, value: Any) -> Self:
        """Give every agent the same value."""
        for agent in self:
            setattr(agent, attr_name, value)
        return self

    def groupby(self, by: Method, result_type: str = "agentset") -> GroupBy:
        """Groups by a name or by what a function returns, in order of first appearance."""
        of = operator.attrgetter(by) if isinstance(by, str) else by
        groups = defaultdict(list)
        for agent in self:
            groups[of(agent)].append(agent)
        if result_type != "agentset":
            return GroupBy(groups)
        return GroupBy({key: self._from_iterable(agents) for key, agents in groups.items()})


class HeldSet(LazySet):
    """Agents of several kinds, views among them.

    Holds them strongly: one that is removed from the model stays in this set.
    """

    def __init__(self, agents: Iterable[Any], random: Any) -> None:
        super().__init__(random)
        self._update(agents)

    def _update(self, agents: Iterable[Any]) -> HeldSet:
        self._members = dict.fromkeys(agents)
        return self

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._members)

    def __contains__(self, agent: object) -> bool:
        return agent in self._members

    def copy(self) -> HeldSet:
        """A set of the same agents."""
        return HeldSet(self._members, self.random)
