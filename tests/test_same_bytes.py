"""The same bytes on every Python that is tested: stored numbers of a small comparison of all presets, column by column.

Python 3.11 and 3.13 have other versions of numpy and Mesa in requirements.lock; with either, these digests are met.
They hold for processors with the vector instructions named beside them: elsewhere exp, log and pow have other last
bits, and the fingerprint says what is promised there. Written by: make numbers
"""

from __future__ import annotations

import json
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.cli import status

FILE = Path(__file__).with_name("same_bytes.json")
ARMS = "siloed,local,coordinated,national,emergent,siloed-same-money,coordinated-triple-cost"
COMMAND = [
    "compare", "--region", "botkyrka", "--scale", "0.02", "--years", "3", "--replicates", "1", "--seed", "5",
    "--jobs", "1", "--arms", ARMS, "--no-figures",
]  # fmt: skip


def vector_instructions() -> list[str]:
    """What numpy's loops for exp, log and pow may use here."""
    # Which of them are built in and which are found at run time differs between versions of numpy.
    config: Any = np.show_config(mode="dicts")
    known = config["SIMD Extensions"]
    return sorted({*known["baseline"], *known.get("found", ())})


def digests(folder: Path) -> dict[str, str]:
    """A digest of every number column that the comparison stores, but of seconds."""
    assert status([*COMMAND, "--out", str(folder)]) == 0
    found = {}
    for name in ("runs", "curves"):
        table = pd.read_parquet(folder / f"{name}.parquet")
        for column in table.select_dtypes("number").columns.drop("seconds", errors="ignore"):
            values = np.ascontiguousarray(table[column].to_numpy(np.float64))
            found[f"{name}.{column}"] = sha256(values.tobytes()).hexdigest()[:12]
    return found


def test_stored_numbers_are_the_same_bytes_on_every_python(tmp_path: Path) -> None:
    known = json.loads(FILE.read_text(encoding="utf-8"))
    if known["needs"] != vector_instructions():
        pytest.skip("another kind of processor: last bits of exp, log and pow differ, as the manifest would tell")
    found = digests(tmp_path / "out")
    assert found.keys() == known["digests"].keys()
    assert [name for name, digest in found.items() if known["digests"][name] != digest] == []


def test_means_do_not_go_through_libraries_that_may_or_may_not_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pandas takes bottleneck and numexpr where it finds them, and they add up in another order."""
    mean, seen = pd.DataFrame.mean, []

    def noted(self: pd.DataFrame, *args: Any, **options: Any) -> Any:
        seen.append([pd.get_option(f"compute.use_{name}") for name in ("bottleneck", "numexpr")])
        return mean(self, *args, **options)

    monkeypatch.setattr(pd.DataFrame, "mean", noted)
    small = ["--region", "botkyrka", "--scale", "0.02", "--years", "1", "--replicates", "1", "--jobs", "1"]
    out = tmp_path / "out"
    assert status(["compare", *small, "--arms", "siloed", "--no-figures", "--out", str(out)]) == 0
    assert seen and seen == [[False, False]] * len(seen)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        about = {"needs": vector_instructions(), "digests": digests(Path(place) / "out")}
    FILE.write_text(json.dumps(about, indent=0) + "\n", encoding="utf-8")
