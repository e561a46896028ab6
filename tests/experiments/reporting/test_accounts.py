"""One account of society: its lines, its columns, and what is told of accounts that are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.cli import status
from experiments.engine.results import Results
from experiments.engine.runs import end_names
from experiments.questions.factorial.result import default_outcomes as of_factorial
from experiments.questions.rivals.result import default_outcomes as of_rivals
from experiments.questions.sensitivity.result import DEFAULT_OUTCOMES as OF_SENSITIVITY
from experiments.questions.sweep.result import DEFAULT_OUTCOMES as OF_SWEEP
from experiments.reporting.accounts import ACCOUNTS, HEADLINE, asked_accounts, of_kind, successor_of
from experiments.reporting.over_set import asked_quantities
from experiments.reporting.quantity import quantity_of
from sim import OUTCOMES, SamspelError

GONE = {
    "npv_resources": "npv_society",
    "npv_resources_end_value": "npv_society",
    "npv_resources_tenants_worth": "npv_society",
    "npv_companies_and_public": "npv_society",
    "npv_standard_surplus": "npv_society",
    "npv_value_standard_surplus": "npv_society",
    "resources": "npv_society",
    "mean_resources": "npv_society",
    "npv_housing_companies_end_value": "npv_housing_companies_closing",
    "npv_private_landlords_end_value": "npv_private_landlords_closing",
    "npv_value_private_landlords": "npv_private_landlords_closing",
}


def test_society_has_one_account_and_every_account_is_a_column_of_the_table_of_runs() -> None:
    assert of_kind("society") == (HEADLINE,) and HEADLINE.name == "npv_society"
    assert {account.name for account in ACCOUNTS} <= set(end_names())
    labels = [account.label for account in ACCOUNTS]
    assert len(set(labels)) == len(labels)


def test_lines_and_parts_are_those_that_the_model_records() -> None:
    recorded = {f"npv_{outcome.name}" for outcome in OUTCOMES if outcome.name.startswith("society_")}
    named = {account.name for account in of_kind("line", "part")}
    assert named == recorded | {"npv_society_left"}
    assert all(part.name.startswith("npv_society_people_") for part in of_kind("part"))


@pytest.mark.parametrize(("old", "new"), GONE.items())
def test_an_account_that_is_gone_names_its_successor(old: str, new: str) -> None:
    assert successor_of(old) == new
    with pytest.raises(SamspelError, match=f'^--outcome: "{old}" is gone.*expected "{new}"'):
        quantity_of(old, 10)


@pytest.mark.parametrize("name", [*(account.name for account in ACCOUNTS), "rent", "npv_sociaty", "resource"])
def test_no_other_name_is_taken_for_one_that_is_gone(name: str) -> None:
    assert successor_of(name) == ""


@pytest.mark.parametrize("command", ["sweep", "discover", "sensitivity", "factorial", "rivals"])
def test_every_command_that_takes_outcomes_tells_what_replaced_one_that_is_gone(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = ["--region", "botkyrka", "--scale", "0.02", "--years", "1", "--out", str(tmp_path / "out")]
    assert status([command, *tiny, "--outcome", "npv_resources_end_value"]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and 'expected "npv_society"' in told
    file = tmp_path / "mine.toml"
    file.write_text('outcome = "npv_companies_and_public"\n' if command == "discover" else
                    'outcome = ["npv_companies_and_public"]\n')  # fmt: skip
    assert status([command, *tiny, "--config", str(file)]) == 2
    assert 'expected "npv_society"' in capsys.readouterr().err


def test_a_figure_of_one_that_is_gone_is_refused_alike(results: Results, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["plot", str(results.folder), "--outcome", "resources"]) == 2
    assert 'expected "npv_society"' in capsys.readouterr().err


def test_questions_ask_for_society_first() -> None:
    assert asked_accounts()[0] is HEADLINE
    first = {names[0] for names in (of_factorial(), of_rivals(), OF_SENSITIVITY, OF_SWEEP)}
    assert first | {asked_quantities(10)[0].name} == {HEADLINE.name}
