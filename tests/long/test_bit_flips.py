"""A bit that a disk flips in anything stored is told, or changes no number."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from .flips import ACTIONS, PART, READ, Came, Flip, flip, flipped, make_intact, wrong
from .sizes import FLIPS, chunks

EACH = 10


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for every ten flips."""
    if "numbers" in metafunc.fixturenames:
        found = chunks(metafunc.config, FLIPS, EACH)
        metafunc.parametrize("numbers", found, ids=[f"{one.start}-{one.stop - 1}" for one in found])


@pytest.fixture(scope="module")
def intact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results that nothing has happened to."""
    folder = tmp_path_factory.mktemp("intact") / "made"
    make_intact(folder)
    return folder


@pytest.fixture(scope="module")
def expected(intact: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Came]:
    """What comes of each action on them."""
    return Expected(intact, tmp_path_factory.mktemp("expected"))


class Expected(dict[str, Came]):
    """The same, made when it is asked for."""

    def __init__(self, intact: Path, folder: Path) -> None:
        super().__init__()
        self.intact, self.folder = intact, folder

    def __missing__(self, action: str) -> Came:
        nothing = Flip(action, "", 0.0, 0)
        self[action] = flipped(nothing, self.intact, self.folder / action)
        return self[action]


def test_no_flipped_bit_changes_a_number_without_a_word(
    numbers: range,
    request: pytest.FixtureRequest,
    tried: Counter[str],
    intact: Path,
    expected: Expected,
    tmp_path: Path,
) -> None:
    seed, silent = request.config.getoption("--seed"), []
    for number in numbers:
        chosen = flip(seed, number, intact)
        came = flipped(chosen, intact, tmp_path / str(number))
        name = Path(chosen.file).name
        word = "told" if name in came.told or came.status else "no number changed"
        tried[f"flipped bits, {name} then {chosen.action}: {word}"] += 1
        if said := wrong(chosen, came, expected[chosen.action]):
            silent.append(f"{chosen}: {said}")
    assert not silent, "\n".join(silent)


@pytest.mark.parametrize("action", ACTIONS)
def test_intact_results_are_read_without_a_word(action: str, expected: Expected) -> None:
    came = expected[action]
    assert came.status == 0 and came.made and set(READ) == set(ACTIONS)
    assert "damaged" not in came.told and "warning" not in came.told


def test_other_numbers_and_errors_of_ours_are_noticed() -> None:
    chosen, right = Flip("plot", "out/runs.parquet", 0.5, 1), Came(0, "", ("a",))
    assert wrong(chosen, Came(0, "warning: out/runs.parquet: damaged", ("b",)), right) == ""
    assert wrong(chosen, Came(2, "samspel: out/runs.parquet: damaged", ()), right) == ""
    assert "without a word" in wrong(chosen, Came(0, "", ("b",)), right)
    assert "another file" in wrong(chosen, Came(2, "samspel: manifest.json: damaged", ()), right)
    assert "samspel itself" in wrong(chosen, Came(1, "samspel: an error of samspel itself", ()), right)
    more = Flip("more replicates", "out/runs.parquet", 0.5, 1)
    assert "same bytes" in wrong(more, Came(0, "warning: runs.parquet: damaged", ("b",)), right)
    assert "does not go on" in wrong(Flip("continue", PART, 0.5, 1), Came(1, "samspel: part", ()), right)
