"""The `samspel` command: its group, and how errors reach a person."""

from __future__ import annotations

import errno
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from importlib import import_module

import click

from experiments.engine.pool import LESS, StartError, abandon_all, use_one_thread
from experiments.engine.signals import held_off, ignore_what_stops
from experiments.questions import kinds
from experiments.reporting.printing import open_closed_streams, print_whatever_comes, write_where_it_can_be

NO_MEMORY = ("can't start new thread", "failed to map segment", "annot allocate memory")
HELP = """Does neighbourhood renewal in collaboration beat everyone in their own silo?

Samspel simulates thirty years of renewal of a region's Million Programme estates, household by household
and quarter by quarter, under different forms of collaboration. It explores; it does not predict what happens
to an estate.

\b
Try first:
  samspel compare --quick              a quick look: small, few replicates
  samspel compare                      the whole county, people and homes 1:1
  samspel list                         what can be set, chosen and read
"""


def _say_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if not asked:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"samspel {version('samspel')}")
    except PackageNotFoundError:
        click.echo("samspel, run from a checkout that is not installed")
    context.exit()


# Tools by command: where they are, and what they do; questions are found by looking (questions/kinds.py).
TOOLS = {
    "run": ("experiments.tools.run", "run", "Run a design of your own."),
    "rerun": ("experiments.tools.rerun", "rerun", "Repeat one run here, for debugging."),
    "plot": ("experiments.tools.plot", "plot", "Draw stored results again, without running."),
    "flat": ("experiments.tools.flat", "flat", "One renovated flat, of each kind, to whom."),
    "budgets": ("experiments.tools.budgets", "budgets", "Every budget by neighbourhood, from stored results."),
    "talks": ("experiments.tools.talks", "talks", "Read the log of talks of stored results."),
    "diff": ("experiments.tools.diff", "diff", "Compare two folders of results."),
    "benchmark": (
        "experiments.tools.benchmark.command",
        "benchmark",
        "How fast it is, how large, and against what.",
    ),
    "list": ("experiments.tools.list", "list_", "Show what can be set, chosen and read."),
}
ENDING = ("SIGTERM", "SIGHUP")
STOPPED = 130
FIRST = ("compare", "sweep", "factorial", "rivals", "sensitivity", "discover", "validate", "hindcast", "calibrate")


LONGEST = 1_980  # characters of a message


class Commands(click.Group):
    """Commands that are imported when they are called, so that help is there at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Questions, the usual ones first, then tools."""
        asked = [*(name for name in FIRST if name in kinds.names()), *(n for n in kinds.names() if n not in FIRST)]
        return [*asked, *TOOLS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported."""
        _check_backend()
        if cmd_name in TOOLS:
            module, attribute, _ = TOOLS[cmd_name]
            tool: click.Command = getattr(import_module(module), attribute)
            return tool
        if cmd_name not in kinds.names():
            return None
        from experiments.questions.run import command_of

        return command_of(kinds.question_of(cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            rows = [(n, TOOLS[n][2] if n in TOOLS else kinds.short_help(n)) for n in self.list_commands(ctx)]
            formatter.write_dl(rows)


@click.group(
    cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_say_version, help="Show the version."
)
def samspel() -> None:
    """The group of all commands."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 when done, 2 for bad input, 1 when a run failed, 130 when stopped."""
    use_one_thread()
    open_closed_streams()
    print_whatever_comes()
    write_where_it_can_be()
    for name in ENDING:
        # What is told to go on when its terminal is closed (nohup) does so.
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) != signal.SIG_IGN:
            signal.signal(getattr(signal, name), _stop)
    try:
        code = status(arguments)
    except KeyboardInterrupt:  # once more, between stopping and telling of it
        code = STOPPED
    ignore_what_stops()
    abandon_all()
    sys.exit(code)


def _check_backend() -> None:
    # matplotlib looks at this when it is imported; we draw without any such backend.
    if "MPLBACKEND" in os.environ:
        try:
            import_module("matplotlib")
        except ValueError:
            from sim.errors import SamspelError, quoted

            given = quoted(os.environ["MPLBACKEND"])
            what = f"{given} is no backend of matplotlib; unset this variable, samspel draws without it"
            raise SamspelError(f"MPLBACKEND: {what}") from None


def _check_arguments(given: Sequence[str]) -> None:
    """Refuse bytes that are no text, which could not be written into results. Raises SamspelError."""
    for argument in given:
        try:
            argument.encode()
        except UnicodeEncodeError:
            from sim.errors import SamspelError, clip

            raise SamspelError(f"{clip(argument)}: is not UTF-8 text; expected names and paths that are") from None


def _stop(*_: object) -> None:
    # Ended from outside is stopped by hand: workers end and unfinished results go.
    raise KeyboardInterrupt


def status(arguments: Sequence[str] | None = None) -> int:
    """Run the command line. Errors become a line a problem on stderr and an exit status; a traceback appears only
    where the environment variable SAMSPEL_TRACEBACK is set."""
    given = (sys.argv[1:] if arguments is None else list(arguments)) or ["--help"]
    try:
        _check_arguments(given)
        code = samspel.main(args=given, prog_name="samspel", standalone_mode=False, obj=tuple(given))
        return code if isinstance(code, int) else 0
    except (click.Abort, KeyboardInterrupt):
        with held_off():
            _say("stopped; no results were written")
        return STOPPED
    except Exception as error:
        with held_off():
            return _tell(error)


def _tell(error: Exception) -> int:
    """Say what has gone wrong; the exit status."""
    if os.environ.get("SAMSPEL_TRACEBACK"):
        traceback.print_exc()
    message, code = told(error)
    # A region's tables are told all their problems at once, one a line.
    lines = (" ".join(line.split()) for line in message.splitlines() if line.strip())
    whole = "\n  ".join(lines) + "".join(getattr(error, "__notes__", ()))
    _say(whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…")
    return code


def _say(message: str) -> None:
    with suppress(OSError):  # the terminal may be gone
        print(f"samspel: {message}", file=sys.stderr, flush=True)


def told(error: Exception) -> tuple[str, int]:
    """What a person is told of an error, and the exit status."""
    from experiments.engine.experiment import StoppedError
    from experiments.engine.runs import RunError
    from sim.errors import DefectError, OutcomeError, SamspelError, clip

    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "samspel"
        return f"{error.format_message().rstrip('.')}; see {command} --help", 2
    if isinstance(error, OutcomeError):  # its message says that it is ours
        return str(error), 1
    if isinstance(error, SamspelError):
        return str(error), 2
    if isinstance(error, StoppedError):
        return str(error), STOPPED
    if isinstance(error, RunError | StartError):
        return f"{error}; no results were written", 1
    if isinstance(error, MemoryError) or any(words in str(error) for words in NO_MEMORY):
        return f"out of memory ({str(error) or 'nothing more is known'}); {LESS}; no results were written", 1
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return f"{clip(error.filename, 300)}: {error.strerror}; expected the name of a file or folder", 2
    if isinstance(error, OSError):
        return f"{clip(error.filename or 'a file', 300)}: {clip(error.strerror or error, 300)}", 1
    if isinstance(error, BrokenExecutor):
        return f"a worker process ended from outside, perhaps for want of memory; {LESS}; no results were written", 1
    if isinstance(error, DefectError):
        return f"an error of samspel itself, please report it: {error}", 1
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"
    return f"an error of samspel itself, please report it: {type(error).__name__}: {error} [{where}]", 1
