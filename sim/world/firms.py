"""All building firms in columns: what bids, sites and training ask of many of them at once."""

from __future__ import annotations

import numpy as np

from sim.rules.choice import OPTIONS
from sim.world.columns import Bools, Floats, Ints


class Firms:
    """One row a firm (f,), in the order of the seed table. Who asks a single one meets it as a ``Builder``.

    workers : skilled workers, persons (fractions at small scale); start_workers : at the start. busy : of them on the
    estates' sites. visible : committed work ahead, years. places_owed : training places that clauses ask for and that
    nobody has been given yet. experience : flats renovated lately by package, series (f, 9); taught : of them those of
    joint lots. municipality : row of the firm's home. small : whether it is too small to see a framework's pipeline.
    """

    def __init__(self, workers: Floats, municipality: Ints, small: Bools) -> None:
        n = len(workers)
        self.workers, self.start_workers = np.array(workers, dtype=np.float64), np.array(workers, dtype=np.float64)
        self.municipality, self.small = np.array(municipality, dtype=np.int64), np.array(small, dtype=np.bool_)
        self.busy, self.visible, self.places_owed = np.zeros(n), np.zeros(n), np.zeros(n)
        self.experience: Floats = np.zeros((n, OPTIONS))
        self.taught: Floats = np.zeros((n, OPTIONS))

    def __len__(self) -> int:
        return len(self.workers)
