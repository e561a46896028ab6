"""Tables of single rows that a run keeps beside its outcomes, as bytes that travel and are stored cheaply."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from experiments.engine.records import squeezed, unsqueezed
from sim.errors import computing

WHOLE, NUMBER, TEXT = "i", "f", "t"
STORED: dict[str, np.dtype[Any]] = {WHOLE: np.dtype("<i4"), NUMBER: np.dtype("<f8"), TEXT: np.dtype("<i4")}


@computing()
def pack_tables(frames: Mapping[str, pd.DataFrame]) -> bytes:
    """Tables of whole numbers, numbers and text: a description with the words of each column of text, then the columns,
    text by the number of its word."""
    head: dict[str, Any] = {}
    columns: list[bytes] = []
    for name, frame in frames.items():
        described: list[tuple[str, str, list[str]]] = []
        for column in frame.columns:
            kind, words, values = _plain(frame[column])
            described.append((str(column), kind, words))
            columns.append(values.astype(STORED[kind]).tobytes())
        head[name] = {"rows": len(frame), "columns": described}
    text = json.dumps(head).encode()
    return squeezed(b"".join((struct.pack("<I", len(text)), text, *columns)))


@computing()
def unpack_tables(packed: bytes) -> dict[str, pa.Table]:
    """What `pack_tables` packed."""
    plain = unsqueezed(packed)
    (length,) = struct.unpack_from("<I", plain)
    place = 4 + length
    found: dict[str, pa.Table] = {}
    for name, table in json.loads(plain[4:place]).items():
        columns: dict[str, pa.Array] = {}
        for column, kind, words in table["columns"]:
            values = np.frombuffer(plain, STORED[kind], table["rows"], place)
            place += values.nbytes
            columns[column] = _words(values, words) if kind == TEXT else pa.array(values)
        found[name] = pa.table(columns)
    return found


def _plain(column: pd.Series[Any]) -> tuple[str, list[str], NDArray[Any]]:
    """The kind of a column, its words, and its numbers."""
    if column.dtype.kind in "iu":
        return WHOLE, [], column.to_numpy()
    if column.dtype.kind == "f":
        return NUMBER, [], column.to_numpy()
    numbers, words = pd.factorize(column)
    return TEXT, [str(word) for word in words], numbers


def _words(numbers: NDArray[Any], words: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(numbers), pa.array(words, pa.string())).cast(pa.string())
