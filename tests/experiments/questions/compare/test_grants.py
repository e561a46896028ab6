"""What a comparison says of state grants: applied for, promised, paid, lapsed, unspent, and deadweight."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.engine.results import Results
from experiments.questions.compare.grants import grants_section

# SEK a quarter, mean of the coordinated arm's runs.
MEANS = {"applied": 8e6, "granted": 4e6, "paid": 2e6, "lapsed": 1e6, "unspent": 3e6, "anyway": 0.5e6, "work": 0.25e6}


def test_the_summary_says_what_becomes_of_the_money(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    def levels(self: Results, column: str, arm: str) -> NDArray[np.float64]:
        return np.full(3, MEANS[column.removeprefix("mean_grants_")] * (arm == "coordinated"))

    monkeypatch.setattr(Results, "levels", levels)
    head, text = grants_section(results, "siloed", "coordinated")
    quarters = 4 * results.made.years
    assert head == "## What becomes of grants" and text.startswith("Coordinated: over")
    for name in ("applied", "granted", "paid", "lapsed", "unspent", "work"):
        assert f"{MEANS[name] * quarters / 1e6:.1f} MSEK" in text, name
    assert "Of what is taken up, 17 % is for works" in text, "of 3 that did not lapse, 0.5"


def test_where_there_is_no_grant_nothing_is_said(results: Results) -> None:
    assert grants_section(results, "siloed", "coordinated") == []
    assert "becomes of grants" not in (results.folder / "summary.md").read_text()
