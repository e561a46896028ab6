"""Bad input: one line that says what is wrong, exit status 2, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.cli import status

QUICK = ["--region", "botkyrka", "--scale", "0.05", "--years", "1", "--replicates", "1", "--jobs", "1"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--region", "botkyrkka"], 'did you mean "botkyrka"'),
        (["--region", "no/such/folder"], "no such folder"),
        (["--arms", "siloed,coordinatedd"], 'did you mean "coordinated"'),
        (["--arms", "siloed,siloed"], "named twice"),
        (["--arms", ","], "no arm to run"),
        (["--arms", "siloed,siloed-same-money"], 'add "coordinated"'),
        (["--set", "discount=0.1"], 'unknown parameter or lever "discount"'),
        (["--set", "grant_rate"], "expected name=value"),
        (["--set", "grant_rate=2"], "grant_rate"),
        (["--set", "grant_rate=nan"], "grant_rate"),
        (["--set", "grant_rate=much"], "grant_rate"),
        (["--set", "standard_choice=landlord"], "standard_choice"),
        (["--replicates", "0"], "--replicates: got 0; expected 1 or more"),
        (["--replicates", "ten"], "not a valid integer"),
        (["--years", "0"], "--years: got 0; expected 1 or more"),
        (["--scale", "0"], "--scale: got 0.0; expected a number above 0"),
        (["--scale", "1.5"], "--scale: got 1.5; expected a number above 0, up to 1"),
        (["--scale", "nan"], "'--scale': 'nan' is not a finite number"),
        (["--jobs", "0"], "--jobs: got 0"),
        (["--seed", "-1"], "--seed: got -1"),
        (["--seed", "١"], "--seed"),
        (["--seed", "1_0"], "'1_0' is not a valid integer"),
        (["--scale", "0_1.0"], "'0_1.0' is not a valid float"),
        (["--replicates", "1_0"], "'1_0' is not a valid integer"),
        (["--set", "grant_rate=true"], "--set: lever grant_rate: got True; expected a number from 0 to 1"),
        (["--set", "heat_price=true"], "--set: heat_price is True; expected a number"),
        (["--set", "heat_price=1_0"], "--set: heat_price is '1_0'; expected a number"),
        (["--set", "framework_packages=١"], "expected a whole number from 1 to 9"),
        (["--set", "grant_energy_only=1"], "grant_energy_only: got 1; expected true or false"),
        (["--set", "renovation=off"], "renovation: got 'off'; expected true or false"),
        (["--set", "grant_budget_per_year=1e308"], "got 1e+308; expected a number from 0 to 1e+15"),
        (["--set", "grant_budget_per_year=99999999999999999999"], "got 1e+20; expected a number from 0 to 1e+15"),
        (["--set", "grant_from_year=9"], 'lever "grant_from_year" is gone'),
        (["--regoin", "botkyrka"], "--region"),
        (["--config", "missing.toml"], "missing.toml: cannot be read"),
    ],
)
def test_a_wrong_option_is_told_in_one_line_and_leaves_nothing(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "deep" / "results"
    assert status(["compare", *QUICK, "--out", str(out), *arguments]) == 2
    told = capsys.readouterr()
    assert said in told.err and told.err.count("\n") == 1 and told.err.startswith("samspel: ")
    assert told.out == "" and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("replicats = 3", 'unknown key "replicats"; did you mean "replicates"'),
        ("replicates = 0", "replicates: got 0; expected 1 or more"),
        ("replicates = 2.5", "replicates: got 2.5; expected a whole number"),
        ("replicates = true", "replicates: got True; expected a whole number"),
        ("replicates = '3'", "replicates: got '3'; expected a whole number"),
        ("jobs = true", "jobs: got True; expected a whole number"),
        ("[arms.mine]\ntraining = true", "arms.mine.training: got True; expected a number from 0 to 1"),
        ("[arms.mine]\ntraining = '1'", "arms.mine.training: got '1'; expected a number from 0 to 1"),
        ("[arms.mine]\ncost_factor = true", "arms.mine.cost_factor: got True; expected a number from 0 to 1e+12"),
        ("[arms.mine]\nby_commitment = 'no'", "arms.mine.by_commitment: got 'no'; expected true or false"),
        ("[arms.mine.set]\ngrant_rate = true", "grant_rate: got True; expected a number from 0 to 1"),
        ("[set]\ngrant_rate = true", "grant_rate: got True; expected a number from 0 to 1"),
        ("seed = " + "1" * 5000, "mine.toml, key seed: a whole number beyond all measure"),
        ("[set]\ngrant_rate = 1" + "_000" * 2000, "mine.toml, key set.grant_rate: a whole number beyond"),
        ("scale = nan", "scale: got nan"),
        ("select = 3", "select: got 3; expected a list"),
        ("region = ", "not valid TOML"),
        ("[set]\nno_such = 1", 'unknown parameter or lever "no_such"'),
        ("[arms.mine]\ntrainin = 0.0", 'arms.mine: unknown key "trainin"; did you mean "training"'),
        ("[arms.mine]\ntraining = 2.0", "arms.mine.training: got 2.0; expected a number from 0 to 1"),
        ("[arms.mine]\npreset = 'regonal'", 'arm "mine": unknown preset "regonal"; did you mean "regional"'),
        ("[arms.mine]\npartners = ['council']", 'arms.mine.partners: unknown partner "council"'),
        ("[arms.mine]\nsame_money_as = 'his'", 'arm "mine": same_money_as: unknown arm "his"'),
        ("[arms.mine.set]\nno_such = 1", 'arms.mine.set: unknown parameter or lever "no_such"'),
        ("[arms.siloed]\ntraining = 1.0", "choose another name"),
    ],
)
def test_a_wrong_configuration_is_told_with_file_and_key(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "mine.toml"
    config.write_text(text)
    assert status(["compare", *QUICK[:2], "--out", str(tmp_path / "results"), "--config", str(config)]) == 2
    told = capsys.readouterr().err
    assert said in told and told.count("\n") == 1
    assert list(tmp_path.iterdir()) == [config]


def test_an_output_that_cannot_be_written_is_refused_before_the_first_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    for out in ("file", "file/results"):
        assert status(["compare", *QUICK, "--out", str(tmp_path / out)]) == 2
        assert "--out" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_samspel_did_not_make_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert status(["compare", *QUICK, "--out", str(tmp_path)]) == 2
    assert "no results of samspel" in capsys.readouterr().err
    (tmp_path / "manifest.json").write_text("{}")
    assert status(["compare", *QUICK, "--out", str(tmp_path)]) == 2
    assert "thesis.txt" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert status(["compare", *QUICK, "--out", "."]) == 2
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_plot_tells_what_the_results_do_not_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["plot", str(tmp_path / "none")]) == 2
    assert "no such folder" in capsys.readouterr().err
    assert status(["plot", str(tmp_path)]) == 2
    assert "no finished results" in capsys.readouterr().err


def test_an_unknown_command_or_topic_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["comapre"], ["list", "parametrs"]):
        assert status(arguments) == 2
        assert capsys.readouterr().err.count("\n") == 1
