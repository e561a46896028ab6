"""A point: values of parameters, levers and practices, put into an arm's treatment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from experiments.engine.dates import DATES, refuse_yearless, whose, with_years, year_taken
from sim import Collaboration, Injection, Levers, SamspelError, load_parameters
from sim.errors import unknown
from sim.vocabulary import Practice

PRACTICES = (*(str(practice) for practice in Practice), "cost_factor")
BASELINE, FOCUS = "siloed", "coordinated"


def baseline_of(names: Sequence[str]) -> str:
    """The arm that the others are compared with: siloed where it runs, or else the first."""
    return BASELINE if BASELINE in names else names[0]


def focus_of(names: Sequence[str]) -> str | None:
    """The arm that the questions are about: coordinated where it runs, else the first beside the baseline."""
    others = [name for name in names if name != baseline_of(names)]
    return FOCUS if FOCUS in others else next(iter(others), None)


@dataclass(frozen=True)
class Treatment:
    """What an arm does to the model: its collaboration, the parameters and levers changed in it, and injections.

    label, meaning, preset: for readers; they determine no number.
    """

    arm: str
    collaboration: Collaboration
    parameters: Mapping[str, Any]
    levers: Mapping[str, Any]
    same_money_as: str | None = None
    label: str = ""
    meaning: str = ""
    preset: str = ""
    injections: tuple[Injection, ...] = ()


def apply_point(treatment: Treatment, point: Mapping[str, Any]) -> Treatment:
    """The treatment with a point's values in place of its own. Parameters and levers act in every arm,
    practices and cost_factor only in arms that have partners to practise with. Years that an arm has stay where the
    point has none. Raises SamspelError for a first year after the last."""
    if not point:
        return treatment
    parameters, levers, practices = sorted_settings(point)
    collaboration = treatment.collaboration
    if practices and collaboration.partners:
        now = with_years(collaboration.settings(), practices, keep=True)
        collaboration = collaboration.replace(**{name: now[name] for name in map(whose, practices)})
    return replace(
        treatment,
        collaboration=collaboration,
        parameters={**treatment.parameters, **parameters},
        levers=with_years(treatment.levers, levers, keep=True),
    )


def sorted_settings(point: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A point's parameters, levers and practices, the latter two with years of theirs."""
    records = load_parameters().records
    parameters = {name: value for name, value in point.items() if name in records}
    levers = {name: value for name, value in point.items() if whose(name) in Levers.model_fields}
    practices = {name: value for name, value in point.items() if whose(name) in PRACTICES}
    return parameters, levers, practices


def refuse_unknown(name: str, where: str) -> None:
    """Raises SamspelError for what is no parameter, lever or practice, and no year of one."""
    Levers.refuse_gone(name)
    known = (*load_parameters().records, *Levers.model_fields, *PRACTICES)
    if name not in known and name not in DATES:
        refuse_yearless(name, where)
        base, dot, _ = name.partition(".")
        dates = [one for one in DATES if whose(one) == base] or list(DATES)
        raise unknown("parameter, lever or practice", name, dates if dot else known, where)


def check_points(points: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The points with values of the kinds that the model takes. Refuses, with a SamspelError, settings that do not
    exist, values out of bounds, and points that do not set the same names."""
    if not points:
        raise SamspelError("design: no point to run; expected one or more")
    for number, point in enumerate(points, 1):
        for name in point:
            refuse_unknown(name, f"design, point {number}")
        if list(point) != list(points[0]):
            raise SamspelError(f"design, point {number}: sets other names than point 1, or in another order")
    return [{name: as_taken(name, value) for name, value in point.items()} for point in points]


def as_taken(name: str, value: Any) -> Any:
    """The value as the model takes it: 1 of a price is 1.0, 3.0 of a year is 3. Raises SamspelError for a value that a
    parameter, lever or practice cannot have."""
    if name in DATES:
        return year_taken(name, value)
    if name in load_parameters().records:
        return load_parameters().replace({name: value}).values[name]
    if name in Levers.model_fields:
        return Levers.fit(**{name: value})[name]
    return Collaboration("point").replace(**{name: value}).settings()[name]
