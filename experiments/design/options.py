"""The options of every command with runs, called and explained alike everywhere, and what they come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from experiments.design.arms import Arm
from experiments.design.asked import Asked
from experiments.design.option_types import Number, Whole, is_plain, of_file
from experiments.design.settings import Settings, Tables, parse_assignments, read_config, read_settings, told_at
from experiments.engine.experiment import Execution
from sim import SamspelError
from sim.errors import clip, quoted
from sim.inputs.region import region_folder
from sim.inputs.text import hidden, tidy

Command = TypeVar("Command", bound=Callable[..., Any])

QUICK = "A first look, in a minute to a few: the same question at a smaller scale, with fewer runs; never fewer years."
JOBS = "Parallel processes; never changes a result.  [all processors]"
CLUSTER = (
    "Send runs to a Dask scheduler, such as tcp://10.0.0.7:8786, or start one here: local. Whoever answers can run "
    "programs on this machine: name only one that you trust; tls:// and Dask's certificates make sure who it is."
)
FRESH = "Forget finished runs and compute all of them again."
AUTO = "auto"


@dataclass(frozen=True)
class Defaults:
    """What a question is asked about where nothing else is said. arms: the usual ones, by name, given the question's
    own options; None for a question that does not compare arms. auto: whether `--replicates auto` is taken. file: for a
    question that is asked by a file, FILE, which says region and arms too: how that is read, given numbers that a quick
    look takes at most."""

    region: str
    scale: float
    replicates: int
    out: str
    years: int = 30
    arms: Callable[[Mapping[str, Any]], Sequence[str]] | None = None
    auto: bool = False
    file: Callable[[Mapping[str, Any], Path], Tables] | None = None

    def values(self) -> dict[str, Any]:
        """By the keys of the settings."""
        names = ("region", "scale", "years", "replicates", "out")
        return {name: getattr(self, name) for name in names}


def execution_options(command: Command) -> Command:
    """Adds --jobs, --cluster and --fresh."""
    for option in (
        click.option("--fresh", is_flag=True, help=FRESH),
        click.option("--cluster", metavar="ADDRESS", help=CLUSTER),
        click.option("--jobs", type=Whole(), help=JOBS),
    ):
        command = option(command)
    return command


def execution_of(jobs: int | None, cluster: str | None, fresh: bool) -> Execution:
    """How to run, from these options. Raises SamspelError."""
    if jobs is not None and jobs < 1:
        raise SamspelError(f"--jobs: got {jobs}; expected 1 or more")
    return Execution(jobs, cluster, fresh)


def asked_options(usual: Defaults) -> Callable[[Command], Command]:
    """Adds the options of every question, with its own defaults in the help."""
    replicates = "Random-number worlds, each met by every arm" + ('; "auto": more until the headline is known well.')
    words = f"A region of ours or a folder of yours.  [{usual.region}]"
    region = click.option("--region", metavar="NAME|PATH", help=words)
    config = click.option("--config", type=click.Path(path_type=Path), help="A configuration file (TOML).")
    options = [
        region,
        click.option(
            "--scale", type=Number(), help=f"Share of the region to run, 0 to 1; 1 is 1:1.  [{usual.scale:g}]"
        ),
        click.option(
            "--years",
            type=Whole(),
            help=f"Years from the start (2011, or the start_year of the region).  [{usual.years}]",
        ),
        click.option(
            "--replicates",
            type=_replicates_or_auto if usual.auto else Whole(),
            metavar="NUMBER|auto" if usual.auto else "NUMBER",
            help=(replicates if usual.auto else replicates.partition(";")[0] + ".") + f"  [{usual.replicates}]",
        ),
        click.option("--seed", type=Whole(), help="Root of all random numbers.  [1]"),
        click.option("--set", "set_", multiple=True, metavar="NAME=VALUE", help="Set a parameter or lever."),
        config,
        click.option("--out", metavar="FOLDER", help=f"Where results go; replaces earlier ones.  [{usual.out}]"),
        click.option("--quick", is_flag=True, help=QUICK),
        click.option("--figures/--no-figures", default=True, help="Draw figures, or leave it to samspel plot."),
    ]
    if usual.file is not None:
        options = [one for one in options if one is not config and one is not region]
        options.append(click.argument("file", type=click.Path(path_type=Path)))
    elif usual.arms is not None:
        words = "Arms to compare, separated by commas; see samspel list arms."
        options.insert(3, click.option("--arms", metavar="A,B,…", help=words))

    def add(command: Command) -> Command:
        command = execution_options(command)
        for option in reversed(options):
            command = option(command)
        return command

    return add


def asked_of(context: click.Context, usual: Defaults, quick: Mapping[str, Any]) -> Asked:
    """What a command line, with its configuration file, asks about. With --quick, `quick` holds values in place of
    defaults, the question's own options among them; what is given always wins. Raises SamspelError."""
    values = dict(context.params)
    common = {"region", "scale", "years", "replicates", "seed", "set_", "config", "out", "quick", "figures", "arms"}
    common |= {"jobs", "cluster", "fresh", "file"}
    config = values["config" if usual.file is None else "file"]
    own = {_key(param): param for param in context.command.params if param.name not in common and param.expose_value}
    given = {
        name for name in values if context.get_parameter_source(name) is ParameterSource.COMMANDLINE and name in values
    }
    _check_text(values, given)
    instead = quick if values["quick"] else {}
    defaults = usual.values() | {name: value for name, value in instead.items() if name in usual.values()}
    reader = read_config if usual.file is None else partial(usual.file, instead)
    settings, from_file = read_settings(config, _given(values, given), defaults, own, reader)
    options: dict[str, Any] = {}
    for key, param in own.items():
        name = str(param.name)
        options[key] = values[name]
        if name in given:
            continue
        if key in from_file:
            options[key] = _converted(context, param, from_file[key], f"{config}: {key}")
        elif key in instead:
            options[key] = instead[key]
    if usual.auto:
        options["auto"] = values["replicates"] == AUTO
    arms: tuple[Arm, ...] = ()
    if usual.arms is not None:
        with told_at(_place_of_arms(settings, given, config)):
            arms = settings.chosen_arms(usual.arms(options))
    asked = Asked(
        region=settings.region,
        scale=settings.scale,
        years=settings.years,
        replicates=settings.replicates,
        seed=settings.seed,
        out=settings.out,
        arms=arms,
        settings=settings.set,
        shocks=settings.shocks,
        options=options,
        execution=execution_of(settings.jobs, values["cluster"], values["fresh"]),
        command=("samspel", *(context.obj or ())),
        quick=values["quick"],
        figures=values["figures"],
        read=settings.notes,
        config=config,
        given=frozenset({key for key, param in own.items() if param.name in given} | set(from_file)),
    )
    with told_at("" if "region" in given or config is None else f"{config}, key region"):
        region_folder(asked.region)
    _ = asked.place, asked.folder
    return asked


def _place_of_arms(settings: Settings, given: set[str], config: Path | None) -> str:
    """Where it stands which arms are run."""
    if "arms" in given:
        return "--arms" if config is None else f"--arms, and arms of {config}"
    return "" if config is None else f"{config}, key select" if settings.select is not None else str(config)


def _check_text(values: Mapping[str, Any], given: set[str]) -> None:
    """Refuse names that hold what nobody sees, and a configuration file of no possible name."""
    for name in ("region", "out", "config", "file"):
        where = "FILE" if name == "file" else f"--{name}"
        if name in given and (what := hidden(str(values[name]))):
            raise SamspelError(f"{where}: {what}")
        if name in ("config", "file") and name in given and values[name] is not None:
            try:
                values[name].exists()
            except OSError as error:
                said = f"cannot be read ({error.strerror})"
                raise SamspelError(f"{where} {clip(values[name], 200)}: {said}; expected a file") from None


def _given(values: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """What was given on the command line, by the keys of the settings."""
    plain = ("region", "scale", "years", "replicates", "seed", "jobs", "out")
    given = {name: values[name] for name in plain if name in names and values[name] != AUTO}
    if "arms" in names:
        given["select"] = tuple(tidy(name) for name in values["arms"].split(",") if name.strip())
    if "set_" in names:
        given["set"] = parse_assignments(values["set_"])
    return given


def _key(param: click.Parameter) -> str:
    """An option's key in a configuration file: --headline-scale is headline_scale; an argument's own name."""
    longest = max(param.opts, key=len)
    return longest.lstrip("-").replace("-", "_")


def _converted(context: click.Context, param: click.Parameter, value: Any, where: str) -> Any:
    try:
        return param.type_cast_value(context, of_file(param, value))
    except (click.UsageError, TypeError) as error:
        said = error.format_message() if isinstance(error, click.UsageError) else str(error)
        raise SamspelError(f"{where}: got {quoted(value)}; {clip(said, 300)}") from None


def _replicates_or_auto(text: str) -> int | str:
    """A number of replicates, or "auto"."""
    try:
        return text if text == AUTO else int(text if is_plain(text) else "")
    except ValueError:
        raise click.BadParameter(f'{quoted(text)} is not a valid integer, nor "auto"') from None
