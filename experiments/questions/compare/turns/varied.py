"""What is varied to find where the headline turns, and the small experiment that runs everything again at each value.

Behaviour is run again and not only recounted: what a better home is worth drives votes and who moves where, what CO₂ is
worth what a joint appraisal builds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from experiments.design.asked import Asked
from experiments.design.plan import treatments_of
from experiments.engine.design import Design, Treatment
from experiments.engine.points import PRACTICES, baseline_of, focus_of
from sim import Dated, Levers, load_parameters

STAGE = "turns"
FLATS, REPLICATES, QUICK_REPLICATES = 16_600, 4, 2  # at most; a fifth of Stockholm county
SHARE = "additionality"  # a lever without numbers: its share is measured in the runs, and 1 under the rule "full"


@dataclass(frozen=True)
class Varied:
    """A parameter, a lever or cost_factor. pays: when the arm in question is worth it, with RANGE for "less than X";
    what: the same with its unit, for tables and axes. values: what is tried beside the value that it has and a
    parameter's plausible range: beyond it, so that a reader sees how far off the turn is; the end of the range on that
    side lies on the way, and is not run again. below: whether its lower end is tried: not where that is near what
    stands. unit: written after a number.
    """

    name: str
    pays: str
    what: str
    unit: str = ""
    values: tuple[Any, ...] = ()
    below: bool = True

    def tried(self) -> tuple[Any, ...]:
        """The values beside the one that it has."""
        record = load_parameters().records.get(self.name)
        if record is None:
            return self.values
        ends = (*record.plausible, *self.values)
        return (min(ends), max(ends)) if self.below else (max(ends),)


VARIED = (
    Varied(
        "home_worth_midi",
        "an intermediate standard is worth RANGE a month to those who get it, and other standards in proportion",
        "worth of an intermediate standard, SEK a month",
        " SEK",
        values=(2000.0,),
    ),
    Varied(
        "home_worth_worn",
        "not living in a worn-out building is worth RANGE the wish for an intermediate standard to tenants",
        "worth of a building in order, in wishes for an intermediate standard",
        " times",
        values=(8.0,),
        below=False,
    ),
    Varied(
        SHARE,
        "RANGE of the value reported for programme jobs is additional",
        "additionality of programme jobs, share",
        values=("full",),
    ),
    Varied(
        "cost_factor",
        "coordination costs RANGE",
        "cost of coordination, times today's",
        " times what it does",
        values=(3.0, 12.0),
    ),
    Varied(
        "calm_worth",
        "living as safe as elsewhere is worth RANGE a year to a household, against a place without any calm",
        "worth of calm, SEK a household and year",
        " SEK",
        below=False,
    ),
    Varied("co2_price", "carbon dioxide is worth RANGE a kg", "value of carbon dioxide, SEK a kg", " SEK", below=False),
)
BY_NAME = {one.name: one for one in VARIED}


@dataclass(frozen=True)
class Plan:
    """The small experiment. design: its runs; the first point is how everything stands, each other one changes one
    setting. flats: of the region at its scale. costs: costs of coordination at which the comparison itself has an arm
    that is the focus otherwise, with its name."""

    design: Design
    flats: int
    costs: Mapping[float, str]

    def about(self) -> dict[str, Any]:
        """What a reader of the results needs to know beside the runs, for the manifest."""
        return {
            "scale": self.design.world.scale,
            "flats": self.flats,
            "costs": [list(one) for one in self.costs.items()],
        }


def plan_of(asked: Asked) -> Plan | None:
    """The small experiment that belongs to a comparison; None where there is nothing to run again: a single arm, or
    money handed on from a third one. Raises SamspelError."""
    names = [arm.name for arm in asked.arms]
    focus, baseline = focus_of(names), baseline_of(names)
    chosen = [arm for arm in asked.arms if arm.name in (focus, baseline)]
    if focus is None or any(arm.same_money_as is not None for arm in chosen):
        return None
    most = QUICK_REPLICATES if asked.quick else REPLICATES
    smaller = min(1.0, round(FLATS / asked.flats, 2))
    small = replace(asked, scale=asked.scale * smaller, replicates=min(asked.replicates, most))
    costs = known_costs(treatments_of(asked.arms, asked.settings), focus)
    points = points_of(treatments_of(chosen, asked.settings), costs)
    if len(points) < 2:
        return None
    return Plan(small.design(points, arms=chosen, shared_seeds=asked.options["shared_seeds"]), small.flats, costs)


def points_of(treatments: tuple[Treatment, ...], known: Mapping[float, str]) -> list[dict[str, Any]]:
    """The points: how everything stands, and each setting by itself at each other value. A setting that the arms do not
    share has no one value to move away from, and is left out. known: costs at which the comparison has an arm."""
    stands = {one.name: value for one in VARIED if (value := standing(one.name, treatments)) is not None}
    points = [stands]
    for name, value in stands.items():
        others = [other for other in BY_NAME[name].tried() if other != value]
        if name == "cost_factor":
            others = [other for other in others if other not in known]
        points += [stands | {name: other} for other in others]
    return points


def known_costs(treatments: tuple[Treatment, ...], focus: str) -> dict[float, str]:
    """Arms that differ from the focus in nothing but what coordination costs, by that cost."""
    wanted = next(one for one in treatments if one.arm == focus)
    return {one.collaboration.cost_factor: one.arm for one in treatments if one.arm != focus and _alike(one, wanted)}


def _alike(one: Treatment, other: Treatment) -> bool:
    """Whether two arms are the same but for the cost of coordination."""
    renamed = one.collaboration.replace(cost_factor=other.collaboration.cost_factor)
    same = {**renamed.settings(), "name": ""} == {**other.collaboration.settings(), "name": ""}
    money = one.same_money_as is None and other.same_money_as is None
    return same and money and _set(one) == _set(other)


def _set(treatment: Treatment) -> tuple[Any, ...]:
    return treatment.parameters, treatment.levers, treatment.injections


def standing(name: str, treatments: tuple[Treatment, ...]) -> Any:
    """The one value that a setting has in all arms in which it acts; None where there is none."""
    if name in PRACTICES:
        values = [getattr(one.collaboration, name) for one in treatments if one.collaboration.partners]
    elif name in Levers.model_fields:
        values = [Levers.checked(**one.levers).settings()[name] for one in treatments]
    else:
        values = [one.parameters.get(name, load_parameters().values[name]) for one in treatments]
    alike = values and not isinstance(values[0], Dated) and all(value == values[0] for value in values)
    return values[0] if alike else None
