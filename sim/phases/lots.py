"""Lots: which buildings are tendered together, at the size that a lot has at full size.

At a small scale one building stands for several. A lot keeps its size all the same: the buildings that are modelled
stand in it beside others that are not, and the lot itself stands for several like it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.randomness import Decision
from sim.sums import total
from sim.world.columns import Floats, Ints
from sim.world.projects import Project
from sim.world.world import World


class Part(NamedTuple):
    """One building of a project, with its option."""

    project: Project
    building: int
    option: int


class Lot(NamedTuple):
    """A lot at full size.

    parts : its buildings that are modelled. flats : of all its buildings. ends, order : the share of its flats, and of
    its buildings, that are finished with each part (parts,). alike : how many lots it stands for. here : how many of
    these are tendered in the same place; the others are elsewhere in the region.
    """

    parts: list[Part]
    flats: float
    ends: Floats
    order: Floats
    alike: float
    here: int

    @property
    def rows(self) -> Ints:
        """Rows of the modelled buildings."""
        return np.array([part.building for part in self.parts])

    @property
    def options(self) -> Ints:
        """Their options."""
        return np.array([part.option for part in self.parts])

    @property
    def pooled(self) -> bool:
        """Whether it is a joint framework's."""
        return self.parts[0].project.pooled

    @property
    def draws(self) -> int:
        """How many of the lots that it stands for are tendered one by one; what they bring is averaged."""
        return max(round(self.alike), 1)

    def projects(self) -> list[Project]:
        """Its projects, each once, in order."""
        return list({id(part.project): part.project for part in self.parts}.values())


def lots_of(world: World, ready: list[Project]) -> list[Lot]:
    """One owner's neighbourhood alone, or pooled packages; cut to the largest lot of their kind.

    What nobody wanted is tendered again in lots of half the size.
    """
    p = world.p
    lots: list[Lot] = []
    for project in ready:
        if not project.pooled:
            lots += _cut(world, _parts([project]), project.stands, p.lot_flats / 2**project.tenders)
    pooled = _parts([q for q in ready if q.pooled])
    for option, tenders in sorted({(part.option, part.project.tenders) for part in pooled}):
        parts = [part for part in pooled if part.option == option and part.project.tenders == tenders]
        lots += _cut(world, parts, 1.0 / world.region.scale, p.lot_flats_pooled / 2**tenders)
    return lots


def _parts(projects: list[Project]) -> list[Part]:
    """Every building of the projects."""
    return [
        Part(q, int(row), int(option)) for q in projects for row, option in zip(q.buildings, q.options, strict=True)
    ]


def _cut(world: World, parts: list[Part], stands: float, limit: float) -> list[Lot]:
    """Fill lots building by building up to a number of flats; each part comes among ``stands`` buildings like it."""
    flats = world.buildings.flats[[part.building for part in parts]].astype(float)
    series = _series(world, parts, stands)
    groups: list[list[int]] = []
    room = 0.0
    for place in np.repeat(np.arange(len(parts)), [count for count, _ in series]):
        if not groups or flats[place] > room:
            groups.append([])
            room = limit
        groups[-1].append(int(place))
        room -= float(flats[place])
    return _stand_in(world, parts, flats, groups, series)


def _series(world: World, parts: list[Part], stands: float) -> list[tuple[int, int]]:
    """For each part how many buildings like it there are, and which of them it is; (1, 0) at full size."""
    if stands <= 1.0:
        return [(1, 0)] * len(parts)
    # The whole series is rounded and not each part's: an owner's buildings of a year are no more than it begins.
    ends = np.maximum(np.rint(stands * np.arange(1, len(parts) + 1)), np.arange(1, len(parts) + 1)).astype(int)
    rows = np.array([part.building for part in parts])
    u = world.draws.at(Decision.PLACE_IN_LOT, world.quarter, rows)[:, 0]
    return [(int(count), int(x * count)) for count, x in zip(np.diff(ends, prepend=0), u, strict=True)]


def _stand_in(world: World, parts: list[Part], flats: Floats, groups: list[list[int]],
              series: list[tuple[int, int]]) -> list[Lot]:  # fmt: skip
    """The lots with a modelled building; they stand for those without."""
    lots: list[tuple[list[Part], float, list[float], list[float], float]] = []
    met = [0] * len(parts)
    for group in groups:
        own, ends, order = list[Part](), list[float](), list[float]()
        built, modelled, whole = 0.0, 0.0, total(float(flats[place]) for place in group)
        for number, place in enumerate(group):
            built += float(flats[place])
            if met[place] == series[place][1]:
                own.append(parts[place])
                ends.append(built / whole)
                order.append((number + 1) / len(group))
                modelled += float(flats[place])
            met[place] += 1
        if own:
            lots.append((own, whole, ends, order, modelled / whole / world.region.scale))
    here = max(round(len(groups) / max(len(lots), 1)), 1)
    return [Lot(own, whole, np.array(ends), np.array(order), alike, here) for own, whole, ends, order, alike in lots]


def elsewhere(world: World, private: bool, rows: Ints) -> Ints:
    """Municipalities in which other owners of the same kind tender lots like these, by their flats; one each row."""
    b, m = world.buildings, len(world.municipalities)
    flats = np.bincount(b.municipality, b.flats * ((b.owner >= m) == private), minlength=m)
    u = world.draws.at(Decision.LOT_ELSEWHERE, world.quarter, rows)[:, 0]
    return np.minimum(np.searchsorted(np.cumsum(flats) / flats.sum(), u, side="right"), m - 1)
