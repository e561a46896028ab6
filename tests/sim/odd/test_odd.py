"""The description of the model keeps up with the model: tables, parameters, draws, rules, and every name it uses."""

from __future__ import annotations

import ast
import builtins
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim import Levers, RenewalModel, SamspelError, load_parameters
from sim.inputs.collaboration import PRESETS
from sim.inputs.region import OPTIONAL
from sim.odd import document
from sim.odd.document import FILE, main, with_tables
from sim.odd.state import AGENTS, MARKETS, MEMORY, WORKS
from sim.odd.tables import TABLES, markdown, users
from sim.randomness import Decision
from sim.schedule import PHASES
from sim.vocabulary import Practice
from sim.world.grants import Grants
from sim.world.plans import Estate, Plan, Plans
from sim.world.projects import Contract, Pledge, Project
from sim.world.world import World

Make = Callable[..., RenewalModel]
PACKAGE = Path(sim.__file__).parent
ROOT = PACKAGE.parent
ODD = FILE.read_text(encoding="utf-8")
BY_HAND = re.sub(r"<!-- table: \w+ -->.*?<!-- end -->", "", ODD, flags=re.DOTALL)
WORDS = set(re.findall(r"\w+", BY_HAND))


# --- tables


def test_the_tables_are_those_that_the_code_makes() -> None:
    assert with_tables(ODD) == ODD, "rewrite them with: make odd"


def test_checking_says_what_to_do_and_rewriting_does_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ODD.md"
    stale = ODD.replace("| `heat_price` |", "| `heat_prise` |")
    assert stale != ODD
    file.write_text(stale, encoding="utf-8")
    monkeypatch.setattr(document, "FILE", file)
    checked = CliRunner().invoke(main, ["--check"])
    assert (
        checked.exit_code == 1 and "ODD.md: tables differ from the code; rewrite them with: make odd" in checked.output
    )
    assert file.read_text(encoding="utf-8") == stale, "checking writes nothing"
    assert CliRunner().invoke(main).exit_code == 0
    assert file.read_text(encoding="utf-8") == ODD
    assert CliRunner().invoke(main, ["--check"]).exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<!-- table: levers -->", "<!-- table: leavers -->", 'ODD.md: unknown table "leavers"; did you mean "levers"'),
        ("<!-- table: levers -->", "", "ODD.md: levers; expected each table once"),
        ("<!-- table: levers -->", "<!-- table: flows -->", "expected each table once"),
    ],
)
def test_a_table_without_its_place_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(SamspelError, match=message):
        with_tables(ODD.replace(old, new))


def test_a_table_keeps_its_shape_whatever_a_cell_holds() -> None:
    table = markdown(("a", "b"), [("x | y\nz", 1_200_000.0), (True, 0.05)])
    assert table.splitlines() == ["| a | b |", "| --- | --- |", "| x \\| y z | 1,200,000 |", "| yes | 0.05 |"]
    for name, made in TABLES.items():
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in made().splitlines()}
        assert len(widths) == 1, name


def test_where_a_parameter_is_read_is_found_in_the_source() -> None:
    assert users("p", "drop_nobody_reads") == ""
    assert users("p", "heat_growth_belief") == "`rules/appraisal`"
    assert [name for name in load_parameters().records if not users("p", name)] == []


# --- what agents and markets hold


def _held(model: RenewalModel) -> Iterator[tuple[str, object]]:
    """One of each kind, by the name under which it is described."""
    yield from {
        "Municipality": model.municipalities[0], "Landlord": model.landlords[0], "Builder": model.builders[0],
        "Firms": model.world.firms,
        "CountyCouncil": model.county_council, "State": model.state, "CivilSociety": model.civil_societies[0],
        "Surroundings": model.surroundings, "CountyLabour": model.world.pool, "Cohort": model.world.cohort,
        "PeopleElsewhere": model.world.elsewhere, "Census": model.world.census,
        "Compact": model.world.compact,
    }.items()  # fmt: skip


def _names_held(x: object) -> set[str]:
    return {f.name for f in fields(x)} if is_dataclass(x) else set(vars(x))


def test_every_variable_of_agents_and_markets_is_described_and_nothing_else(make: Make) -> None:
    model = make("national", years=2).run()
    described = {**AGENTS, **MARKETS}
    everyone = dict(_held(model))
    assert set(everyone) == set(described)
    of_mesa = {"model", "unique_id", "pos"}
    assert {name: _names_held(x) - of_mesa for name, x in everyone.items()} == {n: set(d) for n, d in described.items()}


def test_every_field_of_projects_and_contracts_is_described_and_nothing_else() -> None:
    assert {
        x.__name__: {f.name for f in fields(x)} for x in (Project, Contract, Grants, Plans, Plan, Estate, Pledge)
    } == {n: set(d) for n, d in WORKS.items()}


def test_every_number_that_the_world_remembers_is_described(make: Make) -> None:
    seeds = {"municipality_of", "neighbourhood_of", "municipal_tax", "county_tax", "flat_shares"}  # of the region
    model = make("national", years=2).run()
    held = {f.name: getattr(model.world, f.name) for f in fields(World)}
    numbers = {name for name, x in held.items() if isinstance(x, float | np.ndarray) and name[0] != "_"}
    assert numbers - seeds <= set(MEMORY) <= set(held)


# --- the text


def test_every_parameter_is_mentioned_outside_the_tables() -> None:
    assert set(load_parameters().records) - WORDS == set()


def test_every_draw_practice_preset_and_lever_is_mentioned_outside_the_tables() -> None:
    names = {x.name for x in Decision} | {x.value for x in Practice} | set(Levers.model_fields)
    assert names - WORDS == set()
    assert {name for name in PRESETS if name not in ODD} == set()


def test_every_value_of_a_rival_rule_is_mentioned_outside_the_tables() -> None:
    rivals = {"leaving", "entry", "participation_reveals", "landlords_maximise"}
    schema = Levers.model_json_schema()["properties"]
    values = {value for name in rivals for value in schema[name]["enum"]}
    assert len(values) > 8 and {value for value in values if f"`{value}`" not in BY_HAND} == set()


def test_every_file_of_rules_and_phases_is_mentioned_outside_the_tables() -> None:
    files = [*(PACKAGE / "rules").rglob("*.py"), *(PACKAGE / "phases").rglob("*.py")]
    files += [PACKAGE / f"{name}.py" for name in ("scope", "world/surroundings", "world/county_labour")]
    missing = [f.name for f in files if f.name != "__init__.py" and not re.search(rf"[`/]{f.name}`", BY_HAND)]
    assert len(files) > 25 and missing == []
    assert {phase.name for phase in PHASES if phase.name not in ODD} == set()


def test_every_pattern_is_named_once() -> None:
    named = re.findall(r"^\| (P\d+) \| \w", TABLES["patterns"](), re.MULTILINE)
    assert named == [f"P{i}" for i in range(1, 21)]


def _stems(folder: Path) -> set[str]:
    """Names of a folder, its folders and modules."""
    return {folder.name} | {x.stem for x in folder.rglob("*") if x.is_dir() or x.suffix == ".py"}


@cache
def _names() -> frozenset[str]:
    """Every name that the model, its tests or its seeds know."""
    known = set(load_parameters().records) | _stems(PACKAGE) | _stems(ROOT / "tests") | set(dir(builtins))
    known |= {path.stem for path in (ROOT / "seeds").glob("*.*")}
    known |= {flow for table in TABLES for flow in re.findall(r"`(\w+)`", TABLES[table]())}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            known |= {str(getattr(node, part)) for part in ("id", "attr", "name", "arg") if hasattr(node, part)}
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                known.add(node.value)
    return frozenset(known)


def _exists(name: str) -> bool:
    """Whether a name in code font is a file or folder, a name of the model, or a dotted path of such."""
    if "/" in name or re.search(r"\.(py|md|toml|csv)$", name):
        here = (ROOT / name, PACKAGE / name, PACKAGE / f"{name}.py")
        return any(x.exists() for x in here) or any(any(x.rglob(name)) for x in (PACKAGE, ROOT / "seeds"))
    return (ROOT / "seeds" / name).is_dir() or all(part in _names() for part in name.split("."))


IN_CODE = set(re.findall(r"`([A-Za-z_][\w./]*)`", re.sub(r"```.*?```", "", ODD, flags=re.DOTALL)))


def test_the_search_for_names_tells_those_that_exist_from_those_that_do_not() -> None:
    for name in ("heat_price", "sim/scope.py", "sim.phases.work", "seeds/parameters.toml", "RenewalModel.__init__"):
        assert _exists(name), name
    for name in ("heat_prise", "sim/scopes.py", "sim.phases.walk", "seeds/no.toml", "RenewalModel.no_such"):
        assert not _exists(name), name


def test_every_name_in_code_font_exists_in_the_code() -> None:
    commands = {"make", OPTIONAL}  # no shipped region has a table that it may do without
    assert len(IN_CODE) > 300
    assert {name for name in IN_CODE - commands if not _exists(name)} == set()


def test_every_word_with_an_underscore_in_text_and_equations_exists_in_the_code() -> None:
    long = {word for word in WORDS if "_" in word.strip("_")}
    assert len(long) > 250
    assert {word for word in long if word not in _names()} == set()


def test_it_says_what_it_is_for_and_what_it_cannot_tell() -> None:
    assert "**Exploration, not prediction for an estate.**" in BY_HAND
    titles = re.findall(r"^## (\d+) ", BY_HAND, re.MULTILINE)
    assert titles == [str(i) for i in range(1, len(titles) + 1)] and "## 8 What this model cannot tell you" in BY_HAND


def test_its_parameters_are_those_of_the_shipped_file() -> None:
    shipped = tomllib.loads((ROOT / "seeds" / "parameters.toml").read_text(encoding="utf-8"))
    table = TABLES["parameters"]()
    assert table.count("\n") == len(shipped) + 1
    for name, record in shipped.items():
        assert f"| `{name}` |" in table and record["note"].replace("|", "\\|") in table
