"""Works that partners had agreed to pay for and that go back to planning, as nobody bids for them."""

from __future__ import annotations

import numpy as np

from sim.world.columns import Ints
from sim.world.notes import OWNER, Talk
from sim.world.projects import Project
from sim.world.world import World


def note_no_bids(world: World, project: Project, keys: Ints) -> None:
    """A row in the log of talks where these buildings (rows at full size) of a project take promises along, SEK a
    year."""
    if not project.payments.any():
        return
    gone = np.isin(project.keys, keys)
    flats = world.buildings.flats[project.buildings]
    part = float(flats[gone].sum()) / max(float(flats.sum()), 1.0)
    sek = float(project.payments.sum()) * part * world.region.scale
    if sek > 0.0:
        name = world.municipalities[project.municipality].name
        row = Talk(world.quarter, name, OWNER, project.programme, 0.0, sek, 0.0, "withdrawn", "no_bids")
        world.talk_log.append(row)
