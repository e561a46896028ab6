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


def revised_confidence(confidence: Floats, realised: Floats, promised: Floats, p: Parameters) -> Floats:
    """Confidence in a purse's forecast gains, 0-1 (3,), moved toward what the books showed; unchanged where nothing was
    due. realised, promised : SEK of last year by payer (3,)."""
    # More than was promised does not raise belief above one: forecasts are believed or not, they are not beaten.
    seen = np.clip(realised / np.maximum(promised, 1e-9), 0.0, 1.0)
    return np.asarray(np.where(promised > 0.0, confidence + p.confidence_learning * (seen - confidence), confidence))
