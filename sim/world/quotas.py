"""How many households of each class a place starts with: quotas, filled flat by flat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, rows
from sim.randomness import Keys, uniform
from sim.world.columns import Bools, Floats, Ints

Classes = NDArray[np.int8]

# How far the random part may pull a quota from its share: below 1, so that counts stay within rounding.
_QUOTA_NOISE = 0.5


def fill_quotas(
    shares: Floats, counts: Ints, occupied: Bools, chance: Floats, employment: Floats, retired: int, keys: Keys
) -> tuple[Classes, Bools]:
    """The classes of each flat's household by attribute (n, attributes), and who has work at the start (n,).

    Each place is filled row by row: the class with the largest deficit against its share, plus a random part, comes
    next. So counts stay within rounding of share times rows, at every length. Empty flats are passed by: shares are
    those of households. Then as many have work as each place's employment says.

    shares : of households by class (places, attributes, classes), the first attribute age, the last the cell of
    schooling and origin. counts : rows of each place (places,). occupied : who lives where (n,). chance : to have work
    by cell (places, cells). employment : share (places,). retired : the age class of those who have none. keys : of a
    draw for each attribute and class, and of one for work (attributes x classes + 1,).
    """
    classes, employed = np.zeros((len(occupied), shares.shape[1]), dtype=np.int8), np.zeros(len(occupied), dtype=bool)
    share = np.array(employment)  # of its own: kernels know a column that is kept from being written as another one
    _fill(classes, employed, shares, counts, occupied, chance, share, retired, keys, _QUOTA_NOISE)
    return classes, employed


@kernel
def _fill(
    classes: Classes,
    employed: Bools,
    shares: Floats,
    counts: Ints,
    occupied: Bools,
    chance: Floats,
    employment: Floats,
    retired: int,
    keys: Keys,
    noise: float,
) -> None:
    attributes, many = shares.shape[1:]
    deficit = np.zeros((attributes, many))
    start = 0
    for place in range(len(counts)):
        for a in range(attributes):
            for c in range(many):
                deficit[a, c] = -np.inf if shares[place, a, c] == 0.0 else 0.0
        owed = 0.0
        for row in rows(start, start + counts[place]):
            here = 1.0 if occupied[row] else 0.0
            for a in range(attributes):
                most, pick = -np.inf, 0
                # Which class it will be nobody can guess: choosing without a branch is more than twice as fast.
                for c in range(many):
                    deficit[a, c] += shares[place, a, c] * here
                    some = uniform(keys[a * many + c], row) * noise + deficit[a, c]
                    better = some > most
                    most = some if better else most
                    pick = c if better else pick
                classes[row, a] = pick
                deficit[a, pick] -= here
            if occupied[row] and classes[row, 0] != retired:
                owed += employment[place]
                sooner = chance[place, classes[row, attributes - 1]] - employment[place]
                if owed + (sooner + uniform(keys[attributes * many], row)) > 1.0:
                    employed[row] = True
                    owed -= 1.0
        start += counts[place]
