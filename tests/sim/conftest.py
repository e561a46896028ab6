"""What tests of the model share: looking between two phases, and comparing two runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import numpy as np
import pytest

from sim import OUTCOMES, RenewalModel, schedule
from sim.schedule import Phase

Watcher = Callable[[str, RenewalModel], None]
Watch = Callable[..., AbstractContextManager[None]]
Differences = Callable[[RenewalModel, RenewalModel], dict[str, int]]


@pytest.fixture(scope="session")
def watch() -> Watch:
    """`with watch(before=f, after=g): model.run()` calls f and g with the name of each phase and the model."""

    def watched(phase: Phase, before: Watcher | None, after: Watcher | None) -> Phase:
        def advance(model: RenewalModel) -> None:
            if before:
                before(phase.name, model)
            phase.advance(model)
            if after:
                after(phase.name, model)

        return replace(phase, advance=advance)

    @contextmanager
    def watching(before: Watcher | None = None, after: Watcher | None = None) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(schedule, "PHASES", tuple(watched(phase, before, after) for phase in schedule.PHASES))
            yield

    return watching


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
