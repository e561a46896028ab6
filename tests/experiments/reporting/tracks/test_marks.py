"""Observed numbers stand over the curves of the area that they belong to; those that chose something are hollow."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from experiments.engine.results import Results
from experiments.reporting.curves import draw_curves
from experiments.reporting.finding import INK, WHITE
from experiments.reporting.tracks import bands
from experiments.reporting.tracks.marks import KEY
from experiments.reporting.tracks.table import Observed, Use


def seen(series: str, area: str, year: int, value: float, use: Use) -> Observed:
    return Observed(series, area, year, value, 0.9 * value, 1.1 * value, use, "a source", "found")


TABLE = (
    seen("moves", "Botkyrka", 2012, 0.06, "check"),
    seen("moves", "Alby", 2011, 0.07, "fit"),
    seen("contract_price", "Fittja", 2011, 100.0, "fit"),
    seen("contract_price", "Fittja", 2012, 150.0, "fit"),
)


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bands, "tracks", lambda: TABLE)


def diamonds(results: Results, outcome: str, area: str | None) -> list[tuple[float, float, str]]:
    """Year, height and face of the diamonds in a panel."""
    figure = draw_curves(results, [outcome], ["siloed", "coordinated"], area)
    noted = any(KEY in " ".join(text.get_text().split()) for text in figure.texts)
    found = [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]), to_hex(line.get_markerfacecolor()).upper())  # type: ignore[index,arg-type]
        for line in figure.axes[0].lines
        if isinstance(line, Line2D) and line.get_marker() == "D"
    ]
    assert noted == bool(found)
    return found


def test_a_number_stands_over_its_area_in_the_unit_of_the_axis(results: Results) -> None:
    assert diamonds(results, "moves", "Botkyrka") == [(2012.0, pytest.approx(6.0), INK)]


def test_a_number_that_chose_something_is_hollow(results: Results) -> None:
    assert diamonds(results, "moves", "Alby") == [(2011.0, pytest.approx(7.0), WHITE)]


def test_other_areas_and_outcomes_have_none(results: Results) -> None:
    assert diamonds(results, "moves", None) == diamonds(results, "moves", "Huddinge") == []
    assert diamonds(results, "rent", "Botkyrka") == []


def test_a_ratio_goes_on_from_where_the_baseline_s_median_was(results: Results) -> None:
    ((year, height, face),) = diamonds(results, "price_index", None)
    level = results.yearly("price_index", "siloed")[:, 0]
    assert (year, face) == (2012.0, WHITE)
    assert height == pytest.approx(1.5 * 311.43 / 314.2 * (level.min() + level.max()) / 2)
