"""Every area can be asked for by its name, and what is drawn is its own."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.cli import status
from experiments.engine.results import Results
from experiments.reporting.curves import draw_curves
from sim.errors import SamspelError

OUTCOME = "employment"


def areas(results: Results) -> list[tuple[str, str]]:
    """All areas by kind and name."""
    return [(kind, name) for kind in ("neighbourhood", "municipality", "region") for name in results.areas(kind)]


def test_the_curve_that_is_drawn_is_that_of_the_area_that_was_named(results: Results) -> None:
    table = pd.read_parquet(results.folder / "curves.parquet")
    drawn = []
    for kind, name in areas(results):
        assert results.kind_of(name) == kind
        rows = table[(table["area"] == name) & (table["arm"] == "siloed")]
        by_quarter = rows.pivot_table(OUTCOME, "replicate", "quarter").to_numpy(np.float64)
        expected = np.median(by_quarter.reshape(len(by_quarter), -1, 4).mean(axis=2), axis=0)
        figure = draw_curves(results, [OUTCOME], ["siloed"], name)
        line = np.asarray(figure.axes[0].lines[0].get_ydata(), np.float64)
        assert np.allclose(line / line[0], expected / expected[0], rtol=1e-6)
        assert name in str([text.get_text() for text in figure.texts])
        drawn.append(tuple(line))
    assert len(drawn) == 19 and len(set(drawn)) == 19


def test_an_area_is_found_however_its_letters_are_composed(results: Results, tmp_path: Path) -> None:
    (name,) = [name for kind, name in areas(results) if name.startswith("Södert") and kind == "municipality"]
    for form in ("NFC", "NFD"):
        given = ["plot", str(results.folder), "--outcome", OUTCOME, "--out", str(tmp_path / form)]
        assert status([*given, "--area", f" {unicodedata.normalize(form, name)}"]) == 0
    same, other = ({path.name: path.read_bytes() for path in (tmp_path / form).iterdir()} for form in ("NFC", "NFD"))
    assert same == other and len(same) == 4


def test_a_name_that_stands_for_two_areas_of_stored_results_is_refused(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Results, "areas", lambda _, kind: ("Alby",) if kind != "region" else ("all",))
    with pytest.raises(SamspelError, match='"Alby" is a neighbourhood and a municipality; nobody can tell which'):
        results.kind_of("Alby")
