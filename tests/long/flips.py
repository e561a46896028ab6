"""One bit of one stored file is flipped, and what reads the file is asked again."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from unittest import mock

import pandas as pd

from experiments.cli import status
from experiments.engine.store import Workplace

from .bases import COMPARE
from .laws import OURS

ARMS = ("--arms", "siloed,coordinated")
ASKED = (*COMPARE, *ARMS, "--no-figures", "--no-turns")
MORE = (*(word if word != "2" else "3" for word in COMPARE), *ARMS, "--no-figures", "--no-turns")
TABLES = ("runs.parquet", "curves.parquet", "programmes.parquet", "payments.parquet", "talks.parquet")
PART = "stopped/.out.unfinished/parts/part-0-000001.parquet"


@dataclass(frozen=True)
class Came:
    """What came of asking: the exit status, what was told, and digests or words of what was made."""

    status: int
    told: str
    made: tuple[str, ...]


@dataclass(frozen=True)
class Flip:
    """A bit of a file, which is then read by an action."""

    action: str
    file: str
    place: float
    bit: int

    def __str__(self) -> str:
        return f"bit {self.bit} at {self.place:.6f} of {self.file}, then {self.action}"


def flip(seed: int, number: int, intact: Path) -> Flip:
    """The flip of this seed and number, in one of the files that intact results have."""
    rng = Random(f"flip {seed}/{number}")
    action = rng.choice(tuple(READ))
    pattern = rng.choice(READ[action])
    found = sorted(path for path in intact.glob(pattern) if path.is_file() and path.stat().st_size)
    file = rng.choice(found).relative_to(intact).as_posix() if found else READ[action][0]
    return Flip(action, file, rng.random(), rng.randrange(8))


def flipped(chosen: Flip, intact: Path, folder: Path) -> Came:
    """Copy intact results into a folder, flip the bit there, and ask."""
    shutil.copytree(intact, folder)
    file = folder / chosen.file
    if chosen.file:
        contents = bytearray(file.read_bytes())
        contents[int(chosen.place * len(contents))] ^= 1 << chosen.bit
        file.write_bytes(contents)
    return ACTIONS[chosen.action](folder)


def make_intact(folder: Path) -> None:
    """Finished results in `out`, again in `before`, and in `stopped` an experiment without its results."""
    asked(*ASKED, "--out", str(folder / "out"))
    shutil.copytree(folder / "out", folder / "before")
    with mock.patch.object(Workplace, "finish", side_effect=KeyboardInterrupt):
        asked(*ASKED, "--out", str(folder / "stopped" / "out"))
    (found,) = (folder / "stopped" / ".out.unfinished" / "parts").glob("part-*.parquet")
    assert found == folder / PART


@cache
def part() -> bytes:
    """The part of finished runs of a stopped experiment."""
    with tempfile.TemporaryDirectory() as name:
        make_intact(Path(name))
        return (Path(name) / PART).read_bytes()


def asked(*arguments: str) -> tuple[int, str, str]:
    """Ask on the command line: the exit status, what was printed, and what was told on stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = status(arguments)
    return code, out.getvalue(), err.getvalue()


def wrong(chosen: Flip, came: Came, expected: Came) -> str:
    """What is wrong, if anything: other numbers without a word, a command that does not go on, or a defect of ours."""
    if OURS in came.told or "Traceback" in came.told:
        return came.told
    if chosen.file == PART and came.status:
        return f"does not go on: {came.told}"
    if chosen.action in GOING_ON and came.status == 0 and came.made != expected.made:
        return f"does not go on to the same bytes (status {came.status}): {came.told}"
    name = Path(chosen.file).name
    if came.made != expected.made and not (came.status or name in came.told):
        return "other numbers without a word"
    if came.status == 2 and name not in came.told:
        return f"names another file: {came.told}"
    return ""


def _digests(folder: Path, *patterns: str) -> tuple[str, ...]:
    files = [path for pattern in patterns for path in sorted(folder.glob(pattern))]
    return tuple(f"{path.name} {sha256(path.read_bytes()).hexdigest()}" for path in files)


def _ask_more(folder: Path) -> Came:
    """Ask for one more replicate."""
    code, _, told = asked(*MORE, "--out", str(folder / "out"))
    return Came(code, told, _digests(folder / "out", "*.parquet", "design.*") if code == 0 else ())


def _go_on(folder: Path) -> Came:
    """Go on where an experiment was stopped."""
    out = folder / "stopped" / "out"
    code, _, told = asked(*ASKED, "--out", str(out))
    return Came(code, told, _digests(out, "*.parquet", "design.*") if code == 0 else ())


def _draw(folder: Path) -> Came:
    code, _, told = asked("plot", str(folder / "out"), "--outcome", "rent", "--out", str(folder / "drawn"))
    return Came(code, told, _digests(folder / "drawn", "*.svg"))


def _compare(folder: Path) -> Came:
    code, said, told = asked("diff", str(folder / "before"), str(folder / "out"))
    try:
        same = [str(pd.read_parquet(folder / "out" / n).equals(pd.read_parquet(folder / "before" / n))) for n in TABLES]
    except (OSError, ValueError):
        same = ["cannot be read"]
    return Came(code, told + said, tuple(same))


def _repeat(folder: Path) -> Came:
    code, said, told = asked("rerun", "coordinated/1", "--results", str(folder / "out"))
    return Came(code, told, (said.partition(" s; ")[2].strip(),))


def _run_again(folder: Path) -> Came:
    code, _, told = asked("run", str(folder / "out"), "--no-figures", "--jobs", "1", "--out", str(folder / "again"))
    return Came(code, told, _digests(folder / "again", "*.parquet"))


ACTIONS: dict[str, Callable[[Path], Came]] = {
    "more replicates": _ask_more,
    "plot": _draw,
    "diff": _compare,
    "rerun": _repeat,
    "run": _run_again,
    "continue": _go_on,
}
GOING_ON = ("continue", "more replicates")  # what does not hold is computed again, to the same bytes
# Which files each of them reads. Summaries and figures are for people: no command reads them again.
READ = {
    "more replicates": ("out/*.parquet", "out/runs.parquet", "out/manifest.json", "out/design.csv", "out/inputs/**/*"),
    "plot": ("out/*.parquet", "out/runs.parquet", "out/manifest.json"),
    "diff": ("out/*.parquet", "out/runs.parquet", "out/manifest.json"),
    "rerun": ("out/runs.parquet", "out/manifest.json", "out/design.toml", "out/design.csv", "out/inputs/**/*"),
    "run": ("out/design.toml", "out/design.csv", "out/manifest.json", "out/inputs/**/*"),
    "continue": (PART,),
}
