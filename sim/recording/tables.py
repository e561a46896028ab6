"""Tables of single rows that a run keeps beside its outcomes, by name: their columns, and what it has of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_type_hints

import numpy as np
import pandas as pd

from sim.recording.budgets import COLUMNS, budgets
from sim.world.notes import Payment, ProgrammeYear, Refusal, Rescue, Sale, Talk

if TYPE_CHECKING:
    from sim.world.world import World

KINDS: dict[type, Any] = {int: np.int64, float: np.float64, str: str}

# In the order in which they are stored; a column is a whole number, a number or text.
TABLES: dict[str, dict[str, type]] = {
    "programmes": get_type_hints(ProgrammeYear),
    "payments": get_type_hints(Payment),
    "talks": get_type_hints(Talk),
    "budgets": COLUMNS,
}


def tables(world: World) -> dict[str, pd.DataFrame]:
    """All of them, by name."""
    rows: dict[str, Sequence[Sequence[Any]]] = {
        "programmes": world.programme_years,
        "payments": world.payments_made,
        "talks": world.talk_log,
    }
    return {name: frame(rows[name], TABLES[name]) for name in rows} | {"budgets": budgets(world)}


def refusals(world: World) -> pd.DataFrame:
    """What deals lacked, by programme, payer and reason; kept in memory only."""
    return frame(world.refusals, get_type_hints(Refusal))


def sales(world: World) -> pd.DataFrame:
    """Flats that changed owner, by sale and estate; kept in memory only."""
    return frame(world.sales, get_type_hints(Sale))


def rescues(world: World) -> pd.DataFrame:
    """How distress of owners ended; kept in memory only."""
    return frame(world.rescues, get_type_hints(Rescue))


def frame(rows: Sequence[Sequence[Any]], columns: Mapping[str, type]) -> pd.DataFrame:
    """Rows as a table whose columns have their types, even where there is no row."""
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    return pd.DataFrame(
        {name: pd.Series(list(cells[i]), dtype=KINDS[kind]) for i, (name, kind) in enumerate(columns.items())}
    )
