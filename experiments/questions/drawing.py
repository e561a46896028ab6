"""Figures of stored results, each by itself: one that fails costs that figure, never the others or the tables."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from experiments.engine.manifest import read_manifest
from experiments.engine.pool import StartError, default_jobs, worker_pool
from experiments.questions.kinds import answer_of
from experiments.questions.question import Answer, View
from experiments.reporting.style import house_style, save
from sim import SamspelError

EVERYTHING = View()


@dataclass(frozen=True)
class Drawn:
    """What became of a figure: its files, or why there are none."""

    name: str
    files: tuple[Path, ...] = ()
    failed: str = ""


def draw(folder: Path, target: Path, view: View = EVERYTHING, jobs: int | None = None) -> list[Drawn]:
    """Draw stored results, all of them or what a view chooses, into `target`. Raises SamspelError where the results do
    not hold what is asked for, or cannot be drawn in part; a figure that fails is told in what is returned."""
    answer, found = _read(folder)
    if not answer.views and not view.everything:
        raise SamspelError(
            f"{folder}: results of {answer.kind} are drawn whole; leave out --outcome, --arms and --area"
        )
    for stage in found.results.made.stages:  # damaged tables are told once, not by every figure
        found.results.at(stage).runs  # noqa: B018
    names = [drawing.name for drawing in answer.draw(found, view)]
    at_once = min(jobs or default_jobs(), len(names))
    if at_once <= 1:
        return [_drawn(folder, target, view, name) for name in names]
    return list(_in_processes(folder, target, view, names, at_once))


def draw_all(folder: Path, target: Path, jobs: int | None = None) -> list[Drawn]:
    """The same for results under construction, to which nothing that goes wrong with figures may do harm."""
    try:
        return draw(folder, target, jobs=jobs)
    except MemoryError:
        raise
    except Exception as error:
        return [Drawn("all", failed=_told("all figures", error))]


def failures(drawn: list[Drawn]) -> dict[str, str]:
    """What is told of the figures that failed, by name."""
    return {one.name: one.failed for one in drawn if one.failed}


def _in_processes(folder: Path, target: Path, view: View, names: list[str], at_once: int) -> Iterator[Drawn]:
    with worker_pool(at_once) as pool:
        futures = {name: pool.submit(_drawn, folder, target, view, name) for name in names}
        for name, future in futures.items():
            try:
                yield future.result()
            except BrokenProcessPool:
                why = pool.refusal() or f"a worker process {pool.ending()}"
                yield Drawn(name, failed=f"figure {name}: {why}")


def _drawn(folder: Path, target: Path, view: View, name: str) -> Drawn:
    """One figure of stored results, by name: what passes between processes is small."""
    try:
        answer, found = _read(folder)
        drawing = next(drawing for drawing in answer.draw(found, view) if drawing.name == name)
        with house_style():
            return Drawn(name, tuple(save(drawing.make(), target, drawing.name)))
    except Exception as error:
        return Drawn(name, failed=_told(f"figure {name}", error))


def _told(what: str, error: Exception) -> str:
    """Why a figure failed; what is neither the user's nor the disk's is an error of ours, with its place."""
    if isinstance(error, SamspelError | StartError):
        return f"{what}: {error}"
    if isinstance(error, OSError):
        return f"{what}: {error.filename or 'a file'}: {error.strerror or error}"
    if isinstance(error, MemoryError):
        return f"{what}: there was not enough memory to draw it"
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(place.filename)}:{place.lineno}"
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return f"{what}: an error of samspel itself, please report it: {said} [{where}]"


def _read(folder: Path) -> tuple[Answer[Any], Any]:
    stamp = (folder / "manifest.json").stat().st_mtime_ns if (folder / "manifest.json").is_file() else 0
    return _read_once(folder, stamp)


@lru_cache(maxsize=2)
def _read_once(folder: Path, stamp: int) -> tuple[Answer[Any], Any]:
    """What a folder holds, once a process and state of the folder."""
    answer = answer_of(read_manifest(folder).kind, str(folder))
    return answer, answer.read(folder)
