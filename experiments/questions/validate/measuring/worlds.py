"""The runs that patterns are measured on: several arms of one seed and set of parameters, run when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import Collaboration, Levers, Parameters, Region, RenewalModel
from sim.inputs.collaboration import REGIONAL
from sim.mesa_rows.rows import forget
from sim.recording.events import Events
from sim.rules.training import Programme
from sim.sums import total
from sim.vocabulary import Work
from sim.world.programme import programme_jobs

Array = NDArray[Any]

# Clauses alone: everybody decides as in silos, so that nothing but the clauses differs from the siloed run.
CLAUSES = Collaboration("clauses", training=1.0, partners=REGIONAL)
SHARED = Collaboration("joint appraisal", shared_calculation=1.0, partners=REGIONAL)


@dataclass(frozen=True)
class World:
    """A finished run, its events and outcomes, and what was looked at every quarter.

    satisfaction: mean by building (quarters, buildings); reputation (quarters, neighbourhoods); employed: residents at
    work, apprentices among them, by municipality (quarters, m); elsewhere: employed in the rest of the county
    (quarters,); reported: people at work through the programme (quarters, m); trainees and crews: persons on sites
    (quarters,); companies: their debt and market value (SEK), and flats (quarters, 3, m).
    """

    model: RenewalModel
    events: Events
    curves: pd.DataFrame
    satisfaction: Array
    reputation: Array
    employed: Array
    elsewhere: Array
    reported: Array
    trainees: Array
    crews: Array
    companies: Array

    @property
    def at_work(self) -> Array:
        """A bit for each household of 2011 at work, wherever it lives by now (quarters, bytes)."""
        return self.events.work.packed

    def outcome(self, name: str) -> Array:
        """An outcome of the region by quarter."""
        return np.asarray(self.curves[name].to_numpy(), np.float64)


@dataclass
class Worlds:
    """The arms of one seed."""

    region: Region
    parameters: Parameters
    seed: int
    years: int
    levers: Levers

    @cached_property
    def siloed(self) -> World:
        """Everyone in their own silo; also the twin of runs with clauses."""
        return self._run(Collaboration.preset("siloed"))

    @cached_property
    def clauses(self) -> World:
        """Silos whose contracts carry training places across the region."""
        return self._run(CLAUSES)

    @cached_property
    def clauses_full(self) -> World:
        """The same without deadweight or displacement: the consultants' spreadsheet."""
        return self._run(CLAUSES, additionality="full")

    @cached_property
    def shared(self) -> World:
        """Silos that share their calculations and nothing else."""
        return self._run(SHARED)

    @cached_property
    def regional(self) -> World:
        """Full regional collaboration."""
        return self._run(Collaboration.preset("regional"))

    def fresh(self) -> RenewalModel:
        """The world of 2011, before anything has happened."""
        return self._start

    @cached_property
    def _start(self) -> RenewalModel:
        return RenewalModel(self.region, Collaboration.preset("siloed"), self.seed, parameters=self.parameters, years=1)

    def close(self) -> None:
        """Let go of all models: Mesa would keep them."""
        for world in vars(self).values():
            if isinstance(world, World | RenewalModel):
                forget(world.model if isinstance(world, World) else world)

    def _run(self, collaboration: Collaboration, **levers: Any) -> World:
        model = RenewalModel(
            self.region, collaboration, self.seed, parameters=self.parameters,
            levers=self.levers.replace(**levers), years=self.years, twins=True,
        )  # fmt: skip
        seen: list[tuple[Any, ...]] = []
        while model.quarter < model.quarters:
            model.step()
            seen.append(_look(model))
        assert model.events is not None
        return World(model, model.events, model.curves(), *(np.array(column) for column in zip(*seen, strict=True)))


def _look(model: RenewalModel) -> tuple[Any, ...]:
    """One quarter of what World holds, in its order."""
    r, m, world = model.residents, len(model.municipalities), model.world
    at_work = (r.work == Work.EMPLOYED) | (r.programme == Programme.APPRENTICE)
    return (
        world.in_building.mean(r.satisfaction),
        world.neighbourhoods.reputation.copy(),
        np.bincount(world.municipality_of[at_work], minlength=m),
        world.pool.employed.sum(),
        programme_jobs(world),
        ((r.builder >= 0) & (r.programme > 0)).sum(),
        total(c.crew for c in world.contracts if c.start <= world.quarter),
        np.array([[getattr(x, name) for x in world.municipalities] for name in ("debt", "value", "flats")], np.float64),
    )
