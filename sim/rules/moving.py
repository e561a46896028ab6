"""Who leaves: a base rate, rent burden, dissatisfaction, disturbance by works, and success. Rates are per quarter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


def disturbance_rate(before: NDArray[np.bool_], on_site: NDArray[np.bool_], municipal: NDArray[np.bool_],
                     p: Parameters) -> Floats:  # fmt: skip
    """Extra rate in a building with announced or ongoing works: most before the start, less with a municipal owner.

    The excess over the renovation year is 11 points (Boverket 2014), at least half before the works begin (Chalmers).
    """
    share = np.where(before, p.disturbance_before, 0.0) + np.where(on_site, 1.0 - p.disturbance_before, 0.0)
    owner = np.where(municipal, p.municipal_displacement, 1.0)
    return np.asarray(p.excess_move * p.disturbance_share / 2.0 * share * owner)


def household_rate(burden: Floats, satisfaction: Floats, success: Floats, p: Parameters) -> Floats:
    """Multiplier on the base rate for a household: burden, dissatisfaction, and success where the name is poor."""
    heavy = p.move_burden * np.maximum(burden - p.burden_heavy, 0.0)
    unhappy = p.move_dissatisfied * np.maximum(p.satisfaction_stay - satisfaction, 0.0)
    return np.asarray(1.0 + np.minimum(heavy, 2.0) + unhappy + success)


def success_pull(reputation: Floats, p: Parameters) -> Floats:
    """How much more those in work leave a place with a poor name, by neighbourhood."""
    return np.asarray(p.move_success * np.clip(1.0 - reputation / p.reputation_ordinary, 0.0, 1.0))
