"""What a programme is called in tables."""

from __future__ import annotations

from sim.phases.planning.case import Case
from sim.world.world import World


def programme_name(world: World, case: Case, place: int) -> str:
    """The name of the programme of a building (place in the case): neighbourhood and calendar year."""
    row = world.buildings.neighbourhood[case.rows[place]]
    return f"{world.region.neighbourhoods.name[row]} {world.year}"
