"""What a validation found: every test of every pattern with its runs, and the aggregate benchmark beside the agents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.design.members import Members
from experiments.engine.reading import check, is_stored, read_parquet
from experiments.engine.results import Results, table_name
from experiments.questions.validate.departures import SHOWN, Departure, departures
from experiments.questions.validate.groups import groups, unfitted
from experiments.questions.validate.measuring.ensemble import TABLE
from experiments.questions.validate.measuring.patterns import Pattern
from experiments.questions.validate.measuring.score import Scored, by_pattern, counts, score, worst
from experiments.reporting.summary import Headline
from sim import SamspelError

SCOREBOARD, PATTERNS, AGGREGATE = "scoreboard.csv", "patterns.json", "aggregate.parquet"
STAGE = "aggregate"
KEY = "beside"  # of the manifest's options: members in which agents and the benchmark were compared


@dataclass(frozen=True)
class Validated:
    """The tests with their runs, in the order of the patterns; where agents and the aggregate benchmark part (nothing
    where single patterns were asked for)."""

    results: Results
    scored: tuple[Scored, ...]
    departures: tuple[Departure, ...]

    @property
    def seeds(self) -> int:
        """How many seeds were measured."""
        return self.results.made.replicates


def read(folder: Path) -> Validated:
    """What stored results of a validation hold. Raises SamspelError."""
    results = Results(folder)
    patterns = read_patterns(folder)
    measures = read_parquet(folder / TABLE)
    beside: Sequence[Departure] = ()
    if is_stored(folder / table_name("runs", STAGE)):
        agents = results.at(STAGE)
        aggregate = _by_arm(read_parquet(folder / AGGREGATE))
        members, curves = members_in(results), agents.curves(SHOWN)
        if members is not None:
            curves = curves.assign(replicate=curves["point"])  # a member is a point, run once
        weights = None if members is None else members.weights
        beside = departures(_by_arm(curves), aggregate, first_year=results.made.first_year, weights=weights)
    return Validated(results, tuple(score(patterns, measures)), tuple(beside))


def members_in(results: Results) -> Members | None:
    """The members of the set in which agents and benchmark were compared; None for results of before, all of whose runs
    have the same parameters."""
    about = results.made.options.get(KEY)
    return None if about is None else Members.stored(about)


def _by_arm(curves: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(arm): part for arm, part in curves.groupby("arm", sort=False)}


def write_patterns(folder: Path, patterns: Sequence[Pattern], name: str = PATTERNS) -> None:
    """The patterns as they were when they were measured, so that another version's cannot be taken for them."""
    text = json.dumps([pattern.model_dump(mode="json") for pattern in patterns], indent=1, ensure_ascii=False)
    (folder / name).write_text(text + "\n", encoding="utf-8")


def read_patterns(folder: Path, name: str = PATTERNS) -> tuple[Pattern, ...]:
    """The same again. Raises SamspelError."""
    path = folder / name
    check(path)
    try:
        return tuple(Pattern.model_validate(one) for one in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise SamspelError(f"{path}: cannot be read ({error}); expected the patterns that were measured") from None


def headline(found: Validated) -> Headline:
    """How many of the patterns that were not fitted pass in every test: what chose the default does not score it."""
    part = unfitted(found.scored)
    return Headline("patterns_passed", float(part.passed), None, None, f"of {part.of} patterns not fitted", 1)


def verdicts(found: Validated) -> dict[str, Any]:
    """For summary.json: how many patterns pass by use, the verdict on every pattern, and on each of its tests."""
    patterns = {
        key: {
            "verdict": worst(tests),
            "use": tests[0].pattern.use,
            "tests": [
                {"measure": one.test.measure, "value": one.value, "low": one.test.low, "high": one.test.high,
                 "verdict": one.verdict, "input": one.pattern.input_of(one.test)}
                for one in tests
            ],
        }
        for key, tests in by_pattern(found.scored).items()
    }  # fmt: skip
    by_use = {
        use: {"passed": part.passed, "of": part.of, "tests": dict(counts(part.tests))}
        for use, part in groups(found.scored).items()
    }
    return {"tests": dict(counts(found.scored)), "by_use": by_use, "patterns": patterns}
