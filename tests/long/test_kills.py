"""Whatever ends a command, at whatever moment: no half-written results, and the same command goes on to equal bytes."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

from .kills import COMMANDS, PARTS, Ended, Kill, kill, killed, made, undisturbed
from .sizes import KILLS, chunks

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
STOPPED = {"SIGKILL": {-9}, "SIGTERM": {130}, "SIGINT": {130}, "SIGHUP": {130}}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for each kill."""
    if "number" in metafunc.fixturenames:
        found = [one.start for one in chunks(metafunc.config, KILLS, 1)]
        metafunc.parametrize(("command", "number"), [(name, number) for name in COMMANDS for number in found])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Results that nobody disturbed."""
    return Whole(tmp_path_factory.mktemp("whole"))


class Whole(dict[str, tuple[float, dict[str, str]]]):
    """By command: seconds, and digests of files; made when they are asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def __missing__(self, command: str) -> tuple[float, dict[str, str]]:
        self[command] = undisturbed(command, self.folder / "out"), made(self.folder / "out")
        return self[command]


def test_a_killed_command_goes_on_to_the_same_bytes(
    command: str, number: int, request: pytest.FixtureRequest, tried: Counter[str], whole: Whole, tmp_path: Path
) -> None:
    seconds, expected = whole[command]
    # without --size each command meets another signal
    chosen = kill(request.config.getoption("--seed"), command, number + list(COMMANDS).index(command))
    out = tmp_path / "out"
    ended = killed(chosen, out, seconds)
    tried[f"kills of {command}: {chosen.signal}, {came(ended, out)}"] += 1
    if any(tmp_path.iterdir()) and not out.exists():  # or else it had not begun, or was done: Python itself was ended
        assert "Traceback" not in ended.told and "samspel itself" not in ended.told, f"{chosen}: {ended.told}"
        assert ended.status in {0, *STOPPED[chosen.signal]}, f"{chosen}: status {ended.status}: {ended.told}"
    assert ended.all_gone, f"{chosen}: workers are left"
    assert not out.exists() or made(out) == expected, f"{chosen}: half-written results"
    assert out.exists() or ended.status != 0, f"{chosen}: no results"
    undisturbed(command, out)
    assert made(out) == expected, str(chosen)
    assert [path.name for path in tmp_path.iterdir()] == ["out"], str(chosen)


@pytest.mark.parametrize("signals", [("SIGINT", "SIGINT"), ("SIGTERM", "SIGINT", "SIGINT"), ("SIGINT",) * 6], ids=len)
def test_whoever_stops_a_command_several_times_ends_it_and_its_workers(
    signals: tuple[str, ...], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if len(signals) > 2 and request.config.getoption("--size") is None:
        pytest.skip("the long mode has it")
    ended = killed(Kill("compare", signals[0], 0.0, True, True, signals[1:]), tmp_path / "out", 1.0)
    assert ended.status == 130 and ended.all_gone and "Traceback" not in ended.told, ended
    assert "kept: the same command goes on from there" in ended.told


def came(ended: Ended, out: Path) -> str:
    """What the signal came to."""
    if ended.status == 0:
        return "had ended"
    if not any(out.parent.iterdir()):
        return "had not begun"
    return "runs kept" if list(out.parent.glob(PARTS)) else "no runs kept"
