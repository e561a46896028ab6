"""`samspel flat`: one renovated flat, of each kind, to whom, in a terminal, as JSON, Markdown and a file."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status

SMALL = ["flat", "--region", "botkyrka", "--scale", "0.05"]
PARTIES = ["tenant", "owner", "builders", "municipality", "county_council", "state", "climate", "public_funds"]


def test_it_tells_nine_renovations_with_who_gains_and_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(SMALL) == 0
    shown = capsys.readouterr().out
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 120
    for name in ("basic", "basic + medium energy", "intermediate + deep energy", "full"):
        assert sum(line.startswith(f"{name}  ") for line in lines) == 2, name
    assert "due" not in lines[0] and "mean over" in lines[0]


def test_rows_add_up_in_the_file_as_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "flat.csv"
    assert status([*SMALL, "--json", "--csv", str(file)]) == 0
    told = json.loads(capsys.readouterr().out)
    table = pd.read_csv(file)
    assert len(table) == len(told["options"]) == 9 and told["flats"] > 0
    assert table[PARTIES].sum(axis=1).to_numpy() == pytest.approx(table["society"].to_numpy())
    assert [row["society"] for row in told["options"]] == pytest.approx(table["society"].tolist())


def test_a_neighbourhood_a_standard_and_settings_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    def told(*more: str) -> pd.DataFrame:
        assert status([*SMALL, "--json", *more]) == 0
        return pd.DataFrame(json.loads(capsys.readouterr().out)["options"])

    usual, fittja = told(), told("--neighbourhood", "Fittja")
    assert not usual["own_value"].equals(fittja["own_value"])
    assert told("--standard", "full")["standard"].unique().tolist() == ["full"]
    assert (told("--set", "works_cost_factor=0.5")["cost"] < 0.6 * usual["cost"]).all()
    assert status([*SMALL, "--markdown"]) == 0 and "| basic |" in capsys.readouterr().out


def test_wrong_names_are_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert status([*SMALL, "--neighbourhood", "Fitja"]) == 2
    assert 'did you mean "Fittja"' in capsys.readouterr().err
    assert status([*SMALL, "--set", "cost_mni=1"]) == 2
    assert 'did you mean "cost_mini"' in capsys.readouterr().err
