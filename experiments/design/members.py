"""What questions over the set that is not ruled out share: which members were run, what may be asked of them, and which
random numbers each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.weighted import worth_of
from experiments.design.asked import Asked
from experiments.design.kept_set import KeptSet
from experiments.engine.design import Design, replicate_seed
from sim import SamspelError

Array = NDArray[Any]

SET, DEFAULT = "set", "default"  # what a question is asked over


@dataclass(frozen=True)
class Members:
    """Members of the set that were run, the first of so many (`of`): their weights by fit, and the digest of the set's
    file."""

    of: int
    digest: str
    weight: tuple[float, ...]

    @classmethod
    def first(cls, known: KeptSet, count: int) -> Members:
        """The first so many of the set."""
        return cls(len(known), known.digest, tuple(known.weight[:count].tolist()))

    @classmethod
    def stored(cls, about: Mapping[str, Any]) -> Members:
        """As a manifest has them."""
        return cls(about["of"], about["digest"], tuple(about["weight"]))

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def weights(self) -> Array:
        """One a member."""
        return np.array(self.weight, np.float64)

    @property
    def effective(self) -> float:
        """How many members of equal weight the weighted ones are worth (Kish 1965)."""
        return worth_of(self.weights)

    def about(self) -> dict[str, Any]:
        """For the manifest."""
        return {"members": len(self), "of": self.of, "digest": self.digest, "weight": list(self.weight)}


def check_members(asked: Asked, known: KeptSet, most: int | None) -> None:
    """Refuse, with a SamspelError, settings in place of what members differ in, in all arms or in one, and more members
    than there are. most: of the first so many; None for all."""
    for name in asked.settings:
        if name in known.names:
            raise SamspelError(f"--set {name}: members of the set differ in it; leave it out")
    for arm in asked.arms:
        for name in arm.settings:
            if name in known.names:
                raise SamspelError(f"arm {arm.name}: sets {name}, in which members of the set differ; leave it out")
    if most is not None and most > len(known):
        raise SamspelError(f"--members: got {most}; expected 1 to {len(known)}, the members of the set")
    if not known.weight[:most].sum() > 0:
        raise SamspelError(f"--members: got {most}; the first {most} weigh nothing, as they fit nothing: take more")


def own_numbers(design: Design, seed: int, block: int) -> Design:
    """A design of so many points (`block`) for each member, one member after another, on random numbers of the member's
    own: those on which `samspel compare --over set` runs it, where the default parameters come before the first."""
    runs = (
        replace(run, seed=replicate_seed(seed, run.replicate, f"/{(run.point - 1) // block + 2}"))
        for run in design.runs
    )
    return replace(design, runs=tuple(runs))
