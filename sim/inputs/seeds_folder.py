"""Where the shipped seeds lie: beside `sim` in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

from sim.errors import SamspelError


def seeds_folder() -> Path:
    """The folder of shipped seeds: the checkout's own if there is one, else the installed copy."""
    package = Path(__file__).resolve().parents[1]
    candidates = (package.parent / "seeds", package / "_seeds")
    for folder in candidates:
        if (folder / "stockholm-county" / "region.toml").is_file():
            return folder
    looked = " or ".join(str(folder) for folder in candidates)
    raise SamspelError(f"seeds: no shipped regions found; expected stockholm-county in {looked}")


def shipped_regions() -> tuple[str, ...]:
    """Names of the regions that come with Samspel, in alphabetical order."""
    return tuple(sorted(file.parent.name for file in seeds_folder().glob("*/region.toml")))
