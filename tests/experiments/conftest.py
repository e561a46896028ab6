"""A small comparison, run once for all tests that only read results."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.design.settings import Settings
from experiments.engine.results import Results
from experiments.questions.compare.command import compare_settings


def small(out: Path, **changes: object) -> Settings:
    """Settings of a comparison that takes a few seconds."""
    given = {"region": "botkyrka", "scale": 0.05, "years": 2, "replicates": 2, "jobs": 1, "out": str(out)}
    return Settings.model_validate(given | changes)


@pytest.fixture(scope="session")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The four default arms, run in this process, with figures."""
    return compare_settings(small(tmp_path_factory.mktemp("compare") / "serial"))
