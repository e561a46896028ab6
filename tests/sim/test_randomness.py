"""Every draw belongs to its event: who asks, when, and how often changes nothing."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import RenewalModel
from sim.randomness import Decision, Draws, normal

Make = Callable[..., RenewalModel]
SOURCE = Path(sim.__file__).parent
EACH_DECISION = pytest.mark.parametrize("decision", list(Decision))


# --- keys


@EACH_DECISION
def test_a_row_keeps_its_number_when_rows_are_added_at_the_end(decision: Decision) -> None:
    draws = Draws(7)
    long = draws.stream(decision, 5, 1000)
    for n in (1, 2, 17, 999):
        assert np.array_equal(draws.stream(decision, 5, n), long[:n])


def test_rare_draws_do_not_depend_on_which_rows_are_asked_or_in_what_order() -> None:
    draws, rows = Draws(7), np.arange(200)
    together = draws.at(Decision.CONSENT, 3, rows, 4)
    shuffled = np.random.default_rng(0).permutation(rows)
    assert np.array_equal(draws.at(Decision.CONSENT, 3, shuffled, 4), together[shuffled])
    assert np.array_equal(draws.at(Decision.CONSENT, 3, rows[50:60], 4), together[50:60])
    for row in (0, 1, 77, 199):
        assert np.array_equal(draws.at(Decision.CONSENT, 3, row, 4)[0], together[row])


def in_whole_numbers(seed: int, decision: Decision, quarter: int, k: int) -> list[int]:
    """The keys of a decision, reckoned in Python's whole numbers, of which none is too large."""
    golden, whole = 0x9E3779B97F4A7C15, 2**64

    def mix(x: int) -> int:
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) % whole
        x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) % whole
        return x ^ (x >> 31)

    name = int.from_bytes(hashlib.blake2b(decision.encode(), digest_size=6).digest(), "big")
    root = mix(mix((seed + golden) % whole) ^ name)
    of_quarter = mix(root ^ ((quarter + 1) * 0xBF58476D1CE4E5B9 % whole))
    return [mix((of_quarter + i * golden) % whole) for i in range(1, k + 1)]


@EACH_DECISION
@pytest.mark.parametrize(("seed", "quarter", "k"), [(0, 0, 1), (7, 59, 13), (2**31 - 1, -1, 3), (2**63, 10_000, 2)])
def test_keys_are_those_of_whole_numbers(decision: Decision, seed: int, quarter: int, k: int) -> None:
    assert Draws(seed).keys(decision, quarter, k).tolist() == in_whole_numbers(seed, decision, quarter, k)


def test_asking_for_more_numbers_a_row_leaves_the_first_ones_as_they_were() -> None:
    draws, rows = Draws(7), np.arange(50)
    five = draws.at(Decision.REFILL, 2, rows, 5)
    assert np.array_equal(draws.at(Decision.REFILL, 2, rows, 2), five[:, :2])


@pytest.mark.parametrize("kind", ["stream", "at", "gumbel", "normal"])
def test_the_same_key_gives_the_same_draw_and_another_key_another(kind: str) -> None:
    def draw(seed: int = 1, decision: Decision = Decision.MOVE, quarter: int = 4) -> tuple[float, ...]:
        draws = Draws(seed)
        if kind == "stream":
            return tuple(draws.stream(decision, quarter, 3))
        extra = (2,) if kind == "gumbel" else ()
        return tuple(getattr(draws, kind)(decision, quarter, np.arange(3), *extra).ravel())

    first = draw()
    assert draw() == first
    for other in (draw(seed=2), draw(decision=Decision.REFILL), draw(quarter=5)):
        assert not set(first) & set(other)
    assert len(set(first)) == len(first)


def test_no_two_decisions_share_a_key() -> None:
    draws = Draws(1)
    assert len({draws.stream(d, 0, 1)[0] for d in Decision}) == len(Decision)
    assert len({draws.at(d, 0, 0)[0, 0] for d in Decision}) == len(Decision)


def test_draws_are_uniform_and_neighbouring_keys_are_unrelated() -> None:
    draws, rows = Draws(3), np.arange(20_000)
    u = draws.at(Decision.MOVE, 1, rows, 2)
    assert u.min() > 0.0 and u.max() < 1.0
    counts, _ = np.histogram(u[:, 0], bins=20, range=(0.0, 1.0))
    assert abs(counts - 1000).max() < 160  # five standard deviations
    related = {
        "next row": (u[:-1, 0], u[1:, 0]),
        "next column": (u[:, 0], u[:, 1]),
        "next quarter": (u[:, 0], draws.at(Decision.MOVE, 2, rows)[:, 0]),
        "next seed": (u[:, 0], Draws(4).at(Decision.MOVE, 1, rows)[:, 0]),
        "other decision": (u[:, 0], draws.at(Decision.REFILL, 1, rows)[:, 0]),
        "decision": (u[:, 0], draws.stream(Decision.LOSE_JOB, 1, len(rows))),
    }
    for key, (one, other) in related.items():
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.036, f"{key}: more than five standard deviations from 0"


def test_normals_and_gumbels_have_their_distributions() -> None:
    draws, rows = Draws(5), np.arange(20_000)
    z = draws.normal(Decision.BID_PRICE, 0, rows)[:, 0]
    assert abs(z.mean()) < 0.04 and abs(z.std() - 1.0) < 0.03
    g = draws.gumbel(Decision.APPRAISAL, 0, rows, 3)
    assert g.shape == (20_000, 3)
    assert abs(g.mean() - 0.5772) < 0.03 and abs(g.var() - np.pi**2 / 6) < 0.08


# --- nothing else is random


def touches(source: str) -> list[str]:
    """Lines of a source that use Python's or numpy's own random numbers, or a model's generator."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute):
            names = [node.attr] if node.attr in ("random", "rng", "default_rng") else []
        banned = {"random", "secrets", "uuid", "rng", "default_rng", "numpy.random"}
        if any(name in banned or name.startswith("numpy.random") for name in names):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from random import choice",
        "import numpy.random as r",
        "from numpy import random",
        "from numpy.random import SFC64",
        "import numpy as np\nx = np.random.rand(3)",
        "def f(model):\n    return model.rng.random(3)",
        "def f(model):\n    model.random.shuffle([])",
        "import secrets",
    ],
)
def test_the_search_for_other_random_numbers_finds_them(source: str) -> None:
    assert touches(source)


def test_nothing_but_the_module_of_keyed_draws_touches_random_numbers() -> None:
    found = {
        path.relative_to(SOURCE).as_posix(): touches(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")
    }
    assert found.pop("randomness.py"), "a fresh seed comes from the operating system"
    # Agent sets hand on Mesa's generator, for a user who asks them to shuffle; no phase does.
    for name in ("mesa_rows/agent_sets.py", "mesa_rows/row_sets.py", "mesa_rows/rows.py"):
        found[name] = [x for x in found[name] if not re.fullmatch(r"line \d+: (self|model|ordinary)\.random", x)]
    assert not {name: lines for name, lines in found.items() if lines}, "use keyed draws (model.world.draws) instead"


# --- whole runs


def test_draws_and_looks_between_two_quarters_change_nothing(make: Make) -> None:
    quiet, watched = make("regional", years=2).run(), make("regional", years=2)
    while watched.quarter < watched.quarters:
        for decision in Decision:
            watched.world.draws.stream(decision, watched.quarter, 5)
            watched.world.draws.at(decision, watched.quarter, 3)
        watched.agents.get("unique_id")
        watched.random.random()
        watched.rng.random()
        if watched.quarter:
            watched.outcomes()
        watched.step()
    assert quiet.curves(detail=True).equals(watched.curves(detail=True))


RUN = """
import hashlib
from sim import Collaboration, RenewalModel, load_parameters, load_region
state = hashlib.sha256()
p = load_parameters().replace({"clause_places": 2.0})
for name in ("national", "emergent"):
    model = RenewalModel(load_region("botkyrka", 0.05), Collaboration.preset(name), 3, parameters=p, years=5).run()
    state.update(model.recorder.data.tobytes() + model.books.history.tobytes())
    for column in model.residents.fields:
        state.update(getattr(model.residents, column).tobytes())
print(state.hexdigest())
"""


def digest_in_a_process(hash_seed: int) -> str:
    """Digest of the runs above in a process of its own."""
    path = os.pathsep.join(p for p in (str(SOURCE.parent), *sys.path) if p)
    env = os.environ | {"PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", RUN], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_two_processes_with_different_hash_seeds_give_the_same_curves() -> None:
    one, other = digest_in_a_process(1), digest_in_a_process(2)
    assert len(one) == len(hashlib.sha256().hexdigest())
    assert one == other, (
        "the same inputs gave other bits in another process. The usual culprits: iterating over a set of strings "
        "(partners, names), a dictionary or sort keyed by id() or hash(), a sum whose order follows such a set, "
        "time or the process id in a key, an uninitialised array (np.empty)"
    )


@pytest.mark.parametrize("row", [0, 1, 83_000])
def test_the_draws_of_one_row_are_those_that_it_has_among_many(row: int) -> None:
    draws = Draws(7)
    for quarter in (0, 3, 59):
        one = draws.one(Decision.NEWS, quarter, row, 3)
        assert one == draws.at(Decision.NEWS, quarter, np.array([5, row]), 3)[1].tolist()
        u = draws.one(Decision.INTEREST, quarter, row, 2)
        assert float(normal(*u)) == draws.normal(Decision.INTEREST, quarter, row)[0, 0]
