"""What would change the verdict over the set: profiles from end to end in small, and which study would be worth it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.even_odds import Profile
from experiments.analysis.information import Information
from experiments.cli import status
from experiments.design import kept_set as sets
from experiments.design.studies import load_studies
from experiments.engine.results import Results
from experiments.questions.over import worth_words
from experiments.questions.over.result import read
from experiments.questions.over.turns import varied
from experiments.questions.over.turns.figure import draw_turns
from experiments.questions.over.turns.result import Line, even_at
from experiments.questions.over.turns.words import cells, section, sentences, title_of
from experiments.questions.over.verdict import read_verdict
from experiments.questions.over.worth import Worth, Worths, deciding, worths_of
from experiments.reporting.style import house_style
from sim import load_parameters
from tests.conftest import Once
from tests.legible import faults

OVER = ["compare", "--over", "set", "--region", "botkyrka", "--scale", "0.02", "--jobs", "1", "--years", "5"]
SET = "member,weight,home_worth_midi,cost_midi\n1,0.5,300,5e5\n2,1.0,800,4e5\n3,0.25,600,6e5\n"
TRIED = (varied.VARIED_BY_NAME["home_worth_midi"], varied.VARIED_BY_NAME["cost_of_public_funds"])


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, once: Once) -> Path:
    """Three members in which two parameters differ, one of them also varied, run again at five other values."""
    (tmp_path / sets.FILE).write_text(SET)
    monkeypatch.setattr(sets, "seeds_folder", lambda: tmp_path)
    monkeypatch.setattr(varied, "VARIED", TRIED)

    def made(folder: Path) -> None:
        assert status([*OVER, "--no-figures", "--out", str(folder)]) == 0

    return once.made("over-a-set-that-is-varied", made)


def line(name: str, at: tuple[float, float], gains: tuple[float, float], stands: float) -> Line:
    """Three members that all gain the first at one end and the second at the other, but for a krona."""
    spread = np.array([-1.0, 0.0, 1.0])
    profile = Profile(np.array(at), np.array([gain + spread for gain in gains]), np.ones(3))
    return Line(varied.VARIED_BY_NAME[name], stands, False, (0.0, 7.0), profile)


TURNING = line("co2_price", (0.0, 14.0), (10.0, -4.0), 1.5)
STEADY = line("social_discount_rate", (0.01, 0.06), (8.0, 2.0), 0.035)


def test_each_member_is_run_again_at_each_value_on_its_own_random_numbers(ran: Path) -> None:
    large, small = Results(ran), Results(ran).at(varied.STAGE)
    tried = [0.0, 1200.0, 2500.0], [1.0, 1.6]
    assert small.points["home_worth_midi"].tolist() == [
        value for own in (300.0, 800.0, 600.0) for value in (own, *tried[0], own, own)
    ]
    assert small.points["cost_of_public_funds"].tolist() == [1.3, 1.3, 1.3, 1.3, *tried[1]] * 3
    seeds = {run.point: run.seed for run in large.design.runs}
    assert [run.seed for run in small.design.runs] == [seeds[2 + place // 12] for place in range(36)]


def test_what_that_adds_counts_from_what_the_member_gains_in_the_large_run(ran: Path) -> None:
    over = read(ran)
    homes, funds = over.turns
    own = over.members.query("member != 0")["npv_society"].to_numpy()
    small = over.results.at(varied.STAGE)
    runs = small.runs.assign(k=small.runs["npv_society"] / small.made.options["turned"]["flats"] / 1e3)
    found = small.pairs(runs["k"].to_numpy()).by_point().reshape(3, 6)
    assert funds.profile.at(1.3) == pytest.approx(own) and not funds.differs  # where it stands it says the same
    assert funds.profile.at(1.6) == pytest.approx(own + found[:, 5] - found[:, 0])
    assert homes.differs and homes.stands == load_parameters().values["home_worth_midi"] and homes.ends == (0.0, 2500.0)
    assert homes.profile.at(2500.0) == pytest.approx(own + found[:, 3] - found[:, 0])
    assert homes.profile.weights.tolist() == [0.5, 1.0, 0.25]


def test_the_verdict_says_where_the_odds_are_even_and_the_summary_what_was_tried(ran: Path) -> None:
    over, verdict = read(ran), read_verdict(ran)
    assert verdict is not None and verdict.turns_at == even_at(over.turns)
    data = json.loads((ran / "summary.json").read_text())
    assert [one["at"] for one in data["turns"]["cost_of_public_funds"]["tried"]] == [1.0, 1.3, 1.6]
    summary = (ran / "summary.md").read_text()
    assert "## What would change the verdict" in summary and "first 3 members of the set" in summary
    assert "## Which study would be worth paying for" in summary and "too few members" in summary


def test_nothing_is_run_again_where_that_is_not_wanted(ran: Path, tmp_path: Path) -> None:
    assert status([*OVER, "--members", "2", "--no-turns", "--no-figures", "--out", str(tmp_path / "out")]) == 0
    assert varied.STAGE not in Results(tmp_path / "out").made.stages and read(tmp_path / "out").turns == ()


# --- told and drawn


def test_a_setting_along_which_the_odds_turn_is_told_with_the_value() -> None:
    told = sentences("coordination", [TURNING, STEADY])
    assert told == [
        "With coordination society gains more likely than not if carbon dioxide is worth less than 10 SEK a kg (tried "
        "from 0 to 14; it stands at 1.5, where 100 % of the set gains).",
        "With coordination society gains more likely than not throughout what was tried of social discount rate, share "
        "a year (0.01 to 0.06).",
    ]
    assert even_at([TURNING, STEADY]) == {"co2_price": pytest.approx(10.0)}
    assert "1 of 2 things that were varied: value of carbon dioxide, SEK a kg, at 10" in title_of([TURNING, STEADY])
    assert [row[-1] for row in cells([TURNING, STEADY])] == ["10", "", "–", ""]
    assert section("coordination", []) == []


def test_the_figure_can_be_read(ran: Path) -> None:
    lines = [
        TURNING, STEADY, line("cost_factor", (0.0, 12.0), (3.0, -30.0), 1.0),
        line("home_worth_midi", (0.0, 2500.0), (-40.0, 55.0), 650.0),
        line("additionality", (0.4, 1.0), (2.0, 9.0), 0.4), line("cost_of_public_funds", (1.0, 1.6), (-3.0, -9.0), 1.3),
    ]  # fmt: skip
    with house_style():
        assert faults(draw_turns(Results(ran), lines, title_of(lines))) == []
        assert faults(draw_turns(Results(ran), [STEADY], title_of([TURNING, STEADY]))) == []


def worth(key: str, value: float, explained: float, other: float = 0.2, account: str = "npv_society") -> Worth:
    nothing = Information(0.0, 0.1, 0.0, 0.0)
    by_account = {one.name: nothing for one in deciding()} | {account: Information(value, value / 5, explained, other)}
    return Worth(key, load_studies()[key], ("cost_midi",), by_account)


def test_the_study_that_is_worth_most_is_named_first_with_its_worth() -> None:
    worths = Worths((worth("homes", 300.0, 0.4), worth("costs", 0.0, 0.0)), worth("homes", 400.0, 0.6), 900.0, 100)
    told = worth_words.section(worths)
    assert told[1] == (
        "It would be worth 300 ± 60 MSEK to society to know what better homes, and being spared works, are worth to "
        "tenants."
    )
    assert told[2].index("better homes") < told[2].index("renovation costs") and "900 MSEK" in told[3]


def test_where_no_study_could_change_the_answer_that_is_said_however_much_it_would_explain() -> None:
    alone = worth("homes", 0.0, 0.4, 0.0)
    told = worth_words.sentences(Worths((alone,), alone, 5.0, 100))
    assert told[0] == "No study of what is uncertain could change the answer for society."
    assert "would explain 40 % of how much society gains, but hardly change the decision" in told[1]


def test_that_chance_hides_all_is_not_told_as_if_nothing_could_matter() -> None:
    alone = worth("homes", 0.0, 0.02, 0.0)
    (told,) = worth_words.sentences(Worths((alone,), alone, 500.0, 60))
    assert "little is seen" in told and "2 %" in told and "could change the answer" not in told
    sure = worth_words.sentences(Worths((alone,), alone, 0.0, 60))
    assert sure == ["No study of what is uncertain could change the answer for society."]


def test_who_decides_for_himself_may_want_another_study() -> None:
    state = worth("training", 50.0, 0.3, account="npv_state")
    told = worth_words.sentences(Worths((state,), worth("homes", 0.0, 0.0), 5.0, 100))
    assert "to the state knowing what training and service jobs lead to would be worth 50 ± 10 MSEK" in told[1]


def test_a_study_of_the_parameter_that_decides_is_worth_most(ran: Path) -> None:
    random = np.random.default_rng(1)
    x, cost = random.normal(size=80), random.normal(size=80)
    table = pd.DataFrame({"weight": 1.0, "home_worth_midi": x, "cost_midi": cost})
    for account in deciding():
        table[account.name] = -3.0 - cost if account.name == "npv_state" else x + 0.3 * random.normal(size=80)
    found = worths_of(Results(ran), table)
    assert found is not None and [one.key for one in found.studies] == ["homes", "costs"]
    homes, costs = found.studies
    flats = Results(ran).made.flats / 0.02
    assert homes.society.value == pytest.approx(0.4 * flats * 1e-3, rel=0.4)  # 0.4 kSEK a flat, in MSEK at 1:1
    assert costs.society.value < homes.society.value / 10 and homes.society.value < found.bound * 1.05
    assert costs.by_account["npv_state"].explained > 0.8 and costs.by_account["npv_state"].value < 0.1 * flats * 1e-3
