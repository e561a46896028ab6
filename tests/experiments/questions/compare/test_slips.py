"""What a comparison says of owners' programmes: how far they slip, and why."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from experiments.engine.results import Results
from experiments.questions.compare.slips import COLUMNS, slips_section


def told(results: Results, monkeypatch: pytest.MonkeyPatch, *rows: tuple[Any, ...]) -> str:
    """What is said if these are the programmes of the coordinated arm's first run."""
    run = results.runs.loc[results.runs["arm"] == "coordinated", "run"].iloc[0]
    frame = pd.DataFrame([(run, *row) for row in rows], columns=COLUMNS)
    monkeypatch.setattr(Results, "has_table", lambda self, name: True)
    monkeypatch.setattr(Results, "table", lambda self, name, columns=None: frame)
    return " ".join(slips_section(results, "siloed", "coordinated"))


def test_the_summary_says_by_how_many_years_plans_slipped_and_for_which_reasons(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = told(
        results,
        monkeypatch,
        ("A", 2011, 100.0, 40.0, "consent", 2021, 0.6),
        ("A", 2012, 100.0, 80.0, "hands", 2024, 2.0),
        ("B", 2011, 200.0, 200.0, "none", 2020, 0.0),
    )
    assert "1.0 years behind" in text, "a half of the flats is two years late, the other half in time"
    assert "1.5 years later than first set" in text and "80 % was begun" in text
    assert "have not answered yet (75 %), no builder has the hands (25 %)." in text
    assert "siloed" not in text.lower(), "who has no programme is not told of"


def test_programmes_in_time_are_said_to_be(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    text = told(results, monkeypatch, ("A", 2011, 100.0, 100.0, "none", 2021, 0.0))
    assert "keep to their schedules" in text and "Reasons" not in text


def test_where_nobody_has_a_programme_nothing_is_said(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(results, monkeypatch) == ""


def test_a_real_comparison_tells_of_both_arms(results: Results) -> None:
    rows = results.table("programmes")
    assert set(rows["cause"]) <= {"none", "money", "hands", "bids", "consent", "staff", "price"}
    said = slips_section(results, "siloed", "coordinated")
    assert len(said) == 3 and said[0] == "## What becomes of plans"
    assert (results.folder / "summary.md").read_text().count(said[1]) == 1
