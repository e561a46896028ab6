"""A comparison from start to end: same bytes on any number of workers, nothing half-written."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, ClassVar

import matplotlib.pyplot as plt
import numpy as np
import pyarrow.parquet as pq
import pytest

from experiments.cli import status
from experiments.engine import runs
from experiments.engine.results import Results
from experiments.engine.runs import RunError
from experiments.questions.compare import findings
from experiments.questions.compare.command import QUESTION
from experiments.questions.compare.findings import account_rows
from experiments.questions.compare.heatmaps import draw_heatmaps, rows_by_municipality
from experiments.questions.compare.horizons import horizon_rows
from experiments.questions.compare.purses import draw_purses
from experiments.questions.compare.result import read
from experiments.questions.run import printed
from experiments.reporting.accounts import ACCOUNTS, FLOWS_ALONE, RESOURCES, TENANTS, TOGETHER, Account
from experiments.reporting.numbers import headlines, measure_of
from sim import OUTCOMES, Collaboration, RenewalModel
from tests.experiments.conftest import compared


def digests(folder: Path, pattern: str) -> dict[str, str]:
    files = sorted(path for path in folder.glob(pattern) if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_one_worker_and_two_write_the_same_bytes(results: Results, tmp_path: Path) -> None:
    twice = compared(tmp_path / "parallel", jobs=2)
    for pattern in ("*.parquet", "summary.*", "figures/*.svg", "figures/*.png"):
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
        int(results.runs.set_index("run")["seed"]["coordinated/2"]),
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
    compared(tmp_path / "out", select=names, years=3, figures=False)
    assert spent and taken.keys() == spent.keys()
    for replicate, money in taken.items():
        assert money.any()
        np.testing.assert_array_equal(money, spent[replicate])


class Failing(RenewalModel):
    """Fails in every run, or only in the first of the coordinated arm."""

    always = False
    failed: ClassVar[list[int]] = []

    def run(self) -> RenewalModel:
        partners = bool(self.collaboration.partners)
        if Failing.always or (partners and not Failing.failed):
            Failing.failed.append(1)
            raise ZeroDivisionError("no builders left")
        return super().run()


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> type[Failing]:
    """Models of which some fail."""
    monkeypatch.setattr(runs, "RenewalModel", Failing)
    Failing.always, Failing.failed = False, []
    return Failing


def test_a_run_that_fails_is_left_out_with_its_pair_and_listed(
    tmp_path: Path, failing: type[Failing], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    quick = ["--region", "botkyrka", "--scale", "0.05", "--years", "1", "--replicates", "3", "--jobs", "1"]
    assert status(["compare", *quick, "--arms", "siloed,coordinated", "--out", str(out)]) == 1
    told = capsys.readouterr()
    assert "1 run failed" in told.err and "coordinated/1" in told.err and "no builders left" in told.err
    text = (out / "summary.md").read_text()
    assert "**Failed runs.** 1 run failed" in text and "coordinated/1" in text
    rows = account_rows(Results(out), "coordinated", "siloed")
    assert all(row.value.count == 2 and np.isfinite(row.value.mean) for row in rows)
    assert {row.replicates for row in rows if row.account.flows} == {2}
    (kept,) = (row for row in rows if row.account is FLOWS_ALONE)
    ends = Results(out).runs.set_index("run")["npv_resources"]
    pairs = [ends[f"coordinated/{number}"] - ends[f"siloed/{number}"] for number in (2, 3)]
    assert kept.value.mean == pytest.approx(np.mean(pairs))
    assert {path.stem for path in (out / "figures").glob("*.png")} >= {"curves", "differences", "purses", "stock"}


def test_where_every_run_fails_an_earlier_result_stays_as_it_was(
    tmp_path: Path, failing: type[Failing], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    compared(out, select=("siloed",), figures=False)
    before = digests(out, "*")
    failing.always = True
    with pytest.raises(RunError, match=r"all 8 runs failed; the first: run siloed/1 \(seed \d+\) failed: ZeroDiv"):
        compared(out, figures=False)
    assert digests(out, "*") == before and [path.name for path in tmp_path.iterdir()] == ["out"]
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
        again = compared(tmp_path / "out", select=("siloed",), seed=seed, replicates=1, figures=False)
        assert again.made.seed == seed
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_plot_draws_the_same_bytes_wherever_the_folder_is(results: Results, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(results.folder, moved)
    shutil.rmtree(moved / "figures")
    assert status(["plot", str(moved)]) == 0
    assert digests(moved / "figures", "*") == digests(results.folder / "figures", "*") != {}


def test_the_manifest_says_what_the_result_was_made_from(results: Results) -> None:
    made = json.loads((results.folder / "manifest.json").read_text())
    assert len(made["region"]["digest"]) == 64 and len(made["parameters_digest"]) == 64
    assert {"python", "numpy", "mesa", "pandas", "pyarrow", "numpy_dispatch"} <= set(made["versions"])
    assert made["made"]["jobs"] == 1 and made["made"]["seconds_per_run"] > 0
    assert made["kind"] == "compare" and made["stages"][""]["runs"] == len(results.runs)


def test_the_summary_answers_in_numbers(results: Results) -> None:
    text = (results.folder / "summary.md").read_text()
    questions = ("Does coordinated beat siloed?", "Who gains?", "Who pays?", "Is it just the money?")
    for part in (*questions, "exploration, not prediction"):
        assert part in text
    row = next(line for line in text.splitlines() if line.startswith("| Employment of residents"))
    shown = [float(cell.replace("\N{MINUS SIGN}", "-")) for cell in row.split("|")[2:5]]
    levels = [results.ends("employment", arm).mean() * 100 for arm in ("siloed", "coordinated")]
    assert shown == pytest.approx([*levels, levels[1] - levels[0]], abs=0.051)


def test_every_account_is_told_and_those_with_closing_value_add_what_they_say(results: Results) -> None:
    rows = {row.account.name: row.value.mean for row in account_rows(results, "coordinated", "siloed")}
    ends = results.runs.set_index(["arm", "replicate"])
    assert set(rows) == {account.name for account in ACCOUNTS}

    def added(*names: str) -> float:
        by_arm = sum(ends[f"npv_{name}"] for name in names)
        return float((by_arm["coordinated"] - by_arm["siloed"]).mean())

    buildings = added("value_housing_companies", "value_private_landlords")
    surplus = added("standard_surplus", "value_standard_surplus")
    assert buildings
    assert rows[RESOURCES.name] == pytest.approx(rows[FLOWS_ALONE.name] + buildings)
    assert rows[TENANTS.name] == pytest.approx(rows[RESOURCES.name] + surplus)
    last = {row.account.name: row.after for row in horizon_rows(results, "coordinated", "siloed")}
    for account in (TOGETHER, RESOURCES, TENANTS):
        after = last[account.name]
        assert not any(after[:-1]) and after[-1].mean == pytest.approx(rows[account.name])  # type: ignore[union-attr]
    text = (results.folder / "summary.md").read_text()
    assert all(f"| {account.label} |" in text for account in ACCOUNTS)


def test_the_verdict_stands_in_data_for_every_pair_of_arms(results: Results) -> None:
    made = json.loads((results.folder / "summary.json").read_text())
    rows = {row.account.name: row for row in account_rows(results, "coordinated", "siloed")}
    a_flat = 1e-3 / results.made.flats
    assert made["headline"]["account"] == RESOURCES.name and made["headline"]["unit"] == "kSEK a flat"
    assert made["headline"]["mean"] == pytest.approx(rows[RESOURCES.name].value.mean * a_flat)
    assert made["headline"]["low"] < made["headline"]["mean"] < made["headline"]["high"]
    pairs = [tuple(one["arms"]) for one in made["comparisons"]]
    assert pairs == [
        ("coordinated", "siloed"),
        ("siloed-same-money", "siloed"),
        ("coordinated-triple-cost", "siloed"),
        ("coordinated", "siloed-same-money"),
    ]
    for one in made["comparisons"]:
        assert {account["account"] for account in one["accounts"]} == {account.name for account in ACCOUNTS}
        assert [outcome["outcome"] for outcome in one["outcomes"]] == list(headlines())
        assert all({"mean", "low", "high", "unit", "verdict"} <= set(x) for x in one["accounts"] + one["outcomes"])
    told = {account["account"]: account for account in made["comparisons"][0]["accounts"]}
    assert "payback" in told["npv_residents"] and "payback" not in told[RESOURCES.name]
    assert {name for name, one in told.items() if "break_even" in one} == {
        "npv_municipalities", "npv_county_council", "npv_state", TOGETHER.name,
    }  # fmt: skip


def test_the_printed_table_fits_a_terminal(results: Results) -> None:
    lines = "\n".join(printed(QUESTION.answer, read(results.folder))).splitlines()
    assert max(len(line) for line in lines) <= 100 and any(line.startswith("companies and public") for line in lines)


def test_one_arm_alone_is_told_and_drawn(tmp_path: Path) -> None:
    alone = compared(tmp_path / "out", select=("coordinated",), years=1)
    assert "One arm only" in (alone.folder / "summary.md").read_text()
    assert {path.stem for path in (alone.folder / "figures").iterdir()} == {"curves", "stock"}
    assert json.loads((alone.folder / "summary.json").read_text())["comparisons"] == []


@pytest.mark.parametrize("kind", ["budget", "closing", "sum", "society"])
def test_an_account_that_somebody_adds_is_told_and_drawn_whatever_its_kind(
    kind: str, results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = Account(
        "npv_locals", ("npv_residents", "npv_municipalities"), "people of the place", "People of the place", True,
        flows=("net_residents", "net_municipalities"), kind=kind,
    )  # fmt: skip
    monkeypatch.setattr(findings, "ACCOUNTS", (*ACCOUNTS, added))
    rows = {row.account.name: row for row in findings.account_rows(results, "coordinated", "siloed")}
    parts = sum(rows[name].value.mean for name in added.parts)
    assert rows["npv_locals"].value.mean == pytest.approx(parts, rel=1e-9)
    figure = draw_purses(results, "coordinated", "siloed")
    drawn = {text.get_text().replace("\n", " ") for axes in figure.axes for text in axes.get_yticklabels()}
    assert ("people of the place" in drawn) == (kind in ("budget", "closing"))
    plt.close(figure)


def test_below_the_heatmaps_a_failed_run_is_left_out_with_its_pair(results: Results) -> None:
    class Failed(Results):
        """The same folder, as if the first replicate of coordination had failed."""

        def yearly(self, outcome: str, arm: str, kind: str = "region", area: str | None = None) -> Any:
            values = np.array(super().yearly(outcome, arm, kind, area))
            values[:1] = np.nan if arm == "coordinated" else values[:1]
            return values

    whole = [results.yearly("reputation", arm, "neighbourhood")[1].T for arm in ("coordinated", "siloed")]
    figure = draw_heatmaps(Failed(results.folder), "coordinated", "siloed")
    order = rows_by_municipality(results)
    (below,) = (
        axes.images[0].get_array()
        for axes in figure.axes
        if axes.get_title() == f"{measure_of('reputation').label}: difference"
    )
    factor = measure_of("reputation").factor
    assert below is not None and np.allclose(below, (whole[0] - whole[1])[order] * factor)
    plt.close(figure)
