"""Second earners: how often they find and lose work. Chances are per quarter unless a name says otherwise."""

from __future__ import annotations

from sim.inputs.parameters import Parameters


def year_of_second_earners(openings: float, losing: float, p: Parameters) -> tuple[float, float]:
    """Chance that one out of work is at work a year later, and that one at work is not: both may change twice.

    openings, losing : against normal times, factors. In normal times as many work as at the start.
    """
    lose = min(p.second_loss * losing, p.finding_most)
    find = min(p.second_loss * p.second_earner_share / max(1.0 - p.second_earner_share, 1e-9) * openings, 1.0 - lose)
    moves = 1.0 - (1.0 - find - lose) ** 4
    total = max(find + lose, 1e-9)
    return find / total * moves, lose / total * moves
