"""The options of a comparison: in a file, on the command line, replicates as needed, and a quick look."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.cli import status
from experiments.engine.results import Results
from experiments.questions.compare.command import QUESTION


def test_an_arm_and_settings_of_a_file_run_and_the_command_line_overrules_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(
        'region = "botkyrka"\nscale = 0.05\nyears = 9\nreplicates = 1\njobs = 1\n'
        'select = ["siloed", "no-training"]\n'
        "[set]\ngrant_rate = 0.3\n"
        '[arms.no-training]\npreset = "regional"\nlabel = "Without training"\ntraining = 0.0\n'
        "[arms.no-training.set]\ngrant_burden = 0\n"
    )
    out = tmp_path / "out"
    given = ["--config", str(config), "--years", "2", "--out", str(out), "--no-figures", "--no-record", "--no-turns"]
    assert status(["compare", *given]) == 0
    assert "no-training" in capsys.readouterr().out
    made = Results(out)
    assert made.made.years == 2 and made.arms == ("siloed", "no-training")
    assert made.made.arms[1].collaboration["training"] == 0.0
    assert made.made.arms[1].levers == {"grant_rate": 0.3, "grant_burden": 0.0}
    assert made.made.command[:2] == ("samspel", "compare")
    assert made.runs["set_grant_burden"].tolist() == ["", "0.0"]
    assert made.areas("neighbourhood") == ()


def test_options_of_its_own_are_taken_from_a_configuration_file_and_a_misspelt_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, out = tmp_path / "mine.toml", tmp_path / "out"
    tiny = 'region = "botkyrka"\nscale = 0.02\nyears = 1\nreplicates = 2\njobs = 1\n'
    config.write_text(f"{tiny}record = false\nshared_seeds = false\nturns = false\nwidth = 0.25\n")
    assert status(["compare", "--config", str(config), "--no-figures", "--out", str(out)]) == 0
    made = Results(out)
    assert made.areas("neighbourhood") == () and made.made.options["width"] == 0.25
    assert made.runs["seed"].nunique() == 8, "all arms but those that share money have seeds of their own"
    text = (out / "summary.md").read_text()
    assert "at most 25 % is wanted" in text and "random numbers of its own" in text and "paired on" not in text
    config.write_text(f"{tiny}shared_seed = false\n")
    capsys.readouterr()
    assert status(["compare", "--config", str(config), "--out", str(tmp_path / "other")]) == 2
    told = capsys.readouterr().err
    assert f'{config}: unknown key "shared_seed"; did you mean "shared_seeds"' in told


def test_replicates_are_added_until_real_resources_are_known_as_well_as_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.questions.compare.command.MOST_REPLICATES", 5)
    given = ["--region", "botkyrka", "--scale", "0.02", "--years", "1", "--jobs", "1", "--no-figures", "--no-record"]
    given += ["--no-turns"]
    config = tmp_path / "start.toml"
    config.write_text("replicates = 2\n")
    arms = ["--arms", "siloed,coordinated", "--config", str(config)]
    out = tmp_path / "out"
    assert status(["compare", *given, *arms, "--replicates", "auto", "--width", "0.0001", "--out", str(out)]) == 0
    made = Results(out).made
    assert made.replicates == made.stages[""].replicates == 5 and made.options["auto"] is True
    assert "5 replicates" in (out / "summary.md").read_text()
    assert status(["compare", *given, *arms, "--replicates", "auto", "--width", "1e9", "--out", str(out)]) == 0
    assert Results(out).made.replicates == 2


def test_a_quick_look_is_at_the_same_question(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert set(QUESTION.quick) <= {"scale", "replicates"}
    given = ["--years", "1", "--replicates", "1", "--scale", "0.01", "--jobs", "1", "--no-figures"]
    assert status(["compare", "--quick", *given, "--out", str(out)]) == 0
    made = Results(out).made
    assert made.quick and made.region.name == "stockholm-county"
    assert (out / "summary.md").read_text().startswith("# A quick look at ")
