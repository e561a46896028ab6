"""Where an experiment is made: a hidden folder beside its results, which keeps finished runs until all is done."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from experiments.engine.json_file import read_json
from sim.errors import SamspelError, clip
from sim.inputs.region import FILES

MANIFEST = "manifest.json"
SUMMARY = "summary.md"
FIGURES = "figures"
# What results were made from: inputs/region/NAME/*, inputs/parameters.toml
INPUTS, REGION, VALUES = "inputs", "region", "parameters.toml"
ALWAYS = {"runs.parquet", "curves.parquet", MANIFEST, SUMMARY, "summary.json", FIGURES, INPUTS}
# What samspel can have written besides: tables and designs of stages, and tables of the questions, by their names.
STAGED = re.compile(r"(runs|curves)-[\w-]+\.parquet|design(-[\w-]+)?\.(toml|csv)")
OWN_FILES = {
    "aggregate.parquet", "box.json", "emulators.parquet", "headlines.csv", "implausibility.parquet", "kept.parquet",
    "left.parquet", "matching.json", "measured.parquet", "measures.parquet", "morris.csv", "not_ruled_out.csv",
    "pairs.csv", "patterns.json", "points.csv", "scoreboard.csv", "shapley.csv", "signs.csv", "sobol.csv", "waves.csv",
}  # fmt: skip


class Workplace:
    """The folder `.NAME.unfinished` beside the results NAME: parts of finished runs, and the results under
    construction. One process at a time works there. Raises SamspelError where it cannot be made."""

    def __init__(self, target: Path) -> None:
        try:
            self.target = Path(os.path.abspath(target)).resolve()
            self.target.exists()
        except OSError as error:
            said = error.strerror or str(error)
            raise SamspelError(f"--out {clip(str(target), 200)}: {said}; expected a folder") from None
        self.folder = self.target.parent / f".{self.target.name}.unfinished"
        self.parts, self.results = self.folder / "parts", self.folder / "results"
        self._replaced = self.target.parent / f".{self.target.name}.replaced"
        self._made: list[Path] = []
        self._lock: IO[str] | None = None

    def open(self, fresh: bool) -> None:
        """Make the folder or come back to it; `fresh` forgets finished runs."""
        self._restore()
        check_replaceable(self.target)
        try:
            self._make_parents()
            self.folder.mkdir(exist_ok=True)
            self._lock = _locked(self.folder / "lock", self.target)
            shutil.rmtree(self.results, ignore_errors=True)
            if fresh:
                shutil.rmtree(self.parts, ignore_errors=True)
            (self.results / FIGURES).mkdir(parents=True)
        except OSError as error:
            self.leave(keep=False)
            raise SamspelError(f"--out {self.target}: cannot write there ({error.strerror or error})") from None

    def finish(self) -> None:
        """Give the results their name, in place of earlier ones, and clear away the rest."""
        check_replaceable(self.target)
        if not any((self.results / FIGURES).iterdir()):
            (self.results / FIGURES).rmdir()
        if self.target.exists():
            self.target.rename(self._replaced)
        self.results.rename(self.target)
        shutil.rmtree(self._replaced, ignore_errors=True)
        self._unlock()
        shutil.rmtree(self.folder, ignore_errors=True)

    def leave(self, keep: bool) -> None:
        """Stop without results; finished runs stay where `keep` says so."""
        self._unlock()
        shutil.rmtree(self.results if keep else self.folder, ignore_errors=True)
        for parent in () if keep else reversed(self._made):
            try:
                parent.rmdir()
            except OSError:
                return

    def _restore(self) -> None:
        # The process ended between two renamings: the earlier results are still there, under another name.
        if self._replaced.is_dir():
            if self.target.exists():
                shutil.rmtree(self._replaced, ignore_errors=True)
            else:
                self._replaced.rename(self.target)

    def _make_parents(self) -> None:
        missing = [parent for parent in self.target.parents if not parent.exists()]
        for parent in reversed(missing):
            parent.mkdir()
            self._made.append(parent)

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _locked(path: Path, target: Path) -> IO[str]:
    # The system lets go of the lock when the process ends, however it ends.
    handle = path.open("w")
    try:
        import fcntl
    except ImportError:
        return handle
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise SamspelError(f"--out {target}: another samspel is writing there; wait for it or choose another") from None
    return handle


def check_replaceable(target: Path) -> None:
    """Refuse, with a SamspelError, a target that is a file, encloses the working folder, or holds other
    things than results."""
    if target.exists() and not target.is_dir():
        raise SamspelError(f"--out {target}: is a file; expected a folder")
    if target == Path.cwd() or target in Path.cwd().parents:
        raise SamspelError(f"--out {target}: encloses the folder you are in; name a folder of its own")
    if not target.is_dir() or not any(target.iterdir()):
        return
    if not (target / MANIFEST).is_file():
        raise SamspelError(f"--out {target}: holds files but no results of samspel; choose another folder")
    files = _listed(target)
    if files is None:
        raise SamspelError(
            f"--out {target}: its {MANIFEST} cannot be read, so that what is in there may not be ours; move it or "
            "choose another folder"
        )
    others = (path for path in target.rglob("*") if not _ours(path, target, files))
    foreign = sorted(path.relative_to(target).as_posix() for path in others)
    if foreign:
        raise SamspelError(
            f"--out {target}: holds a file that is not ours ({foreign[0]}); move it or choose another folder"
        )


def files_of(folder: Path) -> list[str]:
    """Names of the files at the top of a folder of results."""
    return sorted({path.name for path in folder.iterdir() if path.is_file()} | {MANIFEST})


def _listed(target: Path) -> Iterable[str] | None:
    try:
        made = read_json(target / MANIFEST, "a manifest")
    except SamspelError:
        return None
    files = made.get("files", []) if isinstance(made, dict) else None
    return [str(name) for name in files] if isinstance(files, list) else None


def _ours(path: Path, target: Path, files: Iterable[str]) -> bool:
    """Whether samspel wrote a file: the manifest lists it, and it is called as only samspel's are. A manifest alone is
    no proof; anybody can write one."""
    place = path.relative_to(target)
    if len(place.parts) == 1:
        known = place.name in OWN_FILES or STAGED.fullmatch(place.name) is not None
        if place.name in (FIGURES, INPUTS):
            return path.is_dir()
        return place.name in ALWAYS or (known and place.name in files)
    if place.parts[0] == INPUTS:
        return _ours_in_inputs(path, place.parts[1:])
    return place.parts[0] == FIGURES and len(place.parts) == 2 and place.suffix in {".png", ".svg"}


def _ours_in_inputs(path: Path, parts: tuple[str, ...]) -> bool:
    if path.is_dir():
        return parts[0] == REGION and len(parts) <= 2
    return parts == (VALUES,) or (parts[0] == REGION and len(parts) == 3 and parts[2] in FILES)
