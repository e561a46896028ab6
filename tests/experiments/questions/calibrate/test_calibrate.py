"""`samspel calibrate` end to end on a tiny design."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.cli import status
from experiments.design.asked import Asked
from experiments.design.kept_set import kept_set
from experiments.engine.experiment import Experiment
from experiments.questions import run
from experiments.questions.calibrate import command, figures, result
from experiments.questions.calibrate.command import QUESTION
from experiments.questions.calibrate.matching.middle import narrower, spans
from experiments.questions.validate.measuring.patterns import load_patterns
from sim import SamspelError, load_parameters
from sim.inputs import parameters
from sim.inputs.seeds_folder import seeds_folder

TINY = [
    "calibrate", "--region", "botkyrka", "--scale", "0.02", "--years", "8", "--replicates", "1", "--jobs", "1",
    "--headline-scale", "0.02", "--points", "12", "--waves", "2", "--members", "5", "--member-seeds", "1",
    "--again", "2", "--patterns", "P4", "--parameters", "cost_mini,rent_yield", "--set", "rents_follow=cost",
    "--set", "programme_least=100000",  # whose first years are pilots: more is renovated in eight years without
]  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calibration of the rent ladder, which the cost of works decides, with headlines over two members."""
    folder = tmp_path_factory.mktemp("calibrate") / "done"
    assert status([*TINY, "--headlines", "2", "--out", str(folder)]) == 0
    return folder


def test_everything_is_written_and_says_what_it_is(out: Path) -> None:
    assert {path.name for path in out.iterdir()} >= {
        "summary.md", "figures", "manifest.json", "not_ruled_out.csv", "points.csv", "waves.csv", "headlines.csv",
        "summary.json", "measured.parquet", "implausibility.parquet", "patterns.json", "patterns_checked.json",
    }  # fmt: skip
    assert {path.stem for path in (out / "figures").glob("*.png")} == {"parameters", "measures", "headlines"}
    summary = (out / "summary.md").read_text(encoding="utf-8")
    for words in ("exploration, not prediction", "of the space of 2 parameters is left", "The set's middle",
                  "does coordination win", "chose no value; the screening looked at which parameters"):  # fmt: skip
        assert words in summary
    assert "looked at before" not in summary, "the screening looked at all patterns, and by it was chosen what varies"
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["kind"] == "calibrate" and manifest["options"]["patterns"] == "P4"
    assert not [path.name for path in out.parent.iterdir() if path.name != "done"], "nothing else is left behind"


def test_works_too_cheap_for_the_rent_ladder_are_ruled_out(out: Path) -> None:
    points, members = pd.read_csv(out / "points.csv"), pd.read_csv(out / "not_ruled_out.csv")
    assert len(points) == 2 * 12 + 5 and len(members) == 5 and (points["wave"] == 3).sum() == 5
    assert (members["weight"] <= 1.0).all()
    # Rents follow the cost of works: the mean rise of all renovations is missed where these cost least.
    assert points["cost_mini"].min() < members["cost_mini"].min()
    cheap = points["cost_mini"] < points["cost_mini"].quantile(0.25)
    assert points.loc[cheap, "P4.mean"].mean() < members["P4.mean"].mean()


def test_every_pattern_is_measured_in_the_members_those_for_checking_too(out: Path) -> None:
    found = pd.read_parquet(out / "measured.parquet")
    assert found["member"].tolist() == [1, 2, 3, 4, 5] and {"P17.first_year", "P3.change", "C2.employment"} <= set(
        found
    )
    members = pd.read_csv(out / "not_ruled_out.csv")
    assert found["P4.mean"].to_numpy() == pytest.approx(members["P4.mean"].to_numpy(), rel=1e-6)


def test_what_was_not_fitted_is_told_over_the_set_and_no_fitted_pattern_is_among_it(out: Path) -> None:
    verdict = json.loads((out / "summary.json").read_text(encoding="utf-8"))["not_fitted"]
    fitted = {pattern.key for pattern in load_patterns() if pattern.fitted}
    assert {"P9.additionality", "P17.first_year", "P12.society", "C2.employment"} <= set(verdict)
    assert not {name.partition(".")[0] for name in verdict} & fitted
    assert {one["use"] for one in verdict.values()} <= {"check", "predict"}
    members = pd.read_csv(out / "not_ruled_out.csv").set_index("member")["weight"]
    moved = pd.read_parquet(out / "measured.parquet").set_index("member")["C2.employment"]
    small = moved < verdict["C2.employment"]["high"]
    assert verdict["C2.employment"]["share"] == pytest.approx(members[small].sum() / members.sum())
    summary = (out / "summary.md").read_text(encoding="utf-8")
    assert "## The patterns that were not fitted" in summary and "of its runs" in summary


def test_what_is_proposed_for_default_is_the_median_of_what_has_narrowed_and_judged_by_every_wave(out: Path) -> None:
    found, waves = result.read(out), pd.read_csv(out / "waves.csv")
    assert waves["cut_off_planned"].tolist() == found.planned == [3.0, 2.0]
    by = dict(zip(found.space.names, narrower(found.members, found.space), strict=True))
    # Too few members were run for anybody to say what drives the answer.
    assert set(found.proposed) == {name for name, share in by.items() if share >= 0.1} and found.proposed
    medians = dict(zip(found.space.names, spans(found.members, found.space), strict=True))
    for name, value in found.proposed.items():
        assert value == pytest.approx(medians[name].mean, rel=5e-3)
    assert np.isfinite(waves["middle_implausibility"]).all()
    assert found.middle_ruled_out == (waves["middle_implausibility"] > waves["cut_off"]).any()


def test_the_members_that_fit_best_are_run_again_on_seeds_of_their_own(out: Path) -> None:
    again, members = pd.read_parquet(out / "again.parquet"), pd.read_csv(out / "not_ruled_out.csv").set_index("member")
    best = members["weight"].sort_values(ascending=False, kind="stable").index[:2].tolist()
    assert again["member"].tolist() == [best[0]] * 8 + [best[1]] * 8
    assert again["P4.mean"].nunique() > 8
    assert "## What of it is chance" in (out / "summary.md").read_text(encoding="utf-8")


def test_the_set_is_read_back_as_parameters_within_their_plausible_ranges(out: Path) -> None:
    low, high = load_parameters().records["cost_mini"].plausible
    members = kept_set(out / "not_ruled_out.csv").parameters()
    assert members and all(low <= p.cost_mini <= high for p in members)


def test_headlines_count_the_members_in_which_coordination_wins(out: Path) -> None:
    found = pd.read_csv(out / "headlines.csv")
    assert (found["members"] == 2).all() and found["coordination_wins"].between(0.0, 1.0).all()
    assert (found["low_90"] <= found["median"]).all() and (found["median"] <= found["high_90"]).all()
    assert {"npv_society", "npv_state", "employment", "rent"} <= set(found["outcome"])
    runs = pd.read_parquet(out / "runs.parquet")
    assert len(runs) == 2 * 2 and (runs["error"] == "").all()


def test_stored_results_are_drawn_again_elsewhere_to_the_same_bytes(out: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(out, moved, ignore=shutil.ignore_patterns("figures"))
    assert status(["plot", str(moved)]) == 0
    names = {path.name for path in (out / "figures").iterdir()}
    assert {path.name for path in (moved / "figures").iterdir()} == names and len(names) == 6
    for name in names:
        assert (moved / "figures" / name).read_bytes() == (out / "figures" / name).read_bytes(), name


def test_the_verdict_is_data_and_a_quick_look_cuts_neither_years_nor_region(out: Path) -> None:
    verdict = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert verdict["headline"]["account"] == "npv_society" and verdict["headline"]["better"] == 1
    # Of the two members that were run, none, one or both, as they weigh.
    first, second = pd.read_csv(out / "not_ruled_out.csv")["weight"][:2]
    shares = (0.0, first / (first + second), second / (first + second), 1.0)
    assert any(verdict["over_members"]["rent"]["wins"] == pytest.approx(share, abs=1e-6) for share in shares)
    assert 0 < verdict["share_left"] <= 1
    assert not {"years", "region"} & set(QUESTION.quick)


def test_a_configuration_file_sets_options_and_a_misspelt_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("headline_scal = 0.02\n")
    assert status([*TINY, "--config", str(config), "--out", str(tmp_path / "no")]) == 2
    assert 'mine.toml: unknown key "headline_scal"; did you mean "headline_scale"' in capsys.readouterr().err
    config.write_text("points = 9\n")
    assert status(["calibrate", "--config", str(config), "--out", str(tmp_path / "no")]) == 2
    assert "mine.toml: points: got 9" in capsys.readouterr().err


def test_a_stopped_calibration_goes_on_where_it_was(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "done"
    keep, measured = Experiment.keep, []

    def stopping(self: Experiment, record: object) -> None:
        if len(measured) == 7:
            raise KeyboardInterrupt
        measured.append(record)
        keep(self, record)  # type: ignore[arg-type]

    asked = [*TINY, "--headlines", "0", "--out", str(target)]
    monkeypatch.setattr(Experiment, "keep", stopping)
    assert status(asked) == 130
    assert "goes on from there" in capsys.readouterr().err and not target.exists()
    monkeypatch.setattr(Experiment, "keep", lambda self, record: (measured.append(record), keep(self, record))[1])
    assert status(asked) == 0
    again = pd.read_csv(target / "points.csv")
    pd.testing.assert_frame_equal(again, pd.read_csv(out / "points.csv"))
    # The first point is measured for the estimate and handed in twice: kept once.
    assert len({record.digest for record in measured}) == len(again) + 2 * 8  # type: ignore[attr-defined]
    assert len(measured) <= len(again) + 2 * 8 + 3


@pytest.fixture
def seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the seeds, which --write may change."""
    copy = tmp_path / "seeds"
    shutil.copytree(seeds_folder(), copy)
    for module in (parameters, command):
        monkeypatch.setattr(module, "seeds_folder", lambda: copy)
    yield copy
    load_parameters.cache_clear()


def test_write_puts_the_set_and_its_middle_into_the_seeds_and_changes_nothing_that_is_shown(
    out: Path, tmp_path: Path, seeds: Path
) -> None:
    proposed = result.read(out).proposed
    name = next(iter(proposed))
    before = load_parameters().values[name]
    written = tmp_path / "written"
    assert status([*TINY, "--headlines", "2", "--write", "--out", str(written)]) == 0
    members = pd.read_csv(out / "not_ruled_out.csv")
    assert load_parameters(seeds / "parameters.toml").values[name] == proposed[name]
    assert len(kept_set(seeds / "not_ruled_out.csv")) == len(members)
    # Told and drawn, then and later, with the defaults of the time.
    assert load_parameters().values[name] != before
    found = result.read(written)
    assert found.default(name) == before
    said = [(out / "summary.md").read_text(encoding="utf-8"), (written / "summary.md").read_text(encoding="utf-8")]
    table = [text.partition("## The parameters")[2].partition("##")[0] for text in said]
    assert table[0] == table[1] and table[0]
    for name in ("parameters.png", "parameters.svg"):
        assert (written / "figures" / name).read_bytes() == (out / "figures" / name).read_bytes(), name
    assert status(["plot", str(written), "--out", str(tmp_path / "again")]) == 0
    for path in (tmp_path / "again").iterdir():
        assert path.read_bytes() == (written / "figures" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(("change", "why"), [("failed", "runs failed"), ("nothing", "no point is left")])
def test_write_leaves_the_seeds_alone_where_runs_failed_or_nothing_is_left(
    out: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, change: str, why: str
) -> None:
    before = {path.name: path.read_bytes() for path in seeds.iterdir() if path.is_file()}
    found = result.read(out)
    if change == "failed":
        made = found.results.made.model_copy(update={"failed": {"a run": "it broke"}})
        monkeypatch.setattr(found.results, "made", made)
    else:
        found = replace(found, members=found.members.iloc[:0])
    asked = Asked("botkyrka", 0.02, 8, 1, 1, str(out), options={"write": True})
    with pytest.raises(SamspelError, match=f"--write: nothing was written into the seeds, as {why}"):
        command.after(asked, found)
    assert {path.name: path.read_bytes() for path in seeds.iterdir() if path.is_file()} == before


def test_write_happens_only_once_the_results_stand(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (seeds / "parameters.toml").read_bytes()

    def broken(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run, "write_summary", broken)
    assert status([*TINY, "--headlines", "0", "--write", "--out", str(tmp_path / "no")]) == 1
    assert (seeds / "parameters.toml").read_bytes() == before and not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--parameters", "rent_yeild"], "rent_yield"),
        (["--parameters", "health_start"], "is not uncertain"),
        (["--parameters", "tuning_rate", "--set", "tuning_rate=0.01"], "it is varied"),
        (["--patterns", "P1"], "kept for checking"),
        (["--patterns", "P4"], "expected --set rents_follow=cost"),
    ],
)
def test_what_cannot_be_calibrated_is_refused_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert status(["calibrate", "--scale", "0.02", "--out", str(tmp_path / "no"), *arguments]) == 2
    assert said in capsys.readouterr().err and not (tmp_path / "no").exists()


def test_of_many_parameters_the_figure_shows_those_that_narrowed_most(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = result.read(out)
    assert figures.shown_parameters(found) == [0, 1]
    monkeypatch.setattr(figures, "SHOWN", 1)
    assert figures.shown_parameters(found) == [int(narrower(found.members, found.space).argmax())]
    labels = [text.get_text() for text in figures.draw_space(found).axes[1].get_yticklabels()]
    assert len(labels) == 1
