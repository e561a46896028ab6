"""Moving out, renewal of single flats at turnover, and moving in, within phase 7."""

from __future__ import annotations

from sim.phases.destinations import see_incomes
from sim.phases.leaving import leave
from sim.phases.letting import let
from sim.phases.single_flats import renew_singly
from sim.world.world import World


def move(world: World) -> None:
    """Households leave; private landlords may renew the empty flat; others who leave, or the queue, fill it.

    Rows of residents are flats: a household that leaves and one that moves in are the same row before and after.
    """
    if world.quarter % 4 == 0:
        see_incomes(world)
    leavers = leave(world)
    if world.levers.turnover_renovation:
        renew_singly(world, leavers.rows)
    let(world, leavers)
