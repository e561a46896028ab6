"""The new default is what holds up at full size, near the middle of what fits."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.questions.calibrate.matching.confirming import (
    confirmed,
    everything_measured,
    patterns_to_fit,
    points_for,
)
from experiments.questions.calibrate.matching.members import candidates_of
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.validate.measuring.patterns import load_patterns

SPACE = Space.of({"heat_price": (0.65, 0.9), "rent_yield": (0.045, 0.055)})
P4 = [pattern for pattern in load_patterns() if pattern.key == "P4"]
LADDER = {"P4.light": 0.2, "P4.medium": 0.35, "P4.deep": 0.55}


def members(worst: list[float]) -> pd.DataFrame:
    """Five members on a line; the middle one is third."""
    values = SPACE.values(np.array([0.05, 0.32, 0.5, 0.7, 0.9])[:, None] * np.ones(2))
    frame = pd.DataFrame(values, columns=list(SPACE.names))
    return frame.assign(implausibility=worst, middle=[1, 0, 0, 0, 0])


def test_candidates_fit_in_all_and_come_nearest_the_middle_first() -> None:
    assert candidates_of(members([0.0, 0.0, 1.0, 0.0, 0.0]), SPACE) == [1, 3, 4, 0]
    assert candidates_of(members([0.0, 0.0, 1.0, 0.0, 0.0]), SPACE, most=2) == [1, 3]
    # Where none fits in all, those that fit best.
    assert candidates_of(members([2.0, 1.0, 1.5, 0.5, 2.5]), SPACE) == [3]


def test_every_test_for_fitting_is_scored_signs_and_shares_too_and_none_that_is_only_checked() -> None:
    names = [target.name for target in everything_measured(patterns_to_fit())]
    assert len(names) == len(set(names)) and {"P14.cycle_less_experience", "P15.bids", "P10.ordered"} <= set(names)
    assert not {name for name in names if name.split(".")[0] in ("P1", "P6", "P9", "P11", "P12", "P13", "C1")}


def test_a_test_passed_counts_one_and_near_a_half() -> None:
    names = [target.name for target in everything_measured(P4)]

    def runs(mean: float) -> np.ndarray:
        return np.tile([{**LADDER, "P4.mean": mean}[name] for name in names], (3, 1))

    assert [points_for(P4, names, runs(mean)) for mean in (0.35, 0.25, 0.1)] == [4.0, 3.5, 3.0]


def test_the_default_is_the_candidate_that_scores_best_and_the_nearer_of_equals() -> None:
    names = [target.name for target in everything_measured(P4)]

    def simulate(mean: dict[float, float]) -> pd.DataFrame:
        def made(values: np.ndarray) -> np.ndarray:
            rows = [[{**LADDER, "P4.mean": mean[round(v[0], 3)]}[name] for name in names] for v in values.tolist()]
            return np.repeat(np.array(rows)[:, None, :], 2, axis=1)

        return confirmed(members([0.0] * 5), [2, 1, 3], SPACE.names, P4, made)

    heat = members([0.0] * 5)["heat_price"].round(3).tolist()
    assert simulate({heat[1]: 0.25, heat[2]: 0.1, heat[3]: 0.35})["middle"].tolist() == [0, 0, 0, 1, 0]
    assert simulate({heat[1]: 0.35, heat[2]: 0.2, heat[3]: 0.35})["middle"].tolist() == [0, 1, 0, 0, 0]
