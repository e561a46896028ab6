"""A name that is misspelt in a phase does not pass mypy: of the world, its parts, a flow, a tally, a question."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[1]

# What is planted in each phase, line by line; each line alone must be reported.
PLANTS: dict[str, tuple[str, ...]] = {
    "phases/ageing.py": (
        "world.bildings.conditoin[:] = 'x'",
        "world.buildings.conditoin[:] = 1.0",
        "world.believed_prise = 1.0",
        "world.levers.renovatoin",
    ),
    "phases/site_work.py": (
        "world.pay_by_ownr(Flow.REPAIRS_COMPANIES, Flow.REPAIRS_LANDLORDS, world.buildings.rent)",
        "world.pay_by_owner(Flow.REPAIRS_COMPANIES, world.buildings.rent)",
        "world.tallies.add(RegionTally.FINISHD, 1.0)",
        "world.builders[0].experiense = 0.0",
    ),
    "phases/closing.py": (
        'world.books.pay("repiars", 1.0, 0)',
        "world.books.pay(Flow.REPIARS_COMPANIES, 1.0, 0)",
        'world.books.of("wages")',
        "world.neighbourhoods.repuation[:] = 0.5",
    ),
    "phases/training.py": (
        "world.tallies.count(Tally.PLACEMNTS, rows)",
        'world.tallies.count("placements", rows)',
        "world.residents.programe[rows] = 0",
        "scope.trainning_share(world)",
    ),
    "phases/planning/year.py": (
        "world.municipalities[0].confidense.mean()",
        "world.projects[0].paymants",
        "world.draws.at(Decision.SAEL, world.quarter, 0)",
        "world.events.movd(world, rows, rows)",
    ),
    "scope.py": ("world.colaboration.strength(Practice.TRAINING)",),
    "recording/record.py": ("world.census.housholds", "world.books.of(Flow.WAGS)"),
}
IN_EVERY_PHASE = ("world.bildings.condition[:] = 1.0", "world.buildings.conditoin[:] = 1.0", "world.residents.incme")
for phase in sorted((TOP / "sim" / "phases").rglob("*.py")):
    if re.search("import .*World", phase.read_text(encoding="utf-8")):
        name = phase.relative_to(TOP / "sim").as_posix()
        PLANTS[name] = (*PLANTS.get(name, ()), *IN_EVERY_PHASE)
EACH = [(file, place) for file, lines in PLANTS.items() for place in range(len(lines))]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], list[str]]:
    """What mypy says of a copy of the model in which everything is planted at once: by file and planted line."""
    copy = tmp_path_factory.mktemp("planted")
    for folder in ("sim", "stubs"):
        shutil.copytree(TOP / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "_seeds"))
    shutil.copy(TOP / "pyproject.toml", copy)
    first: dict[str, int] = {}
    for file, lines in PLANTS.items():
        path = copy / "sim" / file
        source = path.read_text(encoding="utf-8") + "\n\ndef planted(world: World, rows: Ints) -> None:\n"
        first[file] = source.count("\n") + 1
        if "import Ints" not in source and ", Ints" not in source:
            source = source.replace("\nfrom sim.", "\nfrom sim.world.columns import Ints\nfrom sim.", 1)
            first[file] += 1
        path.write_text(source + "".join(f"    {line}\n" for line in lines), encoding="utf-8")
    run = (sys.executable, "-m", "mypy", "-p", "sim", "--cache-dir", copy / "cache", "--no-error-summary")
    said = subprocess.run(run, cwd=copy, capture_output=True, text=True, timeout=600)
    found: dict[tuple[str, int], list[str]] = {}
    for line in said.stdout.splitlines():
        file, number, words = re.match(r"sim/(\S+?):(\d+): (?:error|note): (.*)", line.replace("\\", "/")).groups()  # type: ignore[union-attr]
        found.setdefault((file, int(number) - first[file]), []).append(words)
    assert not said.stderr, said.stderr
    return found


@pytest.mark.parametrize(("file", "place"), EACH, ids=[f"{file}: {PLANTS[file][place]}" for file, place in EACH])
def test_a_misspelt_name_is_reported(reported: dict[tuple[str, int], list[str]], file: str, place: int) -> None:
    assert (file, place) in reported, PLANTS[file][place]


def test_nothing_else_is_reported(reported: dict[tuple[str, int], list[str]]) -> None:
    assert {where: words for where, words in reported.items() if where not in EACH} == {}
