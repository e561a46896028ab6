"""Large rent rises come in steps: what is paid at once, what each year brings, what an owner goes without meanwhile.

A tribunal lowers a rent that is much higher than before for a fair time (12 kap. 55 § jordabalken), and agreements do
the same: part of the rise at completion, the rest in equal steps, one at each anniversary. SEK/m2.year throughout.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def at_once(rise: Floats, rent: Floats, p: Parameters) -> Floats:
    """What of each rise is paid from completion on: all of a small one, of others at least as much as is small.

    rise : SEK/m2.year. rent : before, SEK/m2.year, of a shape that goes with it.
    """
    if p.phase_in_years == 0.0:
        return np.array(rise, dtype=np.float64)
    return np.minimum(rise, np.maximum(p.phase_in_first * rise, p.phase_in_from * rent))


@rule
def paid(rise: Floats, first: Floats, years: Ints, p: Parameters) -> Floats:
    """The part of each rise that is in the rent so many anniversaries after completion (nothing before it).

    rise, first : the whole and what is paid at once, SEK/m2.year. years : whole ones, below 0 before completion.
    """
    return (first + (rise - first) * (1.0 - _ahead(years, p))) * (years >= 0)


def steps(later: float, p: Parameters) -> list[float]:
    """What each anniversary in turn adds to the rent, of so much that is phased in, SEK/m2.year."""
    ahead = [float(_ahead(np.array(year), p)) for year in range(math.ceil(p.phase_in_years) + 1)]
    return [later * (before - after) for before, after in itertools.pairwise(ahead)]


@rule
def waiting(rate: Floats, years: Ints | int, p: Parameters, horizon: float = math.inf) -> Floats:
    """Present value of what is not yet paid, SEK, for each SEK/m2.year that is phased in; the shape of ``rate``.

    rate : per year. years : anniversaries since completion, 0 for a rise to come. horizon : years that count.
    Payments in arrears, as in ``finance.annuity``.
    """
    missing: Floats = 0.0 * rate
    for year in range(int(min(math.ceil(p.phase_in_years), horizon))):
        # A reciprocal, as numpy takes this power for columns.
        discount: Floats = 1.0 / (1.0 + rate) if year == 0 else (1.0 + rate) ** -(year + 1.0)
        missing = missing + _ahead(years + year, p) * discount
    return missing


@rule
def _ahead(years: Ints | int, p: Parameters) -> Floats:
    """Share of what is phased in that is still to come."""
    ahead: Floats = np.minimum(np.maximum(1.0 - years / max(p.phase_in_years, 1e-9), 0.0), 1.0)
    return ahead
