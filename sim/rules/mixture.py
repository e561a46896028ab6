"""Standards by flat: what tenants chose in a building, as shares of its flats.

Pipes, envelope and energy measures are the building's; kitchens and rooms, and the rent for them, are the flat's. A
mixture has a column for each standard, basic to full, and one for those who keep the basic standard by right, at a
capped rise.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from sim.compiling import pick, rule
from sim.rules.appraisal import LEVELS, STANDARDS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Small = NDArray[np.int8]


class Part(IntEnum):
    """What a flat gets: the column of a mixture."""

    BASIC = 0
    INTERMEDIATE = 1
    FULL = 2
    RIGHT = 3  # basic, at a capped rise


_PARTS, _RIGHT = len(Part), int(Part.RIGHT)  # looked up often, and slowly in the enumeration
_TIE = 1e-9  # less than a flat's share of any building
# The option of each part where there are no energy measures, and its standard.
_OPTION = np.append(np.flatnonzero(LEVELS == 0), 0)
STANDARD = STANDARDS[_OPTION]


def nothing_chosen(buildings: int) -> Floats:
    """Mixtures where all flats of a building get the building's standard: rows of nothing, (buildings, parts)."""
    return np.zeros((buildings, _PARTS))


def mixed(mix: Floats) -> Bools:
    """Which buildings are of a mixture (buildings,)."""
    return np.asarray(mix.any(axis=1))


@rule
def options_of(parts: Ints | Small | int, options: Ints) -> Ints:
    """The option of each flat, 0 to 8, of its part and its building's energy measures; both (rows,)."""
    return _OPTION[parts] + LEVELS[options]


@rule
def option_to_come(chosen: Small, option: Ints) -> Ints:
    """What is built in a flat, 0 to 8 (rows,). chosen : its part plus 1, or 0 where it gets what its building does.
    option : of its building."""
    options: Ints = pick(chosen > 0, options_of(chosen - 1, option), option)
    return options


@rule
def basic_for(chosen: Small, basic: Floats, right: Floats) -> Floats:
    """What the basic standard adds to a household's rent (rows,): less for who keeps it by right. chosen : as above."""
    own: Floats = pick(chosen == Part.RIGHT + 1, right, basic)
    return own


def mean(values: Floats | Ints, options: Ints, mix: Floats) -> Floats:
    """Mean over each building's flats of values by option, (9,) or (buildings, 9); the building's own where nothing was
    chosen. options : 0 to 8 (buildings,). mix : (buildings, parts)."""
    table = np.asarray(values, dtype=np.float64)
    found = table[options] if table.ndim == 1 else table[np.arange(len(options)), options]
    if not mix.any():
        return np.asarray(found)
    some = np.flatnonzero(mixed(mix))
    parts = options_of(np.arange(_PARTS)[None, :], options[some][:, None])
    by_flat = table[parts] if table.ndim == 1 else table[some[:, None], parts]
    found[some] = (mix[some] * by_flat).sum(axis=1)
    return np.asarray(found)


def by_part(rise: Floats, rent: Floats, cap: float) -> Floats:
    """Rent rise of each part, SEK/m2.year (buildings, parts).

    rise : by option, SEK/m2.year (buildings, 9). rent : before, SEK/m2.year (buildings,). cap : of who keeps the basic
    standard by right, share of the rent.
    """
    all_parts = rise[:, _OPTION]
    all_parts[:, _RIGHT] = np.minimum(all_parts[:, _RIGHT], cap * rent)
    return all_parts


def mean_rise(parts: Floats, options: Ints, mix: Floats) -> Floats:
    """Mean rise over each building's flats, of a table as ``by_part`` makes it (buildings,)."""
    own = parts[np.arange(len(options)), STANDARDS[options] - 1]
    return np.where(mixed(mix), (mix * parts).sum(axis=1), own) if mix.any() else np.asarray(own)


def shares(where: Ints, parts: Ints, buildings: int) -> Floats:
    """The mixture of each building, of the parts of its flats; where : the building of each flat (flats,)."""
    counts = np.bincount(where * _PARTS + parts, minlength=buildings * _PARTS).reshape(buildings, _PARTS)
    return np.asarray(counts / counts.sum(axis=1, keepdims=True))


def most(mix: Floats, own: Ints) -> Ints:
    """The standard less one that most flats get, basic by right counted as basic; the owner's where it is as many."""
    of = mix[:, : Part.RIGHT].copy()
    of[:, Part.BASIC] += mix[:, Part.RIGHT]
    of[np.arange(len(own)), own] += _TIE
    return np.asarray(of.argmax(axis=1))
