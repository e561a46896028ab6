"""Works that partners had agreed to pay for and that go back to planning, as nobody bids for them."""

from __future__ import annotations

from sim.world.notes import OWNER, Talk
from sim.world.projects import Project
from sim.world.world import World


def note_no_bids(world: World, project: Project, flats: int, before: int) -> None:
    """A row in the log of talks where so many flats of the project, of as many as were ``before``, take promises along,
    SEK a year."""
    if not project.payments.any():
        return
    sek = float(project.payments.sum()) * (flats / max(before, 1)) * world.region.scale
    if sek > 0.0:
        name = world.municipalities[project.municipality].name
        row = Talk(world.quarter, name, OWNER, project.programme, 0.0, sek, 0.0, "withdrawn", "no_bids")
        world.talk_log.append(row)
