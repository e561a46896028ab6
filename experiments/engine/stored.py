"""Finished results opened: they are whole, and what they were made from is told where it has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from experiments.engine.checksums import KEY, brief, file_sum
from experiments.engine.inputs import changed_since, given_region
from experiments.engine.layout import INPUTS, MANIFEST
from experiments.engine.manifest import Manifest, read_manifest
from sim import SamspelError


def open_results(folder: Path) -> tuple[Manifest, list[str]]:
    """The manifest of a folder of results, and lines on originals that are others now than when they were made. Raises
    SamspelError where a file of it is gone or not as it was written."""
    made = read_manifest(folder)
    _verify(folder, made.made.get(KEY, {}))
    counts = f"; what counts is what {folder} was made from, which it holds"
    return made, [line + counts for line in changed_since(made, folder)]


def asked_again(folder: Path, kind: str, region: str) -> list[str]:
    """What a person should know before the same is asked into the same folder again: what has changed since it was
    asked first. Nothing where the folder holds no such results."""
    if not (folder / MANIFEST).is_file():
        return []
    try:
        made = read_manifest(folder)
    except SamspelError:
        return []
    if (made.kind, given_region(made)) != (kind, region):
        return []
    now = f"; {folder} was made with what it was then, and is made anew with what it is now"
    return [line + now for line in changed_since(made, folder)]


def _verify(folder: Path, sums: Mapping[str, str]) -> None:
    """Raises SamspelError where a design, or something in inputs, is gone or not as samspel wrote it: another row there
    is another run. Tables are looked at by whoever reads them."""
    for name, expected in sums.items():
        if not name.startswith(("design", f"{INPUTS}/")):
            continue
        path = folder / name
        if not path.is_file():
            raise SamspelError(
                f"{path}: is gone; expected it as samspel wrote it: put it back, or run the command again"
            )
        try:
            same = file_sum(path) == expected
        except OSError as error:
            raise SamspelError(f"{path}: cannot be read ({brief(error)})") from None
        if not same:
            raise SamspelError(
                f"{path}: damaged, or changed since samspel wrote it; expected it as it was. For a design or a region "
                "of your own, copy this folder's design and inputs into another one and change them there"
            )
