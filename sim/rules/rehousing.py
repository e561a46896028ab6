"""Works that nobody can live through: which, what housing tenants elsewhere costs their owner, and who comes back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.rules.inside import done_inside

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def must_move(p: Parameters) -> Bools:
    """Options through which tenants cannot stay in their homes (9,)."""
    # Pipes are replaced with tenants in (Fittja's serial contracts); Brogården's houses were emptied.
    return np.asarray(done_inside(p) >= p.rehousing_from)


def expected_cost(p: Parameters) -> Floats:
    """What an owner reckons that rehousing costs, SEK per flat by option (9,): homes elsewhere, moving out and in."""
    return np.asarray(must_move(p) * (p.rehousing_quarters * p.rehousing_rent + p.rehousing_removal))


def stays_away(settled: Floats, rise: Floats, unwanted: Floats, p: Parameters) -> Floats:
    """Chance that a rehoused household does not come back (rows,): less with ties, more with the rent and where the
    standard is not the one that it wanted.

    settled : 0 for a newcomer, 1 with full ties. rise : of the rent, share. unwanted : as ``leaving_factor`` gives, 1
    on average; all (rows,).
    """
    alike = p.rehousing_lost * (1.0 - p.rehousing_ties * settled) + p.rehousing_rise * rise
    return np.asarray(np.clip(alike * unwanted, 0.0, 1.0))
