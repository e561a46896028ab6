"""Fitted, checked and predicted stand apart, and what chose the default does not score it."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from experiments.cli import status
from experiments.questions.validate.groups import group, groups, titled, unfitted
from experiments.questions.validate.measuring.patterns import load_patterns
from experiments.questions.validate.measuring.score import Scored, score
from experiments.questions.validate.result import headline, read
from experiments.questions.validate.result import verdicts as as_data
from experiments.questions.validate.scoreboard import draw_scoreboard, finding
from experiments.questions.validate.words import in_short, scoreboard


@pytest.fixture
def scored() -> list[Scored]:
    """Every shipped pattern on runs by hand, which meet some; P20 as if it had been predicted."""
    shipped = [p.model_copy(update={"use": "predict"}) if p.key == "P20" else p for p in load_patterns()]
    names = {p.measure_of(t) for p in shipped for t in p.tests if t.measure != "none"}
    runs = pd.DataFrame([dict.fromkeys(names, 0.1) | {"P20.calm_less_hot": -6.0, "P3.change": -0.2}])
    return score(shipped, runs)


def test_at_least_a_third_of_the_patterns_chose_nothing() -> None:
    patterns = load_patterns()
    assert 3 * sum(not pattern.fitted for pattern in patterns) >= len(patterns)


def test_every_pattern_stands_in_one_group_and_no_fitted_one_in_the_headline(scored: list[Scored]) -> None:
    apart = groups(scored)
    assert sum(part.of for part in apart.values()) == len(load_patterns())
    assert unfitted(scored).of == apart["predict"].of + apart["check"].of == group(scored, "check").of + 1
    assert not any(one.pattern.fitted for one in unfitted(scored).tests)
    assert apart["predict"].passed == 1 and apart["fit"].passed > 0


def test_a_fitted_pattern_that_passes_or_misses_changes_no_headline(scored: list[Scored]) -> None:
    others = [one for one in scored if not one.pattern.fitted]
    assert finding(scored) == finding(others)
    assert unfitted(scored).passed == unfitted(others).passed
    assert in_short(scored, 3)[:2] == in_short(others, 3)[:2]


def test_words_and_figure_tell_the_same_counts(scored: list[Scored]) -> None:
    told, figure = scoreboard(scored), draw_scoreboard(scored, "source")
    drawn = [text.get_text() for text in figure.axes[0].texts]
    for part in groups(scored).values():
        assert titled(part) in told and titled(part) in drawn
        assert f"{part.passed} of {part.of} pass in every test" in titled(part)
    part = unfitted(scored)
    assert f"{part.passed} of {part.of} pass in every test" in in_short(scored, 3)[0]
    assert finding(scored).startswith(f"Of {part.of} patterns that were not fitted the model passes every test of ")


def test_an_empty_group_says_so(scored: list[Scored]) -> None:
    fitted = [one for one in scored if one.pattern.fitted]
    assert titled(groups(fitted)["predict"]) == "Predicted before anybody had looked: none"
    assert "fitted patterns" in finding(fitted)


def test_scoreboard_summary_and_data_of_a_run_agree(tmp_path: Path) -> None:
    out = tmp_path / "out"
    tiny = ["--region", "botkyrka", "--scale", "0.02", "--years", "3", "--replicates", "1", "--jobs", "1"]
    asked = [text for name in ("P3", "P5", "P19", "C1") for text in ("--pattern", name)]
    assert status(["validate", *tiny, *asked, "--out", str(out)]) == 0
    found, data = read(out), json.loads((out / "summary.json").read_text(encoding="utf-8"))
    table = pd.read_csv(out / "scoreboard.csv")
    summary = (out / "summary.md").read_text(encoding="utf-8")
    for use, part in groups(found.scored).items():
        rows = table[(table["use"] == use) & (table["verdict"] != "shown")]
        clean = [set(verdicts) == {"pass"} for _, verdicts in rows.groupby("pattern")["verdict"]]
        assert data["by_use"][use]["passed"] == part.passed == sum(clean)
        assert data["by_use"][use]["of"] == part.of == len(clean)
        assert f"## {titled(part)}" in summary
    assert data["headline"]["mean"] == headline(found).mean == unfitted(found.scored).passed
    assert data["headline"]["unit"] == "of 2 patterns not fitted"
    assert data["by_use"] == as_data(found)["by_use"]
