"""A small comparison, run once for all tests that only read results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from experiments.design.arms import DEFAULT_ARMS, choose_arms
from experiments.design.asked import Asked
from experiments.engine.experiment import Execution
from experiments.engine.precision import WIDTH
from experiments.engine.results import Results
from experiments.questions.compare.command import QUESTION
from experiments.questions.run import results_of
from tests.conftest import Once

OPTIONS: dict[str, Any] = {
    "record": True, "shared_seeds": True, "minutes": None, "width": WIDTH, "auto": False, "turns": False,
}  # fmt: skip


def small(out: Path, select: Sequence[str] = DEFAULT_ARMS, jobs: int = 1, **changes: Any) -> Asked:
    """A comparison that takes a few seconds, asked from Python."""
    given: dict[str, Any] = {"region": "botkyrka", "scale": 0.05, "years": 2, "replicates": 2, "seed": 1}
    options = OPTIONS | changes.pop("options", {})
    execution = Execution(jobs, fresh=True, show_progress=False)
    arms = choose_arms(tuple(select), {})
    return Asked(**given | changes, out=str(out), arms=arms, options=options, execution=execution)


def compared(out: Path, **changes: Any) -> Results:
    """Run such a comparison and read it back."""
    return results_of(QUESTION, small(out, **changes))


@pytest.fixture(scope="session")
def results(once: Once) -> Results:
    """The five default arms and their turning points, run in one process, with figures."""
    folder = once.made("serial", lambda folder: compared(folder, options={"turns": True}))
    return Results(folder)
