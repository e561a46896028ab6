"""What the commands that answer questions share: their world, quick settings, the words they begin with, the end."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from experiments.design.options import execution_of, execution_options, world_options

if TYPE_CHECKING:
    from experiments.analysis.paired import Interval
    from experiments.design.arms import Arm
    from experiments.engine.design import Design, World
    from experiments.engine.experiment import Execution, Experiment
    from sim import Region

Command = TypeVar("Command", bound=Callable[..., Any])

QUICK = "A first look in under a minute: a smaller region, fewer years and runs."


@dataclass(frozen=True)
class Question:
    """A region, how long and how often, random numbers, settings of all arms, and how to run and where to write."""

    region: str
    scale: float
    years: int
    replicates: int
    seed: int
    out: str
    settings: Mapping[str, Any]
    execution: Execution
    command: tuple[str, ...]
    quick: bool

    @cached_property
    def place(self) -> Region:
        """The region, read."""
        from experiments.engine.runs import region_of

        return region_of(self.region, self.scale)

    @property
    def flats(self) -> int:
        """Flats of the region at this scale."""
        return int(self.place.total_flats)

    @property
    def title(self) -> str:
        """Region, size and length in one line."""
        return f"{self.place.title}: {self.flats:,} flats, {self.years} years from 2011"

    def world(self, curves: bool = False) -> World:
        """The world of the engine's designs; `curves` keeps the region's outcomes by quarter."""
        from experiments.engine.design import World

        return World(self.region, self.scale, self.years, detail=False, curves=curves)

    def design(
        self, arms: Iterable[str | Arm], points: Iterable[Mapping[str, Any]], curves: bool = False, own: bool = False
    ) -> Design:
        """Arms (by name, or of one's own) × points × replicates; `own`: each point has random numbers of its own."""
        from experiments.design.arms import NAMED_ARMS
        from experiments.design.plan import treatments_of
        from experiments.engine.design import make_design

        treatments = treatments_of([NAMED_ARMS[a] if isinstance(a, str) else a for a in arms], self.settings)
        where = self.world(curves)
        return make_design(where, treatments, self.replicates, self.seed, points=list(points), seed_by_point=own)

    def experiment(self, kind: str) -> Experiment:
        """The engine's experiment that writes to `out`."""
        from experiments.engine.experiment import Experiment

        experiment = Experiment(Path(self.out), kind, self.command, self.execution)
        about = {"seed": self.seed, "replicates": self.replicates, "set": dict(self.settings), "quick": self.quick}
        experiment.note(**about)
        return experiment


def question_options(out: str, replicates: int, scale: float, region: str = "botkyrka") -> Callable[[Command], Command]:
    """Adds the options of every question: world, execution, and --quick."""

    def add(command: Command) -> Command:
        command = click.option("--quick", is_flag=True, help=QUICK)(command)
        command = execution_options(command)
        return world_options(region, scale, 30, replicates, out)(command)

    return add


def collaboration_option(command: Command) -> Command:
    """Adds --on: the arm that is compared with silos."""
    kinds = click.Choice(["coordinated", "local", "national", "emergent"])
    words = "The collaboration that is compared with silos; trust and commitment act in emergent alone."
    return click.option("--on", type=kinds, default="coordinated", show_default=True, help=words)(command)


def question_of(context: click.Context, quick: Mapping[str, Any]) -> tuple[Question, dict[str, Any]]:
    """The question that a command line asks, and its further options. With --quick, `quick` holds the values of
    options that were not given. Raises SamspelError."""
    from experiments.engine.pool import use_one_thread

    use_one_thread()
    from experiments.design.plan import split_settings
    from experiments.design.settings import parse_assignments

    values = dict(context.params)
    if values["quick"]:
        given = {n for n in values if context.get_parameter_source(n) is ParameterSource.COMMANDLINE}
        values |= {name: value for name, value in quick.items() if name not in given}
    settings = parse_assignments(values.pop("set_"))
    split_settings(settings, "--set")
    execution = execution_of(values.pop("jobs"), values.pop("cluster"), values.pop("fresh"))
    own = {name: values.pop(name) for name in ("region", "scale", "years", "replicates", "seed", "out", "quick")}
    command = ("samspel", *(context.obj or ()))
    question = Question(**own, settings=settings, execution=execution, command=command)
    _ = question.place
    return question, values


def finish(question: Question, experiment: Experiment, headings: Iterable[str], parts: Iterable[str]) -> None:
    """Write summary.md: title and command, `parts`, notes. Called inside the experiment."""
    from experiments.reporting.numbers import PURPOSE

    said = ["# " + next(iter(headings)), f"*{PURPOSE}.*", f"    {' '.join(question.command)}", *parts, notes(question)]
    if experiment.failures:
        said.append(f"**Failed runs.** {experiment.failure_words()}")
    (experiment.folder / "summary.md").write_text("\n\n".join(said) + "\n", encoding="utf-8")


def closing(question: Question, experiment: Experiment, answer: Iterable[str]) -> int:
    """Print the answer and where results are; the exit status. Called after the experiment."""
    import textwrap

    for line in answer:
        click.echo(textwrap.fill(line.replace("**", ""), 100, break_long_words=False) + "\n")
    if experiment.failures:
        click.echo(experiment.failure_words(), err=True)
    click.echo(f"Written to {question.out}: summary.md, figures/, runs, design and manifest")
    return experiment.exit_status


def notes(question: Question) -> str:
    """What the numbers are, at the end of a summary."""
    lines = [
        "Every difference is between runs that meet the same random numbers. Money is real SEK of 2011 at "
        "present value; "
        "with end value adds what buildings are worth in the last quarter.",
        f"Region {question.region}, scale {question.scale:g}, {question.years} years, seed {question.seed}.",
    ]
    if question.settings:
        lines.append("Set in all arms: " + ", ".join(f"{n} = {v}" for n, v in question.settings.items()) + ".")
    if question.quick:
        lines.append("A quick look: too small and short to conclude from.")
    return "## Notes\n\n" + "\n".join(f"- {line}" for line in lines)


def amount(value: Interval, unit: str) -> str:
    """A difference in words: its size, unit and interval."""
    from experiments.reporting.numbers import decimals_for, number

    half = (value.high - value.low) / 2 if value.known else 0.0
    places = decimals_for(half or value.mean)
    text = f"{number(value.mean, places, signed=True)} {unit}".rstrip()
    return f"{text} ({number(value.low, places)} to {number(value.high, places)})" if value.known else text


def short(value: float, signed: bool = False) -> str:
    """A number with three significant digits.

    >>> short(1234.5), short(0.012345)
    ('1,234', '0.0123')
    """
    from experiments.reporting.numbers import number

    if not math.isfinite(value) or value == 0:
        return "0" if value == 0 else "–"
    return number(value, max(0, min(6, 2 - math.floor(math.log10(abs(value))))), signed)


def setting_words(name: str) -> tuple[str, str]:
    """A parameter, lever or practice in words, and its unit: the parameter's note, the practice's name."""
    from sim import Levers, load_parameters

    records = load_parameters().records
    if name in records:
        record = records[name]
        return record.note, record.unit.replace("m2.year", "m² and year").replace("/", " per ").replace("1 = ", "1 is ")
    if name in Levers.model_fields:
        return (Levers.model_fields[name].description or name), ""
    return (f"strength of {name.replace('_', ' ')}" if name != "cost_factor" else "cost of coordination"), (
        "times" if name == "cost_factor" else "0 to 1"
    )
