"""Views of the rows of columns, and sets of them. `sim.mesa_rows.rows` makes them a model's agents."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, ClassVar, Protocol, Self

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.mesa_rows.agent_sets import GroupBy, HeldSet, LazySet, Method


class ColumnsLike(Protocol):
    """Columns that row agents look into: for each name in `fields` an attribute, a 1-D array of length n."""

    @property
    def fields(self) -> Iterable[str]: ...


class RowAgent(mesa.Agent):
    """A view of one row. Two views of the same row of the same model are equal.

    A subclass says where its columns are (`columns_of`). `agent.income` then reads and `agent.income = 1.0`
    writes row `agent.row` of column `income`; properties and methods of the subclass come before columns of
    the same name. Other attributes are refused, for they would vanish with the view.
    """

    first_id: ClassVar[int] = 1_000_000_000
    """`unique_id` of row 0, far beyond Mesa's own, which count from 1. Another class needs another."""
    row: int

    def __init__(self, model: mesa.Model, row: int) -> None:
        # Mesa's own __init__ would register the view and use up an id
        self.__dict__["model"] = model
        self.__dict__["row"] = row

    @classmethod
    def columns_of(cls, model: mesa.Model) -> ColumnsLike:
        """The columns that agents of this class are rows of."""
        raise NotImplementedError(f"{cls.__name__} must say which columns its rows are in: columns_of(model)")

    @property
    def unique_id(self) -> int:  # type: ignore[override] # Mesa's can be set, a row's follows from it
        """An id that belongs to the row, the same in every run."""
        return self.first_id + self.row

    @property
    def pos(self) -> None:  # type: ignore[override] # likewise
        """Rows are on no grid."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("model", "row"):
            raise AttributeError(name)
        return _column(type(self), self.model, name).item(self.row)

    def __setattr__(self, name: str, value: Any) -> None:
        if hasattr(type(self), name):
            object.__setattr__(self, name, value)
        else:
            _column(type(self), self.model, name)[self.row] = value

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self.columns_of(self.model).fields]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.row == self.row and other.model is self.model

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} row {self.row}>"

    def remove(self) -> None:
        """Refused: a row is there for ever."""
        raise TypeError(f"{self!r} cannot be removed, it is a row for ever; change what its columns say")


def _column(agent_class: type[RowAgent], model: mesa.Model, name: str) -> NDArray[Any]:
    columns = agent_class.columns_of(model)
    if name not in columns.fields:
        near = get_close_matches(name, columns.fields, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise AttributeError(f'{agent_class.__name__} has no column "{name}"{hint}')
    column: NDArray[Any] = getattr(columns, name)
    return column


class RowSet(LazySet):
    """The agents of some rows, as an agent set: made when looked at, and columns where columns will do.

    `rows` is a range or an array of row numbers, in the set's order. `get`, `agg`, `set`, `sort`, `groupby`
    by the name of a column, and `select(mask=...)`, make no agents. `get` returns an array, a copy as of now:
    shape (agents,), or (agents, names) for a list of names.
    """

    def __init__(
        self,
        model: mesa.Model,
        agent_class: type[RowAgent],
        rows: Sequence[int] | NDArray[np.intp],
        random: Any = None,
    ) -> None:
        super().__init__(model.random if random is None else random)
        self.model, self.agent_class = model, agent_class
        self.rows = rows if isinstance(rows, range) else np.asarray(rows, dtype=np.intp)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[RowAgent]:
        rows = self.rows if isinstance(self.rows, range) else self.rows.tolist()
        return map(self.agent_class, itertools.repeat(self.model), rows)

    def __contains__(self, agent: object) -> bool:
        return type(agent) is self.agent_class and agent.model is self.model and agent.row in self.rows

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, slice):
            return list(self._of(self.rows[item]))
        return self.agent_class(self.model, int(self.rows[item]))

    def _of(self, rows: Any) -> RowSet:
        return RowSet(self.model, self.agent_class, rows, self.random)

    def copy(self) -> RowSet:
        """A set of the same rows, free to be changed."""
        return self._of(self.rows)

    @property
    def _numbers(self) -> NDArray[np.intp]:
        rows = self.rows
        # numpy asks a range for its numbers one at a time
        return np.arange(rows.start, rows.stop, rows.step) if isinstance(rows, range) else rows

    def _rows_of(self, agents: Iterable[Any]) -> list[int] | None:
        """Rows of these agents, or None if one of them is no row of ours."""
        rows: dict[int, None] = {}
        for agent in agents:
            if type(agent) is not self.agent_class or agent.model is not self.model:
                return None
            rows[agent.row] = None
        return list(rows)

    def _from_iterable(self, agents: Iterable[Any]) -> LazySet:  # type: ignore[override] # as in LazySet
        agents = list(agents)
        rows = self._rows_of(agents)
        return HeldSet(agents, self.random) if rows is None else self._of(rows)

    def _update(self, agents: Iterable[Any]) -> RowSet:
        rows = self._rows_of(agents)
        if rows is None:
            raise TypeError(f"a set of {self.agent_class.__name__} rows takes only rows of its own model")
        return self._changed_rows(rows, inplace=True)

    def _changed_rows(self, rows: Any, inplace: bool) -> RowSet:
        if not inplace:
            return self._of(rows)
        self._free()
        self.rows = np.asarray(rows, dtype=np.intp)
        return self

    def _is_column(self, name: object) -> bool:
        """Whether a name means a column or the row's number or id, and not a property that hides a column."""
        if name in ("row", "unique_id"):
            return True
        return isinstance(name, str) and name != "model" and not hasattr(self.agent_class, name)

    def _values(self, name: str) -> NDArray[Any]:
        """One value per agent, possibly the column itself."""
        if name in ("row", "unique_id"):
            return self._numbers + (self.agent_class.first_id if name == "unique_id" else 0)
        column = _column(self.agent_class, self.model, name)
        return column if isinstance(self.rows, range) and len(self.rows) == len(column) else column[self.rows]

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> Any:
        """Values as an array: shape (agents,) for a name, (agents, names) for a list of names."""
        names = [attr_names] if isinstance(attr_names, str) else list(attr_names)
        if handle_missing != "error" or not names or not all(map(self._is_column, names)):
            return super().get(attr_names, handle_missing, default_value)
        values = [self._values(name) for name in names]
        if isinstance(attr_names, str):
            return values[0].copy()
        numbers = all(column.dtype.kind in "biuf" for column in values)
        table = np.empty((len(self), len(names)), np.result_type(*values) if numbers else object)
        for place, column in enumerate(values):
            table[:, place] = column
        return table

    def set(self, attr_name: str, value: Any) -> Self:
        """Give every agent the same value; for a column, an array gives each its own."""
        if not self._is_column(attr_name):
            return super().set(attr_name, value)
        _column(self.agent_class, self.model, attr_name)[self.rows] = value
        return self

    def select(
        self,
        filter_func: Callable[[Any], Any] | None = None,
        at_most: float = math.inf,
        inplace: bool = False,
        agent_type: type | None = None,
        *,
        mask: NDArray[np.bool_] | None = None,
    ) -> LazySet:
        """The first `at_most` that pass; `mask` (one truth value per agent) chooses without making agents."""
        limit = self._limit(at_most)
        if mask is not None:
            if np.shape(mask) != (len(self),):
                raise ValueError(f"mask needs a value per agent, shape ({len(self)},), not {np.shape(mask)}")
            chosen = self._changed_rows(self._numbers[np.asarray(mask, dtype=bool)], inplace)
            return chosen.select(filter_func, math.inf if limit is None else limit, inplace, agent_type)
        if filter_func is None and (agent_type is None or issubclass(self.agent_class, agent_type)):
            return self._changed_rows(self.rows[:limit], inplace)
        return super().select(filter_func, at_most, inplace, agent_type)

    def shuffle(self, inplace: bool = False) -> LazySet:
        """In random order, the same order in which Mesa would put as many ordinary agents."""
        rows = self._numbers.tolist()
        self.random.shuffle(rows)
        return self._changed_rows(rows, inplace)

    def sort(self, key: Method, ascending: bool = False, inplace: bool = False) -> LazySet:
        """By a column or a function; the largest first unless `ascending`; equals keep their order."""
        if not isinstance(key, str) or not self._is_column(key):
            return super().sort(key, ascending, inplace)
        values, rows = self._values(key), self._numbers
        if ascending:
            return self._changed_rows(rows[np.argsort(values, kind="stable")], inplace)
        return self._changed_rows(rows[::-1][np.argsort(values[::-1], kind="stable")][::-1], inplace)

    def groupby(self, by: Method, result_type: str = "agentset") -> GroupBy:
        """Groups by a column or by what a function returns, in order of first appearance."""
        if not isinstance(by, str) or not self._is_column(by) or result_type != "agentset":
            return super().groupby(by, result_type)
        keys, first, inverse = np.unique(self._values(by), return_index=True, return_inverse=True)
        ends = np.cumsum(np.bincount(inverse, minlength=len(keys)))[:-1]
        groups = np.split(self._numbers[np.argsort(inverse, kind="stable")], ends)
        return GroupBy({keys[place].item(): self._of(groups[place]) for place in np.argsort(first)})
