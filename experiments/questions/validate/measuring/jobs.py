"""P7 to P10: what becomes of training places that contracts ask for. Measured on silos with clauses, against silos."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from experiments.questions.validate.measuring.worlds import Array, World, Worlds
from sim.rules.training import Programme

SMALL, LARGE = 12, 20  # places a year: up to the first a small programme, above the second a large one
BOTKYRKA, MSEK_A_YEAR = "Botkyrka", 467.0  # its bill of 7 bn SEK over 15 years
NAN = float("nan")
FEWEST = 10  # places; what becomes of fewer tells nothing


def funnel(worlds: Worlds) -> Mapping[str, float]:
    """P7. Placements that end in a job, in municipalities' years with few and with many places."""
    places = _with_size(worlds)
    ended = places[(places["kind"] == Programme.PLACEMENT) & places["outcome"].isin(["job", "out of work"])]
    into_job = ended["outcome"] == "job"
    large, small = (share_of(into_job[m]) for m in (ended["size"] > LARGE, ended["size"] <= SMALL))
    return {"large": large, "small": small, "small_less_large": small - large}


def share_of(cases: pd.Series[bool]) -> float:
    """The share of cases that are true; NaN where there are too few."""
    return float(cases.mean()) if len(cases) >= FEWEST else NAN


def _with_size(worlds: Worlds) -> pd.DataFrame:
    """Places with the size of their programme: places in the municipality in that year, at the region's full size."""
    places = worlds.clauses.events.places.frame()
    by_year = places.groupby(["municipality", places["start"] // 4])["kind"].transform("size")
    return places.assign(size=by_year / worlds.region.scale)


def reach(worlds: Worlds) -> Mapping[str, float]:
    """P8. Places by the money spent, their share of site labour, and Botkyrka's places and additional jobs a year at
    the volume of the sources; ``botkyrka_msek`` is the volume of the run, for reading."""
    world, labour = worlds.clauses, worlds.clauses.crews.sum()
    places = world.events.places.frame()
    msek = _msek(world)
    found = {
        "places_per_msek": len(places) / msek.sum() if msek.any() else NAN,
        "site_labour": world.trainees.sum() / labour if labour else NAN,
        "botkyrka_places": NAN,
        "botkyrka_jobs": NAN,
        "botkyrka_msek": NAN,
    }
    names = list(worlds.region.municipalities.name)
    if BOTKYRKA in names and msek[names.index(BOTKYRKA)] > 0.0:
        here, spent = places[places["municipality"] == names.index(BOTKYRKA)], msek[names.index(BOTKYRKA)]
        led_on = here["outcome"].eq("job") | here["kind"].isin([Programme.HIRE, Programme.APPRENTICE])
        found["botkyrka_places"] = len(here) * MSEK_A_YEAR / spent
        found["botkyrka_jobs"] = float(led_on.sum()) * additional_share(worlds) * MSEK_A_YEAR / spent
        found["botkyrka_msek"] = spent / worlds.years / worlds.region.scale
    return found


def _msek(world: World) -> Array:
    """What finished works have cost, by municipality, MSEK."""
    works, b = world.events.works(), world.model.buildings
    cost = (works["cost"] * works["flats"]).to_numpy() / 1e6
    return np.bincount(b.municipality[works["building"]], cost, minlength=len(world.model.municipalities))


def additionality(worlds: Worlds) -> Mapping[str, float]:
    """P9. Twin runs: net extra employed in the whole county over the jobs that the programme reports."""
    return {"additionality": additional_share(worlds)}


def additional_share(worlds: Worlds) -> float:
    """Person-quarters at work in the run with clauses less those in its twin without, per person-quarter reported."""
    reported = worlds.clauses.reported.sum()
    return float(_extra(worlds).sum() / reported) if enough_places(worlds) and reported else NAN


def enough_places(worlds: Worlds) -> bool:
    """Whether clauses have given so many places that their effects can be told from chance."""
    return len(worlds.clauses.events.places.frame()) >= FEWEST


def _extra(worlds: Worlds) -> Array:
    """Extra persons at work in the estates and the rest of the county, by quarter."""
    with_clauses, without = worlds.clauses, worlds.siloed
    estates = with_clauses.employed.sum(axis=1) - without.employed.sum(axis=1)
    return np.asarray(estates + with_clauses.elsewhere - without.elsewhere)


def lasting(worlds: Worlds) -> Mapping[str, float]:
    """P10. At work a year after the contract's end, by the kind of place; placements as a whole, and those whom no
    coach has followed."""
    places = worlds.clauses.events.places.frame()
    followed = places[places["later"].notna()]
    kinds = {"apprentices": Programme.APPRENTICE, "hires": Programme.HIRE, "all_placements": Programme.PLACEMENT}
    share = {name: share_of(followed["later"][followed["kind"] == kind] > 0) for name, kind in kinds.items()}
    alone = (followed["kind"] == Programme.PLACEMENT) & ~followed["coached"]
    steps = share["apprentices"] - share["hires"], share["hires"] - share["all_placements"]
    return {**share, "placements": share_of(followed["later"][alone] > 0), "ordered": float(min(steps))}
