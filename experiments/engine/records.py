"""What is kept of a run, as bytes: small to send between processes and machines, and ready to store."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim.errors import computing

KEYS = ("quarter", "area", "area_kind")
WIDTH = 4

Array = NDArray[Any]


@dataclass(frozen=True)
class Record:
    """A run that has ended.

    error: empty where it went well. ends: one number per column of the table of runs. curves: the outcomes by
    quarter and area (`unpack_curves`). tables: single rows beside them (`unpack_tables`). money: the co-funding, where
    another arm takes it. passing: the error was not the run's own (its worker died), so another attempt may go well.
    seal: a checksum of all the others, made where the run was made.
    """

    digest: str
    error: str = ""
    ends: bytes = b""
    curves: bytes = b""
    tables: bytes = b""
    money: bytes = b""
    seconds: float = float("nan")
    peak_mb: float = 0.0
    passing: bool = False
    seal: str = ""

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.ends) + len(self.curves) + len(self.tables) + len(self.money) + 200


@computing()
def sealed(record: Record) -> Record:
    """The record with its seal."""
    return replace(record, seal=_seal_of(record))


@computing()
def holds(record: Record) -> bool:
    """Whether nothing of a record has changed since it was sealed."""
    return record.seal == _seal_of(record)


def _seal_of(record: Record) -> str:
    state = blake2b(digest_size=16)
    texts = (record.digest.encode(), record.error.encode())
    noted = pack_numbers([record.seconds, record.peak_mb])
    for piece in (*texts, record.ends, record.curves, record.tables, record.money, noted):
        state.update(struct.pack("<Q", len(piece)))
        state.update(piece)
    return state.hexdigest()


def pack_numbers(values: Array | Sequence[float]) -> bytes:
    """64-bit numbers as bytes."""
    return np.asarray(values, np.dtype("<f8")).tobytes()


def unpack_numbers(packed: bytes) -> Array:
    """The numbers again, in one dimension."""
    return np.frombuffer(packed, np.dtype("<f8"))


@dataclass(frozen=True)
class Curves:
    """Outcomes of one run: one entry a row; values is outcomes × rows, 32-bit."""

    quarter: Array
    area: list[str]
    area_kind: list[str]
    outcomes: tuple[str, ...]
    values: Array


@computing()
def pack_curves(frame: pd.DataFrame) -> bytes:
    """Curves as compressed bytes: a description, quarters, areas by number, and 32-bit outcomes."""
    outcomes = [name for name in frame.columns if name not in KEYS]
    pairs = list(zip(frame["area"].tolist(), frame["area_kind"].tolist(), strict=True))
    numbers = {pair: number for number, pair in enumerate(dict.fromkeys(pairs))}
    head = json.dumps({"rows": len(frame), "areas": list(numbers), "outcomes": outcomes}).encode()
    keys = [frame["quarter"].to_numpy(), np.array([numbers[pair] for pair in pairs])]
    values = np.ascontiguousarray(frame[outcomes].to_numpy(np.float32).T)
    # The four bytes of each number lie apart: the first ones are much alike, and pack well together.
    apart = values.view(np.uint8).reshape(-1, WIDTH).T.tobytes()
    return squeezed(
        b"".join((struct.pack("<I", len(head)), head, *(key.astype("<i2").tobytes() for key in keys), apart))
    )


def squeezed(plain: bytes) -> bytes:
    """Bytes, compressed."""
    return struct.pack("<Q", len(plain)) + bytes(pa.Codec("zstd").compress(plain, asbytes=True))


def unsqueezed(packed: bytes) -> bytes:
    """What `squeezed` compressed: the same bytes for the same contents, whatever they were compressed with."""
    (size,) = struct.unpack_from("<Q", packed)
    return bytes(pa.Codec("zstd").decompress(packed[8:], decompressed_size=size, asbytes=True))


@computing()
def unpack_curves(packed: bytes) -> Curves:
    """What `pack_curves` packed."""
    plain = unsqueezed(packed)
    (length,) = struct.unpack_from("<I", plain)
    head = json.loads(plain[4 : 4 + length])
    rows, start = head["rows"], 4 + length
    quarter, where = (np.frombuffer(plain, "<i2", rows, start + offset) for offset in (0, 2 * rows))
    apart = np.frombuffer(plain, np.uint8, offset=start + 4 * rows).reshape(WIDTH, -1)
    values = np.ascontiguousarray(apart.T).view(np.float32).reshape(len(head["outcomes"]), rows)
    names, kinds = ([pair[i] for pair in head["areas"]] for i in (0, 1))
    return Curves(quarter, [names[i] for i in where], [kinds[i] for i in where], tuple(head["outcomes"]), values)
