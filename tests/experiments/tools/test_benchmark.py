"""The benchmark: its rows, the table that a person reads, and what it says of targets."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.cli import status
from experiments.tools.benchmark import alone, plan, trees, words
from experiments.tools.benchmark.figure import figure_of
from experiments.tools.benchmark.measurements import Found, Request, at_yardstick
from experiments.tools.benchmark.parts import PARTS, Measured
from experiments.tools.benchmark.rows import Row, Target
from experiments.tools.benchmark.stored import REFERENCE, read_reference
from experiments.tools.benchmark.trees import MeasureError, Tree, earlier_tree, lacks, this_tree
from sim import Collaboration, RenewalModel, load_region, schedule
from sim.errors import SamspelError

SPENT = {"building the model": 0.1, "everyday life": 0.3, "recording and the rest": 0.1}
RUN = {"flats": 100, "quarters": 10, "spent": SPENT, "cpu": 0.5, "wall": 0.6, "peak": 300.0, "bytes": 200.0}
CANNED: dict[str, dict[str, Any]] = {
    "run": RUN,
    "models": {"early": 200.0, "late": 200.5},
    "machine": {"near": 4e10, "far": 2e10},
    "draws": {"each": 5e-10},
    "start": {"seconds": 1.0},
    "sweep": {"runs": 10, "seconds": 60.0},
    "command": {"cpu": 0.2, "wall": 0.3},
}


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Answers at once, in place of measurements."""

    def ask(self: Tree, request: Request) -> dict[str, Any]:
        return CANNED[request.question["what"]] | {"yardstick": 0.01}

    def use() -> None:
        monkeypatch.setattr(Tree, "ask", ask)

    return use


# --- rows


@pytest.mark.parametrize(("better", "value", "ratio"), [("less", 50.0, 2.0), ("more", 200.0, 2.0)])
def test_a_ratio_says_how_many_times_better_a_figure_is(better: str, value: float, ratio: float) -> None:
    row = Row("d", "a run", value, "any", baseline=100.0, better="less" if better == "less" else "more")
    assert row.ratio == ratio


def test_a_target_is_met_or_missed_or_was_not_measured() -> None:
    target = Target.read("ratio >= 3")
    met = [Row("f", "a run", value, "s", baseline=9.0, target=target).met for value in (3.0, 4.0, None)]
    assert met == ["yes", "no", "not measured"] and Row("f", "a run", 3.0, "s").met == ""
    assert Row("c", "memory", 601.0, "MB", baseline=1e6, target=Target.read("value <= 600")).met == "no"


def test_a_row_comes_back_from_its_file() -> None:
    row = Row("e", "runs", 190.0, "runs a minute", 100.0, "one worker", "more", Target("ratio", ">=", 1.9), "a note")
    assert Row.read(row.written()) == row


def test_a_figure_of_another_hour_is_brought_to_this_one_by_the_yardstick() -> None:
    assert at_yardstick((100.0, 0.01), 0.02) == 200.0  # all takes twice as long
    assert at_yardstick((100.0, 0.01), 0.02, rate=True) == 50.0  # half as many runs a minute
    assert at_yardstick((100.0, 0.0), 0.02) == 100.0  # MB


def test_what_became_slower_than_the_reference_is_told_and_noise_is_not() -> None:
    rows = [Row("d", f"phase {i}", value, "ns", 10.0, "the reference") for i, value in enumerate((10.5, 14.0))]
    assert words.regressions([*rows, Row("d", "tiny", 0.4, "ns", 0.1), Row("f", "other part", 9.0, "ns", 1.0)]) == [
        "phase 1: 14.0 against 10.0 ns"
    ]


@pytest.mark.parametrize("target", ["value <= 0", "value >= 2", "ratio <= 5", "ratio >= 1"])
@pytest.mark.parametrize("value", [0.0, 1e-9, 2.0, 1e9])
def test_a_figure_has_a_place_for_a_target_however_it_is_reached(target: str, value: float) -> None:
    row = Row("a", "what differs", value, "columns", 3.0, "another", target=Target.read(target))
    assert len(figure_of([row, Row("c", "not measured", None, "MB", target=Target.read(target))], "").axes) == 1


# --- the command


@pytest.mark.parametrize("quick", [True, False])
def test_it_writes_a_page_a_figure_and_the_rows(
    quick: bool, canned: Callable[..., None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    canned()
    out = tmp_path / "out"
    given = ["benchmark", "--part", "b,c,d,e,f", "--rounds", "2", "--out", str(out), *(["--quick"] if quick else [])]
    assert status(given) == 0
    shown = capsys.readouterr().out
    table = shown.partition("targets met")[0]
    assert table != shown and max(map(len, table.splitlines())) <= 120
    assert sorted(path.name for path in out.iterdir()) == ["benchmark.json", "benchmark.md", "benchmark.png"]
    data = json.loads((out / "benchmark.json").read_text(encoding="utf-8"))
    assert {"part", "name", "value", "unit", "baseline", "ratio", "target", "met"} <= set(data["rows"][0])
    found = {(row["part"], row["name"].rpartition(": ")[2]): row for row in data["rows"]}
    assert found["d", "whole run"]["value"] == pytest.approx(0.5e9 / 100 / 10)
    assert {row["part"] for row in data["rows"]} == set("bcdef") and read_reference(out / "benchmark.json").rows
    page = (out / "benchmark.md").read_text(encoding="utf-8")
    assert "times better" in page and "(d) Where the time goes" in page and "2 rounds" in page
    targets = {row["name"] for row in data["rows"] if row["target"]}
    assert ("importing the model, processor time" in targets) and any(
        "most memory" in name for name in targets
    ) is not quick


def test_with_check_a_missed_target_is_an_exit_status(canned: Callable[..., None], tmp_path: Path) -> None:
    canned()
    given = ["benchmark", "--part", "e", "--rounds", "1", "--out", str(tmp_path)]
    assert status(given) == 0 and status([*given, "--check"]) == 1  # two workers as fast as one


def test_a_measurement_that_goes_wrong_is_told_and_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(self: Tree, request: Request) -> dict[str, Any]:
        if request.question["what"] == "models":
            raise MeasureError("models: no memory")
        return CANNED[request.question["what"]] | {"yardstick": 0.01}

    monkeypatch.setattr(Tree, "ask", ask)
    assert status(["benchmark", "--quick", "--part", "c", "--out", str(tmp_path)]) == 0
    assert "not measured: models: no memory" in capsys.readouterr().out
    rows = json.loads((tmp_path / "benchmark.json").read_text(encoding="utf-8"))["rows"]
    assert [row["value"] is None for row in rows if "sweeps let go" in row["name"]] == [True]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--part", "z"], "unknown --part"),
        (["--part", ","], "names no part"),
        (["--rounds", "0"], "--rounds"),
        (["--against", "no-such-commit"], "--against no-such-commit: "),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_measured(
    given: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["benchmark", *given, "--out", str(tmp_path / "out")]) == 2
    assert told in capsys.readouterr().err


def test_a_file_is_no_place_for_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert status(["benchmark", "--quick", "--out", str(tmp_path / "file")]) == 2
    assert "is a file" in capsys.readouterr().err and (tmp_path / "file").read_text(encoding="utf-8") == "mine"


# --- the reference, and earlier commits


def test_the_committed_reference_can_be_read_and_has_what_stood_before() -> None:
    found = read_reference(REFERENCE)
    assert found.figures and found.baseline.figures and found.baseline.commit


def test_a_broken_reference_is_told(tmp_path: Path) -> None:
    (tmp_path / "benchmark.json").write_text('{"figures": {"a": "fast"}}', encoding="utf-8")
    with pytest.raises(SamspelError, match=r"benchmark.json: key figures\.a"):
        read_reference(tmp_path / "benchmark.json")
    assert read_reference(tmp_path / "missing.json").figures == {}


def test_an_earlier_commit_is_compared_as_measured_beside_this_one_or_else_as_stored() -> None:
    size = plan.quick(1)
    name = f"{size.run(size.county, 'siloed').name}: whole run"
    here, stored = {name: (100.0, 0.02)}, {name: (150.0, 0.01)}
    beside = Measured(size, here, {name: (400.0, 0.03)}, "abc", before=stored, before_commit="old")
    alone_here = Measured(size, here, before=stored, before_commit="old")
    for measured, ratio, against in ((beside, 4.0, "commit abc"), (alone_here, 3.0, "commit old, stored")):
        (row,) = [row for row in PARTS["f"].rows(measured) if row.name == name]
        assert (row.ratio, row.against) == (ratio, against)


def test_medians_of_the_rounds_count() -> None:
    found, request = Found(), Request.of("start", "start")
    for seconds in (1.0, 9.0, 2.0):
        found.add(request, {"seconds": seconds, "yardstick": 0.01})
    assert found.figures() == {"start: seconds": (2.0, 0.01)}


def test_an_environment_fits_where_it_has_what_a_lock_file_names(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {"numpy": "2.4.6", "numba": "0.68.1", "click": "8.5.1"}
    monkeypatch.setattr(trees, "_installed", here.get)
    lock = "numpy==2.4.6 ; python_version < '3.12'  # via a\nnumpy==2.5.5 ; python_version >= '3.12'\nclick==8.5.1\n"
    assert lacks(lock) == [] and lacks(f"{lock}colorama==0.4.6 ; sys_platform == 'win32'") == []
    assert lacks(f"{lock}numba==0.61.0\npandas==2.2.0") == ["numba", "pandas"]


def test_a_copy_without_history_cannot_be_compared_with_an_earlier_commit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(trees, "TOP", tmp_path)
    with pytest.raises(SamspelError, match="no checkout"), earlier_tree("HEAD", own_environment=False):
        pass


# --- processes of their own


def test_a_process_of_its_own_answers(tmp_path: Path) -> None:
    answer = this_tree().ask(Request.of("copying", "machine", bytes=8_000))
    assert answer["near"] > 0.0 and answer["far"] > 0.0 and answer["yardstick"] > 0.0


def test_what_a_process_says_last_is_told_when_it_fails() -> None:
    with pytest.raises(MeasureError, match=r"^wrong, .*KeyError"):
        this_tree().ask(Request.of("wrong", "nothing of the kind"))


def test_the_parts_of_a_run_add_up_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "PHASES", schedule.PHASES)  # restored afterwards
    asked = {"region": "botkyrka", "scale": 0.02, "copies": 1, "preset": "regional", "years": 1}
    found = alone.answer({"what": "run", **asked})
    assert sum(found["spent"].values()) == pytest.approx(found["cpu"])
    assert {"building the model", "everyday life", "recording and the rest"} <= set(found["spent"])
    assert found["flats"] == 680 and found["quarters"] == 4 and found["bytes"] > 100 and found["peak"] > 50


def test_a_region_several_times_over_is_as_large_and_runs() -> None:
    region = load_region("botkyrka", 0.02)
    larger = alone.copied(region, 3)
    assert larger.total_flats == 3 * region.total_flats
    assert larger.total_workers == pytest.approx(3 * region.total_workers)
    assert larger.county.county_population == 3 * region.county.county_population
    assert len(set(larger.neighbourhoods.name)) == 3 * len(region.neighbourhoods)
    towns = larger.neighbourhoods.municipality_index
    assert towns.max() + 1 == len(larger.municipalities) == 3 * len(region.municipalities)
    assert larger.neighbourhoods.landlord_index.max() < len(larger.landlords)
    curves = RenewalModel(larger, Collaboration.preset("siloed"), 1, years=1).run().curves()
    assert len(curves) == 4 and np.isfinite(curves["satisfaction"]).all()
