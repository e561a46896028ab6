"""Who leaves: a base rate, rent burden, dissatisfaction, disturbance by works, and success. Rates are per quarter.

Arrays have one entry per building, household or neighbourhood, as said.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import pick, rule
from sim.inputs.parameters import Parameters
from sim.vocabulary import Site

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Small = NDArray[np.int8]


@rule
def disturbance_rate(before: NDArray[np.bool_], on_site: NDArray[np.bool_], municipal: NDArray[np.bool_],
                     p: Parameters) -> Floats:  # fmt: skip
    """Extra rate in a building with announced or ongoing works, (buildings,): most before the start, less with a
    municipal owner.

    The excess over the renovation year is 11 points (Boverket 2014), at least half before the works begin (Chalmers).
    """
    share = pick(before, p.disturbance_before, 0.0) + pick(on_site, 1.0 - p.disturbance_before, 0.0)
    owner = pick(municipal, p.municipal_displacement, 1.0)
    rate: Floats = p.excess_move * p.disturbance_share / p.disturbance_quarters * share * owner
    return rate


@rule
def household_rate(burden: Floats | float, satisfaction: Floats | float, more: Floats, p: Parameters) -> Floats:
    """Multiplier on the base rate for a household (rows,): burden, dissatisfaction, success and insecurity.

    burden : rent over income. satisfaction : 0-1. more : what other reasons add: ``success_pull`` for those in work,
    and ``insecurity_push``; all (rows,).
    """
    heavy = p.move_burden * np.maximum(burden - p.burden_heavy, 0.0)
    unhappy = p.move_dissatisfied * np.maximum(p.satisfaction_stay - satisfaction, 0.0)
    # With the burden's part bounded no rate exceeds a known one: the phase looks only at rows whose draw is below it.
    return 1.0 + np.minimum(heavy, p.move_burden_most) + unhappy + more


@rule
def highest_rate(more: Floats, p: Parameters) -> Floats:
    """A multiplier that no household's exceeds, whatever its burden and satisfaction; more : as above."""
    return 1.0 + p.move_burden_most + p.move_dissatisfied * p.satisfaction_stay + more


@rule
def insecurity_push(calm: Floats, p: Parameters) -> Floats:
    """How much more households leave a place that is less safe, against the base rate; calm 0-1 (n,)."""
    return p.move_insecure * (1.0 - calm)


@rule
def success_pull(reputation: Floats, p: Parameters) -> Floats:
    """How much more those in work leave a place with a poor name, against the base rate; reputation 0-1 (n,)."""
    # Those who get on leave: out-movers are 4-15 points more often in work than in-movers (Andersson and Bråmå 2004).
    return p.move_success * np.minimum(np.maximum(1.0 - reputation / p.reputation_ordinary, 0.0), 1.0)


@rule
def told(site: Small) -> Bools:
    """Whether tenants know of works in their building or live with them; site : Site (n,)."""
    known: Bools = (site == Site.ANNOUNCED) | (site == Site.ON_SITE)
    return known


@rule
def by_works(site: Small, quarters: Ints, renovated: Ints, p: Parameters) -> Bools:
    """Whether a household moves out of a building under renovation or just renovated (n,).

    site : Site. quarters : since the building was finished. renovated : when that was, negative before the start.
    """
    return told(site) | ((quarters < p.new_rent_quarters) & (renovated >= 0))
