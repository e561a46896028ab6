"""A table that grows while a run goes on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


class Table:
    """Columns of given types that grow by equally long arrays."""

    def __init__(self, columns: dict[str, type]) -> None:
        self._parts: dict[str, list[NDArray[Any]]] = {name: [np.zeros(0, kind)] for name, kind in columns.items()}

    def add(self, n: int, **columns: Any) -> None:
        """Append n rows; a scalar fills its column, arrays are kept and must not change afterwards."""
        for name, values in columns.items():
            self._parts[name].append(values if isinstance(values, np.ndarray) else np.full(n, values))

    def frame(self) -> pd.DataFrame:
        """All rows so far."""
        return pd.DataFrame({name: np.concatenate(parts) for name, parts in self._parts.items()})
