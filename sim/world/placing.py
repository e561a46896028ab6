"""Which neighbourhood each krona of the books belongs to: known where it was noted, by a rule where it was not.

Pay, taxes and support are where people live; rents, heat, upkeep, fees, works and repairs where the building stands;
side payments where what they pay for was built; reputation work and local presence where they are done. What has no
place of its own goes to the neighbourhoods of its municipality: by what it follows from (``FOLLOWS``), else by flats
(talks, tribunals and other administration). So the neighbourhoods of a municipality add up to it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.world.books import Books, Flow
from sim.world.columns import Floats, Numbers

_WORKS = (Flow.WORKS_COMPANIES, Flow.WORKS_LANDLORDS, Flow.REPAIRS_COMPANIES, Flow.REPAIRS_LANDLORDS)

# What is not noted follows these: taxes and displaced building the works, a company's own money its rents.
FOLLOWS: Mapping[Flow, tuple[Flow, ...]] = {
    **dict.fromkeys(
        (
            Flow.WORKS_VAT, Flow.WORKS_PAYROLL_TAX, Flow.WORKS_INCOME_TAX_MUNICIPAL, Flow.WORKS_INCOME_TAX_COUNTY,
            Flow.WORKS_CREWS, Flow.WORKS_MATERIALS, Flow.CROWDED_OUT_STATE, Flow.CROWDED_OUT_MUNICIPAL,
            Flow.CROWDED_OUT_COUNTY, Flow.CROWDED_OUT_BUILDERS,
        ),
        _WORKS,
    ),
    **dict.fromkeys((Flow.DIVIDENDS, Flow.OWNER_INJECTIONS, Flow.SALES), (Flow.RENT_COMPANIES,)),
    **dict.fromkeys((Flow.APPEALS, Flow.GRANTS_COMPANIES), (Flow.WORKS_COMPANIES,)),
    Flow.GRANTS_LANDLORDS: (Flow.WORKS_LANDLORDS,),
}  # fmt: skip


def placed(books: Books, quarters: slice, flats: Numbers) -> Floats:
    """Flows of these quarters by neighbourhood, SEK (flows, k); the rest of the county is in none.

    flats : of each neighbourhood (k,).
    """
    towns, m = books.towns, books.history.shape[2] - 1
    noted = books.at[quarters].sum(axis=0)
    missing = books.history[quarters, :, :m].sum(axis=0) - _by_town(noted, books)
    share = np.tile(flats / np.bincount(towns, flats)[towns], (len(Flow), 1))
    for flow, like in FOLLOWS.items():
        weight = np.abs(noted[[one.row for one in like]].sum(axis=0))
        whole = np.bincount(towns, weight)[towns]
        share[flow.row] = np.where(whole > 0.0, weight / np.where(whole > 0.0, whole, 1.0), share[flow.row])
    return np.asarray(noted + missing[:, towns] * share)


def _by_town(values: Floats, books: Books) -> Floats:
    """Sums over each municipality's neighbourhoods, (flows, k) to (flows, m)."""
    m = books.history.shape[2] - 1
    cells = np.arange(len(values))[:, None] * m + books.towns
    sums = np.asarray(np.bincount(cells.ravel(), values.ravel(), minlength=len(values) * m), dtype=np.float64)
    return sums.reshape(len(values), m)
