"""`samspel budgets`: what each budget nets in each neighbourhood, read from stored results."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status
from experiments.engine.results import Results


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of two arms with two replicates."""
    out = tmp_path_factory.mktemp("budgets") / "results"
    small = ["--region", "botkyrka", "--scale", "0.02", "--years", "2", "--replicates", "2", "--jobs", "1"]
    assert (
        status(["compare", *small, "--arms", "siloed,coordinated", "--no-turns", "--no-figures", "--out", str(out)])
        == 0
    )
    return out


def test_it_tells_every_neighbourhood_and_the_sum(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert status(["budgets", str(folder), "--arm", "siloed"]) == 0
    shown = capsys.readouterr().out
    places = Results(folder).areas("neighbourhood")
    assert all(f"\n{place} " in shown for place in places) and "\nall " in shown and "municipality" in shown


def test_against_another_arm_it_is_the_difference_of_the_means(folder: Path, tmp_path: Path) -> None:
    tables = []
    for more in (["--arm", "coordinated"], ["--arm", "siloed"], ["--arm", "coordinated", "--against", "siloed"]):
        file = tmp_path / f"{len(tables)}.csv"
        assert status(["budgets", str(folder), *more, "--csv", str(file)]) == 0
        tables.append(pd.read_csv(file, index_col=0))
    pd.testing.assert_frame_equal(tables[0] - tables[1], tables[2])
    stored = Results(folder).table("budgets")
    mine = stored[(stored["arm"] == "siloed") & (stored["budget"] == "state")]
    assert tables[1]["state"].sum() == pytest.approx(mine["sek"].sum() / 2 / 2)


def test_wrong_arms_and_years_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["budgets", str(folder), "--arm", "silo"]) == 2
    assert 'did you mean "siloed"' in capsys.readouterr().err
    assert status(["budgets", str(folder), "--from-year", "2030"]) == 2
    assert "--from-year 2030: no such year; expected some of 2011 to 2012" in capsys.readouterr().err
