"""From a region, parameters and a seed to every number that the patterns need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from experiments.questions.validate.measuring import (
    building,
    controls,
    debts,
    estates,
    image,
    jobs,
    joint_buying,
    moving,
    participants,
    purses,
    renovating,
)
from experiments.questions.validate.measuring.worlds import Worlds
from sim import Levers, Parameters, Region
from sim.errors import unknown

Measure = Callable[[Worlds], Mapping[str, float]]

# One function a pattern; it runs no more arms than it needs, and arms are shared among patterns.
MEASURES: dict[str, Measure] = {
    "P1": renovating.energy_pays_little,
    "P2": renovating.depth_is_rare,
    "P3": renovating.stock_falls_slowly,
    "P4": renovating.rent_ladder,
    "P5": moving.renovation_year,
    "P6": moving.gradient,
    "P7": jobs.funnel,
    "P8": jobs.reach,
    "P9": jobs.additionality,
    "P10": jobs.lasting,
    "P11": purses.wrong_pocket,
    "P12": purses.conditional_gain,
    "P13": moving.selective,
    "P14": building.learning_and_cycle,
    "P15": building.thin_competition,
    "P16": image.inside_and_outside,
    "P17": participants.fading,
    "P18": debts.debt_stays,
    "P19": estates.estate_by_estate,
    "P20": joint_buying.cheaper_in_calm,
    "C1": controls.shared_calculation,
    "C2": controls.clause_moves_little,
    "C3": controls.perceptions_first,
    "C4": controls.jobs_of_a_programme,
}


# What patterns do not ask for and a screening does, measured in the same runs.
BESIDE: dict[str, Measure] = {"headline": purses.headline}


def measure(
    region: Region,
    parameters: Parameters,
    seed: int,
    which: Collection[str] | None = None,
    years: int = 30,
    levers: Levers | None = None,
) -> dict[str, float]:
    """What one seed says about each pattern: "P5.excess" and the like; NaN where nothing could be measured, infinite
    for a pay-back that never comes.

    ``which`` names patterns ("P5") or "headline"; runs that only others need are then left out. Raises SamspelError for
    a pattern that does not exist.
    """
    known = MEASURES | BESIDE
    names = list(MEASURES) if which is None else list(which)
    for name in names:
        if name not in known:
            raise unknown("pattern", name, MEASURES)
    worlds = Worlds(region, parameters, int(seed), years, levers or Levers())
    try:
        return {f"{name}.{key}": float(value) for name in names for key, value in known[name](worlds).items()}
    finally:
        worlds.close()
