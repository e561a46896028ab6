"""Debts in SEK: of the whole stock at 1:1, so that at a smaller scale each flat owes what it does there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.inputs.problems import Problem
from sim.inputs.region_checks import Table
from sim.inputs.region_tables import Floats, Ints


@dataclass(frozen=True)
class Stock:
    """Flats of each owner in a table, at 1:1 and to scale; (owners,) both."""

    full: Floats
    scaled: Floats

    @classmethod
    def of(cls, owner: Ints, full: Ints, scaled: Ints, owners: int) -> Stock:
        """Flats by neighbourhood summed over owners; an owner of -1 has none of them."""
        some = owner >= 0
        return cls(
            np.bincount(owner[some], full[some], minlength=owners).astype(np.float64),
            np.bincount(owner[some], scaled[some], minlength=owners).astype(np.float64),
        )

    @property
    def kept(self) -> Floats:
        """The part of an owner's flats that there is at the scale; not the scale itself, as places keep a few flats
        each and numbers are rounded: debt over value must not know of that."""
        return np.asarray(self.scaled / np.maximum(self.full, 1.0))


def debt_problems(table: Table[Any], column: str, stock: Stock) -> Iterator[Problem]:
    """Owners with a debt in SEK and nothing that it could be for."""
    for index, (debt, flats) in enumerate(zip(table.column(column), stock.full, strict=True)):
        if debt and not flats:
            what = f"{debt:,.0f} SEK are owed by an owner without flats; expected 0, or flats in a neighbourhood"
            yield table.problem(index, column, what)
