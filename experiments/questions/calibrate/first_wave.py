"""A screening as the first wave: its points vary all that is uncertain, so those of a calibration among it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.design.asked import Asked
from experiments.engine.manifest import describe_parameters
from experiments.questions.calibrate.matching.measuring import Measurer
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.screen.result import Screened, read
from sim import SamspelError

Array = NDArray[Any]

SLACK = 1e-9  # of a range, and of a measure's size: what writing numbers down and reading them again may cost


def first_wave(asked: Asked, space: Space, measurer: Measurer) -> tuple[Array, Array]:
    """Points of the unit cube and their runs, points x measures, from the screening that was named.

    Raises SamspelError where it is none, was made of something else, or does not vary a parameter or know a measure.
    Its first point is measured again: what came of another model is told by its numbers.
    """
    folder = Path(asked.options["first"])
    found = read(folder)
    _same(asked, found, folder)
    for name in space.names:
        if name not in found.points:
            raise SamspelError(f"--first {folder}: {name} is not varied there; expected a screening of all parameters")
    for name in measurer.names:
        if name not in found.measured:
            raise SamspelError(f"--first {folder}: {name} is not measured there; expected a screening of this version")
    unit = space.unit(found.points[list(space.names)].to_numpy(np.float64))
    if (unit < -SLACK).any() or (unit > 1.0 + SLACK).any():
        raise SamspelError(f"--first {folder}: points lie outside the plausible ranges of today; screen again")
    runs = found.measured[list(measurer.names)].to_numpy(np.float64)
    whole = Space.of({str(name): (0.0, 1.0) for name in found.points})
    again = Measurer(measurer.experiment, measurer.ensemble, whole, measurer.names, measurer.root)
    if not np.allclose(again(found.points.to_numpy(np.float64)[:1])[0, 0], runs[0], rtol=SLACK, atol=0, equal_nan=True):
        raise SamspelError(f"--first {folder}: the model measures its first point otherwise today; screen again")
    return np.clip(unit, 0.0, 1.0), runs


def _same(asked: Asked, found: Screened, folder: Path) -> None:
    """Raises SamspelError unless the screening was of the same region, years, settings, seed and parameters."""
    made = found.results.made
    if made.kind != "screen":
        raise SamspelError(f"--first {folder}: got results of samspel {made.kind}; expected those of samspel screen")
    ours = {
        "region": (made.region.digest, asked.place.digest),
        "years": (made.years, asked.years),
        "seed": (made.seed, asked.seed),
        "set": (dict(made.set), dict(asked.settings)),
        "parameters": (made.parameters_digest, describe_parameters({})["parameters_digest"]),
    }
    for name, (theirs, own) in ours.items():
        if theirs != own:
            raise SamspelError(f"--first {folder}: made with another {name}; expected what this calibration has")
