"""Results of a benchmark as a file: read back as the reference, or as what stood before a round of work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from experiments.engine.json_file import read_model
from experiments.tools.benchmark.measurements import Figures
from experiments.tools.benchmark.rows import Row

NAME = "benchmark"
REFERENCE = Path(__file__).parents[3] / "results" / "reference" / f"{NAME}.json"


class Stand(BaseModel):
    """Figures of one commit: value, and the yardstick beside it (s; 0 where it is no time), by name."""

    commit: str = ""
    figures: dict[str, tuple[float, float]] = {}


class Stored(Stand):
    """A whole file. baseline: the commit that all this is to be measured by."""

    machine: dict[str, Any] = {}
    baseline: Stand = Stand()
    rows: list[dict[str, Any]] = []


def read_reference(path: Path = REFERENCE) -> Stored:
    """What is committed; nothing where there is no such file. Raises SamspelError where it cannot be read."""
    return read_model(path, Stored, "what samspel benchmark wrote") if path.is_file() else Stored()


def written(commit: str, machine: dict[str, Any], figures: Figures, baseline: Stand, rows: Sequence[Row]) -> str:
    """The text of such a file: rows first, for whoever reads it."""
    return json.dumps(
        {
            "commit": commit,
            "machine": machine,
            "rows": [row.written() for row in rows],
            "figures": {name: list(pair) for name, pair in figures.items()},
            "baseline": {"commit": baseline.commit, "figures": {k: list(v) for k, v in baseline.figures.items()}},
        },
        indent=1,
        ensure_ascii=False,
    )
