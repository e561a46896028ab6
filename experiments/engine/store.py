"""Where an experiment is made: a hidden folder beside its results, which keeps finished runs until all is done."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO

from experiments.engine.layout import FIGURES
from experiments.engine.ours import check_place, check_replaceable
from sim.errors import SamspelError, clip


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
        check_place(self.target)
        there = False
        try:
            there = self.folder.exists()
            self._check_own_places()
            self._make_parents()
            self.folder.mkdir(exist_ok=True)
            self._lock = _locked(self.folder / "lock", self.target)
            # Only now: whoever has the lock may be between two renamings.
            self._restore()
            check_replaceable(self.target)
            shutil.rmtree(self.results, ignore_errors=True)
            if fresh:
                shutil.rmtree(self.parts, ignore_errors=True)
            (self.results / FIGURES).mkdir(parents=True)
        except OSError as error:
            self.leave(keep=there)
            raise SamspelError(f"--out {self.target}: cannot write there ({error.strerror or error})") from None
        except SamspelError:
            self.leave(keep=there)
            raise

    def finish(self) -> None:
        """Give the results their name, in place of earlier ones, and clear away the rest."""
        check_replaceable(self.target)
        if not any((self.results / FIGURES).iterdir()):
            (self.results / FIGURES).rmdir()
        if self.target.exists():
            self.target.rename(self._replaced)
        self.results.rename(self.target)
        shutil.rmtree(self._replaced, ignore_errors=True)
        self._clear()

    def leave(self, keep: bool) -> None:
        """Stop without results; finished runs stay where `keep` says so. What another process has locked stays."""
        if keep and self._lock is not None:
            shutil.rmtree(self.results, ignore_errors=True)
            self._unlock()
        elif not keep:
            self._clear()
            for parent in reversed(self._made):
                with suppress(OSError):
                    parent.rmdir()

    def _clear(self) -> None:
        """Clear away all that was needed to make the results, and let go of the lock."""
        if self._lock is not None:
            for place in (self.parts, self.results):
                shutil.rmtree(place, ignore_errors=True)
            self._unlock()
            with suppress(OSError):
                (self.folder / "lock").unlink()
        # Whoever has come in since keeps what is there.
        with suppress(OSError):
            self.folder.rmdir()

    def _check_own_places(self) -> None:
        """Raises SamspelError where something else lies where finished runs would."""
        for place in (self.folder, self.parts, self.results, self._replaced):
            if place.exists() and not place.is_dir():
                raise SamspelError(
                    f"{place}: is a file; expected nothing of this name, or the folder that samspel makes there "
                    f"for --out {self.target}; move it away"
                )
        if (lock := self.folder / "lock").is_dir():
            raise SamspelError(f"{lock}: is a folder; expected the file that samspel makes there; move it away")

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
