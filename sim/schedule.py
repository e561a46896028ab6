"""The order of a quarter, written once: who acts, what is read, what is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.phases import ageing, closing, everyday, image, site_work, surroundings, tender, work
from sim.phases.planning import planning
from sim.world.world import World


@dataclass(frozen=True)
class Phase:
    """One phase of the quarter."""

    name: str
    advance: Callable[[World], None]
    who: str
    reads: str
    writes: str


PHASES: tuple[Phase, ...] = (
    Phase("surroundings", surroundings.advance, "builders", "last quarter's sites",
          "heat price, interest, cycle, unemployment, shortage, firms' workers"),
    Phase("buildings age", ageing.advance, "-", "age, condition", "condition, energy (tuning), rent round, repairs"),
    Phase("planning (yearly)", planning.advance, "municipalities, landlords, county council, state, tenants",
          "condition, prices seen, closed books, reputation, headroom",
          "projects, side payments agreed, consent"),
    Phase("tender and award", tender.advance, "builders, owners", "projects ready, capacity, order books",
          "contracts, bids"),
    Phase("site work", site_work.advance, "builders", "contracts, workers, shortage",
          "finished buildings: energy, condition, comfort, rent; payments, delay"),
    Phase("work and training", work.advance, "residents, builders, municipalities",
          "vacancies, reputation, health, open sites", "work, skill, training places, vacancies"),
    Phase("everyday life", everyday.advance, "residents, landlords", "rent, work, comfort, disturbance",
          "income, burden, assistance, health, satisfaction, who lives where"),
    Phase("image and engagement", image.advance, "civil society, hosts on site",
          "satisfaction, employment, renewal, calm", "reputation, trust, local presence"),
    Phase("books close", closing.advance, "all budgets", "all flows, homes, work, moves",
          "equalisation, debts, sales, rescues, values, prices, what is seen of neighbourhoods, calm"),
)  # fmt: skip


def table() -> str:
    """The phases as a text table."""
    head = ("", "phase", "who acts", "reads", "writes")
    rows = [(str(i), x.name, x.who, x.reads, x.writes) for i, x in enumerate(PHASES, 1)]
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(5)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *rows]
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
