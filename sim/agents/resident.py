"""A resident: a thin view on one flat's row, made when somebody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sim.mesa_rows.rows import RowAgent
from sim.world.state import Residents

if TYPE_CHECKING:
    from sim.model import RenewalModel


class Resident(RowAgent):
    """The household in one flat, through its main earner; its state is a row of ``model.residents``.

    What residents decide (look for work, take a place, take part, stay or move) is decided for all rows at once in
    the phases of work, training and moving; a view reads and writes the same columns.
    """

    @classmethod
    def columns_of(cls, model: object) -> Residents:
        """The columns that hold all residents of a model."""
        return cast("RenewalModel", model).residents

    @property
    def age(self) -> float:
        """Age of the main earner, years."""
        model = cast("RenewalModel", self.model)
        return float(model.quarter - self.born) / 4.0

    @property
    def neighbourhood(self) -> str:
        """Name of the neighbourhood."""
        model = cast("RenewalModel", self.model)
        return model.neighbourhoods[int(model.neighbourhood_of[self.row])].name
