"""Loops that Numba compiles, ready before a run is timed or workers are forked: made once a version, then loaded."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from importlib import metadata

from experiments.engine.identity import source_digest
from experiments.engine.progress import tell
from sim.compiling import kept

REGION, SCALE, PRESET, YEARS = "botkyrka", 0.05, "national", 4  # small, and every loop is called in it


def is_ready() -> bool:
    """Whether all loops of this very source have been compiled and kept."""
    place = kept()
    with suppress(OSError):
        return place is not None and (place / "complete").read_text(encoding="utf-8") == _version()
    return False


def compile_unless_ready() -> None:
    """Compile all loops in this process and keep them, where they are not kept yet; says so, as it takes a while."""
    if not is_ready():
        tell("compiling the rules, once for this version: about half a minute")
        make_ready()


@lru_cache(maxsize=1)
def make_ready() -> None:
    """All loops in this process, from where they are kept or else compiled: by small models in which each is called."""
    from sim import Collaboration, RenewalModel, load_region

    with suppress(Exception):  # what goes wrong here goes wrong again in a run, which can tell of it
        RenewalModel(load_region(REGION, SCALE), Collaboration.preset(PRESET), 1, years=YEARS, events=True).run()
        if (place := kept()) is not None and not is_ready():
            (place / "complete").write_text(_version(), encoding="utf-8")


def _version() -> str:
    return f"{source_digest()} {metadata.version('numba')} {metadata.version('llvmlite')}"


if __name__ == "__main__":
    compile_unless_ready()
