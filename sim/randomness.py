"""Keyed draws: a random number is a function of (seed, decision, quarter, row), never of how many draws came before.

So a practice that adds an event shifts no other draw, and two runs with one seed differ only where decisions do. A draw
is a hash of its key: whoever needs the number of one row asks for that row, in Python or inside a kernel.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b
from secrets import randbits
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, rule

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Amount = TypeVar("Amount", float, NDArray[np.float64])  # one, or a column of them

NEXT_LIKE = 1 << 32  # from the key of a row to that of the next that it stands for: more than there are rows

_ALL = 0xFFFFFFFFFFFFFFFF
_GOLDEN = 0x9E3779B97F4A7C15
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB
_TO_UNIT = 2.0**-53


class Decision(StrEnum):
    """The names of all draws. A key is made from the name, so the order here means nothing."""

    HEAT_PRICE = "heat price"
    INTEREST = "interest"
    CYCLE = "construction cycle"
    UNEMPLOYMENT = "national unemployment"
    BUILDING_SIZE = "building size"
    BUILDING_START = "building start"
    RESIDENT_QUOTA = "resident quota"
    RESIDENT_START = "resident start"
    APPRAISAL = "appraisal"
    APPRAISAL_YEAR = "appraisal of the year"
    PROGRAMME = "length of a programme"
    GRANT_QUEUE = "arrival of grant applications"
    PANEL = "what a panel gets wrong about a project"
    POOLING = "pooling"
    TRAINEE_KIND = "kind of training place"
    HAGGLING = "haggling"
    CONSENT = "consent"
    TENANT_CHOICE = "tenant choice"
    BID_ENTRY = "bid entry"
    BID_PRICE = "bid price"
    APPEAL = "appeal"
    CHANGE_ORDER = "change order"
    FIND_JOB = "find job"
    LOSE_JOB = "lose job"
    COHORT_WORK = "work of those who left"
    WORK_HISTORY = "work history at the start"
    SECOND_EARNER = "work of a second earner"
    SELECTION = "selection of trainees"
    TRAINING = "training outcome"
    SUITABLE = "whether somebody suits a training place"
    CREW_ROOM = "last training place that crews have room for"
    PLACE_QUALITY = "quality of a training place"
    STRANDING = "whether a firm without sites has other work for a trainee"
    MOVE = "move"
    COMING_BACK = "coming back after rehousing"
    REFILL = "moving in"
    LET_FLAT = "letting a vacant flat"
    DESTINATION = "where a household that leaves goes"
    DESTINATION_FLAT = "which of the flats open there a mover is shown"
    CHOOSE_FLAT = "choosing between offers of flats"
    TURNOVER = "renovation at turnover"
    NEWS = "news about a neighbourhood"
    INCIDENT = "wave of insecurity in a neighbourhood"
    SALE = "sale of flats"
    MAJORITY = "will of a term's majority to sell"
    OFFER = "offer for flats"
    RESCUE = "what an owner's owner puts in"
    PLACES_OWED = "training place owed in part at the start"
    HANDS = "last flat that idle hands can renew"
    SERVICE_JOBS = "last service job on offer"
    COMPACT_VIEW = "how a municipality sees a compact"
    COMPACT_VIEW_YEAR = "how a municipality sees a compact this year"
    COMPACT_MAJORITY = "drive of a term's majority"
    COMPACT_CALL = "whom the county council calls first"


_KEYS = {d: int.from_bytes(blake2b(d.encode(), digest_size=6).digest(), "big") for d in Decision}


def fresh_seed() -> int:
    """A seed that nobody chose, from the operating system: 31 bits, as those of replicates."""
    return randbits(31)


class Draws:
    """All random numbers of one replicate.

    Parameters
    ----------
    seed : the replicate's root seed, shared by every arm of a comparison.
    """

    def __init__(self, seed: int) -> None:
        self.seed = int(seed)
        # Unsigned all, since a kernel would have a version of its own for those that look like signed ones.
        roots = {d: _mix_one(_mix_one(self.seed + _GOLDEN) ^ key) for d, key in _KEYS.items()}
        self._root_of = {d: np.uint64(root) for d, root in roots.items()}

    def keys(self, decision: Decision, quarter: int, k: int = 1) -> Keys:
        """Keys of the first k numbers that each row has for one decision in one quarter, for `uniform`, (k,)."""
        return _keys(self._root_of[decision], quarter, k)

    def stream(self, decision: Decision, quarter: int, n: int) -> Floats:
        """Uniforms in (0, 1) for rows 0…n-1: the first number of each."""
        found = np.empty(n)
        _fill(found, self.keys(decision, quarter))
        return found

    def at(self, decision: Decision, quarter: int, rows: Ints | int, k: int = 1) -> Floats:
        """Uniforms in (0, 1), shape (len(rows), k), whatever other rows are asked for."""
        numbers = np.atleast_1d(np.asarray(rows)).astype(np.int64)
        found = np.empty((len(numbers), k))
        _fill_at(found, numbers, self.keys(decision, quarter, k))
        return found

    def one(self, decision: Decision, quarter: int, row: int = 0, k: int = 1) -> list[float]:
        """The k uniforms of a single row, to the bits of `at`, in a tenth of the time."""
        spread = (row + 1) * _GOLDEN & _ALL
        return [((_mix_one(spread ^ int(key)) >> 11) + 0.5) * _TO_UNIT for key in self.keys(decision, quarter, k)]

    def gumbel(self, decision: Decision, quarter: int, rows: Ints | int, k: int) -> Floats:
        """Standard Gumbel errors, one per (chooser, option): the option with the best utility plus error is chosen."""
        return -np.log(-np.log(self.at(decision, quarter, rows, k)))

    def normal(self, decision: Decision, quarter: int, rows: Ints | int, k: int = 1) -> Floats:
        """Standard normals, each from two keyed uniforms."""
        u = self.at(decision, quarter, rows, 2 * k)
        return normal(u[:, :k], u[:, k:])


@rule
def uniform(key: np.uint64, row: int) -> float:
    """A row's number in (0, 1) under a key, by SplitMix64 (Steele, Lea and Flood 2014, OOPSLA,
    doi 10.1145/2660193.2660195). For kernels: in Python such products overflow with a warning."""
    bits = _mix(((np.uint64(row) + np.uint64(1)) * np.uint64(_GOLDEN)) ^ key)
    return (np.float64(bits >> np.uint64(11)) + 0.5) * _TO_UNIT


@rule
def _mix(bits: np.uint64) -> np.uint64:
    """SplitMix64's finaliser: whatever differs in a number differs in half of these bits."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(_MIX_1)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(_MIX_2)
    return bits ^ (bits >> np.uint64(31))


@rule
def around(u: Amount, spread: float) -> Amount:
    """Uniform factors around 1, ``spread`` wide, from uniforms; any shape."""
    return (1.0 - spread / 2.0) + spread * u


@rule
def normal(u: Floats | float, v: Floats | float) -> Floats:
    """Standard normals from two uniforms each (Box and Muller 1958), for kernels and columns."""
    return np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)


@kernel
def _keys(root: np.uint64, quarter: int, k: int) -> Keys:
    """Keys of the first k numbers of a decision in a quarter, from the decision's root."""
    found = np.empty(k, np.uint64)
    key = _mix(root ^ (np.uint64(quarter + 1) * np.uint64(_MIX_1)))
    for i in range(k):
        key += np.uint64(_GOLDEN)
        found[i] = _mix(key)
    return found


@kernel
def _fill(found: Floats, keys: Keys) -> None:
    """The first number of rows 0, 1 … (n,)."""
    for row in range(len(found)):
        found[row] = uniform(keys[0], row)


@kernel
def _fill_at(found: Floats, rows: Ints, keys: Keys) -> None:
    """Each of these rows' numbers, (rows, k)."""
    for i in range(len(rows)):
        for j in range(len(keys)):
            found[i, j] = uniform(keys[j], rows[i])


def _mix_one(x: int) -> int:
    """The same for one number, in Python's integers."""
    x &= _ALL
    for shift, factor in ((30, _MIX_1), (27, _MIX_2)):
        x = (x ^ (x >> shift)) * factor & _ALL
    return x ^ (x >> 31)
