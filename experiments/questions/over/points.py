"""The points that a comparison over the set runs: its members, and the default parameters beside them."""

from __future__ import annotations

from dataclasses import replace

from experiments.design.asked import Asked
from experiments.design.kept_set import KeptSet
from experiments.engine.design import Design, replicate_seed
from sim import load_parameters

DEFAULT = 0  # the number of the default parameters in the table of members, of which they are none
FURTHER = 9  # runs of the default parameters beside the first: where they stand is no question of one run's luck


def once_each(known: KeptSet, most: int | None) -> list[dict[str, float]]:
    """The default parameters and so many members of the set. Their places are those of their random numbers."""
    return [{name: float(load_parameters().values[name]) for name in known.names}, *known.points(most)]


def points_of(known: KeptSet, most: int | None) -> list[dict[str, float]]:
    """The same, and the default parameters again, FURTHER times."""
    points = once_each(known, most)
    return [*points, *([points[DEFAULT]] * FURTHER)]


def design_of(asked: Asked, known: KeptSet) -> Design:
    """Both arms at every point, with the region's curves for who wants to draw them, each on random numbers of its own,
    which stay the same however many members there are."""
    points = points_of(known, asked.options["members"])
    design = asked.design(points, curves=True, own_numbers=True)
    first = len(points) - FURTHER  # the last one whose numbers go by its place
    runs = (
        run if run.point <= first else replace(run, seed=_again(asked.seed, run.replicate, run.point - first))
        for run in design.runs
    )
    return replace(design, runs=tuple(runs))


def _again(seed: int, replicate: int, time: int) -> int:
    return replicate_seed(seed, replicate, f"/default again/{time}")
