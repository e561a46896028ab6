"""What must hold for every mutated input, whatever it is: a short message that names the place, and nothing left."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from experiments.cli import main
from experiments.engine.checksums import known_sums
from experiments.engine.experiment import Experiment
from experiments.engine.layout import MANIFEST, SUMMARY
from experiments.tools.plot import draw
from sim import SamspelError, load_parameters

from . import from_python
from .command_lines import HERE
from .spoil import Contents
from .watching import watched

if TYPE_CHECKING:
    from ..mutations import Case

DRAWING = sys.modules[draw.__module__]
LONGEST = 2_000
END = 300  # seconds after which a case is told to hang
OURS = "error of samspel itself"
LEAKED = re.compile(r"\b(Assertion|Attribute|Index|Key|Lookup|Name|Recursion|Type|Value|ZeroDivision|Overflow)Error\b")
# What a browser or a viewer of Markdown would make something of; a backslash before it makes it a text.
MARKUP = re.compile(r"(?<!\\)<(script|b)>|(?<!\\)\]\(javascript")


class Door(BaseException):
    """A command has read all of its inputs, and would start to run or to draw."""


class Hung(BaseException):
    """A case has no end."""


@dataclass(frozen=True)
class Outcome:
    """What came of a case.

    came: refused, door (accepted, not run), ran. wrote: files written elsewhere. left: what is new in the folder.
    summary: what the results say in Markdown. missing: what the results should hold and do not.
    """

    came: str
    status: int | None
    out: str
    err: str
    wrote: tuple[str, ...]
    left: tuple[str, ...]
    seconds: float
    summary: str = ""
    missing: tuple[str, ...] = ()


def tried(case: Case, folder: Path) -> Outcome:
    """Put the case's files into an empty folder, and call what reads them there."""
    for name, contents in case.files.items():
        _put(folder / name, contents)
    errors = ("strict", "backslashreplace")  # as Python has them for stdout and stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), case.encoding, one) for one in errors)
    started = time.perf_counter()
    with contextlib.ExitStack() as around:
        wrote = around.enter_context(watched(folder))
        around.enter_context(contextlib.redirect_stdout(out))
        around.enter_context(contextlib.redirect_stderr(err))
        for one in (contextlib.chdir(folder), _ending(), _closed(case)):
            around.enter_context(one)
        came, code = _came(case, folder)
    for stream in (out, err):
        stream.flush()
    told = [stream.buffer.getvalue().decode(case.encoding, "replace") for stream in (out, err)]
    left = tuple(sorted({path.name for path in folder.iterdir()} - {Path(name).parts[0] for name in case.files}))
    said = folder / "out" / "summary.md"
    summary = said.read_text(encoding="utf-8") if said.is_file() else ""
    seconds, missing = time.perf_counter() - started, _missing(folder / "out")
    return Outcome(came, code, told[0], told[1], tuple(wrote), left, seconds, summary, missing)


def _missing(out: Path) -> tuple[str, ...]:
    """Files that results should hold and do not: a manifest, a summary, and every table that the manifest knows."""
    known = known_sums(out)
    tables = () if any(name.endswith(".parquet") for name in known) else ("*.parquet",)
    return (*tables, *(name for name in (MANIFEST, SUMMARY, *sorted(known)) if not (out / name).is_file()))


def _came(case: Case, folder: Path) -> tuple[str, int | None]:
    try:
        code = _called(case, folder)
    except Door:
        return "door", None
    except Hung:
        return "hung", None
    except BaseException as error:
        return f"raised {type(error).__name__}: {error}", None
    return ("refused" if code == 2 else "ran"), code


def defects(case: Case, found: Outcome) -> list[str]:
    """The laws that a case has broken, in words."""
    broken = [law for law, holds in _laws(case, found).items() if not holds]
    if found.came == "refused":
        message = found.err[found.err.find("samspel: ") :]
        # A terminal without the letters of a name shows others.
        groups = [group for group in case.names if case.encoding == "utf-8" or "".join(group).isascii()]
        broken += [f"names none of {group}" for group in groups if not _named(group, message)]
    return broken


def _laws(case: Case, found: Outcome) -> Mapping[str, bool]:
    failed = found.status == 1 and not _may_be_one(case, found)
    return {
        f"has no end within {END} s": found.came != "hung",
        found.came: not found.came.startswith("raised"),
        "a traceback": "Traceback (most recent" not in found.out + found.err,
        "an error of samspel itself": OURS not in found.err,
        "a message over 2,000 characters": max(map(len, messages(found.err)), default=0) <= LONGEST,
        f"status {found.status}": found.status in (None, 0, 1, 2) and not failed,
        "names an exception of Python": not LEAKED.search(found.err),
        f"wrote {found.wrote[:3]}": not found.wrote,
        f"left {found.left}": not found.left or found.came == "ran",
        "markup in the summary": not MARKUP.search(found.summary),
        "half-written results": not (found.came == "ran" and found.status == 0) or _whole(case, found),
        "was accepted": not case.refused or found.came not in ("ran", "door") or found.status == 1,
        "was refused": not case.accepted or found.status == 0 or found.came == "door",
        "was read as something else": found.came not in ("ran", "door") or not case.same or _same(case),
    }


def _whole(case: Case, found: Outcome) -> bool:
    """Whether all is there where a command has run to its end, and no more."""
    if "--out" not in case.arguments:
        return True
    out = case.arguments[case.arguments.index("--out") + 1]
    if out != "out":  # of plot: figures, each of which is written whole
        return out in found.left
    return not found.missing and ".out.unfinished" not in found.left


def messages(text: str) -> list[str]:
    """What was told on stderr, message by message."""
    return re.split(r"(?m)^(?=samspel: |note: |warning: )", text)


def _named(group: tuple[str, ...], message: str) -> bool:
    # A message shows the blanks of a name as single ones, what cannot be seen by its number, and long names cut off.
    seen = ("".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name) for name in group)
    numbered = (name.encode("unicode_escape", "surrogatepass").decode() for name in group)
    shown = {" ".join(text.split())[:20] for name in (*group, *seen, *numbered) for text in (name, repr(name)[1:-1])}
    composed = unicodedata.normalize("NFC", message)
    # Where TOML ends too early, the reader knows no place but the file's end.
    if (
        "not valid TOML" in message
        and "at end of document" in message
        and any(name.startswith("line ") for name in group)
    ):
        return True
    return any(unicodedata.normalize("NFC", text) in composed for text in shown)


def _may_be_one(case: Case, found: Outcome) -> bool:
    return case.arguments[0] in ("diff", "rerun") or (case.through and "no room" in found.err)


def _called(case: Case, folder: Path) -> int:
    arguments = [argument.replace(HERE, str(folder)) for argument in case.arguments]
    if case.reader == "command":
        return _main(arguments)
    try:
        if case.reader == "parameters":
            load_parameters(Path(arguments[0]))
        else:
            from_python.call(arguments[0], int(arguments[1]), arguments[2])
    except SamspelError as error:
        print(f"samspel: {error}", file=sys.stderr)
        return 2
    return 0


def _main(arguments: list[str]) -> int:
    """The whole command line, which also listens to signals; what listened to them before does so afterwards."""
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        main(arguments)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else -1
    finally:
        for one, listener in before.items():
            signal.signal(one, listener)
    return -1


def _put(path: Path, contents: Contents) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(contents, bytes):
        path.write_bytes(contents)
    elif contents == "folder":
        path.mkdir()
    elif contents == "loop":
        path.symlink_to(path.name)


@contextlib.contextmanager
def _closed(case: Case) -> Iterator[None]:
    """Where a case is not run: the door before the first run, and before the first figure."""

    def stop(*_: Any, **__: Any) -> Any:
        raise Door

    if case.through:
        yield
        return
    one = mock.patch.object(DRAWING, "default_jobs", return_value=1)  # figures are drawn in this process
    with mock.patch.object(Experiment, "__enter__", stop), mock.patch.object(DRAWING, "_drawn", stop), one:
        yield


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    def end(*_: Any) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(END)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _same(case: Case) -> bool:
    """Whether a case's inputs are read as the unspoilt ones are."""
    from .reading import meaning, unspoilt

    with tempfile.TemporaryDirectory() as name, contextlib.redirect_stderr(io.StringIO()):
        folder = Path(name)
        for file, contents in case.files.items():
            _put(folder / file, contents)
        return meaning(case.kind, folder) == unspoilt(case.kind)


def show(case: Case) -> int:
    """Print a case and what came of it; its files stay in a folder for a closer look."""
    folder = Path(tempfile.mkdtemp(prefix="samspel-case-"))
    found = tried(case, folder)
    print(case, f"in {folder}: samspel {' '.join(case.arguments)}"[:2000], found.came, found.status, sep="\n")
    print(found.out[-1000:], found.err[:5000], f"{found.seconds:.2f} s", *defects(case, found), sep="\n")
    return os.EX_OK
