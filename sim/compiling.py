"""How rules become machine code: a rule is written once, and serves a column as well as a single number.

- A `rule` is an ordinary function of ``sim/rules``. Python calls it with columns; a kernel calls it row by row.
- A `kernel` is a loop over rows: it looks at a column once, draws, decides and writes, where arrays would take a
  passage each. Numba (Lam, Pitrou and Seibert 2015, doi 10.1145/2833157.2833162) compiles it at the first call and
  keeps the code on disk.
- `numbers_of` makes of a parameter set what kernels read.

A kernel's own file tells Numba when kept code is stale; what kernels take from other files does not. So the place of
kept code is named after the text of all files from which kernels may take anything: ``SHARED``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])

_SIM = Path(__file__).parent
SHARED = ("compiling.py", "randomness.py", "sums.py", "vocabulary.py", "rules")


def rule(function: F) -> F:
    """A function that Python calls as it stands, with columns, and that kernels may call with single numbers."""
    compiled: F = register_jitable(function)
    return compiled


def kernel(function: F) -> F:
    """A loop over rows, compiled at its first call. Columns go in as arrays, parameters as ``numbers_of`` gives."""
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_kept())
    try:
        compiled: Any = numba.njit(cache=True, nogil=True)(function)
    finally:
        config.CACHE_DIR = before
    return cast(F, compiled)


def numbers_of(values: Mapping[str, float]) -> NDArray[np.void]:
    """Numbers with names as kernels read them: an array of one record, ``numbers[0].rent_yield``."""
    record = np.zeros(1, dtype=np.dtype((np.record, [(name, np.float64) for name in values])))
    record[0] = tuple(values.values())
    return record


@cache
def _kept() -> Path:
    """Where compiled code is kept: beside the sources, or in the user's own cache where nobody may write there."""
    text = blake2b(digest_size=8)
    for name in SHARED:
        for file in sorted((_SIM / name).rglob("*.py")) if (_SIM / name).is_dir() else [_SIM / name]:
            text.update(file.read_bytes())
    base = Path(os.environ.get("NUMBA_CACHE_DIR", "") or _SIM / "__pycache__")
    if not os.access(base if base.exists() else base.parent, os.W_OK):
        base = Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache") / "samspel"
    return base / f"kernels-{text.hexdigest()}"
