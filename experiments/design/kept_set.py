"""The set of parameters that the patterns do not rule out, as shipped: its members, and what each of them weighs."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import Parameters, SamspelError, load_parameters
from sim.inputs.seeds_folder import seeds_folder

Array = NDArray[Any]

FILE = "not_ruled_out.csv"
WEIGHT = "weight"


@dataclass(frozen=True)
class KeptSet:
    """Members of the set that is not ruled out, in the order in which they were drawn (evenly, in what is left).

    values: a row a member, a column a parameter that was varied; every other parameter stands where parameters.toml has
    it. weight: by fit, one a member (one inside every fitted range). digest: of the file.
    """

    values: pd.DataFrame
    weight: Array
    digest: str

    def __len__(self) -> int:
        return len(self.values)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters that were varied."""
        return tuple(str(name) for name in self.values)

    def points(self, most: int | None = None) -> list[dict[str, float]]:
        """Parameter values of the first so many members: as good a sample of the set as any others."""
        return as_points(self.values, most)

    def parameters(self, most: int | None = None) -> list[Parameters]:
        """The same as whole sets of parameters. Raises SamspelError where a value is out of bounds."""
        return [load_parameters().replace(point) for point in self.points(most)]


def as_points(values: pd.DataFrame, most: int | None = None) -> list[dict[str, float]]:
    """A table of parameters (columns) as the values of its first so many rows. Members stand in the order in which they
    were drawn, so that the first are as good a sample as any."""
    rows = values.to_numpy(np.float64)[:most].tolist()
    return [dict(zip(map(str, values), row, strict=True)) for row in rows]


def kept_set(path: Path | None = None) -> KeptSet:
    """Read the set (the shipped one by default). Members weigh alike where the file has no weights.

    Raises SamspelError where the file is missing, names no parameter, or holds what is no number.
    """
    file = path or seeds_folder() / FILE
    try:
        written = file.read_bytes()
        frame = pd.read_csv(file)
    except (OSError, ValueError) as error:
        raise SamspelError(f"{file}: cannot be read ({error}); expected what samspel calibrate wrote") from None
    names = [str(name) for name in frame.columns if name in load_parameters().records]
    if not names or not len(frame):
        raise SamspelError(f"{file}: no member, or no column is a parameter; expected what samspel calibrate wrote")
    weight = frame[WEIGHT] if WEIGHT in frame else pd.Series(np.ones(len(frame)))
    numbers = pd.concat([frame[names], weight.rename(WEIGHT)], axis=1).apply(pd.to_numeric, errors="coerce")
    if not np.isfinite(numbers.to_numpy(np.float64)).all() or not (numbers[WEIGHT] >= 0).all() or not weight.sum() > 0:
        raise SamspelError(f"{file}: a parameter or weight is no number; expected what samspel calibrate wrote")
    return KeptSet(
        values=numbers[names],
        weight=numbers[WEIGHT].to_numpy(np.float64),
        digest=sha256(written).hexdigest()[:16],
    )
