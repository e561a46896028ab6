"""All invented truths, in parallel and kept: the first wave is simulated once, for all of them; what is finished is not
repeated after a stop."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engine.design import replicate_seed
from experiments.engine.experiment import Experiment
from experiments.engine.many import each
from experiments.engine.progress import duration, tell
from experiments.engine.ready import compile_unless_ready
from experiments.engine.records import Record
from experiments.engine.workers import myself
from experiments.questions.calibrate.matching import emulator, space, waves
from experiments.questions.calibrate.matching.emulator import fit
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.measuring import Measurer
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space, latin_hypercube
from experiments.questions.recover.recovering import Recovered, observed, recover, truths
from experiments.questions.validate.measuring.ensemble import Ensemble, measured
from sim import SamspelError

Array = NDArray[Any]

LEVELS = 3  # intermediate cut-offs on the way to what is left, about, for the estimate of time


@dataclass(frozen=True)
class World:
    """A truth (a point of the unit cube), what is observed in its world, and all that matching needs. unit, first: the
    first wave that all share, points of the unit cube and their runs, points x names; before: runs that have had their
    seeds already, the first wave's apart."""

    truth: tuple[float, ...]
    targets: tuple[Target, ...]
    names: tuple[str, ...]
    unit: Array
    first: Array
    space: Space
    rules: Rules
    ensemble: Ensemble
    root: int
    before: int

    def simulate(self, values: Array, before: int) -> Array:
        """Points of a later wave, each run here on a seed of its own."""
        found = [self._measured(row, self.before + before + k) for k, row in enumerate(values.tolist())]
        return np.array(found)[:, None, self.chosen]

    @property
    def recovered(self) -> Recovered:
        """What matching makes of it."""
        first = self.unit, self.first[:, self.chosen]
        return recover(self.simulate, self.space, self.targets, self.rules, np.array(self.truth), first)

    @property
    def chosen(self) -> list[int]:
        """Which of the names say something in this world."""
        return [self.names.index(target.name) for target in self.targets]

    def _measured(self, row: Sequence[float], before: int) -> list[float]:
        changes = {**self.ensemble.parameters, **dict(zip(self.space.names, row, strict=True))}
        found = measured(replace(self.ensemble, parameters=changes), replicate_seed(self.root, before + 1))
        return [found[name] for name in self.names]

    @property
    def identity(self) -> str:
        """Everything that determines what is recovered, as a digest."""
        known = [self.truth, [asdict(target) for target in self.targets], asdict(self.rules), self.root, self.before]
        ranges = [self.space.names, self.space.low.tolist(), self.space.high.tolist()]
        text = json.dumps([known, ranges]) + self.ensemble.identity(self.root, self.names) + _procedure()
        return sha256(text.encode() + self.unit.tobytes() + self.first.tobytes()).hexdigest()[:32]


def recover_all(
    experiment: Experiment, measurer: Measurer, targets: Sequence[Target], rules: Rules, count: int
) -> tuple[Array, Array, list[Recovered]]:
    """So many truths, points of the unit cube; what was measured in their worlds, truths x targets; and what matching
    makes of each. Raises RunError where a run fails."""
    whole = measurer.space
    unit = latin_hypercube(whole.size, rules.points_first, rules.seed)
    _announce(measurer, unit, len(targets), rules, count)
    first = measurer(whole.values(unit))[:, 0]
    true = truths(whole.size, count, rules.seed)
    seen = measurer(whole.values(true), len(unit))[:, 0]
    later = rules.points_later * (rules.waves - 1)
    worlds = [
        World(
            tuple(point.tolist()), observed(targets, values), measurer.names, unit, first, whole, rules,
            measurer.ensemble, measurer.root, count + k * later,
        )
        for k, (point, values) in enumerate(zip(true, seen, strict=True))
    ]  # fmt: skip
    return true, seen, _recovered(experiment, worlds)


def _announce(measurer: Measurer, unit: Array, targets: int, rules: Rules, count: int) -> None:
    """Say how many runs there are and how long they take, and how long emulators do, judged from one."""
    compile_unless_ready()  # or else the compiler's time would be taken for that of a run
    runs = rules.points_first + count * (1 + rules.points_later * (rules.waves - 1))
    measurer.announce(measurer.space.values(unit), runs)
    execution = measurer.experiment.execution
    if execution.show_progress is False:
        return
    started = time.perf_counter()
    one = fit(unit, unit.sum(axis=1) + truths(1, len(unit), rules.seed)[:, 0])
    fitted = time.perf_counter()
    one.predict(space.whole(unit.shape[1], rules.candidates, rules.seed).points)
    asked = (time.perf_counter() - fitted) * space.STEPS * LEVELS
    each_truth = targets * rules.waves * (fitted - started + asked)
    tell(f"emulators for {count} truths: very roughly {duration(count * each_truth / execution.at_once)} more")


def _recovered(experiment: Experiment, worlds: Sequence[World]) -> list[Recovered]:
    """Every truth in a worker of its own, emulators and later waves; told as they come."""
    names = [world.identity for world in worlds]
    pending = [(name, world) for name, world in zip(names, worlds, strict=True) if experiment.kept(name) is None]
    started, quiet = time.perf_counter(), experiment.execution.show_progress is False
    for done, record in enumerate(each(experiment.execution, _perform, pending), 1):
        experiment.keep(record)
        found, left = _unpacked(record), len(pending) - done
        gone = time.perf_counter() - started
        if not quiet:
            told = f"{'kept' if found.kept else 'lost'}, {100 * found.share:.3g} % of the space left"
            rest = f"; {left} to go, about {duration(left * gone / done)}" if left else ""
            tell(f"truth {names.index(record.digest) + 1} of {len(worlds)}: {told}{rest}")
    return [_unpacked(experiment.kept(name)) for name in names]


def _perform(wanted: tuple[str, World]) -> Record:
    digest, world = wanted
    if world.identity != digest:
        raise SamspelError(
            f"{myself()} has other tables, another model or other parameters than this command began with; expected "
            "the same: changed meanwhile? Run the command again"
        )
    started = time.perf_counter()
    found = world.recovered
    # Text keeps every bit of a number, and names beside them.
    return Record(digest, ends=json.dumps(asdict(found)).encode(), seconds=time.perf_counter() - started)


def _unpacked(record: Record | None) -> Recovered:
    assert record is not None, "every truth has just been matched"
    known = json.loads(record.ends)
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    return Recovered(**(known | lists))


@lru_cache(maxsize=1)
def _procedure() -> str:
    """A fingerprint of how matching is done."""
    folders = {Path(str(module.__file__)).parent for module in (emulator, space, waves)} | {Path(__file__).parent}
    state = sha256()
    for path in sorted(path for folder in folders for path in folder.glob("*.py")):
        state.update(path.read_bytes())
    return state.hexdigest()
