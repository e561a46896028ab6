"""A record of tenders: what was bought, by whom and at what price; and what joint lots would have cost as own ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.recording.grown import Table
from sim.rules.choice import OPTIONS
from sim.world.notes import Tender, Twin

if TYPE_CHECKING:
    from sim.world.world import World

_COLUMNS: dict[str, type] = dict.fromkeys(("quarter", "bids", "flats", "package"), int)
_COLUMNS |= dict.fromkeys(("joint", "awarded"), bool) | {"owners": str}
_COLUMNS |= dict.fromkeys(("price", "reference", "price_per_flat", "experience", "other_demand", "shortage"), float)
_COLUMNS |= {"own_lots": int} | dict.fromkeys(("own_flats", "own_bids", "own_price", "own_price_per_flat"), float)


class TendersRecord:
    """All tenders of a run, in order."""

    def __init__(self) -> None:
        self._table = Table(_COLUMNS)

    def frame(self) -> pd.DataFrame:
        """One row a tender: quarter, owners, whether joint and awarded, the option that most of its flats get
        (``package``), flats and bids; the lowest price offered, against the reference (SEK) and per flat (SEK with
        value-added tax); the experience of who offers it, other construction and the shortage of hands then.

        What a joint lot would have been as its owners' own lots in the same quarter, before the same firms: their
        number, the part of the flats that would have drawn bids, bids a lot, and the same two prices over that part.
        Nothing where it was not asked for, or where no own lot would have drawn a bid.
        """
        found = self._table.frame()
        # Text has a type of its own also where there is no row.
        return found.astype({"owners": str})

    def opened(self, world: World, tender: Tender) -> None:
        """Bids for a lot have been opened."""
        prices, flats, outside = tender.prices, int(tender.flats.sum()), world.surroundings
        offers = np.isfinite(prices)
        best = int(prices.argmin()) if offers.any() else -1
        price = float(prices[best]) if best >= 0 else np.nan
        self._table.add(
            1, quarter=world.quarter, bids=int(offers.sum()), flats=flats, joint=tender.joint, awarded=tender.awarded,
            owners="; ".join(world.owners[row].name for row in tender.owners),
            package=int(np.bincount(tender.options, tender.flats, minlength=OPTIONS).argmax()),
            price=price, reference=tender.reference,
            price_per_flat=(price * tender.reference + world.p.lot_setup) / flats,
            experience=world.builders[best].experience.sum() if best >= 0 else np.nan,
            other_demand=outside.other_demand, shortage=outside.shortage, **_own(tender.twin, world.p.lot_setup),
        )  # fmt: skip


def _own(twin: Twin | None, setup: float) -> dict[str, float]:
    """The columns of a joint lot's twin."""
    if twin is None:
        return {"own_lots": 0} | dict.fromkeys(("own_flats", "own_bids", "own_price", "own_price_per_flat"), np.nan)
    bid = np.isfinite(twin.price)
    flats, price, reference = (float(x[bid].sum()) for x in (twin.flats, twin.price, twin.reference))
    return {
        "own_lots": len(bid),
        "own_flats": flats / float(twin.flats.sum()),
        "own_bids": float(twin.bids.mean()),
        "own_price": (price - setup * int(bid.sum())) / reference if bid.any() else np.nan,
        "own_price_per_flat": price / flats if bid.any() else np.nan,
    }
