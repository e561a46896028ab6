"""What a question is asked about: a region, how long and how often, which arms, what is set, and how to run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from experiments.design.arms import Arm
from experiments.design.plan import split_settings, treatments_of
from experiments.engine.dates import named, plain
from experiments.engine.design import Design, World, check_calendar, make_design
from experiments.engine.experiment import Execution, Experiment
from experiments.engine.inputs import TABLES, source_of
from experiments.engine.manifest import SourceMade, describe_parameters, describe_region
from experiments.engine.points import Treatment
from experiments.engine.runs import region_of
from sim import Region, SamspelError, load_parameters
from sim.errors import clip
from sim.inputs.shocks import Shocks


@dataclass(frozen=True)
class Asked:
    """One asking of a question. Everything in it is checked.

    arms: those that are compared, in order. settings: parameters and levers set in all of them. shocks:
    series of the surroundings set in calendar years. options: the
    question's own options by name. read: what was assumed to read the configuration file that part of it came from.
    config: that file. made_by: where the region is a changed one, the file that says so. given: names of options that
    a person gave, on the command line or in the file.
    """

    region: str
    scale: float
    years: int
    replicates: int
    seed: int
    out: str
    arms: tuple[Arm, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    shocks: Shocks = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    execution: Execution = field(default_factory=Execution)
    command: tuple[str, ...] = ()
    quick: bool = False
    figures: bool = True
    read: tuple[str, ...] = ()
    config: Path | None = None
    made_by: str = ""
    given: frozenset[str] = frozenset()

    @cached_property
    def place(self) -> Region:
        """The region, read. Raises SamspelError."""
        return region_of(self.region, self.scale)

    @property
    def flats(self) -> int:
        """Flats of the region at this scale."""
        return int(self.place.total_flats)

    @property
    def folder(self) -> Path:
        """Where results go. Raises SamspelError for a ~name that nobody has, and what no folder can be called."""
        try:
            folder = Path(self.out).expanduser()
            folder.exists()
        except RuntimeError:
            raise SamspelError(f"--out {clip(self.out, 200)}: no such user; expected a folder") from None
        except OSError as error:
            said = error.strerror or str(error)
            raise SamspelError(f"--out {clip(self.out, 200)}: {said}; expected a folder") from None
        return folder

    def world(self, curves: bool = False, detail: bool = False, events: bool = False) -> World:
        """The world of the engine's designs; `curves` keeps outcomes by quarter, with `detail` of all areas, and with
        `events` tables of single events."""
        return World(
            self.region, self.scale, self.years, detail=detail, curves=curves, events=events, shocks=self.shocks
        )

    def design(
        self,
        points: Iterable[Mapping[str, Any]] = ({},),
        *,
        arms: Iterable[Arm] | None = None,
        curves: bool = False,
        detail: bool = False,
        events: bool = False,
        shared_seeds: bool = True,
        own_numbers: bool = False,
    ) -> Design:
        """Arms (all of them by default) × points × replicates.

        curves, detail, events: what is kept beside end outcomes. shared_seeds: arms meet the same random numbers.
        own_numbers: each point has random numbers of its own. Raises SamspelError for a setting that does not exist or
        fit.
        """
        treatments = treatments_of(tuple(arms) if arms is not None else self.arms, self.settings)
        world = self.world(curves, detail, events)
        check_calendar(world, treatments, "" if self.config is None else str(self.config))
        return make_design(world, treatments, self.replicates, self.seed, shared_seeds, list(points), own_numbers)

    def notes(self) -> tuple[str, ...]:
        """Remarks on how the configuration and the region's tables were read, and on values outside their plausible
        range in some arm."""
        treatments = treatments_of(self.arms, self.settings)
        changes = [split_settings(self.settings, "--set")[0], *(treatment.parameters for treatment in treatments)]
        notes = {note for change in changes for note in load_parameters().replace(dict(change)).notes()}
        return (*self.read, *self.place.notes, *sorted(notes), *self._never(treatments))

    def _never(self, treatments: Sequence[Treatment]) -> tuple[str, ...]:
        """Remarks on years of arms that are not run."""
        return Design(self.world(), tuple(treatments), ()).notes()

    def sources(self) -> tuple[SourceMade, ...]:
        """What of it is from a user's file."""
        changed = (SourceMade(kind=TABLES, given=self.made_by, digest=self.place.digest),) * bool(self.made_by)
        return (*changed, *(() if self.config is None else (source_of("configuration", self.config),)))

    def experiment(self, kind: str) -> Experiment:
        """The engine's experiment that writes to `out`, with what the manifest says of this asking."""
        experiment = Experiment(self.folder, kind, self.command, self.execution)
        experiment.note(
            **describe_region(self.region, self.scale),
            **describe_parameters(split_settings(self.settings, "--set")[0]),
            years=self.years,
            quarters=self.years * 4,
            seed=self.seed,
            replicates=self.replicates,
            quick=self.quick,
            set=plain(self.settings) | named(self.shocks),
            options=dict(self.options),
            notes=self.notes(),
            sources=self.sources(),
        )
        return experiment
