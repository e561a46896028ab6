"""Imports go one way: each room takes from the rooms below it, and no two files need each other.

Every import counts, those for types alone and those inside a function too: whoever reads a file has to know what it
leans on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

TOP = Path(__file__).parents[1]
PACKAGES = ("sim", "experiments")  # whose files are looked at

# Rooms by path; of several that fit, the longest counts.
ROOMS = {
    "sim/vocabulary.py": "ground",
    "sim/errors.py": "ground",
    "sim/compiling.py": "ground",
    "sim/randomness.py": "ground",
    "sim/sums.py": "ground",
    "sim/inputs/": "inputs",
    "sim/rules/": "rules",
    "sim/agents/": "agents",
    # what the world is made of: columns, state, books, surroundings ...
    "sim/world/": "parts",
    # what knows the whole of it
    "sim/world/world.py": "world",
    "sim/world/start.py": "world",
    "sim/world/hands.py": "world",
    "sim/world/homes.py": "world",
    "sim/world/home_counts.py": "world",
    "sim/world/household_money.py": "world",
    "sim/world/incomes.py": "world",
    "sim/world/candidates.py": "world",
    "sim/world/conditions.py": "world",
    "sim/world/demand.py": "world",
    "sim/world/programme.py": "world",
    "sim/world/seekers.py": "world",
    "sim/world/values.py": "world",
    "sim/world/sight.py": "world",
    "sim/scope.py": "scope",
    "sim/phases/": "phases",
    "sim/schedule.py": "schedule",
    "sim/recording/": "recording",
    "sim/mesa_rows/": "rows",
    "sim/mesa_rows/face.py": "faces",
    "sim/mesa_rows/views.py": "faces",
    "sim/model.py": "model",
    "sim/__init__.py": "front of sim",
    "sim/aggregate/": "aggregate",
    "sim/odd/": "odd",
    "experiments/cli.py": "cli",
    "experiments/__main__.py": "cli",
    "experiments/__init__.py": "cli",
    "experiments/tools/": "tools",
    "experiments/questions/": "questions",
    "experiments/reporting/": "reporting",
    "experiments/design/": "design",
    "experiments/engine/": "engine",
    "experiments/analysis/": "analysis",
}

# From which other rooms each may import.
ARROWS: dict[str, set[str]] = {
    "ground": set(),
    "inputs": {"ground"},
    "rules": {"inputs", "ground"},
    "parts": {"rules", "inputs", "ground"},
    "agents": {"parts", "rules", "inputs", "ground"},
    "world": {"agents", "parts", "rules", "inputs", "ground"},
    "scope": {"world", "parts", "ground"},
    "phases": {"scope", "world", "agents", "parts", "rules", "inputs", "ground"},
    "schedule": {"phases", "world"},
    "recording": {"world", "parts", "rules", "inputs", "ground"},
    "rows": set(),
    "faces": {"rows", "world", "agents", "parts", "inputs"},
    "model": {"schedule", "recording", "faces", "rows", "world", "parts", "inputs", "ground"},
    "front of sim": {"model", "faces", "recording", "agents", "inputs", "ground"},
    "aggregate": {"front of sim", "rules", "inputs", "ground"},
    "odd": {"schedule", "scope", "recording", "world", "parts", "rules", "inputs", "ground"},
}
# Experiments use the model from its front; what is measured or explained may be looked up in its rooms.
_SIM = {"front of sim", "recording", "rows", "rules", "inputs", "ground", "world", "parts", "agents", "aggregate"}
ARROWS = ARROWS | {
    "analysis": {"ground"},
    "engine": {"analysis", *_SIM},
    "design": {"engine", "analysis", *_SIM},
    "reporting": {"design", "engine", "analysis", *_SIM},
    "questions": {"reporting", "design", "engine", "analysis", *_SIM},
    "tools": {"questions", "reporting", "design", "engine", "analysis", "schedule", *_SIM},
    "cli": {"tools", "questions", "reporting", "design", "engine", "analysis", *_SIM},
}

# Phases of a quarter do not know each other; these are parts of a phase.
PARTS_OF_PHASES = {
    "moving": {"everyday"},
    "leaving": {"moving"},
    "disturbed": {"leaving", "rehousing"},
    "rehousing": {"leaving", "site_work"},
    "finishing": {"site_work"},
    "new_rents": {"finishing", "site_work"},
    "progress": {"site_work"},
    "letting": {"moving"},
    "single_flats": {"moving"},
    "queue": {"letting", "destinations"},
    "destinations": {"moving", "letting"},
    "settling": {"destinations"},
    "training": {"work"},
    "filling": {"training"},
    "applicants": {"filling"},
    "first_jobs": {"work", "training", "filling"},
    "second_earners": {"work"},
    "wellbeing": {"everyday"},
    "sites": {"training", "filling"},
    "clauses": {"bidding", "tender"},
    "payments": {"ageing", "single_flats", "site_work"},
    "grants": {"closing", "site_work", "year", "planning", "applications"},
    "loans": {"closing", "year"},
    "injections": {"year"},
    "sales": {"closing"},
    "distress": {"closing"},
    "awards": {"tender"},
    "bidding": {"awards", "tender"},
    "lots": {"awards", "bidding", "tender"},
    "withdrawals": {"tender"},
    "compact_year": {"closing"},
    "calm": {"closing"},
    "presence": {"ageing", "calm", "image"},
    "programme_years": {"closing"},
}


class Import(NamedTuple):
    """One file that names another: where, and which."""

    file: str
    line: int
    target: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.target}"


def file_of(module: str, top: Path) -> str | None:
    """The file of a module of ours, relative to the top, such as sim/scope.py for sim.scope."""
    path = module.replace(".", "/")
    return next((name for name in (f"{path}.py", f"{path}/__init__.py") if (top / name).exists()), None)


def imports(file: Path, top: Path) -> Iterator[Import]:
    """All imports of files below the top, wherever they stand in a file."""
    name = file.relative_to(top).as_posix()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            package = ".".join(file.relative_to(top).parts[: -node.level]) if node.level else ""
            origin = ".".join(x for x in (package, node.module) if x)
            # from sim import scope: the module scope, or else the name in sim/__init__.py
            modules = [
                f"{origin}.{alias.name}" if file_of(f"{origin}.{alias.name}", top) else origin for alias in node.names
            ]
        for target in {file_of(module, top) for module in modules} - {None, name}:
            yield Import(name, node.lineno, str(target))


def all_imports(top: Path, packages: tuple[str, ...] = PACKAGES) -> list[Import]:
    """Those of every file."""
    files = sorted(file for package in packages for file in (top / package).rglob("*.py"))
    return [found for file in files for found in imports(file, top)]


@cache
def ours() -> list[Import]:
    """The imports of this project."""
    return all_imports(TOP)


def room(file: str) -> str:
    """The room of a file: its longest prefix in the table."""
    fitting = [prefix for prefix in ROOMS if file.startswith(prefix)]
    assert fitting, f"{file} is in no room: give it one in ROOMS"
    return ROOMS[max(fitting, key=len)]


def forbidden(found: list[Import]) -> list[str]:
    """Imports that go against the arrows, in words."""
    pairs = ((one, room(one.file), room(one.target)) for one in found)
    return [f"{one}: {a} may not take from {b}" for one, a, b in pairs if a != b and b not in ARROWS[a]]


def circle(found: list[Import]) -> list[str]:
    """Imports that lead from a file back to itself, or nothing."""
    graph: dict[str, list[Import]] = {}
    for one in found:
        graph.setdefault(one.file, []).append(one)
    done: set[str] = set()

    def search(file: str, path: list[Import]) -> list[str]:
        here = [one.file for one in path]
        if file in here:
            return [str(one) for one in path[here.index(file) :]]
        if file in done:
            return []
        for one in graph.get(file, []):
            if loop := search(one.target, [*path, one]):
                return loop
        done.add(file)
        return []

    return next((loop for file in sorted(graph) if (loop := search(file, []))), [])


def test_imports_go_along_the_arrows() -> None:
    assert len(ours()) > 300
    assert forbidden(ours()) == []


def test_no_two_files_need_each_other() -> None:
    assert circle(ours()) == []


def test_the_arrows_themselves_lead_in_no_circle() -> None:
    assert set(ARROWS) == set(ROOMS.values()) and set().union(*ARROWS.values()) <= set(ARROWS)
    assert circle([Import(a, 0, b) for a, below in ARROWS.items() for b in sorted(below)]) == []


def test_every_file_has_a_room_and_every_room_a_file() -> None:
    files = [file.relative_to(TOP).as_posix() for package in PACKAGES for file in (TOP / package).rglob("*.py")]
    assert {room(file) for file in files} == set(ARROWS)
    assert [prefix for prefix in ROOMS if not any(file.startswith(prefix) for file in files)] == []


def test_a_phase_knows_another_only_as_a_part_of_itself() -> None:
    known: dict[str, set[str]] = {}
    for one in ours():
        parts, target = Path(one.file).parts, Path(one.target)
        if parts[:2] == target.parts[:2] == ("sim", "phases") and parts[2] != target.parts[2]:
            known.setdefault(target.stem, set()).add(Path(one.file).stem)
    assert known == PARTS_OF_PHASES


def test_nobody_knows_the_model_but_who_shows_it_to_users() -> None:
    assert {one.file for one in ours() if one.target == "sim/model.py"} == {"sim/__init__.py"}
    users = {one.file for one in ours() if one.target == "sim/__init__.py" and one.file.startswith("sim/")}
    assert {room(file) for file in users} == {"aggregate"}


# --- the search itself


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import sim.model", 1),
        ("from sim.model import RenewalModel", 1),
        ("from sim import model", 1),
        ("from .. import model", 1),
        ("from ..model import RenewalModel", 1),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sim.model import RenewalModel", 3),
        ("def later():\n    from sim.model import RenewalModel", 2),
    ],
)
def test_an_import_against_the_arrows_is_found_wherever_it_stands(tmp_path: Path, source: str, line: int) -> None:
    (tmp_path / "sim" / "phases").mkdir(parents=True)
    for name in ("__init__", "model", "phases/__init__"):
        (tmp_path / "sim" / f"{name}.py").write_text("", encoding="utf-8")
    (tmp_path / "sim" / "phases" / "work.py").write_text(source, encoding="utf-8")
    assert forbidden(all_imports(tmp_path)) == [
        f"sim/phases/work.py:{line} imports sim/model.py: phases may not take from model"
    ]


def test_a_circle_is_told_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "sim").mkdir()
    lines = {
        "a": "from sim import b",
        "b": "\nimport sim.c",
        "c": "def f():\n    from sim.a import x",
        "d": "import sim.a",
    }
    for name, source in lines.items():
        (tmp_path / "sim" / f"{name}.py").write_text(source, encoding="utf-8")
    assert circle(all_imports(tmp_path)) == [
        "sim/a.py:1 imports sim/b.py", "sim/b.py:2 imports sim/c.py", "sim/c.py:2 imports sim/a.py",
    ]  # fmt: skip
