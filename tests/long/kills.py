"""A command in a process of its own that is ended at a random moment, by any of the ways in which processes are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

SMALL = ("--region", "botkyrka", "--scale", "0.01", "--years", "1", "--jobs", "2", "--no-figures")
COMMANDS = {
    "compare": ("compare", *SMALL, "--replicates", "4"),
    "sweep": ("sweep", "cost_factor=0:6:3", *SMALL, "--replicates", "2"),
    "factorial": ("factorial", *SMALL, "--replicates", "1"),
}
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP")
AGAIN = ("SIGINT", "SIGTERM")
GAP = 0.05  # seconds between signals that follow each other
# Finished runs reach the disk at once, so that there is something to go on with.
CODE = (
    "import sys\n"
    "from experiments.engine import parts\n"
    "parts.SECONDS = 0.05\n"
    "from experiments.cli import main\n"
    "if __name__ == '__main__':\n"
    "    main(sys.argv[1:])\n"
)
PARTS = ".*.unfinished/parts/*.parquet"
LONGEST = 300  # seconds after which an ended command is told to hang
GONE = 60  # seconds in which its workers must have gone as well


@dataclass(frozen=True)
class Kill:
    """moment: share of the time that the command takes undisturbed. underway: since its first finished run is on the
    disk. all_of_it: workers get the signal too, as they do from a terminal."""

    command: str
    signal: str
    moment: float
    underway: bool
    all_of_it: bool
    again: tuple[str, ...] = ()  # what comes right after it: somebody is impatient

    def __str__(self) -> str:
        whom = "all of its processes" if self.all_of_it else "its first process"
        since = "since its first finished run" if self.underway else "since its start"
        signals = ", ".join((self.signal, *self.again))
        return f"{self.command}, {signals} to {whom} after {self.moment:.2f} of its time {since}"


def kill(seed: int, command: str, number: int) -> Kill:
    """The kill of this seed and number."""
    rng = Random(f"kill {seed}/{command}/{number}")
    underway = number % 4 != 3
    moment = rng.uniform(0.0, 0.5) if underway else rng.uniform(0.1, 1.05)
    first, everybody = SIGNALS[number % len(SIGNALS)], rng.random() < 0.5
    again = () if first == "SIGKILL" else tuple(rng.choices(AGAIN, k=rng.choice((0, 1, 2, 5))))
    return Kill(command, first, moment, underway, everybody, again)


def started(command: str, out: Path) -> subprocess.Popen[bytes]:
    """A command under way, in a group of processes of its own."""
    arguments = [sys.executable, "-c", CODE, *COMMANDS[command], "--out", out.name]
    return subprocess.Popen(
        arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True, cwd=out.parent
    )


def undisturbed(command: str, out: Path) -> float:
    """Run a command to its end; the seconds that it took."""
    begun = time.monotonic()
    with started(command, out) as running:
        _, told = running.communicate(timeout=LONGEST)
    assert running.returncode == 0, told.decode()
    return time.monotonic() - begun


@dataclass(frozen=True)
class Ended:
    """The exit status of a command, what it told, and whether its workers went with it."""

    status: int
    told: str
    all_gone: bool


def killed(chosen: Kill, out: Path, seconds: float) -> Ended:
    """Start a command and end it. Raises TimeoutExpired where it does not end."""
    with started(chosen.command, out) as running:
        while chosen.underway and running.poll() is None and not list(out.parent.glob(PARTS)):
            time.sleep(0.01)
        try:
            running.wait(timeout=chosen.moment * seconds)
        except subprocess.TimeoutExpired:
            for name in (chosen.signal, *chosen.again):
                _send(running, getattr(signal, name), chosen.all_of_it)
                time.sleep(GAP * bool(chosen.again))
        try:
            _, told = running.communicate(timeout=LONGEST)
        finally:
            if running.poll() is None:
                os.killpg(running.pid, signal.SIGKILL)
    return Ended(running.returncode, told.decode(), _all_gone(running.pid))


def _send(running: subprocess.Popen[bytes], number: int, everybody: bool) -> None:
    with suppress(ProcessLookupError):  # it has ended meanwhile
        if everybody:
            os.killpg(running.pid, number)
        else:
            running.send_signal(number)


def _all_gone(group: int) -> bool:
    """Whether no process of a group is left, after some patience; those that only wait to be noticed do not count."""
    until = time.monotonic() + GONE
    while time.monotonic() < until:
        listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True, check=True).stdout
        if not any(int(number) == group and state[0] != "Z" for number, state in map(str.split, listed.splitlines())):
            return True
        time.sleep(0.1)
    return False


def made(out: Path) -> dict[str, str]:
    """Digests of all files of results but the manifest, which has dates and durations."""
    files = [path for path in sorted(out.rglob("*")) if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(out).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}
