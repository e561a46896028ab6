"""Whether a municipality or the county council joins the regional compact, and how trust moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def commits(
    gain: Floats, pressure: Floats, drive: Floats, trust: Floats, courage: Floats, downturn: float, p: Parameters
) -> Bools:
    """Gain seen per krona spent + civic pressure + drive >= transaction cost x (1 - trust) - courage; yes or no (n,).

    gain : SEK/SEK. pressure, drive, trust, courage : 0-1; all (n,), one entry a municipality. A ``downturn`` (extra
    unemployment, share) makes the time that a compact takes dearer.
    """
    for_it = p.commitment_gain * gain + p.commitment_pressure * pressure + p.commitment_drive * drive
    return np.asarray(
        for_it
        >= p.commitment_cost * (1.0 - trust) * (1.0 + p.commitment_downturn * downturn) - p.commitment_courage * courage
    )


def next_trust(trust: Floats, kept: Floats, delayed: Floats, broken: Floats, p: Parameters) -> Floats:
    """Trust after a year, 0-1 (n,): up with joint rounds delivered on time, down with delay and broken side payments.

    kept, delayed : shares of the year's rounds. broken : side payments not made, up to 1; all (n,).
    """
    # Gains shrink as trust is near 1 and losses as it is near 0: one year can neither make nor end it.
    up = p.trust_gain * kept * (1.0 - trust)
    down = (p.trust_delay * delayed + p.trust_broken * broken) * trust
    return np.asarray(np.clip(trust + up - down, 0.0, 1.0))


def shown(realised: Floats, promised: Floats) -> Floats:
    """What the books showed of a forecast, 0-1, of any shape; more than was promised counts as all of it."""
    return np.asarray(np.clip(realised / np.maximum(promised, 1e-9), 0.0, 1.0))


def revised_confidence(confidence: Floats, realised: Floats, promised: Floats, p: Parameters) -> Floats:
    """Confidence in forecasts, 0-1 (kinds of gain, payers), moved toward what last year showed of each; unchanged where
    nothing was due. realised, promised : in each kind's own unit, of the same shape."""
    # More than was promised does not raise belief above one: forecasts are believed or not, they are not beaten.
    moved = confidence + p.confidence_learning * (shown(realised, promised) - confidence)
    return np.asarray(np.where(promised > 0.0, moved, confidence))
