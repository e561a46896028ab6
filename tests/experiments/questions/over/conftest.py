"""Both arms over a small set, run once for all tests that read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.cli import status
from experiments.design import kept_set as sets
from tests.conftest import Once

SMALL = ["--region", "botkyrka", "--scale", "0.02", "--jobs", "1"]
OVER = ["compare", "--over", "set", *SMALL, "--years", "5", "--no-turns"]
MEMBERS = ((1, 0.5, 0.7, 5e5), (2, 1.0, 0.8, 4e5), (3, 0.25, 0.85, 6e5), (4, 1.0, 0.75, 4.5e5))
SET = "member,weight,implausibility,inside,middle,npv_society,heat_price,cost_midi,P5.excess\n" + "".join(
    f"{number},{weight},0.5,1,{int(number == 2)},9.0,{heat},{cost},0.1\n"
    for number, weight, heat, cost in MEMBERS
)  # fmt: skip


@pytest.fixture
def small_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four members in which two parameters differ, in place of the shipped set."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / sets.FILE).write_text(SET)
    monkeypatch.setattr(sets, "seeds_folder", lambda: folder)
    return folder / sets.FILE


@pytest.fixture
def ran(small_set: Path, once: Once) -> Path:
    """Both arms over it, run once for all tests here."""

    def made(folder: Path) -> None:
        assert status([*OVER, "--no-figures", "--out", str(folder)]) == 0

    return once.made("over-a-small-set", made)
