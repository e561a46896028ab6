"""`samspel recover` end to end on a tiny design."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.cli import status
from experiments.questions.recover import worlds
from experiments.questions.recover.recovering import Recovered, recover
from experiments.questions.recover.result import read

TINY = [
    "recover", "--scale", "0.02", "--years", "12", "--points", "12", "--later", "10", "--truths", "2", "--jobs", "1",
    "--patterns", "P3", "--parameters", "tuning_rate,co2_price",
]  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two worlds that differ in what owners save by tuning, which the stock's energy tells, and in something idle."""
    folder = tmp_path_factory.mktemp("recover") / "done"
    assert status([*TINY, "--out", str(folder)]) == 0
    return folder


def test_everything_is_written_and_says_what_it_is(out: Path) -> None:
    assert {path.name for path in out.iterdir()} >= {
        "recovery.csv", "intervals.csv", "observed.csv", "summary.md", "summary.json", "manifest.json", "figures",
    }  # fmt: skip
    assert {path.stem for path in (out / "figures").glob("*.png")} == {"recovery"}
    assert not [path.name for path in out.parent.iterdir() if path.name != "done"], "nothing else is left behind"
    summary = (out / "summary.md").read_text(encoding="utf-8")
    for words in ("exploration, not prediction", "invented truths", "| parameter |", "`tuning_rate` |", "of 2 |"):
        assert words in summary


def test_each_truth_stands_in_all_tables_with_its_own_ranges(out: Path) -> None:
    found = read(out)
    assert found.cut_offs is not None and all(one[0] == 3.0 and len(one) <= 2 for one in found.cut_offs)
    assert found.truths["truth"].tolist() == [1, 2] and len(found.intervals) == 2 * 2
    own = found.intervals.set_index(["truth", "parameter"])
    values = found.intervals["value"].to_numpy().reshape(2, 2)
    assert ((found.space.low <= values) & (values <= found.space.high)).all() and len(np.unique(values)) == 4
    seen = found.seen.dropna()
    assert len(seen) and np.allclose((seen["low"] + seen["high"]) / 2, seen["value"])
    assert ((own["low"] <= own["value"]) & (own["value"] <= own["high"])).astype(int).equals(own["holds"])


def test_the_verdict_is_the_share_of_truths_kept_with_its_interval(out: Path) -> None:
    verdict = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    kept = int(pd.read_csv(out / "recovery.csv")["kept"].sum())
    assert verdict["kind"] == "recover" and verdict["headline"]["account"] == "truths_kept"
    assert verdict["headline"]["mean"] == pytest.approx(kept / 2) and verdict["headline"]["low"] < kept / 2
    assert verdict["kept"] == kept and set(verdict["narrowed"]) == {"tuning_rate", "co2_price"}


def test_a_stopped_test_goes_on_without_searching_a_truth_again(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = []

    def stopping(*asked: Any) -> Recovered:
        searched.append(asked)
        if len(searched) == 2:
            raise KeyboardInterrupt
        return recover(*asked)

    monkeypatch.setattr(worlds, "recover", stopping)
    command: Sequence[str] = [*TINY, "--no-figures", "--out", str(tmp_path / "again")]
    assert status(command) == 130 and len(searched) == 2
    assert status(command) == 0 and len(searched) == 2 + 1
    for name in ("recovery.csv", "intervals.csv", "observed.csv"):
        assert (tmp_path / "again" / name).read_bytes() == (out / name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--parameters", "tuning_rat"], "tuning_rate"),
        (["--parameters", "tuning_rate", "--set", "tuning_rate=0.01"], "expected one or more to vary"),
        (["--patterns", "P6"], "kept for checking only"),
        (["--patterns", "P99"], "P99"),
        (["--later", "9"], "9"),
        (["--truths", "0"], "0"),
    ],
)
def test_what_cannot_be_recovered_is_refused_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert status(["recover", "--scale", "0.02", "--out", str(tmp_path / "no"), *arguments]) == 2
    assert said in capsys.readouterr().err and not (tmp_path / "no").exists()
