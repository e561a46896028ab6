"""Tables of single events that a run can keep beside its outcomes, with names in place of rows.

They are kept only where asked for, as they grow with the region: a row a move, a finished building, a tender.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_type_hints

import pandas as pd

from sim.recording.events import Events
from sim.recording.tables import KINDS, rescues, sales
from sim.rules.destinations import ELSEWHERE
from sim.rules.training import Programme
from sim.world.notes import Rescue, Sale

if TYPE_CHECKING:
    from sim.world.world import World

_WORKS: dict[str, type] = {"building": int, "neighbourhood": str, "owner": str, "standard": int, "energy_level": int}
_WORKS |= dict.fromkeys(("flats", "announced", "awarded", "start", "finished"), int)
_WORKS |= dict.fromkeys(("cost", "rent_before", "rent_after", "energy_before", "energy_after"), float)
_MOVES: dict[str, type] = {"quarter": int, "building": int, "neighbourhood": str, "fifth": int, "caused": int}
_MOVES |= {"destination": str, "destination_income": float, "origin_income": float, "km": float}
_MOVES |= {"renovated": int, "standard": int}
_TENDERS: dict[str, type] = {"quarter": int, "owners": str, "joint": int, "awarded": int, "package": int}
_TENDERS |= {"flats": int, "bids": int, "price_per_flat": float, "own_price_per_flat": float, "other_demand": float}
_PLACES: dict[str, type] = {"household": int, "municipality": str, "neighbourhood": str, "kind": str, "coached": int}
_PLACES |= {"start": int, "end": int, "contract_end": int, "outcome": str, "later": float}

# In the order in which they are stored; a column is a whole number (0 or 1 for no or yes), a number or text.
EVENT_TABLES: dict[str, dict[str, type]] = {
    "works": _WORKS,
    "moves": _MOVES,
    "tenders": _TENDERS,
    "places": _PLACES,
    "work": dict.fromkeys(("household", "from_quarter", "to_quarter"), int),
    "sales": get_type_hints(Sale),
    "rescues": get_type_hints(Rescue),
}


def event_tables(world: World, events: Events) -> dict[str, pd.DataFrame]:
    """All of them, by name. Quarters are counted from the start; flats and SEK are to the scale of the region."""
    found = {
        "works": _with_places(world, events.works()),
        "moves": _with_places(world, events.moves()),
        "tenders": events.tenders(),
        "places": _places(world, events.places.frame()),
        "work": events.work.spells(),
        "sales": sales(world),
        "rescues": rescues(world),
    }
    return {name: _typed(found[name], columns) for name, columns in EVENT_TABLES.items()}


def _with_places(world: World, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of buildings with the names of neighbourhood and owner."""
    names = world.region.neighbourhoods.name
    frame["neighbourhood"] = [names[row] for row in world.buildings.neighbourhood[frame["building"]]]
    if "owner" in frame:
        frame["owner"] = [world.owners[row].name for row in frame["owner"]]
    if "destination" in frame:
        frame["destination"] = [(*names, *ELSEWHERE)[place] for place in frame["destination"]]
    return frame


def _places(world: World, frame: pd.DataFrame) -> pd.DataFrame:
    """Training places with the names of municipality, estate of the works and kind; the household is -1 where it came
    after the start, as its work is not followed when it moves."""
    frame["household"] = frame["household"].where(frame["household"] < world.residents.n, -1)
    frame["neighbourhood"] = [world.region.neighbourhoods.name[row] for row in frame["estate"]]
    frame["municipality"] = [world.municipalities[row].name for row in frame["municipality"]]
    frame["kind"] = [Programme(kind).name.lower() for kind in frame["kind"]]
    return frame


def _typed(frame: pd.DataFrame, columns: Mapping[str, type]) -> pd.DataFrame:
    kinds: dict[str, Any] = {name: KINDS[kind] for name, kind in columns.items()}
    return frame[list(columns)].astype(kinds)
