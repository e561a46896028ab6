"""Every budget by neighbourhood and calendar year: what it received minus what it paid, loans and interest left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.vocabulary import Purse
from sim.world.books import FINANCING, INCIDENCE
from sim.world.placing import placed

if TYPE_CHECKING:
    from sim.world.world import World

COLUMNS: dict[str, type] = {"year": int, "neighbourhood": str, "budget": str, "sek": float}
# Builders and the rest of the world have no neighbourhood.
BUDGETS = (
    Purse.RESIDENTS,
    Purse.HOUSING_COMPANIES,
    Purse.PRIVATE_LANDLORDS,
    Purse.MUNICIPALITIES,
    Purse.COUNTY_COUNCIL,
    Purse.STATE,
)
YEAR = 4  # quarters


def budgets(world: World) -> pd.DataFrame:
    """One row a year that is over, neighbourhood and budget: net SEK, flats to scale, as in the outcomes ``net_…``."""
    names, years = world.region.neighbourhoods.name, range(world.quarter // YEAR)
    weights = (INCIDENCE * ~FINANCING[:, None])[:, list(BUDGETS)]
    flats = world.region.neighbourhoods.flats
    pages = [placed(world.books, slice(YEAR * y, YEAR * y + YEAR), flats).T @ weights for y in years]
    sek = np.array(pages).reshape(len(years), len(names), len(BUDGETS))
    return pd.DataFrame(
        {
            "year": np.repeat(np.array(years, dtype=np.int64) + world.year0, len(names) * len(BUDGETS)),
            "neighbourhood": pd.Series(np.tile(np.repeat(names, len(BUDGETS)), len(years)), dtype=str),
            "budget": pd.Series(np.tile([one.name.lower() for one in BUDGETS], len(years) * len(names)), dtype=str),
            "sek": sek.ravel(),
        }
    )
