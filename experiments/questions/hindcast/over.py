"""What an episode is run over: members of the set that the patterns do not rule out, each once and with random numbers
of its own, and beside them as many points of what was thought possible of the same parameters before there was a set;
or the defaults alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.design.asked import Asked
from experiments.design.kept_set import kept_set
from experiments.design.members import DEFAULT, Members
from experiments.engine.sampling import latin_hypercube, plausible_ranges
from sim import SamspelError

Point = Mapping[str, float]

PRIOR = "prior"  # the stage of the runs over what was thought possible before
KEY = "hindcast"  # of the manifest's options


@dataclass(frozen=True)
class Plan:
    """Parameter values by run: of members of the set, and as many drawn over the whole plausible ranges of the very
    parameters that members differ in (Latin hypercube). All others stand where they do in members: were they drawn too,
    the set's interval would be the narrower of the two without any evidence.

    over: what the results say of the set. notes: what a reader should know of it.
    """

    members: Sequence[Point]
    prior: Sequence[Point]
    over: Members
    notes: tuple[str, ...]


def over_of(options: Mapping[str, Any]) -> Members | None:
    """What results say that they were run over; None for the defaults, and for results of before there was a set."""
    about = options.get(KEY)
    return None if about is None else Members.stored(about)


def members_of(asked: Asked) -> int:
    """How many members to run: --members, or else as many as replicates. Raises SamspelError where it is asked for with
    the defaults."""
    if asked.options["over"] == DEFAULT and asked.options["members"] is not None:
        raise SamspelError("--members: the defaults are one set of parameters; expected it with --over set")
    return int(asked.options["members"] or asked.replicates)


def plan_of(asked: Asked) -> Plan | None:
    """Which parameters are run with; None for the defaults. What the episode sets stays as it says. Raises SamspelError
    for more members than the set has, and where nothing is left to vary."""
    count = members_of(asked)
    if asked.options["over"] == DEFAULT:
        return None
    kept = kept_set()
    if count > len(kept):
        option = "--members" if asked.options["members"] is not None else "replicates"
        raise SamspelError(f"{option}: got {count}; the set that is not ruled out has {len(kept)} members")
    fixed = {name for settings in (asked.settings, *(arm.settings for arm in asked.arms)) for name in settings}
    names = [name for name in kept.names if name not in fixed]
    if not names:
        raise SamspelError("--over set: the episode sets all that the set varies; expected --over default")
    if not kept.weight[:count].sum() > 0.0:
        raise SamspelError(f"--over set: the first {count} members weigh nothing; expected more members")
    return Plan(
        members=[{name: point[name] for name in names} for point in kept.points(count)],
        prior=latin_hypercube(plausible_ranges(names), count, asked.seed),
        over=Members.first(kept, count),
        notes=(_note(asked, kept.names),) * bool(_own(asked, kept.names)),
    )


def _own(asked: Asked, names: Sequence[str]) -> list[str]:
    """Parameters of the set that a single arm sets: in other arms they stand at their default."""
    return sorted({name for arm in asked.arms for name in arm.settings if name in names} - set(asked.settings))


def _note(asked: Asked, names: Sequence[str]) -> str:
    return f"set in some arm, and at the default in the others: {', '.join(_own(asked, names))}"
