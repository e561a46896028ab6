"""What tests of the model share: looking between two phases, and comparing two runs."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from enum import Enum

import mesa
import numpy as np
import pytest

from sim import OUTCOMES, RenewalModel, schedule
from sim.schedule import Phase
from sim.world.world import World

Watcher = Callable[[str, World], None]
Watch = Callable[..., AbstractContextManager[None]]
Contents = Callable[[World], bytes]
Differences = Callable[[RenewalModel, RenewalModel], dict[str, int]]


@pytest.fixture(scope="session")
def watch() -> Watch:
    """`with watch(before=f, after=g): model.run()` calls f and g with the name of each phase and the world."""

    def watched(phase: Phase, before: Watcher | None, after: Watcher | None) -> Phase:
        def advance(world: World) -> None:
            if before:
                before(phase.name, world)
            phase.advance(world)
            if after:
                after(phase.name, world)

        return replace(phase, advance=advance)

    @contextmanager
    def watching(before: Watcher | None = None, after: Watcher | None = None) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(schedule, "PHASES", tuple(watched(phase, before, after) for phase in schedule.PHASES))
            yield

    return watching


def plain(thing: object) -> object:
    """All that a thing holds, as plain data: arrays by their bytes; of agents what is not Mesa's own."""
    if isinstance(thing, np.ndarray):
        return thing.dtype.str, thing.shape, thing.tobytes()
    if isinstance(thing, dict):
        return {repr(key): plain(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [plain(one) for one in thing]
    if isinstance(thing, set | frozenset):
        return sorted(repr(plain(one)) for one in thing)
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    if isinstance(thing, Enum) or not (slots or hasattr(thing, "__dict__")):
        return repr(thing)
    of_mesa = {"model", "unique_id", "pos"} if isinstance(thing, mesa.Agent) else set()
    held = {name: getattr(thing, name) for name in slots if hasattr(thing, name)} | getattr(thing, "__dict__", {})
    return {name: plain(value) for name, value in held.items() if name not in of_mesa}


@pytest.fixture(scope="session")
def contents() -> Contents:
    """All that a world holds, as bytes."""
    return lambda world: pickle.dumps(plain(world))


@pytest.fixture(scope="session")
def differences() -> Differences:
    """Outcomes in which two runs differ in any bit, anywhere, with the first quarter in which they do."""

    def found(one: RenewalModel, other: RenewalModel) -> dict[str, int]:
        assert one.quarter == other.quarter > 0
        a, b = one.recorder.data[: one.quarter], other.recorder.data[: other.quarter]
        assert a.shape == b.shape
        differ = ((a != b) & ~(np.isnan(a) & np.isnan(b))).any(axis=2)
        return {o.name: int(differ[:, i].argmax()) for i, o in enumerate(OUTCOMES) if differ[:, i].any()}

    return found
