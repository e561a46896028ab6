"""Whatever samspel is given, it takes it or says in one short message where it does not fit."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from experiments.design import options
from sim.inputs import region

from ..mutations import Case, kinds, mutated
from .bases import CONFIG, DESIGN, OF_POINTS, PARAMETERS, POINTS, REGION, stored
from .laws import Outcome, defects
from .laws import tried as given
from .sizes import INPUTS, chunks

EACH = 100


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for every hundred cases."""
    if "numbers" in metafunc.fixturenames:
        found = chunks(metafunc.config, INPUTS, EACH)
        metafunc.parametrize("numbers", found, ids=[f"{one.start}-{one.stop - 1}" for one in found])


def test_no_mutated_input_breaks_a_law(
    numbers: range, request: pytest.FixtureRequest, tried: Counter[str], tmp_path: Path
) -> None:
    seed, told = request.config.getoption("--seed"), []
    for number in numbers:
        case = mutated(seed, number)
        found = put(case, tmp_path / str(number))
        tried[f"mutated inputs, {case.kind}: {found.came.partition(':')[0]}"] += 1
        if found.seconds > 10:
            tried[f"mutated inputs that took over 10 s, such as number {number}"] += 1
        told += [f"{case}\n    {law}" for law in defects(case, found)]
    assert not told, f"{len(told)} laws broken:\n" + "\n".join(told)


def put(case: Case, folder: Path) -> Outcome:
    """Give a case to samspel, in a folder of its own."""
    folder.mkdir()
    return given(case, folder)


# --- what finds defects is seen to find some --------------------------------------------------------------------------

SMALL = ("--scale", "0.01", "--years", "1", "--replicates", "1", "--jobs", "1", "--out", "out")
CASES = {
    "region": Case(
        "region",
        "as it is",
        {f"mine/{n}": c for n, c in REGION.items()},
        ("compare", "--region", "{here}/mine", *SMALL),
    ),
    "parameters": Case("parameters", "as they are", {"p.toml": PARAMETERS}, ("{here}/p.toml",), reader="parameters"),
    "config": Case("config", "as it is", {"mine.toml": CONFIG}, ("compare", "--config", "{here}/mine.toml", *SMALL)),
    "design": Case("design", "as it is", {"mine.toml": DESIGN}, ("run", "{here}/mine.toml", "--out", "out")),
    "points": Case(
        "points",
        "as they are",
        {"mine.toml": OF_POINTS, "points.csv": POINTS},
        ("run", "{here}/mine.toml", "--out", "out"),
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_inputs_are_taken_before_they_are_mutated(kind: str, tmp_path: Path) -> None:
    found = put(CASES[kind], tmp_path / "case")
    assert found.came in ("door", "ran") and found.status in (None, 0), found.err
    assert defects(CASES[kind], found) == []


def test_stored_results_are_taken_before_they_are_mutated(tmp_path: Path) -> None:
    files = {f"mine/{name}": contents for name, contents in stored().items()}
    for command in (("plot", "{here}/mine"), ("diff", "{here}/mine", "{here}/mine"), ("run", "{here}/mine")):
        found = put(Case("stored", "as they are", files, command), tmp_path / command[0])
        assert found.came in ("door", "ran") and found.status in (None, 0), found.err


def test_a_case_is_the_same_whenever_it_is_made_and_all_kinds_are() -> None:
    made = [mutated(3, number) for number in range(300)]
    assert made == [mutated(3, number) for number in range(300)]
    assert {case.kind for case in made} == set(kinds())
    assert len({case.how for case in made}) > 250
    assert [case.how for case in made] != [mutated(4, number).how for number in range(300)]


def broken(how: Any, case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is told of a case while the reader of regions does something that it should not."""
    monkeypatch.setattr(options.Asked, "place", property(how))
    return "; ".join(defects(case, put(case, folder)))


def test_each_law_is_seen_to_be_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ours(_: Any) -> None:
        raise KeyError("rent_riise")

    def long(_: Any) -> None:
        print("note: " + "mine.toml " * 300, file=sys.stderr)

    def writes(_: Any) -> None:
        (tmp_path / "elsewhere").write_text("x")

    def leaves(_: Any) -> None:
        Path("out").mkdir()
        raise region.SamspelError("neighbourhoods.csv: no")

    def misplaces(_: Any) -> None:
        raise region.SamspelError("parameters.toml: no")

    def raises(_: Any) -> None:
        raise SystemExit(3)

    case = Case("region", "planted", CASES["region"].files, CASES["region"].arguments, (("neighbourhoods.csv",),))
    said = {how.__name__: broken(how, case, tmp_path / how.__name__, monkeypatch) for how in (ours, long, writes)}
    said |= {
        how.__name__: broken(how, case, tmp_path / how.__name__, monkeypatch) for how in (leaves, misplaces, raises)
    }
    assert "an error of samspel itself" in said["ours"] and "names an exception of Python" in said["ours"]
    assert "a message over 2,000 characters" in said["long"]
    assert "wrote" in said["writes"] and "elsewhere" in said["writes"]
    assert "left ('out',)" in said["leaves"]
    assert "names none of ('neighbourhoods.csv',)" in said["misplaces"]
    assert "status 3" in said["raises"]


def test_results_that_are_not_there_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES["design"]
    monkeypatch.setattr("tests.long.laws.main", _nothing)
    assert "half-written results" in defects(case, put(case, tmp_path / "case"))


def _nothing(_: Any) -> None:
    raise SystemExit(0)


def test_what_must_be_refused_taken_or_read_alike_is_told_where_it_is_not(tmp_path: Path) -> None:
    case = CASES["region"]
    spoilt = {name: contents.replace(b"0.70", b"0.71") for name, contents in case.files.items()}  # type: ignore[union-attr]
    for flags, files, said in (
        ({"refused": True}, case.files, "was accepted"),
        ({"accepted": True}, {}, "was refused"),
        ({"same": True}, spoilt, "was read as something else"),
    ):
        planted = Case("region", said, files, case.arguments, **flags)
        assert said in defects(planted, put(planted, tmp_path / said))
