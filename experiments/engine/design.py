"""A design: the table of runs of an experiment, point by replicate by arm, and which depend on one another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.engine.dates import DATES, apart, never, of_nothing
from experiments.engine.layout import ROW_TABLES
from experiments.engine.memory import check_runs
from experiments.engine.points import Treatment, apply_point, check_points
from sim import TABLES, Levers, SamspelError, load_parameters, load_region
from sim.inputs.injections import injections_of
from sim.inputs.shocks import Shocks, shocks_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

LEVERS = frozenset(Levers.model_fields)

__all__ = ["Design", "Run", "Task", "Treatment", "World", "make_design", "replicate_seed"]


@dataclass(frozen=True)
class World:
    """What all runs of a design share: the region (name or folder), its scale, the years, whether
    neighbourhoods and municipalities are recorded beside the region (`detail`), and whether anything is
    recorded by quarter at all (`curves`; without it only end outcomes are kept, and no other tables). `events` keeps
    tables of single events beside curves (`sim.EVENT_TABLES`). `shocks` are values of series of the surroundings by
    calendar year."""

    region: str
    scale: float
    years: int
    detail: bool
    curves: bool = True
    events: bool = False
    shocks: Shocks = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, dict[str, type]]:
        """Tables of single rows that runs keep, by name, with their columns."""
        if not self.curves:
            return {}
        return ROW_TABLES if self.events else TABLES


@dataclass(frozen=True)
class Run:
    """One model from start to end: a treatment in one replicate's random-number world.

    point: the number of the point from 1 on, 0 in a design that varies nothing but arms. values: the point's
    settings, which the treatment has in it already.
    """

    position: int
    treatment: Treatment
    replicate: int
    seed: int
    point: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arm(self) -> str:
        """The arm's name."""
        return self.treatment.arm

    @property
    def id(self) -> str:
        """The run's name: arm/replicate, or point/arm/replicate."""
        return f"{self.point}/{self.arm}/{self.replicate}" if self.point else f"{self.arm}/{self.replicate}"

    def setting(self, name: str) -> Any:
        """What the run sets a parameter, lever or practice to; empty text where it does not."""
        return self.values.get(name, {**self.treatment.parameters, **apart(self.treatment.levers)}.get(name, ""))


@dataclass(frozen=True)
class Task:
    """Runs that one worker executes one after another, because later ones take the money of earlier ones.

    digests: the identity of each run. given: money of arms that have run before, by arm.
    """

    world: World
    runs: tuple[Run, ...]
    digests: tuple[str, ...] = ()
    given: Mapping[str, NDArray[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """A table of runs in a fixed order: point by point, replicate by replicate, and within one arm by arm."""

    world: World
    treatments: tuple[Treatment, ...]
    runs: tuple[Run, ...]

    @property
    def varied(self) -> tuple[str, ...]:
        """Names of what differs from point to point."""
        return tuple(self.runs[0].values) if self.runs else ()

    @property
    def settings(self) -> tuple[str, ...]:
        """Names of everything set: what is varied, and then what arms set, years of levers by themselves."""
        arms = {name for one in self.treatments for name in (*one.parameters, *apart(one.levers))}
        return (*self.varied, *sorted(arms - set(self.varied)))

    @property
    def replicates(self) -> int:
        """The largest number of a replicate."""
        return max(run.replicate for run in self.runs)

    def notes(self) -> tuple[str, ...]:
        """Remarks on practices and levers of arms whose years are not run."""
        first = load_region(self.world.region, self.world.scale).start_year
        last = first + self.world.years - 1
        return tuple(
            note
            for one in self.treatments
            for note in never(one.arm, {**one.collaboration.settings(), **one.levers}, first, last)
        )

    def tasks(self) -> tuple[Task, ...]:
        """The runs grouped so that nothing passes between tasks; a task starts with the run it depends on."""
        groups: dict[tuple[int, int, str], list[Run]] = {}
        for run in self.runs:
            source = run.treatment.same_money_as or run.arm
            groups.setdefault((run.point, run.replicate, source), []).append(run)
        for group in groups.values():
            group.sort(key=lambda run: run.treatment.same_money_as is not None)
        return tuple(Task(self.world, tuple(group)) for group in groups.values())

    def table(self) -> pd.DataFrame:
        """One row a run: point, arm, replicate, seed and the point's settings."""
        import pandas as pd

        rows = [
            {"point": run.point, "arm": run.arm, "replicate": run.replicate, "seed": run.seed} | dict(run.values)
            for run in self.runs
        ]
        return pd.DataFrame(rows)


def make_design(
    world: World,
    treatments: Sequence[Treatment],
    replicates: int,
    seed: int,
    shared_seeds: bool = True,
    points: Sequence[Mapping[str, Any]] = ({},),
    seed_by_point: bool = False,
) -> Design:
    """Points crossed with replicates and arms. All arms of a replicate share one seed, at every point, unless
    `shared_seeds` is False (a check that the means do not depend on the pairing); with `seed_by_point` each
    point has random numbers of its own. Raises SamspelError for a setting that is unknown or out of bounds, and for
    more runs than this machine can hold."""
    check_calendar(world, treatments)
    check_runs(len(points) * replicates * len(treatments), "design")
    points = check_points(points)
    _check_years(points[0], treatments)
    numbered = any(points)
    runs: list[Run] = []
    for point, values in enumerate(points, 1):
        where = f"design, point {point}" if numbered else "design"
        changed = [_applied(treatment, values, where) for treatment in treatments]
        _check_levers(changed, where)
        for replicate in range(1, replicates + 1):
            for treatment in changed:
                own = "" if shared_seeds else (treatment.same_money_as or treatment.arm)
                drawn = replicate_seed(seed, replicate, f"{own}/{point}" if seed_by_point else own)
                runs.append(Run(len(runs), treatment, replicate, drawn, point if numbered else 0, values))
    return Design(world, tuple(treatments), tuple(runs))


def check_calendar(world: World, treatments: Sequence[Treatment], file: str = "") -> None:
    """Raises SamspelError for shocks and injections in years that are not run, or of nobody in the region; `file` is
    the one that they stand in."""
    key = f"{file}, key " if file else ""
    check_shocks(world, f"{key}shocks" if file else "")
    for one in treatments:
        check_injections(one, world.region, world.scale, world.years, f"{key}arms.{one.arm}.injections")


def check_shocks(world: World, where: str = "") -> None:
    """Raises SamspelError for shocks in years that are not run."""
    try:
        if world.shocks:
            shocks_of(world.shocks, load_region(world.region, world.scale).start_year, world.years, load_parameters())
    except SamspelError as error:
        raise SamspelError(f"{where}: {error}" if where else str(error)) from None


def check_injections(treatment: Treatment, region: str, scale: float, years: int, where: str) -> None:
    """Raises SamspelError for an injection into nobody in the region, or in a year that is not run."""
    if not treatment.injections:
        return
    try:
        injections_of(treatment.injections, load_region(region, scale), years)
    except SamspelError as error:
        raise SamspelError(f"{where}: {error}") from None


def _applied(treatment: Treatment, values: Mapping[str, Any], where: str) -> Treatment:
    try:
        return apply_point(treatment, values)
    except SamspelError as error:
        raise SamspelError(f"{where}, arm {treatment.arm}: {error}") from None


def _check_years(point: Mapping[str, Any], treatments: Sequence[Treatment]) -> None:
    """Years of a lever that no arm sets would change nothing. Raises SamspelError."""
    levers = {name: value for name, value in point.items() if name in DATES and name.partition(".")[0] in LEVERS}
    for one in treatments:
        levers = {} if not of_nothing(levers, {**one.levers, **point}) else levers
    if levers:
        raise SamspelError(f"design: {of_nothing(levers, point)}")


def _check_levers(treatments: Sequence[Treatment], where: str) -> None:
    """Levers that fit alone may not fit together. Raises SamspelError."""
    for treatment in treatments:
        try:
            Levers.checked(**treatment.levers)
        except SamspelError as error:
            raise SamspelError(f"{where}, arm {treatment.arm}: {error}") from None


def replicate_seed(seed: int, replicate: int, arm: str = "") -> int:
    """The seed of a replicate: 31 bits from the root seed, the replicate and, where given, the arm."""
    digest = hashlib.blake2b(f"{seed}/{replicate}/{arm}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") >> 1
