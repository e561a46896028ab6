"""A plan: settings turned into a checked design. What can be wrong is found here, before the first run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.design.arms import Arm, choose_arms
from experiments.design.settings import Settings
from experiments.engine.design import Design, Treatment, World, make_design
from experiments.engine.pool import default_jobs
from experiments.engine.runs import region_of
from sim import Levers, Parameters, Region, load_parameters
from sim.errors import unknown


@dataclass(frozen=True)
class Plan:
    """What will run: the design, and what a reader of the results needs to know about its inputs.

    changed: names of the parameters and levers that differ from their defaults in some arm.
    notes: remarks on values outside their plausible range.
    """

    settings: Settings
    region: Region
    parameters: Parameters
    arms: tuple[Arm, ...]
    design: Design
    changed: tuple[str, ...]
    notes: tuple[str, ...]
    jobs: int
    out: Path


def make_plan(settings: Settings) -> Plan:
    """Check everything and lay out the runs. Raises SamspelError."""
    arms = choose_arms(settings.arm_names, settings.declared())
    region = region_of(settings.region, settings.scale)
    treatments = treatments_of(arms, settings.set)
    world = World(settings.region, settings.scale, settings.years, settings.record)
    design = make_design(world, treatments, settings.replicates, settings.seed, settings.shared_seeds)
    changed = {name for treatment in treatments for name in (*treatment.parameters, *treatment.levers)}
    notes = {note for treatment in treatments for note in load_parameters().replace(treatment.parameters).notes()}
    return Plan(
        settings=settings,
        region=region,
        parameters=load_parameters().replace(split_settings(settings.set)[0]),
        arms=arms,
        design=design,
        changed=tuple(sorted(changed)),
        notes=tuple(sorted(notes)),
        jobs=settings.jobs or default_jobs(),
        out=Path(settings.out).expanduser(),
    )


def with_replicates(plan: Plan, replicates: int) -> Plan:
    """The same plan with another number of replicates."""
    settings, made = plan.settings.model_copy(update={"replicates": replicates}), plan.design
    design = make_design(made.world, made.treatments, replicates, settings.seed, settings.shared_seeds)
    return replace(plan, settings=settings, design=design)


def split_settings(settings: Mapping[str, Any], where: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters and levers, told apart by name and checked against their bounds. Raises SamspelError."""
    records = load_parameters().records
    known = (*records, *Levers.model_fields)
    for name in settings:
        if name not in known:
            raise unknown("parameter or lever", name, known, where)
    parameters = {name: value for name, value in settings.items() if name in records}
    levers = {name: value for name, value in settings.items() if name not in records}
    load_parameters().replace(parameters)
    Levers.checked(**levers)
    return parameters, levers


def treatments_of(arms: Sequence[Arm], everywhere: Mapping[str, Any]) -> tuple[Treatment, ...]:
    """The arms with what is set in all of them (`--set`). Raises SamspelError."""
    return tuple(_treatment(arm, everywhere) for arm in arms)


def _treatment(arm: Arm, everywhere: Mapping[str, Any]) -> Treatment:
    split_settings(everywhere, "--set")
    split_settings(arm.settings, f"arms.{arm.name}.set")
    parameters, levers = split_settings({**everywhere, **arm.settings})
    return Treatment(arm.name, arm.collaboration(), parameters, levers, arm.same_money_as)
