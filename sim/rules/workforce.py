"""Firms' workers: who leaves a firm in a quarter, and how many it recruits. Persons, one entry a firm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


def staying(workers: Floats, shortage: float, p: Parameters) -> Floats:
    """Workers who neither retire nor are lost to a hot market this quarter; shortage : share of firms."""
    leaving = min(p.retirement / 4.0 + p.poaching * max(shortage - p.shortage_start, 0.0), 1.0)
    return np.asarray(workers * (1.0 - leaving))


def recruits(workers: Floats, stay: Floats, start: Floats, visible: Floats, shortage: float, p: Parameters) -> Floats:
    """Workers recruited toward what the visible order book needs: only work that can be seen ahead makes hiring worth
    its premium.

    workers : before anybody left. stay : those who stay. start : at the start. visible : committed work ahead, years.
    """
    wish = start * (1.0 + p.hire_visibility * np.minimum(visible, p.hire_years) / p.hire_years)
    return np.minimum(np.maximum(wish - stay, 0.0), p.hire_speed * workers * (1.0 - shortage))
