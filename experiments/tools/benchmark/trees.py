"""The code that is measured: this one, or that of an earlier commit, each asked in processes of its own."""

from __future__ import annotations

import importlib.metadata
import json
import os
import resource
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from experiments.engine.pool import SINGLE_THREAD
from experiments.tools.benchmark.alone import yardstick
from experiments.tools.benchmark.measurements import Answer, Request
from sim.errors import SamspelError, clip

ALONE = Path(__file__).with_name("alone.py")
TOP = Path(__file__).parents[3]
LOCK = "requirements.lock"
INSTALLERS = ("pip", "setuptools", "wheel")  # which no run asks for anything
COMMANDS = {
    "empty": ["-c", "pass"],
    "import sim": ["-c", "from sim import RenewalModel, load_region"],  # names of sim come when asked for
    "samspel --help": ["-m", "experiments", "--help"],
}


class MeasureError(SamspelError):
    """A measurement that went wrong; the message says which and what its process said last."""


@dataclass(frozen=True)
class Tree:
    """Code and what runs it. commit: empty where it is no checkout; environment: in words."""

    folder: Path
    python: str
    commit: str
    environment: str

    def ask(self, request: Request) -> Answer:
        """One measurement. Raises MeasureError."""
        asked = request.question
        if asked["what"] == "command":
            return self._timed(request.name, asked["command"], asked["arguments"])
        said = self._run(request.name, [str(ALONE), json.dumps(asked)])
        found: Answer = json.loads(said.splitlines()[-1])
        return found

    def _timed(self, name: str, command: str, arguments: tuple[str, ...]) -> Answer:
        """Seconds of a command, of processor time (`cpu`) and by the clock (`wall`), children included."""
        with TemporaryDirectory() as folder:
            words = [word.replace("{out}", str(Path(folder) / "out")) for word in arguments]
            before, started = _children(), time.perf_counter()
            self._run(name, [*COMMANDS.get(command, ["-m", "experiments", command]), *words])
            return {"wall": time.perf_counter() - started, "cpu": _children() - before, "yardstick": yardstick()}

    def _run(self, name: str, arguments: list[str]) -> str:
        """What a process of this tree says. Raises MeasureError."""
        added = {"PYTHONPATH": str(self.folder), "PYTHONSAFEPATH": "1"} | dict.fromkeys(SINGLE_THREAD, "1")
        done = subprocess.run(
            [self.python, *arguments], env=os.environ | added, capture_output=True, text=True, check=False
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or [f"ended with status {done.returncode}"])[-1]
            raise MeasureError(f"{name}, {self.commit or self.folder}: {clip(last, 300)}")
        return done.stdout


def _children() -> float:
    """Processor time of all processes that have been started here and have ended, s."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def this_tree() -> Tree:
    """The code that runs now."""
    return Tree(TOP, sys.executable, _git_or_nothing("rev-parse", "--short", "HEAD"), "this interpreter")


@contextmanager
def earlier_tree(revision: str, own_environment: bool) -> Iterator[Tree]:
    """The code of an earlier commit, in a folder that goes afterwards.

    It runs in this environment where that has all that the commit's lock file names, in the versions it names; and
    otherwise, or where `own_environment` asks for it, in a new one made from that file.

    Raises
    ------
    SamspelError : this is no checkout, there is no such commit, or its environment cannot be made.
    """
    if not (TOP / ".git").exists():
        raise SamspelError(f"--against {revision}: {TOP} is no checkout with a history; expected a clone made by git")
    commit = _git(revision, "rev-parse", "--verify", "--short", f"{revision}^{{commit}}")
    with TemporaryDirectory(prefix="samspel-benchmark-") as folder:
        tree = Path(folder) / "tree"
        _git(revision, "worktree", "add", "--detach", str(tree), commit)
        try:
            lacking = lacks((tree / LOCK).read_text(encoding="utf-8")) if (tree / LOCK).exists() else []
            if not lacking and not own_environment:
                yield Tree(tree, sys.executable, commit, "this interpreter and its packages, which it asks for as well")
            else:
                python = _environment(tree, Path(folder) / "environment", revision)
                why = f"; here differ: {', '.join(lacking)}" if lacking else ""
                yield Tree(tree, python, commit, f"one of its own, made from its {LOCK}{why}")
        finally:
            _git_or_nothing("worktree", "remove", "--force", str(tree))


def lacks(lock: str) -> list[str]:
    """Packages that a lock file names and that are here in another version, or not at all. Where lines have a
    condition (another Python, another system), one of them has to fit, or none of their packages is here."""
    versions: dict[str, list[str]] = {}
    conditional: set[str] = set()
    for line in lock.splitlines():
        wanted, _, condition = line.partition("#")[0].partition(";")
        name, found, version = wanted.strip().partition("==")
        if found:
            versions.setdefault(name, []).append(version.strip())
            conditional |= {name} if condition.strip() else set()
    return [
        name
        for name, wanted in versions.items()
        if name not in INSTALLERS
        and (here := _installed(name)) not in wanted
        and not (here is None and name in conditional)
    ]


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _environment(tree: Path, folder: Path, revision: str) -> str:
    """An environment with what a tree's lock file names; its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--requirement"]
    done = subprocess.run([*pip, str(tree / LOCK)], capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["nothing more is known"])[-1]
        raise SamspelError(f"--against {revision}: its packages cannot be installed ({clip(last, 300)})")
    return str(python)


def _git(revision: str, *arguments: str) -> str:
    """What git says. Raises SamspelError."""
    try:
        done = subprocess.run(["git", "-C", str(TOP), *arguments], capture_output=True, text=True, check=False)
    except OSError as error:
        raise SamspelError(
            f"--against {revision}: git cannot be run ({error.strerror}); expected it installed"
        ) from None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["nothing more is known"])[-1]
        raise SamspelError(
            f"--against {revision}: no such commit here, git says: {clip(said, 200)}; see git log --oneline"
        )
    return done.stdout.strip()


def _git_or_nothing(*arguments: str) -> str:
    """What git says, empty where it says nothing or cannot be run."""
    try:
        done = subprocess.run(["git", "-C", str(TOP), *arguments], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if not done.returncode else ""
