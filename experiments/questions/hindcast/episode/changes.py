"""A region with changes: rows and figures that an episode has otherwise, and rows that it leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_type_hints

from pydantic import BaseModel, Field, create_model

from experiments.design.settings import Strict
from sim.inputs.region_rows import BuilderRow, CountyFile, LandlordRow, MunicipalityRow, NeighbourhoodRow, Row

# Tables of a region whose rows may be changed or left out, and what a row of each is called by.
ROWS: dict[str, type[Row]] = {
    "neighbourhoods": NeighbourhoodRow,
    "municipalities": MunicipalityRow,
    "builders": BuilderRow,
    "landlords": LandlordRow,
}


def key_of(table: str) -> str:
    """The column that names the rows of a table."""
    return next(name for name in ROWS[table].__annotations__ if name != "sums")


def _optional(hints: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: (hints[name] | None, None) for name in names}


def _row(table: str) -> type[Strict]:
    """What may be changed in a row: every column but the row's own name."""
    hints = get_type_hints(ROWS[table], include_extras=True)
    names = [name for name in ROWS[table].model_fields if name != key_of(table)]
    return create_model(f"Changed {table}", __base__=Strict, **_optional(hints, names))


def _figures() -> dict[str, Any]:
    """What may be changed in region.toml: a figure by its value alone."""
    hints, found = get_type_hints(CountyFile, include_extras=True), {}
    for name, field in CountyFile.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found[name] = get_type_hints(kind, include_extras=True)["value"]
        else:
            found[name] = hints[name]
    return _optional(found, found)


FIGURES = _figures()
_TABLES: dict[str, Any] = {name: (dict[str, _row(name)], Field(default_factory=dict)) for name in ROWS}  # type: ignore[misc]
_NAMES: dict[str, Any] = dict.fromkeys(ROWS, (tuple[str, ...], ()))
Rows: type[Strict] = create_model("Names of rows", __base__=Strict, **_NAMES)


class _Changed(Strict):
    """A region with changes."""

    name: str = Field("botkyrka", min_length=1, description="the region that is changed: one of ours, or a folder")
    keep: Rows = Field(default_factory=Rows, description="only these rows")
    leave_out: Rows = Field(default_factory=Rows, description="all rows but these")


ChangedRegion: type[_Changed] = create_model("Changed region", __base__=_Changed, **FIGURES, **_TABLES)
