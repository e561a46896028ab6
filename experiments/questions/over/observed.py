"""The baseline of every member again, as far as something was observed and with all places: runs to be held against it.

The large runs keep curves of the region alone, and nearly all that was observed is of municipalities and estates. With
all places, both arms over thirty years would take the county some 200 MB more; one arm up to the last observed year
takes a quarter of that, and a fifth of the time. They are the same runs: the same parameters and random numbers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from experiments.design.arms import Arm, baseline_of
from experiments.design.asked import Asked
from experiments.design.kept_set import KeptSet
from experiments.engine.design import Design
from experiments.engine.manifest import Manifest
from experiments.questions.over.points import once_each
from experiments.reporting.tracks.bands import last_compared
from sim.inputs.shocks import Shocks

STAGE = KEY = "observed"  # also the key of the manifest's options: how many years these runs take, or nothing


def design_of(asked: Asked, known: KeptSet) -> Design | None:
    """The runs, each on the random numbers that it has in the large design; None where places are not to be recorded
    (--no-record), or nothing that could be evidence was observed of this region in the years asked for. The default
    parameters run once, in the place that they have there, and weigh nothing. Raises SamspelError."""
    if not asked.options["record"]:
        return None
    place = asked.place
    places = {place.name, *place.municipalities.name, *place.neighbourhoods.name}
    last = last_compared(places, place.start_year, place.start_year + asked.years - 1)
    if last is None:
        return None
    name = baseline_of([arm.name for arm in asked.arms])
    arm = _until(next(arm for arm in asked.arms if arm.name == name), last)
    shorter = replace(asked, years=last - place.start_year + 1, shocks=_until_then(asked.shocks, last), arms=(arm,))
    points = once_each(known, asked.options["members"])
    return shorter.design(points, curves=True, detail=True, own_numbers=True)


def why_not(made: Manifest) -> str:
    """Why results have no section on what was observed."""
    if KEY not in made.options:
        reason = "these results are of a version that kept no places over the set; the same command again adds them"
    elif not made.options["record"]:
        reason = "places were not to be recorded (--no-record)"
    else:
        reason = "of this region and these years `seeds/tracks.csv` holds no number that chose nothing in the model"
    return f"What was observed does not stand beside it: {reason}."


def _until(arm: Arm, last: int) -> Arm:
    """An arm without what owners are given after the last year."""
    return replace(arm, injections=tuple(one for one in arm.injections if one.year <= last))


def _until_then(shocks: Shocks, last: int) -> dict[str, dict[int, Any]]:
    """Series of the surroundings without what is set after the last year."""
    kept = {name: {year: value for year, value in years.items() if int(year) <= last} for name, years in shocks.items()}
    return {name: years for name, years in kept.items() if years}
