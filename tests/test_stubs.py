"""What stubs/ tells mypy about Mesa is true of the Mesa that is installed, and lets no misspelt name pass."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import mesa
import pytest
from mesa.agent import AgentSet

from sim.mesa_rows.agent_sets import GroupBy

TOP = Path(__file__).parents[1]
STUBS = TOP / "stubs" / "mesa"


def parsed() -> dict[str, ast.Module]:
    """Each module that is described, by name."""
    files = {f"mesa.{file.stem}".removesuffix(".__init__"): file for file in sorted(STUBS.glob("*.pyi"))}
    return {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in files.items()}


def classes() -> dict[str, ast.ClassDef]:
    """Each class that is described, by name."""
    return {x.name: x for tree in parsed().values() for x in tree.body if isinstance(x, ast.ClassDef)}


def living() -> dict[str, list[Any]]:
    """For each of them, objects of the installed Mesa that are what it describes."""
    model = mesa.Model(rng=1)
    agent = mesa.Agent(model)
    agents = AgentSet([agent], random=model.random)
    return {
        "Model": [model],
        "Agent": [agent],
        "AgentSet": [agents],
        "_Agents": [agents, model.agents, model.agents_by_type[mesa.Agent]],
        "GroupBy": [GroupBy({1: agents})],
        "DataCollector": [mesa.DataCollector()],
    }


def methods() -> Iterator[tuple[str, ast.FunctionDef, list[Any]]]:
    """Every method that is described (each overload, no property), with the objects that must have it."""
    alive = living()
    for name, described in classes().items():
        for x in described.body:
            if isinstance(x, ast.FunctionDef) and "property" not in map(ast.unparse, x.decorator_list):
                yield f"{name}.{x.name}", x, alive[name]


def test_every_name_is_in_a_module_that_is_said_to_have_it() -> None:
    said: dict[str, list[str]] = defaultdict(list)
    for module, tree in parsed().items():
        for x in tree.body:
            if isinstance(x, ast.ClassDef) and not x.name.startswith("_"):
                said[x.name].append(module)
            elif isinstance(x, ast.ImportFrom):
                for name in (alias.name for alias in x.names if alias.asname == alias.name):  # handed on
                    said[name].append(module)
    assert {"Agent", "AgentSet", "GroupBy", "Model"} <= set(said)
    for name, modules in said.items():
        found = [getattr(import_module(module), name, None) for module in modules if find_spec(module)]
        # GroupBy has moved from one version to the next: both places are described
        assert set(found) - {None} == {type(living()[name][0])}, name
        assert None not in found or name == "GroupBy", name


def test_every_class_is_compared_with_an_object() -> None:
    assert set(living()) == set(classes())


@pytest.mark.parametrize("name", classes())
def test_every_attribute_property_and_method_exists(name: str) -> None:
    for thing in living()[name]:
        for x in classes()[name].body:
            if isinstance(x, ast.AnnAssign):
                assert hasattr(thing, ast.unparse(x.target)), f"{thing!r}: {ast.unparse(x)}"
            elif isinstance(x, ast.FunctionDef):
                real = getattr(type(thing), x.name, None)
                is_property = "property" in map(ast.unparse, x.decorator_list)
                assert isinstance(real, property) if is_property else callable(real), f"{thing!r}: {x.name}"


def test_every_method_takes_the_arguments_that_are_described() -> None:
    checked = 0
    for where, described, things in methods():
        given = described.args
        by_place = [arg.arg for arg in given.args]
        defaults = [*given.defaults, *(x for x in given.kw_defaults if x is not None)]
        optional = [*by_place[len(by_place) - len(given.defaults) :]]
        optional += [arg.arg for arg, x in zip(given.kwonlyargs, given.kw_defaults, strict=True) if x is not None]
        for thing in things:
            real = inspect.signature(getattr(type(thing), described.name)).parameters
            kinds = {x.kind for x in real.values()}
            assert list(real)[: len(by_place)] == by_place, where
            assert {arg.arg for arg in given.kwonlyargs} <= set(real), where
            assert given.vararg is None or inspect.Parameter.VAR_POSITIONAL in kinds, where
            assert given.kwarg is None or inspect.Parameter.VAR_KEYWORD in kinds, where
            for name, default in zip(optional, defaults, strict=True):
                value = real[name].default
                assert value is not inspect.Parameter.empty, f"{where}: {name} must be given"
                assert ast.unparse(default) in ("...", repr(value)), f"{where}: {name} is {value!r} if not given"
            starred = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
            needed = {x.name for x in real.values() if x.default is inspect.Parameter.empty and x.kind not in starred}
            assert needed <= {*by_place, *(arg.arg for arg in given.kwonlyargs)} - set(optional), where
            checked += 1
    assert checked > 50


def test_what_is_said_to_return_itself_does() -> None:
    calls = {"do": ("__repr__",), "shuffle_do": ("__repr__",), "set": ("colour", "red")}
    said = [(x.name, things) for _, x, things in methods() if x.returns and ast.unparse(x.returns) == "Self"]
    assert sorted(name for name, _ in said) == sorted(calls)
    assert all(getattr(thing, name)(*calls[name]) is thing for name, things in said for thing in things)


def test_a_misspelt_name_does_not_pass_mypy(tmp_path: Path) -> None:
    lines = """
        import mesa
        class Town(mesa.Model):
            def grow(self) -> None: self.bildings
        def phase(model: Town) -> None: model.bildings
        def choose(agent: mesa.Agent) -> None: agent.model.bildings, agent.unique_idd
        def count(model: Town) -> None: model.agents.selekt, model.rng.randon
    """
    code = tmp_path / "town.py"
    code.write_text(inspect.cleandoc(lines))
    config = ("--config-file", TOP / "pyproject.toml", "--cache-dir", tmp_path / "cache")
    run = (sys.executable, "-m", "mypy", *config, code)
    said = subprocess.run(run, cwd=TOP, capture_output=True, text=True, timeout=600).stdout
    expected = {3: 1, 4: 1, 5: 2, 6: 2}
    found = {line: said.count(f"town.py:{line}: error") for line in range(1, 7)}
    assert {line: n for line, n in found.items() if n} == expected and said.count("[attr-defined]") == 6, said
