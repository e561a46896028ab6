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

from experiments.analysis.value import discount_factors
from experiments.cli import status
from experiments.engine import runs
from experiments.engine.results import Results
from experiments.engine.runs import RunError
from experiments.questions.compare import findings
from experiments.questions.compare.answers import replies
from experiments.questions.compare.areas import rows_by_municipality
from experiments.questions.compare.command import QUESTION
from experiments.questions.compare.findings import account_rows
from experiments.questions.compare.heatmaps import draw_heatmaps
from experiments.questions.compare.horizons import horizon_rows
from experiments.questions.compare.result import read
from experiments.questions.compare.society import draw_society
from experiments.questions.compare.who_gains import draw_who_gains
from experiments.questions.run import printed
from experiments.reporting.accounts import ACCOUNTS, HEADLINE, OWNERS, Account, of_kind
from experiments.reporting.described import title_of
from experiments.reporting.numbers import headlines, measure_of
from sim import OUTCOMES, Collaboration, RenewalModel
from tests.experiments.conftest import compared


def digests(folder: Path, pattern: str) -> dict[str, str]:
    files = sorted(path for path in folder.glob(pattern) if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_one_worker_and_two_write_the_same_bytes(results: Results, tmp_path: Path) -> None:
    twice = compared(tmp_path / "parallel", jobs=2, options={"turns": True})
    for pattern in ("*.parquet", "summary.*", "figures/*.svg", "figures/*.png"):
        assert digests(results.folder, pattern) == digests(twice.folder, pattern) != {}


def test_tables_hold_every_run_quarter_and_area_with_every_outcome(results: Results) -> None:
    curves = pq.read_table(results.folder / "curves.parquet")
    areas = 1 + len(results.areas("municipality")) + len(results.areas("neighbourhood"))
    assert curves.num_rows == 5 * 2 * 8 * areas
    assert {outcome.name for outcome in OUTCOMES} <= set(curves.column_names)
    assert results.runs["run"].tolist()[:5] == [
        "siloed/1",
        "coordinated/1",
        "siloed-same-money/1",
        "coordinated-triple-cost/1",
        "emergent/1",
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

    monkeypatch.setattr("sim.RenewalModel", Watched)
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
    monkeypatch.setattr("sim.RenewalModel", Failing)
    Failing.always, Failing.failed = False, []
    return Failing


def test_a_run_that_fails_is_left_out_with_its_pair_and_listed(
    tmp_path: Path, failing: type[Failing], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    quick = ["--region", "botkyrka", "--scale", "0.05", "--years", "1", "--replicates", "3", "--jobs", "1"]
    quick += ["--no-turns"]
    assert status(["compare", *quick, "--arms", "siloed,coordinated", "--out", str(out)]) == 1
    told = capsys.readouterr()
    assert "1 run failed" in told.err and "coordinated/1" in told.err and "no builders left" in told.err
    text = (out / "summary.md").read_text()
    assert "**Failed runs.** 1 run failed" in text and "coordinated/1" in text
    rows = account_rows(Results(out), "coordinated", "siloed")
    assert all(row.value.count == 2 and np.isfinite(row.value.mean) for row in rows)
    assert {row.replicates for row in rows if row.account.flows} == {2}
    (kept,) = (row for row in rows if row.account is HEADLINE)
    ends = Results(out).runs.set_index("run")["npv_society"]
    pairs = [ends[f"coordinated/{number}"] - ends[f"siloed/{number}"] for number in (2, 3)]
    assert kept.value.mean == pytest.approx(np.mean(pairs))
    assert {path.stem for path in (out / "figures").glob("*.png")} >= {"curves", "differences", "who-gains", "stock"}


def test_where_every_run_fails_an_earlier_result_stays_as_it_was(
    tmp_path: Path, failing: type[Failing], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    compared(out, select=("siloed",), figures=False)
    before = digests(out, "*")
    failing.always = True
    with pytest.raises(RunError, match=r"all 10 runs failed; the first: run siloed/1 \(seed \d+\) failed: ZeroDiv"):
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
    questions = (
        "What does coordinated change against siloed in this run?",
        "Who gains?",
        "Who pays?",
        "Is it just the money?",
    )
    for part in (*questions, "exploration, not prediction"):
        assert part in text
    row = next(line for line in text.splitlines() if line.startswith("| Employment of residents"))
    shown = [float(cell.replace("\N{MINUS SIGN}", "-")) for cell in row.split("|")[2:5]]
    levels = [results.ends("employment", arm).mean() * 100 for arm in ("siloed", "coordinated")]
    assert shown == pytest.approx([*levels, levels[1] - levels[0]], abs=0.051)


def test_every_account_is_told_and_lines_add_up_to_society(results: Results) -> None:
    rows = {row.account.name: row for row in account_rows(results, "coordinated", "siloed")}
    assert set(rows) == {account.name for account in ACCOUNTS} and next(iter(rows)) == HEADLINE.name
    lines = sum(rows[account.name].value.mean for account in of_kind("line"))
    assert lines == pytest.approx(rows[HEADLINE.name].value.mean, abs=1.0)
    parts = sum(rows[account.name].value.mean for account in of_kind("part"))
    assert parts == pytest.approx(rows["npv_society_people"].value.mean, abs=1.0)
    last = {row.account.name: row.after for row in horizon_rows(results, "coordinated", "siloed")}
    after = last[HEADLINE.name]
    assert not any(after[:-1]) and after[-1].mean == pytest.approx(rows[HEADLINE.name].value.mean)  # type: ignore[union-attr]
    assert all(all(last[account.name]) for account in of_kind("budget"))
    text = (results.folder / "summary.md").read_text()
    assert all(f"| {account.label} |" in text for account in ACCOUNTS)


def test_lines_add_up_to_society_in_every_run_and_an_owners_closing_account_to_cash_and_buildings(
    results: Results,
) -> None:
    ends, made = results.runs, results.made
    lines = ends[[account.name for account in of_kind("line")]].sum(axis=1)
    np.testing.assert_allclose(lines, ends["npv_society"], rtol=1e-9, atol=1.0)
    last = float(discount_factors(made.quarters, made.discount_rate)[-1])
    for owner in OWNERS:
        for arm in results.arms:
            buildings = results.quarterly(f"value_{owner}", arm)[:, -1, 0] * last
            added = results.ends(f"npv_{owner}_closing", arm) - results.ends(f"npv_{owner}", arm)
            np.testing.assert_allclose(added, buildings, rtol=1e-6)


def test_the_headline_is_one_number_in_data_table_and_sentence(results: Results) -> None:
    made = json.loads((results.folder / "summary.json").read_text())
    (row,) = (row for row in account_rows(results, "coordinated", "siloed") if row.account is HEADLINE)
    a_flat = 1e-3 / results.made.flats
    headline = made["headline"]
    assert headline["account"] == "npv_society" and headline["unit"] == "kSEK a flat" and headline["better"] == 1
    told = (headline["mean"], headline["low"], headline["high"])
    assert told == pytest.approx([value * a_flat for value in (row.value.mean, row.value.low, row.value.high)])
    text = (results.folder / "summary.md").read_text()
    assert HEADLINE.sentence(row.value) in text
    cells = next(line for line in text.splitlines() if line.startswith("| society |")).split("|")
    shown = cells[2].strip().replace("\N{MINUS SIGN}", "-")
    places = len(shown.partition(".")[2])
    assert float(shown) == pytest.approx(row.value.mean * 1e-6, abs=0.51 * 10**-places)
    others = {"npv_" + name for name in ("resources", "companies_and_public")}
    assert not others & set(results.runs.columns) and "real resources" not in text.lower()


def test_the_verdict_stands_in_data_for_every_pair_of_arms(results: Results) -> None:
    made = json.loads((results.folder / "summary.json").read_text())
    pairs = [tuple(one["arms"]) for one in made["comparisons"]]
    assert pairs == [
        ("coordinated", "siloed"),
        ("siloed-same-money", "siloed"),
        ("coordinated-triple-cost", "siloed"),
        ("emergent", "siloed"),
        ("coordinated", "siloed-same-money"),
    ]
    for one in made["comparisons"]:
        assert {account["account"] for account in one["accounts"]} == {account.name for account in ACCOUNTS}
        assert [outcome["outcome"] for outcome in one["outcomes"]] == list(headlines())
        assert all({"mean", "low", "high", "unit", "verdict"} <= set(x) for x in one["accounts"] + one["outcomes"])
    told = {account["account"]: account for account in made["comparisons"][0]["accounts"]}
    assert "payback" in told["npv_residents"] and "payback" not in told[HEADLINE.name]
    assert {name for name, one in told.items() if "break_even" in one} == {
        "npv_municipalities", "npv_county_council", "npv_state",
    }  # fmt: skip


def test_society_is_told_by_its_account_alone_and_not_by_a_years_flow(results: Results) -> None:
    assert "society" not in headlines()
    assert "Society, yearly flow" not in (results.folder / "summary.md").read_text()


def test_the_printed_table_fits_a_terminal(results: Results) -> None:
    lines = "\n".join(printed(QUESTION.answer, read(results.folder))).splitlines()
    assert max(len(line) for line in lines) <= 100 and any(line.startswith("housing companies' own") for line in lines)


def test_one_arm_alone_is_told_and_drawn(tmp_path: Path) -> None:
    alone = compared(tmp_path / "out", select=("coordinated",), years=1)
    assert "One arm only" in (alone.folder / "summary.md").read_text()
    assert {path.stem for path in (alone.folder / "figures").iterdir()} == {"curves", "stock"}
    assert json.loads((alone.folder / "summary.json").read_text())["comparisons"] == []


@pytest.mark.parametrize("kind", ["line", "part", "budget"])
def test_an_account_that_somebody_adds_is_told_and_drawn_whatever_its_kind(
    kind: Any, results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = Account("npv_jobs_state", "the state, from work", "The state, from work,", kind=kind)
    monkeypatch.setattr(findings, "ACCOUNTS", (*ACCOUNTS, added))
    rows = {row.account.name: row for row in findings.account_rows(results, "coordinated", "siloed")}
    pairs = results.pairs("npv_jobs_state", "coordinated", "siloed").one
    assert rows["npv_jobs_state"].value.mean == pytest.approx(pairs.mean(), rel=1e-9)
    assert any("state, from work" in words for words in drawn(results))


def drawn(results: Results, on: str = "coordinated", off: str = "siloed") -> set[str]:
    """Who stands in the figures of accounts, in small letters."""
    figures = [draw(results, on, off) for draw in (draw_who_gains, draw_society)]
    labels = [text for figure in figures for axes in figure.axes for text in (*axes.get_yticklabels(), *axes.texts)]
    return {text.get_text().lower().removeprefix("of which ") for text in labels}


def with_society(results: Results, *differences: float) -> Results:
    """The same results where society's account differs by so many SEK in each replicate."""
    other, runs = Results(results.folder), results.runs.copy()
    runs["npv_society"] = 0.0
    runs.loc[runs["arm"] == "coordinated", "npv_society"] = differences
    other.__dict__["runs"] = runs
    return other


@pytest.mark.parametrize(
    ("differences", "said"),
    [
        ((1e6, 1.01e6), "Society gains"),
        ((-1e6, -1.01e6), "Society loses"),
        ((-1e6, 1.2e6), "Whether society gains or loses is undecided"),
        ((0.0, 0.0), "nothing differs"),
    ],
)
def test_gain_loss_and_what_is_undecided_are_told_and_drawn_with_society_first(
    differences: tuple[float, float], said: str, results: Results
) -> None:
    told = with_society(results, *differences)
    assert said in next(reply.text for reply in replies(told) if reply.question.startswith("What does"))
    names = {row.account.name for row in account_rows(told, "coordinated", "siloed")}
    assert names == {account.name for account in ACCOUNTS}
    for figure in (draw_who_gains(told, "coordinated", "siloed"), draw_society(told, "coordinated", "siloed")):
        assert said.lower() in title_of(figure).lower()
    first = draw_who_gains(told, "coordinated", "siloed").axes[0].texts[0].get_text()
    assert first == "Society" and {"rest of the world", "persons", "left at the end"} <= drawn(told)


def test_identical_arms_and_one_replicate_are_told_and_drawn(results: Results, tmp_path: Path) -> None:
    assert "persons" in {name.removeprefix("society: ") for name in drawn(results, "coordinated", "coordinated")}
    out = compared(tmp_path / "out", select=("siloed", "coordinated"), years=1, replicates=1, options={"turns": True})
    assert {path.stem for path in (out.folder / "figures").glob("*.png")} >= {"who-gains", "turns"}
    text = (out.folder / "summary.md").read_text()
    assert "from one replicate, so without an interval" in text and "CI nan" not in text


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
        if axes.images and axes.get_title() == measure_of("reputation").label
    )
    factor = measure_of("reputation").factor
    assert below is not None and np.allclose(below, (whole[0] - whole[1])[order] * factor)
    plt.close(figure)
