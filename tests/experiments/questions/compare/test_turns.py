"""Turning points of a comparison: what is run again, and how that is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from experiments.analysis.turning import Along
from experiments.cli import status
from experiments.engine.points import PRACTICES
from experiments.engine.results import Results
from experiments.questions.compare.result import Compared, read
from experiments.questions.compare.turns.figure import draw_turns
from experiments.questions.compare.turns.result import Line, read_turns
from experiments.questions.compare.turns.varied import BY_NAME, FLATS, QUICK_REPLICATES, REPLICATES, VARIED, plan_of
from experiments.questions.compare.turns.words import cells, sentences
from sim import Levers, load_parameters
from tests.experiments.conftest import compared, small

TWO = ("siloed", "coordinated")
NOISE = np.array([-0.2, -0.1, 0.0, 0.1, 0.2])


def planned(*select: str, **changes: Any) -> Any:
    options = {"turns": True} | changes.pop("options", {})
    return plan_of(small(Path("none"), select, options=options, **changes))


def line(*means: float, name: str = "co2_price", noise: float = 1.0) -> Line:
    """A difference with these means at 0, 1 and 3, standing at 1."""
    large = np.tile(means[1] + noise * NOISE, (3, 1))
    response = np.repeat(np.array(means)[:, None] - means[1], 3, axis=1)
    return Line(BY_NAME[name], 1.0, Along(np.array([0.0, 1.0, 3.0]), large, response))


def test_everything_in_the_table_can_be_set_and_has_another_value_to_try() -> None:
    known = (*load_parameters().records, *Levers.model_fields, *PRACTICES)
    for one in VARIED:
        assert one.name in known and one.tried() and "RANGE" in one.pays
    assert len(BY_NAME) == len(VARIED)


def test_what_lies_between_is_not_run_again() -> None:
    tried = {one.name: one.tried() for one in VARIED}
    assert tried["home_worth_midi"] == (150.0, 2000.0), "the plausible end on one side, far beyond it on the other"
    assert tried["co2_price"] == (load_parameters().records["co2_price"].plausible[1],), "0 is near what stands"
    assert tried["cost_factor"] == (3.0, 12.0)


def test_one_thing_is_changed_at_a_time_from_how_everything_stands() -> None:
    plan = planned(*TWO)
    points = plan.design.table().drop(columns=["arm", "replicate", "seed"]).drop_duplicates()
    names = [one.name for one in VARIED]
    base = points.iloc[0]
    changed = [[name for name in names if row[name] != base[name]] for _, row in points.iloc[1:].iterrows()]
    assert all(len(names) == 1 for names in changed) and {names[0] for names in changed} == set(names)
    assert base["co2_price"] == load_parameters().co2_price and base["cost_factor"] == 1.0


def test_a_cost_at_which_the_comparison_has_an_arm_is_not_run_again() -> None:
    with_arm, without = planned(*TWO, "coordinated-triple-cost"), planned(*TWO)
    assert with_arm.costs == {3.0: "coordinated-triple-cost"} and without.costs == {}
    assert set(with_arm.design.table()["cost_factor"]) == {1.0, 12.0}
    assert set(without.design.table()["cost_factor"]) == {1.0, 3.0, 12.0}


def test_what_is_set_everywhere_is_where_things_stand() -> None:
    plan = planned(*TWO, settings={"co2_price": 2.0, "additionality": "full"})
    table = plan.design.table()
    assert table["co2_price"].iloc[0] == 2.0 and set(table["additionality"]) == {"full"}


def test_it_is_small_whatever_the_comparison_is_and_shares_its_seeds() -> None:
    plan = planned(*TWO, scale=1.0, region="stockholm-county", replicates=200)
    assert plan.flats <= FLATS * 1.05 and plan.design.replicates == REPLICATES
    assert planned(*TWO, quick=True, replicates=9).design.replicates == QUICK_REPLICATES
    asked = small(Path("none"), TWO)
    seeds = {run.seed for run in asked.design().runs}
    assert {run.seed for run in planned(*TWO).design.runs} == seeds


def test_one_arm_and_money_of_a_third_have_no_turning_points() -> None:
    assert planned("siloed") is None
    assert planned("siloed", "siloed-same-money", "coordinated") is not None


def test_where_things_stand_the_answer_is_the_headline(results: Results) -> None:
    made = json.loads((results.folder / "summary.json").read_text())
    headline, lines = made["headline"], made["turns_at"]
    assert {VARIED[0].name, "cost_factor", "co2_price"} <= set(lines)
    for one in lines.values():
        (here,) = (point for point in one["tried"] if point["at"] == one["stands"])
        told = [here[key] for key in ("mean", "low", "high")]
        assert told == pytest.approx([headline[key] for key in ("mean", "low", "high")], rel=1e-9)
        assert all(set(turn) == {"at", "low", "high", "gains"} for turn in one["turns"])


def test_at_a_cost_of_another_arm_the_answer_is_what_is_told_of_that_arm(results: Results) -> None:
    made = json.loads((results.folder / "summary.json").read_text())
    dearer = next(one for one in made["comparisons"] if one["arms"] == ["coordinated-triple-cost", "siloed"])
    told = next(one for one in dearer["accounts"] if one["account"] == "npv_society")
    (here,) = (point for point in made["turns_at"]["cost_factor"]["tried"] if point["at"] == 3.0)
    assert [here[key] for key in ("mean", "low", "high")] == pytest.approx([told[k] for k in ("mean", "low", "high")])


def test_everything_is_run_again_at_each_value(results: Results) -> None:
    again = results.at("turns")
    paid = again.levels("mean_coordination_cost", "coordinated")
    dear = int((again.points["cost_factor"] == 12).idxmax())
    assert (paid[dear] > paid[0]).all(), "talks cost more where their price is higher"
    assert not again.points.duplicated().any() and VARIED[0].name in again.points


def test_results_are_told_again_without_running_and_no_turns_leaves_them_out(results: Results, tmp_path: Path) -> None:
    assert {one.varied.name for one in read(results.folder).turns} <= set(BY_NAME)
    plain = compared(tmp_path / "out", select=TWO, years=1, replicates=1, figures=False)
    assert read_turns(plain) == () and "## Where it turns" not in (plain.folder / "summary.md").read_text()
    given = [
        "--region",
        "botkyrka",
        "--scale",
        "0.02",
        "--years",
        "1",
        "--replicates",
        "1",
        "--jobs",
        "1",
        "--no-figures",
    ]
    out = tmp_path / "again"
    assert status(["compare", *given, "--arms", ",".join(TWO), "--no-turns", "--out", str(out)]) == 0
    assert not (out / "runs-turns.parquet").exists()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (line(4.0, 2.0, -2.0), "Coordination is worth it if carbon dioxide is worth less than 2 (95 % CI "),
        (line(-4.0, -2.0, 2.0), "Coordination is worth it if carbon dioxide is worth more than 2 (95 % CI "),
        (line(2.0, -2.0, 2.0), "worth less than 0.5 (95 % CI 0.451 to 0.549) SEK or more than 2"),
        (
            line(2.0, 3.0, 4.0),
            "Coordination is worth it throughout what was tried of value of carbon dioxide, SEK a kg (0 to 3).",
        ),
        (line(-2.0, -3.0, -4.0), "Coordination is not worth it throughout what was tried"),
        (
            line(0.1, 0.05, -0.1, noise=9.0),
            "Undecided, as the interval covers zero at every value tried; on average coor",
        ),
        (line(0.1, 0.2, 0.3, noise=9.0), "It does not turn, and stays undecided (on average coordination is worth it)"),
        (line(0.0, 0.0, 0.0, noise=0.0), "Nothing differs throughout"),
    ],
)
def test_a_turning_point_is_told_in_a_sentence(found: Line, said: str, results: Results) -> None:
    (told,) = sentences(results, [found])
    assert said in told and told.endswith(".") and told.count("95 % CI") == len(found.turns)
    assert len(cells([found])) == max(1, len(found.turns))


def test_settings_of_one_verdict_share_a_sentence(results: Results) -> None:
    told = sentences(results, [line(2.0, 3.0, 4.0), line(2.0, 3.0, 4.0, name="cost_factor"), line(4.0, 2.0, -2.0)])
    assert len(told) == 2 and "; cost of coordination" in told[1]


def test_what_turns_gains_loses_or_stays_undecided_is_drawn_as_that(results: Results) -> None:
    lines = (
        line(4.0, 2.0, -2.0), line(2.0, 3.0, 4.0), line(-2.0, -3.0, -4.0), line(0.1, 0.05, -0.1, noise=9.0),
        line(0.0, 0.0, 0.0, noise=0.0),
    )  # fmt: skip
    figure = draw_turns(Compared(results, lines))
    titles = [axes.get_title().replace("\n", " ") for axes in figure.axes if axes.get_visible()]
    told = [
        "turns at 2 SEK a kg",
        "gains throughout",
        "loses throughout",
        "undecided (turns on average)",
        "nothing differs",
    ]
    assert titles == [f"Value of carbon dioxide: {one}" for one in told]
    assert all(axes.get_xlabel() and axes.get_ylabel() == "kSEK a flat" for axes in figure.axes if axes.get_visible())
    plt.close(figure)
