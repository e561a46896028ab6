"""`samspel validate` from end to end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status
from experiments.design.kept_set import kept_set
from experiments.questions.validate.command import QUESTION
from experiments.questions.validate.measuring import ensemble
from experiments.questions.validate.measuring.patterns import Test, load_patterns
from experiments.questions.validate.measuring.score import score
from experiments.questions.validate.words import range_words, scoreboard, value_words

TINY = ["--region", "botkyrka", "--scale", "0.05", "--years", "4", "--replicates", "2", "--jobs", "1"]


def test_quick_prints_a_scoreboard_writes_everything_and_misses_do_not_fail_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "validate"
    assert status(["validate", "--quick", *TINY, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "miss" in said and "pass" in said and "also an input" in said and "not measured" in said
    assert "evidence: tests whose number is no input" in said and "do not score it" in said
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    made_from = {name for name in files if name.startswith("inputs/")}
    assert made_from > {"inputs/parameters.toml", "inputs/region/botkyrka/region.toml"}
    assert files - made_from == {
        "summary.md", "scoreboard.csv", "measures.parquet", "manifest.json", "figures/scoreboard.png",
        "figures/scoreboard.svg", "figures/aggregate.png", "figures/aggregate.svg", "runs-aggregate.parquet",
        "curves-aggregate.parquet", "design-aggregate.csv", "design-aggregate.toml", "summary.json", "patterns.json",
        "aggregate.parquet", "programmes-aggregate.parquet", "talks-aggregate.parquet", "budgets-aggregate.parquet",
    }  # fmt: skip
    table = pd.read_csv(out / "scoreboard.csv")
    assert len(table) == sum(len(pattern.tests) for pattern in load_patterns())
    assert set(table["verdict"]) <= {"pass", "near", "miss", "not measured", "shown"}
    assert len(pd.read_parquet(out / "measures.parquet")) == 2
    # Agents and benchmark run in the first two members of the set, each on random numbers of its own.
    runs, without = pd.read_parquet(out / "runs-aggregate.parquet"), pd.read_parquet(out / "aggregate.parquet")
    known = kept_set()
    assert runs.groupby("point")["set_heat_price"].first().tolist() == known.values["heat_price"][:2].tolist()
    assert runs.groupby("point")["seed"].unique().str.len().tolist() == [1, 1] and runs["seed"].nunique() == 2
    assert set(without["replicate"]) == {1, 2} and len(without) == 2 * 2 * 4 * 4
    first, second = (part["energy_use"].to_numpy() for _, part in without.groupby("replicate"))
    assert not (first == second).any(), "each with the parameters of its member"
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "validate" and manifest["years"] == 4 and manifest["replicates"] == 2
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "exploration, not prediction" in summary and "### P9. Additionality of about 0.4" in summary
    assert "## Beside the same parameters without agents" in summary and "Renovated so far:" in summary
    assert not list(tmp_path.glob(".*"))
    verdict = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert verdict["headline"]["account"] == "patterns_passed" and verdict["patterns"]["P9"]["use"] == "check"
    unfitted = [one["verdict"] for one in verdict["patterns"].values() if one["use"] != "fit"]
    assert verdict["headline"]["unit"] == f"of {len(unfitted)} patterns not fitted"
    assert verdict["headline"]["mean"] == unfitted.count("pass")
    assert said.startswith("A quick look") and "# A quick look at" in summary


def test_stored_results_are_drawn_again_elsewhere_to_the_same_bytes_and_nothing_is_measured_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, moved = tmp_path / "out", tmp_path / "moved"
    assert status(["validate", *TINY, "--out", str(out)]) == 0
    drawn = {path.name: path.read_bytes() for path in (out / "figures").iterdir()}
    shutil.copytree(out, moved, ignore=shutil.ignore_patterns("figures"))
    assert status(["plot", str(moved)]) == 0
    assert {path.name: path.read_bytes() for path in (moved / "figures").iterdir()} == drawn
    monkeypatch.setattr(ensemble, "measure", lambda *_: pytest.fail("measured before"))
    first = pd.read_parquet(out / "measures.parquet")
    assert status(["validate", *TINY, "--out", str(out)]) == 0
    pd.testing.assert_frame_equal(pd.read_parquet(out / "measures.parquet"), first)


def test_a_configuration_file_names_patterns_and_a_misspelt_key_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('pattern = ["P5"]\nregion = "botkyrka"\nscale = 0.05\nyears = 2\nreplicates = 1\njobs = 1\n')
    assert status(["validate", "--config", str(config), "--out", str(tmp_path / "out")]) == 0
    assert set(pd.read_csv(tmp_path / "out" / "scoreboard.csv")["pattern"]) == {"P5"}
    config.write_text('patern = ["P5"]\n')
    assert status(["validate", "--config", str(config), "--out", str(tmp_path / "no")]) == 2
    assert 'unknown key "patern"; did you mean "pattern"' in capsys.readouterr().err


def test_processes_change_no_number(tmp_path: Path) -> None:
    tables = []
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        assert status(["validate", "--pattern", "P5", *TINY[:-1], jobs, "--out", str(out)]) == 0
        tables.append(pd.read_parquet(out / "measures.parquet").drop(columns="seconds"))
    pd.testing.assert_frame_equal(*tables)
    assert {name.split(".")[0] for name in tables[0].columns if "." in name} == {"P5"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pattern", "P55"], 'unknown pattern "P55"; did you mean "P5"'),
        (["--set", "rent_yeild=0.1"], 'unknown parameter or lever "rent_yeild"'),
        (["--jobs", "0"], "expected 1 or more"),
        (["--region", "botkyrkaa"], "botkyrka"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["validate", *TINY, *arguments, "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert message in said and len(said.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_quick_asks_the_same_question_of_fewer_seeds_at_a_smaller_scale() -> None:
    assert set(QUESTION.quick) == {"scale", "replicates"}


def test_ranges_and_numbers_read_as_a_person_would_say_them() -> None:
    def words(**ends: object) -> str:
        return range_words(Test.model_validate({"measure": "m", "title": "t", "unit": "u", **ends}))

    assert words(low=-0.24, high=-0.13) == "−0.24 to −0.13"
    assert [words(low=0.5), words(high=5.0), words(low=0.0, high=0.0)] == ["at least 0.5", "at most 5", "0"]
    assert [words(low=0.0, over="sign"), words(high=0.0, over="sign")] == ["above 0", "below 0"]
    assert [value_words(x) for x in (float("nan"), float("inf"), -0.5)] == ["–", "never", "−0.500"]


def test_the_printed_table_fits_a_terminal() -> None:
    names = {p.measure_of(t) for p in load_patterns() for t in p.tests if t.measure != "none"}
    found = score(load_patterns(), pd.DataFrame([dict.fromkeys(names, 0.1)]))
    table = scoreboard(found)
    assert max(len(line) for line in table.splitlines()) <= 120
