"""What happens when a budget year opens: budgets, joining or leaving the compact, confidence."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.finance import grants
from sim.phases.finance.injections import inject
from sim.phases.finance.loans import count_commitments
from sim.phases.planning.compact import convene, disband
from sim.phases.planning.learning import learn
from sim.phases.planning.pledges import hand_over, pay_pledges
from sim.world.books import Flow
from sim.world.world import World


def open_year(world: World) -> None:
    """Everything that is set once a year, before planning: budgets are SEK of the year.

    Partners learn from the year that is over before they decide whether to stay.
    """
    _budgets(world)
    inject(world)
    learn(world)
    pay_pledges(world)
    if scope.convened(world):
        convene(world)
    else:
        disband(world)
    hand_over(world)
    count_commitments(world)
    for owner in world.owners:
        owner.short, owner.missing = 0.0, 0.0


def _budgets(world: World) -> None:
    """Co-funding money of the year, by municipality: what it spends on hosts is not there for works."""
    p, scale, downturn = world.p, world.region.scale, world.surroundings.slack
    hosts = world.books.last_year(Flow.PRESENCE_MUNICIPALITIES)[: len(world.municipalities)]
    slack_sek = np.maximum(world.region.municipalities.investment_slack_sek - hosts, 0.0)
    for m in world.municipalities:
        m.open_budget(float(slack_sek[m.index]), downturn, p)
    world.county_council.open_budget(world.flat_shares, scale, downturn, p)
    world.state.open_budget(world.flat_shares, scale, scope.state_money_free(world), p)
    grants.open_year(world)
