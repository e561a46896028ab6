"""What is run over the set: every combination of rules in both arms, member by member, on each one's random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.design.asked import Asked
from experiments.design.kept_set import KeptSet
from experiments.design.members import Members, own_numbers
from experiments.engine.design import Design
from experiments.questions.rivals.combinations import asked_points

MEMBERS = 20  # run unless somebody asks for more
KEY, RIVALRIES = "over_set", "rivalries"  # of the manifest's options


def members_in(options: Mapping[str, Any]) -> Members | None:
    """What results say that they were run over; None for the default parameters."""
    return Members.stored(options[KEY]) if KEY in options else None


def about(members: Members, points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Members, and the rivalries whose rules were run in each, for the manifest."""
    return {KEY: members.about() | {RIVALRIES: list(points[0])}}


def rivalries_in(options: Mapping[str, Any]) -> list[str]:
    """The rivalries whose rules were run in each member."""
    return [str(name) for name in options[KEY][RIVALRIES]]


def count_of(options: Mapping[str, Any], known: KeptSet) -> int:
    """How many members are asked for."""
    return int(options["members"] or min(MEMBERS, len(known)))


def plan_of(asked: Asked, known: KeptSet) -> tuple[Design, dict[str, Any]]:
    """All combinations in the first member, then in the second, and so on. Within a member arms and rules meet the same
    random numbers, so that what a rule adds is due to it alone; and what the manifest says of them. Raises
    SamspelError."""
    points = asked_points(asked.options)
    count = count_of(asked.options, known)
    design = asked.design(_crossed(known.points(count), points))
    return own_numbers(design, asked.seed, len(points)), about(Members.first(known, count), points)


def _crossed(members: Sequence[Mapping[str, Any]], points: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**point, **member} for member in members for point in points]
