"""The same bytes on every Python: no number of a run depends on how the builtin `sum` rounds."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import Collaboration, Region, RenewalModel
from sim.compiling import kernel
from sim.inputs.collaboration import PRESETS
from sim.sums import Floats, pairwise, pairwise_above, pairwise_group, total
from sim.world.columns import Groups

Sum = Callable[..., Any]


def one_by_one(values: Iterable[Any], start: Any = 0) -> Any:
    """As the builtin of Python 3.11 adds up."""
    for value in values:
        start = start + value
    return start


def compensated(values: Iterable[Any], start: Any = 0) -> Any:
    """As that of 3.12 and later does, or better: floats without loss, all else one by one."""
    given_values = list(values)
    if given_values and all(type(value) is float for value in given_values):
        return math.fsum([start, *given_values])
    return one_by_one(given_values, start)


def bytes_of_a_run(region: Region, preset: str, collaboration: Collaboration) -> dict[str, bytes]:
    model = RenewalModel(region, collaboration, 7, years=3).run()
    curves = model.curves(detail=True)
    numbers = {name: curves[name].to_numpy().tobytes() for name in curves.select_dtypes("number").columns}
    return numbers | {"money": model.cofunding().tobytes(), "flows": model.books.history.tobytes()}


@pytest.mark.parametrize("preset", ["siloed", "national"])
def test_no_number_of_a_run_depends_on_how_this_python_adds_up(
    small_region: Region, monkeypatch: pytest.MonkeyPatch, preset: str
) -> None:
    found = []
    for way in (one_by_one, compensated):
        with monkeypatch.context() as patched:
            patched.setattr(builtins, "sum", way)
            found.append(bytes_of_a_run(small_region, preset, PRESETS[preset]))
    assert [name for name in found[0] if found[0][name] != found[1][name]] == []


def test_the_two_ways_differ_where_they_may() -> None:
    assert one_by_one([0.1] * 10) != compensated([0.1] * 10) == 1.0


@given(st.lists(st.floats(-1e300, 1e300), max_size=20))
def test_a_total_is_added_up_in_the_order_given(values: list[float]) -> None:
    assert total(values) == one_by_one(values) == total(np.array(values))


@kernel
def _summed(values: Floats) -> float:
    return pairwise(values)


@given(st.integers(0, 20_000), st.integers(0, 2**31))
def test_a_kernel_adds_up_a_column_to_the_bits_of_numpy(length: int, seed: int) -> None:
    values = np.random.default_rng(seed).lognormal(0.0, 4.0, length)
    assert pairwise(values) == _summed(values) == values.sum()


@given(st.integers(0, 5_000), st.floats(0.0, 5.0), st.integers(0, 2**31))
def test_what_numbers_are_above_another_adds_up_to_the_bits_of_numpy(length: int, least: float, seed: int) -> None:
    values = np.random.default_rng(seed).lognormal(0.0, 4.0, length)
    assert pairwise_above(values, least) == np.maximum(values - least, 0.0).sum()


@given(st.lists(st.integers(1, 700), min_size=1, max_size=12), st.integers(0, 2**32 - 1))
def test_a_kernel_adds_up_groups_to_the_bytes_of_numpy(counts: list[int], seed: int) -> None:
    some, groups = np.random.default_rng(seed), Groups.of(np.array(counts))
    values = some.normal(size=sum(counts)) * 10.0 ** some.uniform(-8.0, 8.0, sum(counts))
    each = np.split(values, groups.starts[1:])
    assert [pairwise_group(one) for one in each] == groups.sum(values).tolist()
