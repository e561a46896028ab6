"""The front of the package: names are imported when they are asked for."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest

import sim
from sim import __all__ as names

HEAVY = ("mesa", "networkx", "scipy.spatial")


def loaded(code: str, modules: Sequence[str]) -> list[str]:
    """Which of these modules a fresh Python has loaded after some code."""
    asked = f"import sys\n{code}\nprint(*(name for name in {tuple(modules)} if name in sys.modules))"
    return subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()


def test_every_name_is_there_once_it_is_asked_for() -> None:
    assert all(getattr(sim, name).__name__ == name for name in names if not name.isupper())
    assert set(names) == set(sim._HOME) <= set(dir(sim))
    with pytest.raises(AttributeError, match="no attribute 'RenewalModl'"):
        _ = sim.RenewalModl


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded("import sim", (*HEAVY, "numpy", "numba", "pandas")) == []
    assert loaded("from sim import load_parameters, load_region, OUTCOMES, TABLES, EVENT_TABLES", HEAVY) == []
    assert loaded("from sim import RenewalModel", HEAVY) == list(HEAVY)


@pytest.mark.parametrize("tool", ["plot", "list", "diff", "budgets", "talks"])
def test_who_reads_results_does_not_wait_for_mesa(tool: str) -> None:
    assert loaded(f"import experiments.tools.{tool}, experiments.questions.compare.command", HEAVY[:1]) == []
