"""What kernels are given: parameters of their own, and rows that are never negative."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import load_parameters
from sim.compiling import kernel, numbers_of, own, rows


@kernel
def _read_while_writing(target: NDArray[np.float64], numbers: NDArray[np.void]) -> None:
    p = own(numbers)
    for row in rows(1, len(target)):
        target[row] = p.rent_yield
        numbers[0].rent_yield = 0.0


@kernel
def _look_at_rows(seen: NDArray[np.int64], first: int, end: int) -> None:
    for row in rows(first, end):
        seen[row] += row


def test_a_kernel_reads_its_own_parameters_whatever_it_writes_meanwhile() -> None:
    p = load_parameters()
    numbers = numbers_of(p.values)
    target = np.zeros(5)
    _read_while_writing(target, numbers)
    assert target.tolist() == [0.0, *[p.rent_yield] * 4]
    assert numbers[0].rent_yield == 0.0 and p.numbers[0].rent_yield == p.rent_yield, "another set's are left alone"


def test_rows_are_those_from_the_first_up_to_the_end() -> None:
    for first, end in ((0, 4), (2, 3), (3, 3), (0, 0)):
        seen = np.zeros(4, dtype=np.int64)
        _look_at_rows(seen, first, end)
        assert seen.tolist() == [row if first <= row < end else 0 for row in range(4)]
        assert [int(row) for row in rows(first, end)] == list(range(first, end))
