"""How many of each are tried: all in the long mode, a share of them with `--size`, a few in every test run."""

from __future__ import annotations

import pytest

ALL = 200  # random worlds, and all of the others
# All and few of: mutated inputs, flipped bits, kills of a command.
INPUTS, FLIPS, KILLS = (20_000, 600), (500, 10), (50, 1)


def how_many(config: pytest.Config, numbers: tuple[int, int]) -> int:
    """Of one kind, given all and few of it."""
    everything, few = numbers
    size = config.getoption("--size")
    return few if size is None else max(1, round(everything * size / ALL))


def chunks(config: pytest.Config, numbers: tuple[int, int], each: int) -> list[range]:
    """The same as ranges of at most `each` numbers, which become a test each and are shared out over processes."""
    many = how_many(config, numbers)
    return [range(first, min(first + each, many)) for first in range(0, many, each)]
