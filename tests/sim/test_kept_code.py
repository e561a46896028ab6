"""Loops that Numba compiles: one version of each, stale when a rule changes, kept where one may write; and the same
numbers come of them as of ordinary Python."""

from __future__ import annotations

import ast
import inspect
import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import compiling
from sim.compiling import KERNELS, SHARED, kept, numbers_of, places

ROOT = Path(__file__).parents[2]
PRESETS = ("siloed", "national", "emergent")


def python(code: str, folder: Path = ROOT, **surroundings: str) -> str:
    """What a fresh Python prints that computes with the sources in a folder."""
    found = {"PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": "", "NUMBA_DISABLE_JIT": "0"}
    call = [sys.executable, "-W", "ignore", "-c", code]
    made = subprocess.run(call, env=os.environ | found | surroundings, cwd=folder, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return made.stdout


VERSIONS = """
import json
from sim import Collaboration, RenewalModel, load_region
from sim.compiling import KERNELS
county = load_region("stockholm-county", 0.1)
for preset in ("siloed", "national", "emergent"):
    RenewalModel(county, Collaboration.preset(preset), 2, years=3, events=True, twins=True).run()
found = {f"{one.__module__}.{one.__name__}": [str(each) for each in one.signatures] for one in KERNELS}
print(json.dumps(found))
"""


def ours() -> list[Any]:
    """The model's own; tests may have others."""
    return [one for one in KERNELS if one.__module__.startswith("sim.")]


def name(one: Any) -> str:
    """A kernel's, with its module."""
    return f"{one.__module__}.{one.__name__}"


def test_a_kernel_has_one_version() -> None:
    # In a process of its own: planted worlds of other tests may ask for more.
    versions = json.loads(python(VERSIONS))
    # One that only kernels call has none of its own where theirs was kept.
    assert versions and {one: found for one, found in versions.items() if len(found) > 1} == {}


def test_kernels_take_what_is_not_given_from_shared_files_alone() -> None:
    assert [f"{name(one)} takes {what} from {where}" for one in ours() for what, where in foreign(one.py_func)] == []


def foreign(function: types.FunctionType) -> Iterator[tuple[str, str]]:
    """Names that a kernel takes from elsewhere than its own file, which Numba looks at, and the files whose text names
    the place of kept code."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    for word in sorted(used & set(function.__globals__) - {"kernel", "rule"}):
        found = function.__globals__[word]
        where = found.__name__ if isinstance(found, types.ModuleType) else getattr(found, "__module__", "")
        if where == function.__module__ or _shared(where) or _is_type(function, word):
            continue
        if where.split(".")[0] in ("numpy", "math", "numba", "typing"):
            continue
        if isinstance(found, int | float | np.ndarray) and _imported_from_shared(function, word):
            continue
        yield word, where or f"{function.__module__}, where it is {found!r}"


def _shared(module: str) -> bool:
    return any(module == f"sim.{one.removesuffix('.py')}" or module.startswith(f"sim.{one}.") for one in SHARED)


def _is_type(function: types.FunctionType, word: str) -> bool:
    """Whether a name stands in annotations alone."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    (made,) = tree.body
    assert isinstance(made, ast.FunctionDef)
    return word not in {n.id for part in made.body for n in ast.walk(part) if isinstance(n, ast.Name)}


def _imported_from_shared(function: types.FunctionType, word: str) -> bool:
    """Whether a number comes from a shared file, or stands in the kernel's own, whose text Numba looks at."""
    module = sys.modules[function.__module__]
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ImportFrom) and word in [alias.asname or alias.name for alias in node.names]:
            return _shared(str(node.module))
    return True


def test_the_search_finds_what_is_taken_from_elsewhere() -> None:
    scope: dict[str, Any] = {"np": np, "KERNELS": KERNELS, "numbers_of": numbers_of}
    source = "def f(x: KERNELS) -> float:\n    return np.exp(x) + numbers_of(x) + PRESETS[0]\n"
    code = compile(source, "nowhere", "exec")
    exec(code, scope | {"PRESETS": PRESETS}, made := {})
    function = made["f"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspect, "getsource", lambda _: source)
        function.__module__ = __name__
        assert [what for what, _ in foreign(function)] == ["PRESETS"]


COUNT = """
from sim.randomness import Decision, Draws
from sim import randomness
Draws(1).stream(Decision.MOVE, 0, 3)
from sim.compiling import kept
stats = randomness._fill.stats
print(kept(), sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the model's sources."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def used(folder: Path, **surroundings: str) -> tuple[Path, bool]:
    """Where a process keeps compiled code, and whether it found there what it needed."""
    place, hits, _ = python(COUNT, folder, **surroundings).rsplit(maxsplit=2)
    return Path(place), hits == "1"


def test_kept_code_is_used_until_a_rule_changes(copy: Path) -> None:
    first, found = used(copy)
    assert first.is_relative_to(copy / "sim" / "__pycache__") and not found
    assert used(copy) == (first, True)
    rule = copy / "sim" / "rules" / "calm.py"
    rule.write_text(rule.read_text(encoding="utf-8") + "\n# another text\n", encoding="utf-8")
    second, found = used(copy)
    assert second != first and not found and used(copy) == (second, True)


def test_kept_code_that_nobody_uses_goes(copy: Path) -> None:
    place, _ = used(copy)
    old, other = place.with_name("kernels-0"), place.with_name("kernels-1")
    old.mkdir(), other.mkdir()
    os.utime(old, (time.time() - 2 * compiling._UNUSED,) * 2)
    assert used(copy) == (place, True)
    assert other.is_dir() and not old.exists()


def test_where_sources_cannot_be_written_the_users_cache_is(copy: Path, tmp_path: Path) -> None:
    (copy / "sim" / "__pycache__").write_text("a file: nobody, root included, makes a folder here")
    place, found = used(copy, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert place.is_relative_to(tmp_path / "cache" / "samspel") and not found
    assert used(copy, XDG_CACHE_HOME=str(tmp_path / "cache")) == (place, True)


def test_where_nothing_can_be_written_every_process_compiles_for_itself(copy: Path, tmp_path: Path) -> None:
    for name in ("sim/__pycache__", "cache"):
        (copy / name).write_text("a file")
    assert used(copy, XDG_CACHE_HOME=str(tmp_path / "cache")) == (Path("None"), False)


def test_numbas_own_variable_names_the_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    assert places() == [tmp_path]
    kept.cache_clear()
    place = kept()
    kept.cache_clear()
    assert place is not None and place.parent == tmp_path


TINY = """
import json
from sim import Collaboration, RenewalModel, load_region
model = RenewalModel(load_region("botkyrka", 0.005), Collaboration.preset("national"), 3, years=2).run()
print(json.dumps([float(x) for x in model.curves(detail=True).select_dtypes("number").to_numpy().ravel()]))
"""


def test_ordinary_python_computes_the_same() -> None:
    with_numba, without = (np.array(json.loads(python(TINY, NUMBA_DISABLE_JIT=off))) for off in "01")
    assert np.array_equal(with_numba, without, equal_nan=True)


READY = """
from sim.compiling import KERNELS
from experiments.engine.ready import make_ready
make_ready()
count = lambda: [len(one.signatures) for one in KERNELS]
before = count()
from sim import Collaboration, RenewalModel, load_region
for preset in ("siloed", "national", "emergent"):
    RenewalModel(load_region("stockholm-county", 0.05), Collaboration.preset(preset), 2, years=4, events=True).run()
print([one.__name__ for one, had, has in zip(KERNELS, before, count()) if had != has])
"""


def test_getting_ready_leaves_nothing_to_compile() -> None:
    assert python(READY).strip() == "[]"
