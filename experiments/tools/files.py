"""How two folders of results differ in files that are no tables of numbers: designs, and what results were made from.

One that is not as it was written is a difference, whatever it holds: what was computed from it cannot be told any more.
Where both hold what samspel wrote, and that is not the same, the inputs are others.
"""

from __future__ import annotations

import os
from pathlib import Path

from experiments.engine.checksums import file_sum
from experiments.engine.reading import hurt


def differing_files(name: str, first: Path, second: Path) -> tuple[list[str], list[str]]:
    """Lines on harm done to one file of either folder, and lines on how the two differ where there is none. The name is
    relative to the folders."""
    folders = (first, second)
    harmed = [f"{folder / name}: {said}" for folder in folders if (said := hurt(folder / name, folder))]
    if harmed:
        return harmed, []
    there = [folder for folder in folders if os.path.lexists(folder / name)]
    if len(there) == 1:
        return [], [f"{name}: only in {there[0]}"]
    try:
        same = file_sum(first / name) == file_sum(second / name)
    except OSError as error:
        return [f"{error.filename or name}: cannot be read ({error.strerror})"], []
    return [], [] if same else [f"{name}: not the same in both"]
