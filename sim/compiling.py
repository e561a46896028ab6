"""How rules become machine code: a rule is written once, and serves a column as well as a single number.

- A `rule` is an ordinary function of ``sim/rules``. Python calls it with columns; a kernel calls it row by row.
- A `kernel` is a loop over rows: it looks at a column once, draws, decides and writes, where arrays would take a
  passage each. Numba (Lam, Pitrou and Seibert 2015, doi 10.1145/2833157.2833162) compiles it at the first call and
  keeps the code on disk.
- `numbers_of` makes of a parameter set what kernels read; `own` and `rows` are how they read it and count rows so that
  the compiler can take several rows at a time (three times as fast where a row needs arithmetic alone).

A kernel's own file tells Numba when kept code is stale; what kernels take from other files does not. So the place of
kept code is named after the text of all files from which kernels may take anything: ``SHARED``. Kept code of other
versions goes when nobody has used it for three days.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic, overload, register_jitable
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])

_SIM = Path(__file__).parent
SHARED = ("compiling.py", "randomness.py", "sums.py", "vocabulary.py", "rules")
KERNELS: list[Any] = []  # all that have been imported

_config: Any = numba.config
_UNUSED = 3 * 24 * 3600.0  # seconds after which kept code goes


def rule(function: F) -> F:
    """A function that Python calls as it stands, with columns, and that kernels may call with single numbers."""
    compiled: F = register_jitable(function)
    return compiled


def kernel(function: F) -> F:
    """A loop over rows, compiled at its first call. Columns go in as arrays, parameters as ``numbers_of`` gives."""
    place, before = kept(), _config.CACHE_DIR
    _config.CACHE_DIR = str(place or "")
    try:
        compiled: Any = numba.njit(cache=place is not None, nogil=True, error_model="numpy")(function)
    finally:
        _config.CACHE_DIR = before
    KERNELS.append(compiled)
    return cast(F, compiled)


def pick(which: Any, yes: Any, no: Any) -> Any:
    """``yes`` where ``which`` holds, else ``no``: columns, or single numbers in a kernel.

    For rules: there ``np.where`` would make an array of each single number, at twenty times the price.
    """
    return np.where(which, yes, no)


@overload(pick)
def _pick_one(which: Any, yes: Any, no: Any) -> Any:
    """What ``pick`` is in a kernel."""

    def one(which: Any, yes: Any, no: Any) -> Any:
        return yes if which else no

    return one


def numbers_of(values: Mapping[str, float]) -> NDArray[np.void]:
    """Numbers with names as kernels read them: an array of one record, ``numbers[0].rent_yield``."""
    record = np.zeros(1, dtype=np.dtype((np.record, [(name, np.float64) for name in values])))
    record[0] = tuple(values.values())
    return record


def _own(typing: Any, numbers: Any) -> Any:
    """How `own` is compiled: the record is copied to the function's stack, where all that is not used falls away."""

    def build(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        tools: Any = cgutils
        data = context.make_array(signature.args[0])(context, builder, given[0]).data
        copy = tools.alloca_once(builder, data.type.pointee)
        tools.raw_memcpy(builder, copy, data, context.get_constant(types.intp, numbers.dtype.size), 1)
        return copy

    return (numbers.dtype(numbers), build) if isinstance(numbers.dtype, types.Record) else None


# The numbers of an array of one record (``numbers_of``) as a kernel's own: ``p = own(numbers)``. As ``numbers[0]``, but
# nothing that the kernel writes can change them, so that they are read once and not again in every row.
own: Any = intrinsic(_own) if not _config.DISABLE_JIT else itemgetter(0)


@rule
def rows(first: int, end: int) -> range:
    """Rows from ``first`` up to ``end`` for a kernel's loop: never negative, and so no index needs a look at that."""
    return range(np.uint64(first), np.uint64(end))


@cache
def kept() -> Path | None:
    """Where compiled code is kept: beside the sources, or in the user's own cache where nobody may write there; None
    where that cannot be written either, so that every process compiles for itself."""
    text = blake2b(digest_size=8)
    for name in SHARED:
        for file in sorted((_SIM / name).rglob("*.py")) if (_SIM / name).is_dir() else [_SIM / name]:
            text.update(file.read_bytes())
    for base in places():
        folder = base / f"kernels-{text.hexdigest()}"
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                os.utime(folder)
                _drop_unused(base)
                return folder
    return None


def places() -> list[Path]:
    """Folders that may hold compiled code, the first that can be written does: what Numba's own variable names, the
    one beside the sources, the user's cache."""
    if named := os.environ.get("NUMBA_CACHE_DIR", ""):
        return [Path(named)]
    found = [_SIM / "__pycache__"]
    with suppress(RuntimeError):  # nobody's home is known
        found.append(Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache") / "samspel")
    return found


def _drop_unused(base: Path) -> None:
    """Away with what other versions have left."""
    for folder in base.glob("kernels-*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _UNUSED:
                shutil.rmtree(folder)
