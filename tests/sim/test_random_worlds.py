"""Laws that hold in every world, whatever it is made from: fifty worlds here, more as --size asks.

`pytest tests/sim/test_random_worlds.py --size 200 --seed 7` tries 500 others.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from sim import RenewalModel
from sim.vocabulary import Skill
from tests import laws
from tests.laws import Stocks, broken_laws, run_lawfully, unexplained
from tests.worlds import MODES, Mode, numbers, random_world, random_worlds

FEW, OF_SIZE = 50, 2.5  # worlds without --size, and for each unit of it


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """As many worlds as the options ask for, a few without them."""
    if {"number", "mode"} <= set(metafunc.fixturenames):
        size, seed = metafunc.config.getoption("--size", None), metafunc.config.getoption("--seed", None)
        metafunc.parametrize(
            ("number", "mode"), numbers(1 if seed is None else seed, FEW if size is None else round(OF_SIZE * size))
        )


def everything(model: RenewalModel) -> bytes:
    """All that a run recorded and booked, as bytes."""
    return model.recorder.data.tobytes() + model.books.history.tobytes() + model.residents.household.tobytes()


def test_laws_hold_in_every_quarter_and_the_same_run_has_the_same_bytes(
    number: int, mode: Mode, tried: Counter[str]
) -> None:
    tried[f"random worlds, {mode}"] += 1
    world = random_world(number, mode)
    model = world.model()
    assert run_lawfully(model) == [], world
    assert everything(world.model().run()) == everything(model)


def test_a_column_that_no_law_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    model = random_world(5, "anywhere").model()
    model.residents.size[0] = 0
    assert any("Residents.size: 1 of" in line for line in broken_laws(model))
    monkeypatch.setattr(laws, "ANY_SIGN", laws.ANY_SIGN - {"born"})
    assert any("Residents.born: tests/laws.py does not say" in line for line in broken_laws(model))


def test_a_world_is_known_by_its_number() -> None:
    one, other = random_world(5, "anywhere"), random_world(5, "anywhere")
    assert one.parameters.digest == other.parameters.digest != random_world(6, "anywhere").parameters.digest
    assert one.levers == other.levers and one.collaboration == other.collaboration
    assert everything(one.model().run()) == everything(other.model().run())


def test_worlds_are_of_every_kind() -> None:
    worlds = list(random_worlds(1, 60))
    assert {world.mode for world in worlds} == set(MODES)
    assert {len(world.region.municipalities) for world in worlds} == {1, 2, 3}
    assert {len(world.region.neighbourhoods) for world in worlds} >= {1, 2, 3, 4}
    assert min(world.region.total_flats for world in worlds) < 30 < 500 < max(w.region.total_flats for w in worlds)
    shares = np.concatenate([world.region.neighbourhoods.municipal_share for world in worlds])
    assert {0.0, 1.0} < set(shares.tolist())
    empty, calm = (
        np.concatenate([getattr(x.region.neighbourhoods, name) for x in worlds]) for name in ("empty_share", "calm")
    )
    assert empty.min() == 0.0 and empty.max() > 0.3 and {0.0, 1.0} < set(calm.tolist())
    strategies = {strategy for world in worlds for strategy in world.region.landlords.strategy}
    assert strategies == {"hold", "upgrade", "resell"}
    assert len({world.levers for world in worlds}) > 50
    assert all(world.parameters.notes() == [] for world in worlds if world.mode == "plausible")
    assert all(len(world.parameters.notes()) > 100 for world in worlds if world.mode == "anywhere")


# --- the laws see what breaks them


def planted(change: str) -> list[str]:
    """What the laws say of a sound world after one change of its state."""
    model = random_world(4).model()
    before = Stocks.of(model)
    model.step()
    assert broken_laws(model) == [] == unexplained(model, before)
    exec(change, {"world": model.world, "np": np, "Skill": Skill})
    return [*broken_laws(model), *unexplained(model, before)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("world.buildings.condition[0] = 1.22", "Buildings.condition"),
        ("world.residents.health[-1] = 1.2", "Residents.health"),
        ("world.residents.satisfaction[0] = np.nan", "Residents.satisfaction"),
        ("world.pool.unemployed[1, Skill.HIGH] -= 1e6", "pool.unemployed"),
        ("world.pool.employed[0, Skill.LOW] += 3.8", "people elsewhere"),
        ("world.residents.household[1] = world.residents.household[0]", "lives in two flats"),
        ("world.residents.occupied[0] = ~world.residents.occupied[0]", "households"),
        ("world.municipalities[0].debt += 1e6", "company debt"),
        ("world.believed_price = np.inf", "believed_price"),
        ("world.books.history[0, 0, 0] = np.nan", "flow wages"),
        ("world.cohort.away[:] = True", "household of the start"),
    ],
)
def test_the_laws_see_what_breaks_them(change: str, told: str) -> None:
    assert any(told in line for line in planted(change)), planted(change)
