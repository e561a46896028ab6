"""How a calibration goes about it, as a file that is written before the first wave (`seeds/matching.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from experiments.questions.validate.measuring.patterns import Pattern, load_patterns
from sim import Levers, load_parameters
from sim.errors import SamspelError, unknown
from sim.inputs.seeds_folder import seeds_folder
from sim.inputs.toml_text import read_toml

FILE = "matching.toml"
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(gt=0.0, le=1.0)]


class Discrepancy(BaseModel):
    """Of one measure: the standard deviation of what even the best parameters would miss, in its unit, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    sd: Annotated[float, Field(gt=0.0)]
    why: Annotated[str, Field(min_length=10)]


class PlannedRules(BaseModel):
    """points_first, points_later: simulated in the first wave and in later ones; waves: at most; cut_offs:
    implausibility that emulators let pass, by wave, the last one for all that follow; spare: how far above the best
    points' one it is raised where nothing is left; share_inside: of a wave's points
    inside every fitted range, at which it ends; members: fresh points of the set at last, each on so many seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    points_first: Annotated[int, Field(ge=10)]
    points_later: Annotated[int, Field(ge=10)]
    waves: Annotated[int, Field(ge=1, le=20)]
    cut_offs: tuple[float, ...]
    spare: Annotated[float, Field(ge=0.0)]
    share_inside: Share
    members: Count
    seeds_of_members: Count
    weights: Literal["equal by pattern"]

    @model_validator(mode="after")
    def _falling(self) -> PlannedRules:
        if not self.cut_offs or list(self.cut_offs) != sorted(self.cut_offs, reverse=True):
            raise ValueError("cut_offs: expected one or more that do not rise, such as [3.0, 2.0]")
        return self


class Plan(BaseModel):
    """The whole file. parameters: varied; parameters_by_cost: in place of use values where rents follow cost.
    discrepancy: by measure, such as P5.excess."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    parameters: tuple[str, ...]
    parameters_by_cost: tuple[str, ...] = ()
    rules: PlannedRules
    discrepancy: Mapping[str, Discrepancy]


@lru_cache(maxsize=4)
def load_plan(path: Path | None = None) -> Plan:
    """Read a plan (the shipped one by default).

    Raises SamspelError where the file cannot be read, a key is missing, unknown or out of bounds, or a measure is none
    of a pattern that may be fitted, or is a share of runs, which no single point has.
    """
    file = path or seeds_folder() / FILE
    tables, _ = read_toml(file, str(file), "a plan of the calibration")
    try:
        plan = Plan.model_validate(tables)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SamspelError(f"{file.name}{where and f', {where}'}: {first['msg']}") from None
    records = load_parameters().records
    for name in (*plan.parameters, *plan.parameters_by_cost):
        if name not in records:
            raise unknown("parameter", name, records, f"{file.name}, parameters")
    known = fittable(load_patterns())
    for name in plan.discrepancy:
        if name not in known:
            raise unknown("fitted measure", name, known, f"{file.name}, discrepancy")
    return plan


def varied(plan: Plan, levers: Levers) -> tuple[str, ...]:
    """What is varied where nothing was named: of the parameters of rents, those of the rule that they follow."""
    if levers.rents_follow == "use-value":
        return plan.parameters
    return (*(name for name in plan.parameters if not name.startswith("use_value_")), *plan.parameters_by_cost)


def fittable(patterns: tuple[Pattern, ...]) -> dict[str, Pattern]:
    """Measures that may be fitted, with their patterns: scored tests of medians and signs, of patterns for fitting."""
    return {
        pattern.measure_of(test): pattern
        for pattern in patterns
        if pattern.use == "fit"
        for test in pattern.tests
        if test.scored and test.over != "share"
    }
