"""Measures that are told by tables of rows: which rows count, which number each has, and in which year."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from experiments.questions.hindcast.episode.model import Over
from experiments.questions.hindcast.episode.whats import How, What
from experiments.questions.hindcast.measuring.markets import in_market
from experiments.questions.hindcast.measuring.runs import Array, Span, StoredRuns
from experiments.questions.hindcast.measuring.together import of_rows
from sim import Parameters
from sim.vocabulary import EnergyLevel, Standard

Number = Callable[[pd.DataFrame], Any]

# Who owns, and which column names the neighbourhood and the time, by table.
OWNER = {"sales": "seller", "payments": "payee"}
PLACE = {"programmes": "estate", "sales": "estate"}
TIME = {"works": "finished", "places": "start", "programmes": "year", "sales": "year", "rescues": "year"}
STANDARD = {"basic": Standard.MINI, "intermediate": Standard.MIDI, "full": Standard.MAXI}
REASON = {"sales": "reason", "rescues": "way"}


def _column(name: str) -> Number:
    return lambda rows: rows[name]


def _one(rows: pd.DataFrame) -> Array:
    return np.ones(len(rows))


def _share(column: str, value: object) -> Number:
    return lambda rows: rows[column] == value


def _into_job(rows: pd.DataFrame) -> Any:
    ended = rows["outcome"].isin(["job", "out of work"])
    return (rows["outcome"] == "job").astype(float).where(ended)


def _joint_minus_own(rows: pd.DataFrame) -> Any:
    return (rows["price_per_flat"] / rows["own_price_per_flat"] - 1.0).where(rows["joint"] == 1)


FLATS = _column("flats")
# The number of each row, and its weight in a mean; without a weight rows are added up.
NUMBERS: dict[str, tuple[Number, Number | None]] = {
    "programmes.planned_flats": (_column("planned_flats"), None),
    "programmes.begun_flats": (_column("begun_flats"), None),
    "programmes.finished_flats": (_column("finished_flats"), None),
    "payments.sek": (_column("sek"), None),
    "talks.count": (_one, None),
    "talks.agreed_share": (_share("result", "agreed"), _one),
    "works.flats": (FLATS, None),
    "works.cost_per_flat": (_column("cost"), FLATS),
    "works.rent_rise": (lambda rows: rows["rent_after"] / rows["rent_before"] - 1.0, FLATS),
    "works.rent_after": (_column("rent_after"), FLATS),
    "works.energy_saving": (lambda rows: 1.0 - rows["energy_after"] / rows["energy_before"], FLATS),
    "works.basic_share": (_share("standard", Standard.MINI), FLATS),
    "works.intermediate_share": (_share("standard", Standard.MIDI), FLATS),
    "works.full_share": (_share("standard", Standard.MAXI), FLATS),
    "works.medium_energy_share": (_share("energy_level", EnergyLevel.MEDIUM), FLATS),
    "works.deep_energy_share": (_share("energy_level", EnergyLevel.DEEP), FLATS),
    "moves.households": (_one, None),
    "moves.caused": (_column("caused"), None),
    "moves.caused_share": (_column("caused"), _one),
    "tenders.count": (_one, None),
    "tenders.flats": (FLATS, None),
    "tenders.bids": (_column("bids"), _one),
    "tenders.single_bid_share": (_share("bids", 1), _one),
    "tenders.price_per_flat": (_column("price_per_flat"), FLATS),
    "tenders.joint_minus_own": (_joint_minus_own, FLATS),
    "places.count": (_one, None),
    "places.into_job": (_into_job, _one),
    "places.later_at_work": (_column("later"), _one),
    "sales.flats": (FLATS, None),
    "sales.price_per_flat": (lambda rows: rows["price"] / rows["flats"], FLATS),
    "rescues.count": (_one, None),
    "rescues.sek": (_column("sek"), None),
}


def from_rows(stored: StoredRuns, what: What, arm: str, over: Over, how: How, span: Span) -> Array:
    """One number a run of the arm, to the scale of the region; NaN where the run failed or nothing tells it."""
    number, weight = NUMBERS[what.name]
    works = stored.rows("works", arm) if what.source == "moves" else [None] * len(stored.runs_of(arm))
    found = []
    for rows, p, built in zip(stored.rows(what.source, arm), stored.parameters(arm), works, strict=True):
        chosen = rows[_chosen(stored, what.source, rows, over, p, built)]
        weights = None if weight is None else np.asarray(weight(chosen), np.float64)
        values = np.asarray(number(chosen), np.float64)
        found.append(of_rows(values, weights, _years(stored, what.source, chosen), how, span))
    return np.where(stored.failed(arm), np.nan, np.array(found)) * what.factor


def _years(stored: StoredRuns, table: str, rows: pd.DataFrame) -> Array:
    column = TIME.get(table, "quarter")
    return np.asarray(rows[column]) if column == "year" else stored.years(rows[column])


def _chosen(
    stored: StoredRuns, table: str, rows: pd.DataFrame, over: Over, p: Parameters, works: pd.DataFrame | None
) -> Array:
    """Which rows are measured over."""
    keep = np.ones(len(rows), dtype=bool)
    place = PLACE.get(table, "neighbourhood")
    for key, value in over.given.items():
        if key == "owner":
            keep &= _owned(table, rows, value)
        elif key == "municipality":
            towns = rows["municipality"] if "municipality" in rows else stored.municipality(rows[place])
            keep &= np.asarray(towns == value)
        elif key == "neighbourhood":
            keep &= np.asarray(rows[place] == value)
        elif key in ("renovated", "begun"):
            keep &= _built(stored, rows, works, "finished" if key == "renovated" else "start", value)
        elif key == "market":
            keep &= in_market(np.asarray(rows["other_demand"]), value, p)
        elif key == "standard":
            keep &= np.asarray(rows["standard"] == STANDARD[value])
        else:
            column = {"income_fifth": "fifth", "reason": REASON.get(table, "reason")}.get(key, key)
            keep &= np.asarray(rows[column] == (value - 1 if key == "income_fifth" else value))
    return keep


def _owned(table: str, rows: pd.DataFrame, owner: str) -> Array:
    if table == "tenders":
        return np.array([owner in owners.split("; ") for owners in rows["owners"]], dtype=bool)
    return np.asarray(rows[OWNER.get(table, "owner")] == owner)


def _built(stored: StoredRuns, rows: pd.DataFrame, works: pd.DataFrame | None, column: str, span: Span) -> Array:
    """Rows of buildings that were renovated, or begun, in these years."""
    built = rows if works is None else works
    when = stored.years(built[column])
    within = (when >= span[0]) & (when <= span[1])
    return within if works is None else np.asarray(rows["building"].isin(works["building"][within]))
