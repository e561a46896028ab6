"""Households between two homes: taken out of their flats, with all that is theirs."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from sim.compiling import kernel
from sim.rules.training import Programme
from sim.vocabulary import Away, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Residents, Small

# What stays where it is when a household moves; every other column goes along.
OF_THE_FLAT = ("building", "occupied", "rent", "upgraded", "away", "standard", "chosen", "rent_apart")
# What an empty flat no longer shows, and what is asked of all who leave; the rest of a household is copied if it moves.
_KEPT = ("household", "work", "skill", "born", "programme", "builder", "wish", "income", "history")


# What of that an empty flat no longer shows.
_CLEARED = ("work", "programme", "builder")
_WIDTHS = (8, 4, 2, 1)  # of columns that go along, bytes


class Leavers:
    """Households that move out this quarter: the rows that they leave, and whether renovation drives them away; arrays
    (rows,)."""

    def __init__(self, r: Residents, rows: Ints, caused: Bools) -> None:
        self.rows, self.caused = rows, caused
        kept = _take_out(
            rows, r.occupied, r.away,
            r.household, r.work, r.skill, r.born, r.programme, r.builder, r.wish, r.income, r.history,
        )  # fmt: skip
        self._kept: dict[str, NDArray[Any]] = dict(zip(_KEPT, kept, strict=True))

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, name: str) -> NDArray[Any]:
        """One of the columns that are asked of all who leave, by its name among those of residents (rows,)."""
        return self._kept[name]

    def move_in(self, r: Residents, which: Ints, flats: Ints, quarter: int) -> None:
        """Some of them (places among these) move into these flats (rows of residents), one each, before anybody else
        does."""
        left = self.rows[which]
        own = [getattr(r, name) for name in r.fields if name not in OF_THE_FLAT]
        # Whatever a column holds, so many bytes are copied.
        eight, four, two, one = (tuple(x.view(f"u{n}") for x in own if x.itemsize == n) for n in _WIDTHS)
        _carry(eight, four, two, one, left, flats)
        work, programme, builder = (self._kept[name] for name in _CLEARED)
        _arrive(
            which, left, flats, quarter, work, programme, builder, r.rent,
            r.work, r.programme, r.builder, r.occupied, r.since, r.burden,
        )  # fmt: skip


@kernel
def _take_out(
    rows: Ints, occupied: Bools, away: Small, household: Ints, work: Small, skill: Small, born: Ints,
    programme: Small, builder: Ints, wish: Floats, income: Floats, history: Small,
) -> Any:  # fmt: skip
    """Take these households out of their flats; what is kept of them, in the order of ``_KEPT``."""
    found = (
        household[rows], work[rows], skill[rows], born[rows], programme[rows], builder[rows], wish[rows],
        income[rows], history[rows],
    )  # fmt: skip
    for row in rows:
        occupied[row], away[row], work[row] = False, Away.HOME, Work.OUT_OF_WORK
        programme[row], builder[row] = Programme.NONE, -1
    return found


@kernel
def _carry(eight: Any, four: Any, two: Any, one: Any, left: Ints, flats: Ints) -> None:
    """Each of these columns, by their width in bytes, from the flats that households have left (rows) into those that
    they move into."""
    # A flat may be another leaver's: of each column, all is read before anything is written.
    for column in eight:
        column[flats] = column[left]
    for column in four:
        column[flats] = column[left]
    for column in two:
        column[flats] = column[left]
    for column in one:
        column[flats] = column[left]


@kernel
def _arrive(
    which: Ints, left: Ints, flats: Ints, quarter: int, work: Small, programme: Small, builder: Ints, rent: Floats,
    to_work: Small, to_programme: Small, to_builder: Ints, to_occupied: Bools, to_since: Ints, to_burden: Floats,
) -> None:  # fmt: skip
    """What these households (places among the leavers) keep that the flats they have left (rows) no longer show goes
    into those that they move into, and what moving in begins."""
    for j in range(len(which)):
        i, flat = which[j], flats[j]
        to_work[flat], to_programme[flat], to_builder[flat] = work[i], programme[i], builder[i]
        to_occupied[flat], to_since[flat] = True, quarter
        to_burden[flat] *= rent[flat] / max(rent[left[j]], 1e-9)


class Settled(NamedTuple):
    """Where all who left in a quarter went, in their order; arrays (rows,).

    origin : neighbourhood that is left. goes : neighbourhood of the region (k), or k + the kind of place elsewhere.
    here, there : mean income of households in the neighbourhood that is left and where they go, SEK/month. km : between
    the two. renovated : out of a building under renovation or just renovated. standard : of that building.
    """

    origin: Ints
    goes: Ints
    here: Floats
    there: Floats
    km: Floats
    renovated: Bools
    standard: Small
