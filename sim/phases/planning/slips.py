"""Why planned buildings are not begun, as planning knows it: not worth it, or loans or staff are short."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.case import Case
from sim.rules.choice import best
from sim.world.columns import Bools, Ints
from sim.world.plans import Slip
from sim.world.world import World


def note_postponed(world: World, case: Case, places: Ints) -> None:
    """These (places in the case) are postponed by choice: for want of loans where dear capital alone speaks against
    them, else because they are not worth what they would cost today."""
    world.plans.hold(case.keys[places], Slip.PRICE)
    short = places[np.array([x.short > 0.0 for x in world.owners])[case.owner[places]]]
    money = short[best(case.own[short], case.error[short], case.allowed[short]) >= 0]
    world.plans.hold(case.keys[money], Slip.MONEY)


def note_unaffordable(world: World, case: Case, places: Ints, within_loans: Bools) -> None:
    """These (places in the case) do not fit this year: loans do not reach them, or else the organisation does not."""
    world.plans.hold(case.keys[places[~within_loans]], Slip.MONEY)
    world.plans.hold(case.keys[places[within_loans]], Slip.STAFF)
