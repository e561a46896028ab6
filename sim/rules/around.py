"""Factors that scatter around 1."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule

Amount = TypeVar("Amount", float, NDArray[np.float64])


@rule
def around(u: Amount, spread: float) -> Amount:
    """Uniform factors around 1, ``spread`` wide, from uniforms; any shape."""
    return (1.0 - spread / 2.0) + spread * u
