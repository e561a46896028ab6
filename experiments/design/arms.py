"""The arms of a comparison: what each is called, which collaboration it runs, and whose money it is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from experiments.engine.points import BASELINE, FOCUS, baseline_of, focus_of
from sim import Collaboration, Injection
from sim.errors import SamspelError, clip, unknown
from sim.inputs.text import look

__all__ = ["BASELINE", "DEFAULT_ARMS", "FOCUS", "NAMED_ARMS", "Arm", "baseline_of", "choose_arms", "focus_of"]

DEFAULT_ARMS = ("siloed", "coordinated", "siloed-same-money", "coordinated-triple-cost", "emergent")
_NAME = re.compile(r"[^\W_]+(?:[ ._+-][^\W_]+)*")


@dataclass(frozen=True)
class Arm:
    """One collaboration within a comparison.

    preset: the collaboration that the arm starts from.
    changes: fields of the collaboration that differ from the preset (practices, `cost_factor`, `partners`).
    settings: parameters and levers that hold in this arm only.
    injections: what owners' owners put in beside the region's own table.
    same_money_as: the arm whose co-funding this arm's housing companies receive, year by year; it runs first.
    """

    name: str
    label: str
    meaning: str
    preset: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    same_money_as: str | None = None
    injections: tuple[Injection, ...] = ()

    def __post_init__(self) -> None:
        """Names stand in lists, in names of runs and in tables: refuse, with a SamspelError, what would read otherwise
        there. Labels may be anything."""
        if not _NAME.fullmatch(self.name):
            such = "letters and digits, joined by single blanks, hyphens, underscores, dots or plus signs"
            where = f'arms."{self.name[:60]}"'
            raise SamspelError(f"{where}: cannot be the name of an arm; expected {such} (a label may be anything)")

    def collaboration(self) -> Collaboration:
        """The collaboration of this arm. Raises SamspelError if the preset or a change is not valid."""
        try:
            collaboration = Collaboration.preset(self.preset)
            return collaboration.replace(**self.changes) if self.changes else collaboration
        except SamspelError as error:
            raise SamspelError(f'arm "{self.name}": {error}') from None


NAMED_ARMS: Mapping[str, Arm] = {
    arm.name: arm
    for arm in (
        Arm("siloed", "Siloed", "everyone for themselves; all practices off", "siloed"),
        Arm("local", "Local", "the housing company with its municipality and civil society", "local"),
        Arm("regional", "Regional", "the same collaboration as coordinated, by its preset's name", "regional"),
        Arm("coordinated", "Coordinated", "county council, municipalities and builders together", "regional"),
        Arm(
            "national",
            "National",
            "as coordinated, with the state as a partner and flexible state funding",
            "national",
        ),
        Arm("emergent", "Emergent", "partners commit, or not, year by year; up to coordinated", "emergent"),
        Arm(
            "siloed-same-money",
            "Siloed, same money",
            "silos that receive the co-funding of the coordinated arm, year by year",
            "siloed",
            same_money_as=FOCUS,
        ),
        Arm(
            "coordinated-triple-cost",
            "Coordinated, triple cost",
            "as coordinated, with three times the cost of coordination",
            "regional",
            changes={"cost_factor": 3.0},
        ),
    )
}


def choose_arms(names: tuple[str, ...], declared: Mapping[str, Arm]) -> tuple[Arm, ...]:
    """The arms to run, in the order named; `declared` adds arms to the named ones or replaces them."""
    known = {**NAMED_ARMS, **declared}
    for name in names:
        if name not in known:
            raise unknown("arm", name, known)
        if names.count(name) > 1:
            raise SamspelError(f'arm "{clip(name)}" is named twice; name each arm once')
    if not names:
        raise SamspelError(f"no arm to run; name at least one of: {', '.join(known)}")
    chosen = tuple(known[name] for name in names)
    for arm in chosen:
        _check_money(arm, chosen, known)
        for other in chosen:
            if other is not arm and look(other.label) == look(arm.label):
                such = (
                    f'are both labelled "{clip(arm.label)}"'
                    if arm.label == other.label
                    else "have labels that look alike"
                )
                raise SamspelError(f'arms "{arm.name}" and "{other.name}" {such}; give each a label of its own')
    return chosen


def _check_money(arm: Arm, chosen: tuple[Arm, ...], known: Mapping[str, Arm]) -> None:
    source = arm.same_money_as
    if source is None:
        return
    if source not in known:
        raise unknown("arm", source, known, f'arm "{arm.name}": same_money_as')
    if known[source].same_money_as is not None:
        raise SamspelError(f'arm "{arm.name}": same_money_as "{source}" itself takes another arm\'s money')
    if source not in {other.name for other in chosen}:
        raise SamspelError(f'arm "{arm.name}" is given the money of "{source}"; add "{source}" to the arms')
