"""A comparison from start to end: same bytes on any number of workers, nothing half-written."""

from __future__ import annotations

import hashlib
import json
import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.cli import status
from experiments.engine import runs
from experiments.engine.results import Results
from experiments.engine.runs import RunError
from experiments.questions.compare.command import compare_settings
from experiments.reporting.findings import purse_rows
from experiments.reporting.horizons import horizon_rows
from experiments.reporting.summary import print_table
from sim import OUTCOMES, Collaboration, RenewalModel
from tests.experiments.conftest import small


def digests(folder: Path, pattern: str) -> dict[str, str]:
    files = sorted(path for path in folder.glob(pattern) if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_one_worker_and_two_write_the_same_bytes(results: Results, tmp_path: Path) -> None:
    twice = compare_settings(small(tmp_path / "parallel", jobs=2))
    for pattern in ("*.parquet", "summary.md", "figures/*.svg", "figures/*.png"):
        assert digests(results.folder, pattern) == digests(twice.folder, pattern) != {}


def test_tables_hold_every_run_quarter_and_area_with_every_outcome(results: Results) -> None:
    curves = pq.read_table(results.folder / "curves.parquet")
    areas = 1 + len(results.areas("municipality")) + len(results.areas("neighbourhood"))
    assert curves.num_rows == 4 * 2 * 8 * areas
    assert {outcome.name for outcome in OUTCOMES} <= set(curves.column_names)
    assert results.runs["run"].tolist()[:5] == [
        "siloed/1",
        "coordinated/1",
        "siloed-same-money/1",
        "coordinated-triple-cost/1",
        "siloed/2",
    ]


def test_stored_values_are_those_of_the_model(results: Results) -> None:
    plain = RenewalModel(
        runs.region_of("botkyrka", 0.05),
        Collaboration.preset("regional"),
        results.manifest["seeds"]["coordinated/2"],
        years=2,
    ).run()
    stored = results.quarterly("employment", "coordinated")[1, :, 0]
    np.testing.assert_allclose(stored, plain.curves()["employment"], rtol=1e-6)
    last = plain.curves()["employment"].tail(4).mean()
    assert results.ends("employment", "coordinated")[1] == pytest.approx(last, rel=1e-12)


def test_the_third_arm_gets_the_money_of_the_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: dict[int, Any] = {}
    spent: dict[int, Any] = {}

    class Watched(RenewalModel):
        def __init__(self, *args: Any, same_money: Any = None, **others: Any) -> None:
            super().__init__(*args, same_money=same_money, **others)
            self.replicate = args[2]
            if same_money is not None:
                taken[self.replicate] = same_money

        def cofunding(self) -> Any:
            money = super().cofunding()
            if self.world.same_money is None:
                spent[self.replicate] = money
            return money

    monkeypatch.setattr(runs, "RenewalModel", Watched)
    # The arm that takes the money is named first, and still runs second.
    names = ("siloed-same-money", "coordinated")
    compare_settings(small(tmp_path / "out", select=names, years=3), figures=False)
    assert spent and taken.keys() == spent.keys()
    for replicate, money in taken.items():
        assert money.any()
        np.testing.assert_array_equal(money, spent[replicate])


def test_a_run_that_fails_is_named_and_leaves_an_earlier_result_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    compare_settings(small(out, select=("siloed",)), figures=False)
    before = digests(out, "*")
    started: list[int] = []

    class Failing(RenewalModel):
        def run(self) -> RenewalModel:
            started.append(1)
            if len(started) == 2:
                raise ZeroDivisionError("no builders left")
            return super().run()

    monkeypatch.setattr(runs, "RenewalModel", Failing)
    with pytest.raises(RunError, match=r"run coordinated/1 \(seed \d+\) failed: ZeroDivisionError: no builders"):
        compare_settings(small(out), figures=False)
    assert digests(out, "*") == before and [path.name for path in tmp_path.iterdir()] == ["out"]
    started.clear()
    quick = ["--region", "botkyrka", "--scale", "0.05", "--years", "1", "--replicates", "1", "--jobs", "1"]
    assert status(["compare", *quick, "--out", str(tmp_path / "new" / "out")]) == 1
    assert capsys.readouterr().err.count("\n") <= 2
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_comparison_that_is_stopped_leaves_nothing_and_says_so(tmp_path: Path, how: signal.Signals) -> None:
    # A process started in the background may have been told to ignore Ctrl-C.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{heed}; from experiments.cli import main; main()"
    long = ["compare", "--region", "botkyrka", "--scale", "0.2", "--jobs", "2", "--out", str(tmp_path / "out")]
    with subprocess.Popen([sys.executable, "-c", code, *long], stderr=subprocess.PIPE, text=True) as running:
        while not list(tmp_path.iterdir()) and running.poll() is None:
            time.sleep(0.05)
        time.sleep(0.5)
        running.send_signal(how)
        _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert told.strip().splitlines()[-1] == "samspel: stopped; no results were written"
    assert "Traceback" not in told and list(tmp_path.iterdir()) == []


def test_the_error_of_a_worker_arrives_whole() -> None:
    assert str(pickle.loads(pickle.dumps(RunError("run siloed/1 failed")))) == "run siloed/1 failed"


def test_a_new_result_replaces_an_old_one_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    for seed in (1, 2):
        again = compare_settings(small(tmp_path / "out", select=("siloed",), seed=seed, replicates=1), figures=False)
        assert again.manifest["seed"] == seed
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_arm_and_settings_of_a_file_run_and_the_command_line_overrules_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(
        'region = "botkyrka"\nscale = 0.05\nyears = 9\nreplicates = 1\njobs = 1\n'
        'select = ["siloed", "no-training"]\n'
        "[set]\ngrant_rate = 0.3\n"
        '[arms.no-training]\npreset = "regional"\nlabel = "Without training"\ntraining = 0.0\n'
        "[arms.no-training.set]\ngrant_from_year = 0\n"
    )
    out = tmp_path / "out"
    given = ["--config", str(config), "--years", "2", "--out", str(out), "--no-figures", "--no-record"]
    assert status(["compare", *given]) == 0
    assert "no-training" in capsys.readouterr().out
    made = Results(out)
    assert made.manifest["years"] == 2 and made.arms == ("siloed", "no-training")
    assert made.manifest["arms"][1]["collaboration"]["training"] == 0.0
    assert made.manifest["arms"][1]["levers"] == {"grant_rate": 0.3, "grant_from_year": 0}
    assert made.manifest["command"][:2] == ["samspel", "compare"]
    assert made.runs["set_grant_from_year"].tolist() == ["", "0"]
    assert made.areas("neighbourhood") == ()


def test_the_manifest_says_what_the_result_was_made_from(results: Results) -> None:
    made = json.loads((results.folder / "manifest.json").read_text())
    assert len(made["region"]["digest"]) == 64 and len(made["parameters"]["digest"]) == 64
    assert {"python", "numpy", "mesa", "pandas", "pyarrow", "numpy_dispatch"} <= set(made["versions"])
    assert made["made"]["jobs"] == 1 and made["made"]["seconds_per_run"] > 0
    assert set(made["seeds"]) == set(results.runs["run"])


def test_the_summary_answers_in_numbers(results: Results) -> None:
    text = (results.folder / "summary.md").read_text()
    questions = ("Does coordinated beat siloed?", "Who gains?", "Who pays?", "Is it the money?")
    for part in (*questions, "exploration, not prediction"):
        assert part in text
    row = next(line for line in text.splitlines() if line.startswith("| Employment, place"))
    shown = [float(cell) for cell in row.split("|")[2:5]]
    levels = [results.ends("employment", arm).mean() * 100 for arm in ("siloed", "coordinated")]
    assert shown == pytest.approx([*levels, levels[1] - levels[0]], abs=0.051)


def test_accounts_with_end_values_add_what_they_say_and_are_seen_at_no_earlier_horizon(results: Results) -> None:
    rows = {row.name: row.value.mean for row in purse_rows(results, "coordinated", "siloed")}
    ends = results.runs.set_index(["arm", "replicate"])

    def added(*names: str) -> float:
        by_arm = sum(ends[f"npv_{name}"] for name in names)
        return float((by_arm["coordinated"] - by_arm["siloed"]).mean())

    houses = added("value_housing_companies", "value_private_landlords")
    surplus = added("standard_surplus", "value_standard_surplus")
    assert houses
    assert rows["resources, end value"] == pytest.approx(rows["resources"] + houses)
    assert rows["resources, tenants' worth"] == pytest.approx(rows["resources, end value"] + surplus)
    last = {row.name: row.after for row in horizon_rows(results, "coordinated", "siloed")}
    for name in ("companies and public, end value", "resources, end value", "resources, tenants' worth"):
        assert not any(last[name][:-1]) and last[name][-1].mean == pytest.approx(rows[name])  # type: ignore[union-attr]


def test_the_printed_table_fits_a_terminal(results: Results) -> None:
    assert max(len(line) for line in print_table(results).splitlines()) <= 100
