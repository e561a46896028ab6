"""What summaries say: numbers, units and limits in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.analysis.prim import Box, Limit
from experiments.design.arms import NAMED_ARMS
from experiments.engine.results import Results
from experiments.engine.settings import Setting, describe_settings
from experiments.questions.discover.figures import draw_runs
from experiments.questions.discover.result import Found
from experiments.questions.discover.words import limit_words, said
from experiments.reporting.quantity import quantity_of


class Told(Results):
    """Results of which only the arms are known."""

    def __init__(self, folder: Path, arm: str) -> None:
        super().__init__(folder)
        self.arm = arm

    @property
    def arms(self) -> tuple[str, ...]:
        return ("siloed", self.arm)

    def label(self, arm: str) -> str:
        return NAMED_ARMS[arm].label

    def setting(self, name: str) -> Setting:
        return describe_settings([name])[name]


def found(limits: tuple[Limit, ...], losses: int, arm: str = "coordinated") -> Found:
    pairs = pd.DataFrame(
        {
            "trust_start": np.linspace(0.2, 0.5, 10),
            "mean_construction_cycle": np.linspace(0.9, 1.1, 10),
            "mean_interest": np.linspace(0.01, 0.03, 10),
        }
    )
    pairs["difference"] = np.where(np.arange(10) < losses, -1.0, 2.0)
    cases = pairs["difference"].to_numpy() < 0
    box = Box(limits, 0.8, 0.75, 0.4, 0.5)
    return Found(Told(Path("none"), arm), quantity_of("npv_society", 100), "loses", pairs, cases, box, None)


def test_a_limit_is_told_by_the_parameters_note_with_its_unit_and_range() -> None:
    told = limit_words(found((), 5), Limit("trust_start", 0.3, True, 0.0))
    assert told == '"trust among partners in 2011" is low: below 0.300 (trust_start, from 0.200 to 0.500; 0 to 1)'


def test_surroundings_have_words_of_their_own() -> None:
    told = limit_words(found((), 5), Limit("mean_construction_cycle", 1.05, False, 0.0))
    assert told.startswith('"other construction over the years" is high: above 1.05') and "1 is normal" in told


def test_the_box_is_told_with_coverage_and_density() -> None:
    told = " ".join(said(found((Limit("trust_start", 0.3, True, 0.0),), 5)))
    assert "loses in 50 % of 10 draws" in told and "loses in 75 % of the draws (density" in told and "80 %" in told


def test_where_it_loses_nearly_everywhere_the_other_question_is_named() -> None:
    assert any("--find gains" in line for line in said(found((), 9)))


def test_another_arm_than_coordination_is_called_by_its_name() -> None:
    assert "oordination" in said(found((), 0))[0] and "Emergent" not in said(found((), 0))[0]
    told = said(found((), 0, "emergent"))[0]
    assert f"“{NAMED_ARMS['emergent'].label}”" in told and "oordination" not in told


def test_figures_show_surroundings_in_the_unit_of_their_label() -> None:
    # Interest is recorded as a share and shown in per cent, the construction cycle is shown as it is recorded.
    limits = (Limit("mean_interest", 0.02, True, 0.0), Limit("mean_construction_cycle", 1.0, False, 0.1))
    seen = found(limits, 5)
    axes = Figure().subplots()
    draw_runs(axes, seen)
    assert "%" in axes.get_xlabel() and "%" not in axes.get_ylabel()
    points = np.concatenate([np.asarray(drawn.get_offsets()) for drawn in axes.collections])
    assert np.allclose(sorted(points[:, 0]), np.linspace(1.0, 3.0, 10))
    assert np.allclose(sorted(points[:, 1]), np.linspace(0.9, 1.1, 10))
    box = axes.patches[0].get_extents().transformed(axes.transData.inverted())
    assert np.allclose(box.extents, (1.0, 1.0, 2.0, 1.1))
    assert "is low: below 2.00 (from 1.00 to 3.00; %" in limit_words(seen, limits[0])
