"""What every test starts from."""

from __future__ import annotations

import os
import time

# Before anybody imports matplotlib or numpy, here or in a process that a test starts.
os.environ["MPLBACKEND"] = "Agg"
# With AVX-512, exp, log and products of matrices differ in the last bit, which now and then turns a choice: numbers of
# record are those of processors without it, on every one.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V4 AVX512_ICL AVX512_SPR")
os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from experiments.design import kept_set
from experiments.engine.ready import make_ready
from sim import Collaboration, Levers, Region, RenewalModel, load_parameters, load_region

from .long.counts import summed
from .long.counts import tried as tried

# the same examples on every machine and every day, however slow the machine
settings.register_profile("samspel", deadline=None, derandomize=True, database=None)
settings.load_profile("samspel")

# no test is to wait for the compiler, to hear of it, or to count the small models that this takes
make_ready()

Make = Callable[..., RenewalModel]


def planted_set(text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small set of parameters that are not ruled out, in place of the shipped one."""
    (folder / "seeds").mkdir()
    (folder / "seeds" / kept_set.FILE).write_text(text)
    monkeypatch.setattr(kept_set, "seeds_folder", lambda: folder / "seeds")
    return folder / "seeds" / kept_set.FILE


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much the long tests try (tests/long and tests/sim/test_random_worlds.py), and which of it."""
    group = parser.getgroup("samspel")
    group.addoption("--seed", type=int, default=1, help="which mutated inputs, bit flips, kills and worlds are tried")
    words = "how much is tried; 200 is the long mode (500 random worlds, other kinds in proportion); left out, a little"
    group.addoption("--size", type=int, help=words)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the long tests have tried."""
    reports = (report for found in terminalreporter.stats.values() for report in found)
    if lines := summed(reports):
        terminalreporter.section("tried")
        terminalreporter.write("\n".join(lines) + "\n")


@pytest.fixture(scope="session")
def small_region() -> Region:
    """Botkyrka with its neighbours, 1,700 flats in 14 neighbourhoods of 4 municipalities."""
    return load_region("botkyrka", 0.05)


@pytest.fixture(scope="session")
def tiny_region() -> Region:
    """The same with 680 flats, for what is run many times."""
    return load_region("botkyrka", 0.02)


@pytest.fixture(scope="session")
def make(small_region: Region) -> Make:
    """Makes a small model: a preset's name or a collaboration; levers and parameters as dictionaries of changes."""

    def made(
        collaboration: str | Collaboration = "siloed",
        *,
        seed: int = 1,
        years: int = 3,
        region: Region | None = None,
        levers: Mapping[str, object] | None = None,
        parameters: Mapping[str, float] | None = None,
    ) -> RenewalModel:
        if isinstance(collaboration, str):
            collaboration = Collaboration.preset(collaboration)
        return RenewalModel(
            region or small_region,
            collaboration,
            seed,
            parameters=load_parameters().replace(parameters or {}),
            levers=Levers.checked(**(levers or {})),
            years=years,
        )

    return made


LONGEST = 600  # seconds that anything made once may take


class Once:
    """Folders that are made once for all test processes, by the one that asks first; the others wait for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def made(self, name: str, make: Callable[[Path], object]) -> Path:
        """The folder of this name, made by the function given where nobody has begun it."""
        try:
            (self.folder / f"{name}-begun").mkdir(parents=True)
        except FileExistsError:
            patience = time.monotonic() + LONGEST
            while not (self.folder / f"{name}-ended").exists():
                assert time.monotonic() < patience, f"the process that makes {name} does not come to an end"
                time.sleep(0.1)
        else:
            try:
                make(self.folder / name)
            finally:  # who waits finds nothing there where this failed
                (self.folder / f"{name}-ended").mkdir()
        return self.folder / name


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """Folders that all test processes share."""
    own = tmp_path_factory.getbasetemp()
    return Once((own if worker_id == "master" else own.parent) / "once")


@pytest.fixture(scope="session")
def asked_small(once: Once) -> Callable[[str], Path]:
    """The results of a command in small, by its name among those of the fingerprint."""
    from .test_fingerprint import COMMANDS, ask

    return lambda name: once.made(name, lambda folder: ask(COMMANDS[name], folder))
