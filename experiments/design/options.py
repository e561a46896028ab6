"""Options that all commands with runs share, so that they are called and explained alike everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from experiments.engine.experiment import Execution

Command = TypeVar("Command", bound=Callable[..., Any])

WIDTH = 0.5


def replicates_or_auto(text: str) -> int | str:
    """A number of replicates, or "auto"."""
    try:
        return text if text == "auto" else int(text)
    except ValueError:
        raise click.BadParameter(f'{text!r} is not a valid integer, nor "auto"') from None


WIDTH_HELP = "What --replicates auto aims at: the headline's interval is at most this share of its mean wide."
JOBS = "Parallel processes; never changes a result.  [all processors]"
CLUSTER = "Send runs to a Dask scheduler, such as tcp://10.0.0.7:8786, or start one here: local."
FRESH = "Forget finished runs and compute all of them again."


def execution_options(command: Command) -> Command:
    """Adds --jobs, --cluster and --fresh."""
    for option in (
        click.option("--fresh", is_flag=True, help=FRESH),
        click.option("--cluster", metavar="ADDRESS", help=CLUSTER),
        click.option("--jobs", type=int, help=JOBS),
    ):
        command = option(command)
    return command


def execution_of(jobs: int | None, cluster: str | None, fresh: bool) -> Execution:
    """How to run, from these options. Raises SamspelError."""
    from experiments.engine.experiment import Execution
    from sim import SamspelError

    if jobs is not None and jobs < 1:
        raise SamspelError(f"--jobs: got {jobs}; expected 1 or more")
    return Execution(jobs, cluster, fresh)


def world_options(region: str, scale: float, years: int, replicates: int, out: str) -> Callable[[Command], Command]:
    """Adds --region, --scale, --years, --replicates, --seed, --out and --set with a command's own defaults."""
    options = (
        click.option("--set", "set_", multiple=True, metavar="NAME=VALUE", help="Set a parameter or lever."),
        click.option(
            "--out", default=out, show_default=True, metavar="FOLDER", help="Where results go; replaces earlier ones."
        ),
        click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Root of all draws."),
        click.option(
            "--replicates",
            type=click.IntRange(min=1),
            default=replicates,
            show_default=True,
            help="Random-number worlds, each met by every arm.",
        ),
        click.option("--years", type=click.IntRange(1, 200), default=years, show_default=True, help="Years from 2011."),
        click.option(
            "--scale",
            type=click.FloatRange(0, 1, min_open=True),
            default=scale,
            show_default=True,
            help="Share of the region to simulate; 1 is people 1:1.",
        ),
        click.option(
            "--region", default=region, show_default=True, metavar="NAME|PATH", help="A region of ours or yours."
        ),
    )

    def add(command: Command) -> Command:
        for option in options:
            command = option(command)
        return command

    return add
