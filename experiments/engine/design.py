"""A design: the table of runs of a comparison, arm by replicate, and which of them depend on one another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim import Collaboration


@dataclass(frozen=True)
class World:
    """What all runs of a design share: the region (name or folder), its scale, the years, and whether
    neighbourhoods and municipalities are recorded beside the region (`detail`)."""

    region: str
    scale: float
    years: int
    detail: bool


@dataclass(frozen=True)
class Treatment:
    """What an arm does to the model: its collaboration, and the parameters and levers changed in it."""

    arm: str
    collaboration: Collaboration
    parameters: Mapping[str, Any]
    levers: Mapping[str, Any]
    same_money_as: str | None = None


@dataclass(frozen=True)
class Run:
    """One model from start to end: a treatment in one replicate's random-number world."""

    position: int
    treatment: Treatment
    replicate: int
    seed: int

    @property
    def arm(self) -> str:
        """The arm's name."""
        return self.treatment.arm

    @property
    def id(self) -> str:
        """The run's name: arm/replicate."""
        return f"{self.arm}/{self.replicate}"


@dataclass(frozen=True)
class Task:
    """Runs that one worker executes one after another, because later ones take the money of earlier ones."""

    world: World
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Design:
    """A table of runs in a fixed order: replicate by replicate, and within one arm by arm."""

    world: World
    treatments: tuple[Treatment, ...]
    runs: tuple[Run, ...]

    def tasks(self) -> tuple[Task, ...]:
        """The runs grouped so that nothing passes between tasks; a task starts with the run it depends on."""
        groups: dict[tuple[int, str], list[Run]] = {}
        for run in self.runs:
            source = run.treatment.same_money_as or run.arm
            groups.setdefault((run.replicate, source), []).append(run)
        for group in groups.values():
            group.sort(key=lambda run: run.treatment.same_money_as is not None)
        return tuple(Task(self.world, tuple(group)) for group in groups.values())


def make_design(
    world: World, treatments: Sequence[Treatment], replicates: int, seed: int, shared_seeds: bool = True
) -> Design:
    """Arms crossed with replicates. All arms of a replicate share one seed, unless `shared_seeds` is False
    (a check that the means do not depend on the pairing)."""
    runs: list[Run] = []
    for replicate in range(1, replicates + 1):
        for treatment in treatments:
            own = "" if shared_seeds else (treatment.same_money_as or treatment.arm)
            runs.append(Run(len(runs), treatment, replicate, replicate_seed(seed, replicate, own)))
    return Design(world, tuple(treatments), tuple(runs))


def replicate_seed(seed: int, replicate: int, arm: str = "") -> int:
    """The seed of a replicate: 31 bits from the root seed, the replicate and, where given, the arm."""
    digest = hashlib.blake2b(f"{seed}/{replicate}/{arm}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") >> 1
