"""Both arms over a small set, run once for all tests that read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.cli import status
from tests.conftest import Once, planted_set

SMALL = ["--region", "botkyrka", "--scale", "0.02", "--jobs", "1"]
OVER = ["compare", "--over", "set", *SMALL, "--years", "5", "--no-turns"]
MEMBERS = ((1, 0.5, 0.7, 5e5), (2, 1.0, 0.8, 4e5), (3, 0.25, 0.85, 6e5), (4, 1.0, 0.75, 4.5e5))
SET = "member,weight,implausibility,inside,npv_society,heat_price,cost_midi,P5.excess\n" + "".join(
    f"{number},{weight},0.5,1,9.0,{heat},{cost},0.1\n"
    for number, weight, heat, cost in MEMBERS
)  # fmt: skip


@pytest.fixture
def small_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four members in which two parameters differ, in place of the shipped set."""
    return planted_set(SET, tmp_path, monkeypatch)


@pytest.fixture
def ran(small_set: Path, once: Once) -> Path:
    """Both arms over it, run once for all tests here."""

    def made(folder: Path) -> None:
        assert status([*OVER, "--no-figures", "--out", str(folder)]) == 0

    return once.made("over-a-small-set", made)
