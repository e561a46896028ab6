"""Every figure of a comparison says in its title what was found: on planted gains, losses and what is neither."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from experiments.engine.results import Results
from experiments.questions.compare.cash import draw_cash
from experiments.questions.compare.differences import draw_differences, draw_forest
from experiments.questions.compare.heatmaps import draw_heatmaps
from experiments.questions.compare.neighbourhoods import draw_neighbourhoods
from experiments.questions.compare.society import draw_society
from experiments.questions.compare.stock import draw_stock
from experiments.questions.compare.who_gains import draw_who_gains
from experiments.reporting.curves import MAIN, MOST_PANELS, draw_curves
from experiments.reporting.described import title_of
from experiments.reporting.numbers import headlines, measure_of
from experiments.reporting.style import house_style
from tests.legible import faults

ON, OFF = "coordinated", "siloed"
KINDS: dict[str, tuple[float, float]] = {  # by how much each of two replicates is better
    "gain": (0.0199, 0.02),
    "loss": (-0.0199, -0.02),
    "undecided": (-0.02, 0.03),
    "identical": (0.0, 0.0),
    "one replicate": (0.02, float("nan")),
}
A_FLAT = 1e6  # SEK that a planted difference of one is, a flat


class Planted(Results):
    """A folder as if coordinated were better than siloed by so much in each of its two replicates, in everything."""

    def __init__(self, results: Results, better: tuple[float, float]) -> None:
        super().__init__(results.folder)
        self.planted = np.array(better)
        runs = results.runs.copy()
        on, off = (runs["arm"] == arm for arm in (ON, OFF))
        for column in runs.columns[runs.dtypes == np.float64]:
            if column in headlines():
                runs.loc[on, column] = runs.loc[off, column].to_numpy() + self.planted * (
                    measure_of(column).better or 1
                )
            elif str(column).startswith("npv_"):
                runs.loc[on, column] = runs.loc[off, column].to_numpy() + self.planted * A_FLAT * self.made.flats
        runs.loc[on, "error"] = runs.loc[on, "error"].where(~np.isnan(self.planted), "planted")
        self.__dict__["runs"] = runs

    def yearly(self, outcome: str, arm: str, kind: str = "region", area: str | None = None) -> Any:
        values = np.array(super().yearly(outcome, OFF, kind, area))
        by = self.planted.reshape(-1, *[1] * (values.ndim - 1)) * (measure_of(outcome).better or 1)
        return values + by if arm == ON else values


def drawn(results: Results, figure: str) -> Figure:
    """One of the figures, as it is laid out."""
    with house_style():
        return {
            "who-gains": lambda: draw_who_gains(results, ON, OFF),
            "society": lambda: draw_society(results, ON, OFF),
            "cash": lambda: draw_cash(results, ON, OFF),
            "differences": lambda: draw_forest(results, ON, OFF),
            "curves": lambda: draw_curves(results, MAIN, (OFF, ON)),
            "differences-by-year": lambda: draw_differences(results, MAIN, (OFF, ON)),
            "stock": lambda: draw_stock(results, (OFF, ON)),
            "neighbourhoods": lambda: draw_neighbourhoods(results, ON, OFF),
            "neighbourhoods-by-year": lambda: draw_heatmaps(results, ON, OFF),
        }[figure]()


SAID: dict[str, dict[str, str]] = {
    "who-gains": {
        "gain": "Society gains 19.95 kSEK a flat: persons, housing companies,",
        "loss": "Society loses 19.95 kSEK a flat: persons, housing companies,",
        "undecided": "Whether society gains or loses is undecided; each budget by itself is undecided",
        "identical": "For society nothing differs",
        "one replicate": "Society gains 20 kSEK a flat, in one replicate",
    },
    "society": {
        "gain": "Society gains 19.95 kSEK a flat: persons +20 and cash of owners +20",
        "loss": "Society loses 19.95 kSEK a flat: persons −20 and cash of owners −20",
        "undecided": "Whether society gains or loses is undecided",
        "identical": "For society nothing differs",
        "one replicate": "Society gains 20 kSEK a flat, in one replicate",
    },
    "cash": {
        "gain": "In cash alone over 2 years: residents, housing companies, private landlords,",
        "loss": "the state and builders lose",
        "undecided": "each budget by itself is undecided",
        "identical": "nothing differs for any budget",
        "one replicate": "one replicate says nothing of how surely",
    },
    "differences": {
        "gain": "of 15 outcomes 13 are better and 2 higher",
        "loss": "of 15 outcomes 13 are worse and 2 lower",
        "undecided": "of 15 outcomes 15 are undecided",
        "identical": "Coordinated does not differ from siloed after 2 years",
        "one replicate": "one replicate says nothing of how surely they differ",
    },
    "curves": {
        "gain": "Coordinated is better than siloed in employment, rent burden, moves caused, flats renovated, energy",
        "loss": "Coordinated is worse than siloed in employment",
        "undecided": "Coordinated is undecided in employment",
        "identical": "Coordinated does not differ from siloed after 2 years",
        "one replicate": "one replicate says nothing of how surely they differ",
    },
    "stock": {
        "gain": "(better)",
        "loss": "(worse)",
        "undecided": "(undecided)",
        "identical": "(identical)",
        "one replicate": "(one replicate)",
    },
    "neighbourhoods": {
        "gain": "neighbourhoods, employment is better in ",
        "loss": "neighbourhoods, employment is worse in ",
        "undecided": "neighbourhoods, employment is undecided in ",
        "identical": "neighbourhoods, employment is identical in ",
        "one replicate": "from one replicate no neighbourhood can be told apart",
    },
}
SAID |= {
    f"{name}-by-year": SAID[as_in] for name, as_in in (("differences", "curves"), ("neighbourhoods", "neighbourhoods"))
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("figure", SAID)
def test_a_title_is_the_finding_and_the_figure_can_be_read(results: Results, figure: str, kind: str) -> None:
    made = drawn(Planted(results, KINDS[kind]), figure)
    assert SAID[figure][kind] in title_of(made)
    with house_style():
        assert faults(made) == []


def test_who_gains_has_a_row_a_budget_society_first_and_no_figure_more_than_six_panels(results: Results) -> None:
    planted = Planted(results, KINDS["gain"])
    words = [text.get_text() for text in drawn(planted, "who-gains").axes[0].texts]
    names = [
        "Society",
        "Persons",
        "Housing companies",
        "Private landlords",
        "Municipalities",
        "County council",
        "State",
    ]
    names += ["Builders", "Rest of the world"]
    assert [word for word in words if word in names] == names
    assert all(len(drawn(planted, figure).axes) <= MOST_PANELS for figure in SAID if "by-year" not in figure)


def test_two_arms_stand_beside_their_lines_without_a_legend(results: Results) -> None:
    for axes in drawn(results, "curves").axes:
        assert {"Siloed", "Coordinated"} <= {text.get_text() for text in axes.texts} and axes.get_legend() is None
        assert axes.get_ylabel()
