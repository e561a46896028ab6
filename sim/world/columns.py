"""Arrays with names: the state of residents and buildings, declared once with unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.floating | np.integer | np.bool_]
Kind = TypeVar("Kind", bound=np.generic)


def among(rows: Ints, some: Ints, n: int) -> Bools:
    """Which of these rows are among some others, all of them below n: ten times as fast as ``np.isin`` for few."""
    there = np.zeros(n, dtype=bool)
    there[some] = True
    return there[rows]


@dataclass(frozen=True)
class Column:
    """What one column holds."""

    dtype: str
    unit: str
    meaning: str


class Columns:
    """A table of one-dimensional arrays. A subclass annotates each with ``Annotated[array type, Column(...)]``."""

    def __init__(self, n: int) -> None:
        self.n = n
        for name, column in self.declared().items():
            setattr(self, name, np.zeros(n, dtype=column.dtype))

    @classmethod
    def declared(cls) -> dict[str, Column]:
        """Name and description of every column, in order."""
        if "_declared" not in cls.__dict__:
            hints: dict[str, Any] = get_type_hints(cls, include_extras=True)
            cls._declared = {k: h.__metadata__[0] for k, h in hints.items() if hasattr(h, "__metadata__")}
        return cls._declared

    _declared: ClassVar[dict[str, Column]] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(self.declared())

    def __len__(self) -> int:
        return self.n


@dataclass(frozen=True)
class Groups:
    """Consecutive rows that belong together: flats of a building, buildings of a neighbourhood.

    ``counts`` has one entry per group and sums to the number of rows; no group is empty.
    """

    counts: Ints
    starts: Ints

    @classmethod
    def of(cls, counts: Ints) -> Groups:
        """Groups of consecutive rows from their sizes (groups,)."""
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
        # A copy of its own: a region's columns are kept from being written, and kernels know such arrays as other ones.
        return cls(np.array(counts, dtype=np.int64), starts)

    def spread(self, values: NDArray[Kind]) -> NDArray[Kind]:
        """Each group's value (groups,) on all of its rows (rows,): a repeat, three times as fast as indexing."""
        return np.repeat(values, self.counts)

    def sum(self, values: Numbers) -> Floats:
        """The sum over each group's rows, from (rows,) to (groups,)."""
        if values.dtype == np.bool_:  # counted as whole numbers: three times as fast
            return np.add.reduceat(values.view(np.int8), self.starts, dtype=np.int32).astype(np.float64)
        if values.dtype == np.int16:
            return np.add.reduceat(values, self.starts, dtype=np.int64).astype(np.float64)
        if values.dtype != np.float64:
            values = values.astype(np.float64)
        return np.asarray(np.add.reduceat(values, self.starts))

    def mean(self, values: Numbers) -> Floats:
        """The mean over each group's rows, from (rows,) to (groups,)."""
        return self.sum(values) / self.counts
