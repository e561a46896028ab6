"""Residents and neighbourhoods as Mesa's agents: thin views on rows, made when somebody asks for one."""

from __future__ import annotations

from typing import cast

import mesa

from sim.mesa_rows.face import Face
from sim.mesa_rows.rows import RowAgent
from sim.world.state import Neighbourhoods, Residents
from sim.world.world import World


def world_of(model: mesa.Model) -> World:
    """The world that a model shows."""
    return cast("Face", model).world


class Resident(RowAgent):
    """The household in one flat, through its main earner; its state is a row of ``world.residents``.

    What residents decide (look for work, take a place, take part, stay or move) is decided for all rows at once in
    the phases of work, training and moving; a view reads and writes the same columns.
    """

    @classmethod
    def columns_of(cls, model: mesa.Model) -> Residents:
        """The columns that hold all residents of a model."""
        return world_of(model).residents

    @property
    def age(self) -> float:
        """Age of the main earner, years."""
        return float(world_of(self.model).quarter - self.born) / 4.0

    @property
    def neighbourhood(self) -> str:
        """Name of the neighbourhood."""
        world = world_of(self.model)
        return world.region.neighbourhoods.name[int(world.neighbourhood_of[self.row])]


class Neighbourhood(RowAgent):
    """What everybody can see of one neighbourhood: a row of ``world.neighbourhoods``. It decides nothing."""

    first_id = 2_000_000_000

    @classmethod
    def columns_of(cls, model: mesa.Model) -> Neighbourhoods:
        """The columns that hold all neighbourhoods of a model."""
        return world_of(model).neighbourhoods

    @property
    def index(self) -> int:
        """Place in the seed table."""
        return self.row

    @property
    def name(self) -> str:
        """As in the seed table."""
        return world_of(self.model).region.neighbourhoods.name[self.row]

    @property
    def municipality(self) -> str:
        """Name of its municipality."""
        region = world_of(self.model).region
        return region.municipalities.name[int(region.neighbourhoods.municipality_index[self.row])]
