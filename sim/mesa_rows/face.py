"""A world as users of Mesa look at it: the model's own names for the parts of its world, to be read."""

from __future__ import annotations

import mesa

from sim.agents.builder import Builder
from sim.agents.institutions import CivilSociety, CountyCouncil, State
from sim.agents.landlord import Landlord
from sim.agents.municipality import Municipality
from sim.agents.owner import Owner
from sim.inputs.collaboration import Collaboration
from sim.inputs.levers import Levers
from sim.inputs.parameters import Parameters
from sim.inputs.region import Region
from sim.world.books import Books
from sim.world.state import Buildings, Residents
from sim.world.surroundings import Surroundings
from sim.world.world import World


class Face(mesa.Model):
    """A Mesa model whose state is a world."""

    world: World

    @property
    def region(self) -> Region:
        """The region as its seeds describe it."""
        return self.world.region

    @property
    def collaboration(self) -> Collaboration:
        """Who works together."""
        return self.world.collaboration

    @property
    def p(self) -> Parameters:
        """Behaviour."""
        return self.world.p

    @property
    def levers(self) -> Levers:
        """Policy, and which of the rival rules."""
        return self.world.levers

    @property
    def quarter(self) -> int:
        """Quarters that have passed."""
        return self.world.quarter

    @property
    def quarters(self) -> int:
        """Quarters of the whole run."""
        return self.world.quarters

    @property
    def residents(self) -> Residents:
        """One row per flat."""
        return self.world.residents

    @property
    def buildings(self) -> Buildings:
        """One row per building."""
        return self.world.buildings

    @property
    def books(self) -> Books:
        """All payments."""
        return self.world.books

    @property
    def surroundings(self) -> Surroundings:
        """What nobody in the region decides."""
        return self.world.surroundings

    @property
    def municipalities(self) -> list[Municipality]:
        """With their housing companies."""
        return self.world.municipalities

    @property
    def landlords(self) -> list[Landlord]:
        """Private ones."""
        return self.world.landlords

    @property
    def owners(self) -> list[Owner]:
        """Housing companies, then landlords: ``buildings.owner`` counts in this order."""
        return self.world.owners

    @property
    def builders(self) -> list[Builder]:
        """Firms that renovate the estates."""
        return self.world.builders

    @property
    def county_council(self) -> CountyCouncil:
        """Pays health care, convenes the compact."""
        return self.world.county_council

    @property
    def state(self) -> State:
        """Pays benefits and grants."""
        return self.world.state

    @property
    def civil_societies(self) -> list[CivilSociety]:
        """The associations of each municipality."""
        return self.world.civil_societies
