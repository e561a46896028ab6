"""Phase 2. Buildings wear out; owners tune heating; rents follow the general round once a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.appraisal import yearly_repairs
from sim.world.state import FAR_PAST

if TYPE_CHECKING:
    from sim.model import RenewalModel


def advance(model: RenewalModel) -> None:
    """Condition, tuning, and the repairs that poor condition costs this quarter."""
    b, p = model.buildings, model.p
    age = model.year0 + model.quarter / 4.0 - np.where(b.renovated > FAR_PAST, model.year0 + b.renovated / 4.0, b.built)
    faster = np.where(age > p.pipe_life, p.decline_past_life, 1.0)
    b.condition[:] = np.maximum(b.condition - p.condition_decline / 4.0 * faster, 0.01)
    step = np.minimum(p.tuning_rate / 4.0, np.maximum(p.tuning_limit - b.tuned, 0.0))
    b.tuned += step
    b.energy *= 1.0 - step
    if model.quarter % 4 == 0 and model.quarter > 0:
        b.rent *= 1.0 + p.rent_growth
        b.rent_plain *= 1.0 + p.rent_growth
        b.rent_chosen *= 1.0 + p.rent_growth
    repairs = yearly_repairs(b.condition, p) * b.area * b.flats / 4.0
    model.pay_by_owner("repairs", repairs)
