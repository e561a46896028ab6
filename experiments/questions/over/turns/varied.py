"""What is varied to see what would change the verdict, and the small experiment over the first members of the set.

Behaviour is run again in every member at every value, the discount rate and the cost of public funds included: promises
are weighed with the one, and what is left at the end counts with the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from experiments.design.asked import Asked
from experiments.design.kept_set import KeptSet
from experiments.design.members import own_numbers
from experiments.design.plan import treatments_of
from experiments.engine.design import Design
from experiments.questions.compare.turns.varied import BY_NAME, FLATS, SHARE, Varied, standing
from sim import load_parameters

STAGE = "turns"
MEMBERS, QUICK_MEMBERS = 30, 6  # of the set, from its first one on; one replicate each

# Values within the plausible range and far beyond it, so that a reader sees how far off even odds are.
VARIED = (
    replace(BY_NAME["home_worth_midi"], values=(0.0, 1200.0, 2500.0)),
    BY_NAME[SHARE],
    Varied(
        "placement_to_job_coached",
        "RANGE of coached placements end in a job",
        "coached placements that end in a job, share",
        values=(0.0, 0.2, 0.75),  # the second about what a randomised trial found (placement_to_job_trial)
    ),
    replace(BY_NAME["cost_factor"], values=(0.0, 4.0, 12.0)),
    Varied(
        "social_discount_rate",
        "the future is discounted by RANGE a year",
        "social discount rate, share a year",
        values=(0.01, 0.06),
    ),
    Varied(
        "cost_of_public_funds",
        "a krona raised by public budgets costs society RANGE",
        "cost of public funds, SEK a krona raised",
        " SEK",
        values=(1.0, 1.6),
    ),
    replace(BY_NAME["co2_price"], values=(0.0, 7.0, 14.0)),
)
VARIED_BY_NAME = {one.name: one for one in VARIED}


@dataclass(frozen=True)
class Plan:
    """The small experiment: member by member how everything stands, and then each setting by itself at each value.

    tried: other values, by setting. stands: where it stands; for what members differ in, where the default has it.
    """

    design: Design
    flats: int
    members: int
    tried: Mapping[str, tuple[Any, ...]]
    stands: Mapping[str, Any]

    def about(self) -> dict[str, Any]:
        """What a reader of the results needs to know beside the runs, for the manifest."""
        known = load_parameters().records
        return {
            "scale": self.design.world.scale,
            "flats": self.flats,
            "members": self.members,
            "tried": {name: list(values) for name, values in self.tried.items()},
            "stands": dict(self.stands),
            "plausible": {name: list(known[name].plausible) for name in self.tried if name in known},
        }


def plan_of(asked: Asked, known: KeptSet) -> Plan | None:
    """The small experiment that belongs to a run over the set; None where the arms share no setting that could be
    varied. A member runs on the random numbers that it has in the large one. Raises SamspelError."""
    treatments = treatments_of(asked.arms, asked.settings)
    stands = {one.name: value for one in VARIED if (value := standing(one.name, treatments)) is not None}
    tried = {
        name: tuple(value for value in VARIED_BY_NAME[name].values if name in known.names or value != stands[name])
        for name in stands
    }
    if not any(tried.values()):
        return None
    most = min(QUICK_MEMBERS if asked.quick else MEMBERS, asked.options["members"] or len(known), len(known))
    points = points_of(known.points(most), stands, tried)
    smaller = min(1.0, round(FLATS / asked.flats, 2))
    small = replace(asked, scale=asked.scale * smaller, replicates=1)
    design = small.design(points)
    return Plan(own_numbers(design, asked.seed, len(points) // most), small.flats, most, tried, stands)


def points_of(
    members: list[dict[str, float]], stands: Mapping[str, Any], tried: Mapping[str, tuple[Any, ...]]
) -> list[dict[str, Any]]:
    """As many points for each member, in the same order: everything as it stands, each setting at each other value."""
    points = []
    for member in members:
        here = {**stands, **member}
        points += [here, *(here | {name: value} for name, values in tried.items() for value in values)]
    return points
