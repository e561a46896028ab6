"""Training clauses within phase 4: the places that a lot asks for, those that bidders reckon with, and their price."""

from __future__ import annotations

from typing import NamedTuple

from sim import scope
from sim.rules.clauses import PlaceCost, crew_year, place_cost, place_quarters
from sim.sums import total
from sim.world.candidates import by_municipality
from sim.world.columns import Floats, Ints
from sim.world.projects import Contract
from sim.world.world import World


class Clause(NamedTuple):
    """What a lot's clause asks for. ``places`` : per SEK of works, at full size. ``filled`` : the share of them that
    bidders reckon with. ``each`` : what a filled place costs its builder, SEK without value-added tax."""

    places: float
    filled: float
    each: PlaceCost

    def rise(self, vat: float) -> float:
        """What the clause adds to every bid, share of it; the tax that owners pay on it included."""
        return self.places * self.filled * self.each.net * (1.0 + vat)


class Clauses:
    """Clauses of one quarter's tenders: bidders know what a place costs, how many people there are, and their room."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.asked = scope.training_places(world)  # per SEK of works, by municipality
        if not self.asked.any():
            return
        p = world.p
        crew = crew_year(world.cost_level, world.surroundings.wage_premium(p), p)
        into_wages = p.transfers_into_wages * scope.state_money_free(world)
        self.each = place_cost(into_wages, world.pay_level, crew, p)
        self.quarters = total(place_quarters(into_wages, p))
        self.people = by_municipality(world)
        self._places: dict[Contract, frozenset[int]] = {}

    def _places_of(self, contract: Contract) -> frozenset[int]:
        """The municipalities (rows) of a contract."""
        if contract not in self._places:
            self._places[contract] = frozenset(self.world.buildings.municipality[contract.buildings].tolist())
        return self._places[contract]

    def of(self, rows: Ints, shares: Floats, reference: float, labour: float) -> Clause | None:
        """The clause of a lot, or none.

        rows : its buildings. shares : of its cost (they sum to one). reference : its works at reference prices, SEK.
        labour : what they need at these, person-years to scale.
        """
        where = self.world.buildings.municipality[rows]
        places = float((self.asked[where] * shares).sum())
        if places <= 0.0:
            return None
        here = set(where.tolist())
        people = total(float(self.people[m]) for m in sorted(here))
        # Contracts under way in these municipalities have yet to find people for the places that they owe.
        due = total(
            c.places * (1.0 - c.progress) for c in self.world.contracts if not here.isdisjoint(self._places_of(c))
        )
        own = places * reference * self.world.region.scale
        if own <= 0.0:
            return Clause(places, 1.0, self.each)
        room = self.world.p.trainees_most * labour * 4.0 / max(self.quarters, 1e-9)
        return Clause(places, min(people / (due + own), room / own, 1.0), self.each)
