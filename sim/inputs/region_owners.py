"""Private flats have exactly one landlord: landlords' lists of neighbourhoods against the neighbourhoods."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sim.inputs.problems import SHOWN, Problem, clip
from sim.inputs.region_checks import Table, what_unknown
from sim.inputs.region_rows import LandlordRow, NeighbourhoodRow


def covered(text: str, local: list[str]) -> list[str]:
    """The neighbourhoods that a landlord's cell names: divided by ; or * for all of the municipality."""
    return local if text == "*" else list(filter(None, map(str.strip, text.split(";"))))


def ownership_problems(
    places: Table[NeighbourhoodRow], owners: Table[LandlordRow], known: set[str]
) -> Iterator[Problem]:
    """Landlords that claim what is not there or not free, and private flats that nobody claims.

    known: municipalities; a row in none of them is told of elsewhere, and here gives no problem after the first.
    """
    estates = _Estates(places, known)
    claims = zip(owners.names, owners.texts("municipality"), owners.texts("neighbourhoods"), strict=True)
    for index, (owner, town, text) in enumerate(claims):
        if town not in known or not text:
            estates.doubtful |= {town} if town in known else known
            continue
        for what in estates.claim(owner, town, text):
            yield owners.problem(index, "neighbourhoods", what)
    for index, name in estates.unclaimed():
        cover = f"expected 1, or a row in {owners.file} that covers {clip(name)}"
        what = f"{estates.share[name]:g} leaves private flats without a landlord; {cover}"
        yield places.problem(index, "municipal_share", what)


class _Estates:
    """Neighbourhoods by municipality, and who has claimed their private flats so far.

    share: municipal, of those with private flats. lost: neighbourhoods in no known municipality, which may lie in any.
    doubtful: municipalities with a landlord that is wrong, where flats without one are no further problem.
    """

    def __init__(self, places: Table[NeighbourhoodRow], known: set[str]) -> None:
        self.homes = list(zip(places.names, places.texts("municipality"), strict=True))
        self.share = {row.neighbourhood: row.municipal_share for row in places.rows if row.municipal_share < 1}
        self.local: dict[str, dict[str, None]] = {town: {} for town in known}
        for name, town in self.homes:
            self.local.setdefault(town, {})[name] = None
        self.private = {town: [name for name in names if name in self.share] for town, names in self.local.items()}
        self.lost = {name for name, town in self.homes if town not in known}
        self.known, self.file = known, places.file
        self.owner_of: dict[str, str] = {}
        self.doubtful: set[str] = set()

    def claim(self, owner: str, town: str, text: str) -> list[str]:
        """Note whose these are; returns what is wrong with the claim."""
        names, local = covered(text, self.private[town]), self.local[town]
        strange = [] if text == "*" else [name for name in names if name not in local and name not in self.lost]
        # A few are enough: thousands of landlords may each claim everything.
        shared = list(islice((name for name in names if name in self.owner_of), SHOWN))
        if not shared:
            self.owner_of |= {name: owner for name in names if name in self.share}
        if strange or shared:
            self.doubtful.add(town)
        return [
            *(what_unknown(f"neighbourhood of {clip(town)}", name, local, self.file) for name in strange),
            *(
                f'"{clip(name)}" belongs to "{clip(self.owner_of[name])}" already; expected one landlord'
                for name in shared
            ),
        ]

    def unclaimed(self) -> Iterator[tuple[int, str]]:
        """Rows and names of neighbourhoods whose private flats have no landlord."""
        sure = self.known - self.doubtful
        for index, (name, town) in enumerate(self.homes):
            if town in sure and name in self.share and name not in self.owner_of:
                yield index, name
