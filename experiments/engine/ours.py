"""Which folders samspel may replace: those that hold what it has written, and nothing else."""

from __future__ import annotations

from pathlib import Path

from experiments.engine.checksums import KEY
from experiments.engine.layout import FIGURES, MANIFEST, SUMMARY
from experiments.engine.manifest import Manifest, read_manifest
from sim.errors import SamspelError


def check_place(target: Path) -> None:
    """Refuse, with a SamspelError, a target that is a file or encloses the working folder."""
    if target.exists() and not target.is_dir():
        raise SamspelError(f"--out {target}: is a file; expected a folder")
    if target == Path.cwd() or target in Path.cwd().parents:
        raise SamspelError(f"--out {target}: encloses the folder you are in; name a folder of its own")


def check_replaceable(target: Path) -> None:
    """Refuse, with a SamspelError, such a target too that holds anything else than results, whole or in part."""
    check_place(target)
    if not target.is_dir() or not any(target.iterdir()):
        return
    if not (target / MANIFEST).is_file():
        raise SamspelError(f"--out {target}: holds files but no results of samspel; choose another folder")
    found = sorted(path.relative_to(target).as_posix() for path in target.rglob("*"))
    try:
        written = _written(read_manifest(target))
    except SamspelError:
        first = next((name for name in found if name != MANIFEST), MANIFEST)
        raise SamspelError(
            f"--out {target}: its {MANIFEST} cannot be read, or is not as this version of samspel wrote it, so that "
            f"what is in there ({first}) may not be ours; move it or choose another folder"
        ) from None
    folders = {FIGURES} | {parent.as_posix() for name in written for parent in Path(name).parents}
    for name in found:
        if name not in written and not (name in folders and (target / name).is_dir()):
            raise SamspelError(
                f"--out {target}: holds a file that is not ours ({name}); move it or choose another folder"
            )


def _written(made: Manifest) -> set[str]:
    """Files that samspel wrote into results, by their names in the folder: only what the manifest names under its
    seals. Neither a name of the kind that ours have, nor a place among them, makes a file ours."""
    summary = {SUMMARY} & set(made.files)
    figures = {f"{FIGURES}/{name}" for name in made.made.get(FIGURES, ())}
    return {MANIFEST, *summary, *figures, *made.made.get(KEY, {})}
