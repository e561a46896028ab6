"""What is amiss with the terminal, the environment and what is typed is told; what is ours stays ours."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest

from experiments import cli
from experiments.cli import samspel, status
from experiments.engine.checksums import warn
from experiments.engine.progress import Progress
from experiments.reporting.printing import plainly, print_whatever_comes
from sim import schedule
from sim.errors import SamspelError, clip, quoted, unknown
from sim.world.world import World

COMMANDS = samspel.list_commands(click.Context(samspel))
SMALL = ["--region", "botkyrka", "--scale", "0.02", "--years", "1", "--replicates", "1", "--jobs", "1", "--no-figures"]


class Pipe:
    """Standard output and standard error as a pipe of an encoding."""

    def __init__(self, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.streams = [io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2)]
        monkeypatch.setattr(sys, "stdout", self.streams[0])
        monkeypatch.setattr(sys, "stderr", self.streams[1])
        print_whatever_comes()

    def written(self) -> str:
        """All of it."""
        for stream in self.streams:
            stream.flush()
        return "".join(s.buffer.getvalue().decode(s.encoding) for s in self.streams)  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp437"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_printed_on_a_pipe_of_any_encoding(
    command: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = Pipe(encoding, monkeypatch)
    assert status([command, "--help"] if command else ["--help"]) == 0
    assert pipe.written().startswith("Usage: samspel")


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "utf-8"])
def test_lists_and_errors_are_printed_on_a_pipe_of_any_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = Pipe(encoding, monkeypatch)
    assert status(["list"]) == 0 and status(["compare", "--region", "Ж−å"]) == 2
    written = pipe.written()
    assert "REGIONS" in written and 'unknown region "' in written
    assert ("Ж−å" in written) == (encoding == "utf-8")


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["cp1252", "C"],
)
def test_a_process_prints_whatever_its_pipe_knows(environment: dict[str, str]) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "experiments", "list", "levers"], capture_output=True, env=os.environ | environment
    )
    assert (told.returncode, told.stderr) == (0, b"") and b"grant_rate" in told.stdout


def test_what_an_encoding_lacks_is_written_plainly() -> None:
    assert plainly("−1,5 ≥ 2… “Å” Ø Ж") == '-1,5 >= 2... "A" O ?'
    assert plainly("\ud800") == "?"


def test_a_backend_that_matplotlib_does_not_know_is_told_as_the_users() -> None:
    program = "import sys; from experiments.cli import status; sys.exit(status(['compare', '--help']))"
    environment = os.environ | {"MPLBACKEND": "nonsense" * 100}
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, text=True)
    assert told.returncode == 2 and told.stdout == "" and len(told.stderr) < 300
    assert told.stderr.startswith("samspel: MPLBACKEND: 'nonsense") and "unset this variable" in told.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "--region", "a\udcff"],
        ["compare", *SMALL, "--out", "results\udce5"],
        ["run", "mine\udcff.toml"],
    ],
)
def test_bytes_that_are_no_text_are_refused_before_anything_is_run(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert status(arguments) == 2
    assert "is not UTF-8 text" in capsys.readouterr().err and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "heat_price=100"], "--set: heat_price is 100; expected 0.2 to 3 (SEK/kWh)"),
        (["--set", "grant_rate=5"], "--set: lever grant_rate: got 5"),
        (["--set", "heat_price=" + "9" * 400], "--set: heat_price is 999"),
        (["--set", "heat_price=" + "9" * 9_000], "--set: heat_price is 999"),
        (["--set", "heat_price=1e999"], "--set: heat_price is 1e999; expected a finite number"),
        (["--set", "heat_price=0.5", "--set", "heat_price=0.6"], "--set heat_price: set twice"),
        (["--set", "standard_choice=ten\u200bants"], "holds a character that cannot be seen (U+200B"),
        (["--set", "x" * 9_000 + "=1"], "--set: unknown parameter or lever"),
        (["--set", "x" * 9_000], "expected name=value"),
        (["--seed", "9" * 400], "--seed: got 999"),
        (["--seed", "9" * 9_000], "--seed"),
        (["--jobs", "9" * 40], "--jobs: got 999"),
        (["--years", "9" * 400], "--years: got 999"),
        (["--replicates", "9" * 400], "--replicates: got 999"),
        (["--arms", "siloed," + "x" * 9_000], "--arms: unknown arm"),
        (["--arms", "siloed,sil\u200boed"], '--arms: unknown arm "sil\\u200boed"; did you mean "siloed"?'),
        (["--region", "x" * 9_000], "region"),
        (["--region", "a/" * 5_000], "region"),
        (["--config", "x" * 9_000], "cannot be read"),
        (["--out", "~nobody-has-this-name/results"], "--out ~nobody-has-this-name/results: no such user"),
        (["--out", "x" * 9_000], "…: File name too long"),
        (["--cluster", "x" * 9_000], ""),
        (["--" + "x" * 9_000], "No such option"),
    ],
    ids=lambda value: clip("-".join(value), 30) if isinstance(value, list) else "",
)
def test_a_value_beyond_all_measure_is_told_shortly_with_its_option(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert status(["compare", *SMALL, "--out", "results", *arguments]) in (1, 2)
    told = capsys.readouterr().err
    told = told[told.index("samspel: ") :]
    assert said in told and len(told) <= 2_000 and "samspel itself" not in told and "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_every_value_that_is_quoted_is_clipped() -> None:
    assert len(str(unknown("arm", "x" * 9_000, [str(number) * 40 for number in range(900)]))) < 800
    assert clip("a\u202eb\0") == "a\\u202eb\\u0000" and len(clip("x" * 99)) == 60
    assert quoted("it") == "'it'" and quoted(1.5) == "1.5" and quoted(10**5_000) == "a value too long to show"


# A real defect of ours is told as ours


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("no builders left"), ValueError("odd"), KeyError("MPLBACKEND"), OverflowError("large")]
)
@pytest.mark.parametrize("phase", [schedule.PHASES[0].name, schedule.PHASES[-1].name])
def test_a_defect_planted_in_a_phase_is_told_with_its_kind_and_place(
    phase: str, error: Exception, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(world: World) -> None:
        raise error

    phases = tuple(replace(one, advance=broken) if one.name == phase else one for one in schedule.PHASES)
    monkeypatch.setattr(schedule, "PHASES", phases)
    assert status(["compare", *SMALL, "--arms", "siloed,local", "--out", str(tmp_path / "results")]) == 1
    told = capsys.readouterr().err
    said = f"an error of samspel itself, please report it: {type(error).__name__}: {error} [test_surroundings.py:"
    assert said in told
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("error", [ValueError("odd"), KeyError("backend"), RecursionError("deep"), TypeError("such")])
def test_a_defect_anywhere_else_is_told_as_an_error_of_samspel_itself(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "_check_arguments", broken)
    assert status(["list"]) == 1
    told = capsys.readouterr().err
    assert f"an error of samspel itself, please report it: {type(error).__name__}: {error}" in told


def test_a_message_of_thousands_of_characters_is_cut(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def long(_: object) -> None:
        raise SamspelError("x" * 90_000)

    monkeypatch.setattr(cli, "_check_arguments", long)
    assert status(["list"]) == 2
    assert len(capsys.readouterr().err) <= 2_000


# Standard streams that are closed, full, or gone


def through_shell(redirected: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """A small comparison with standard streams as a shell leaves them."""
    words = " ".join(["compare", *SMALL, "--arms", "siloed,coordinated", "--out", "out"])
    command = f'"{sys.executable}" -m experiments {words} {redirected}'
    environment = os.environ | {"PYTHONPATH": str(Path(cli.__file__).parents[1])}
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=environment)


@pytest.mark.skipif(sys.platform == "win32", reason="no such shell there")
@pytest.mark.parametrize("redirected", ["2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_cost_words_and_nothing_else(redirected: str, tmp_path: Path) -> None:
    told = through_shell(redirected, tmp_path)
    assert told.returncode == 0 and (tmp_path / "out" / "manifest.json").is_file()
    assert ("Written to out" in told.stdout) == (redirected == "2>&-")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
def test_a_full_device_costs_words_and_is_told_where_results_are(tmp_path: Path) -> None:
    told = through_shell("2>/dev/full", tmp_path)
    assert told.returncode == 0 and "Written to out" in told.stdout
    told = through_shell(">/dev/full", tmp_path)
    assert told.returncode == 1 and (tmp_path / "out" / "manifest.json").is_file()
    said = "samspel: standard output: No space left on device; the results are written, to out\n"
    announced = 2  # the comparison, and the smaller runs of its turning points
    assert told.stderr.endswith(said) and told.stderr.count("\n") == announced + 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device there")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_device_is_told_by_name_however_python_writes(unbuffered: str) -> None:
    with Path("/dev/full").open("w") as full:
        environment = os.environ | {"PYTHONUNBUFFERED": unbuffered}
        command = [sys.executable, "-m", "experiments", "list", "levers"]
        told = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=environment)
    assert told.returncode == 1 and told.stderr == "samspel: standard output: No space left on device\n"


class Full(io.StringIO):
    """A stream that takes nothing."""

    def write(self, text: str) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("show", [None, True])
def test_progress_and_warnings_end_no_run_where_they_cannot_be_told(
    show: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", Full())
    with Progress(3, 0, show, every=0.0) as progress:
        progress.add(1, 1)
    warn("anything")
    monkeypatch.setattr(sys, "stderr", None)
    with Progress(3, 0, show, every=0.0) as progress:
        progress.add(1, 1)
    warn("anything")
    assert progress.done == 1


# Numbers with decimals


def decimals() -> list[tuple[str, str]]:
    """Every option of every command that takes them."""
    found = ((name, one) for name in COMMANDS for one in samspel.get_command(click.Context(samspel), name).params)  # type: ignore[union-attr]
    return [(name, one.opts[-1]) for name, one in found if isinstance(one.type, click.types.FloatParamType)]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999"])
@pytest.mark.parametrize(("command", "option"), decimals())
def test_a_number_that_is_not_finite_is_refused_with_its_option(
    command: str,
    option: str,
    value: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"diff": ["x", "x"], "flat": []}.get(command, ["--out", "out"])
    assert status([command, *given, f"{option}={value}"]) == 2
    assert option in capsys.readouterr().err and list(tmp_path.iterdir()) == []


def test_the_options_with_decimals_are_found() -> None:
    assert {("compare", "--width"), ("compare", "--minutes"), ("diff", "--tolerance"), ("sweep", "--scale")} <= set(
        decimals()
    )
