"""Whom works disturb in a quarter, household by household."""

from __future__ import annotations

import numpy as np

from sim.compiling import kernel
from sim.rules.choice import OPTIONS
from sim.rules.inside import done_inside
from sim.rules.mixture import Part, options_of
from sim.sums import pairwise
from sim.vocabulary import Site
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World

# The option that is built in a flat, by what it gets, first its building's option, then each part of a mixture; and by
# the building's option.
_OPTIONS = np.arange(OPTIONS)
_BUILT = np.stack([_OPTIONS, *(options_of(np.full_like(_OPTIONS, part), _OPTIONS) for part in range(len(Part)))])


def disturbed(world: World) -> float:
    """Households whose building is on site, each by what is done inside (a typical works is 1)."""
    b, r, inside = world.buildings, world.residents, done_inside(world.p)
    return _disturbed(b.site == int(Site.ON_SITE), b.flats, b.works, r.occupied, r.chosen, inside[_BUILT])


@kernel
def _disturbed(on_site: Bools, flats: Ints, works: Small, occupied: Bools, chosen: Small, each: Floats) -> float:
    found = np.empty(int((flats * on_site).sum()))
    row = number = 0
    for building in range(len(flats)):
        if on_site[building]:
            for flat in range(row, row + flats[building]):
                if occupied[flat]:
                    found[number] = each[max(chosen[flat], 0), works[building]]
                    number += 1
        row += flats[building]
    return 0.0 + pairwise(found[:number])
