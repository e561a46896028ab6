"""What lies where in a folder of results."""

from __future__ import annotations

from pathlib import Path

from sim import EVENT_TABLES, TABLES

MANIFEST = "manifest.json"
SUMMARY = "summary.md"
FIGURES = "figures"
# What results were made from: inputs/region/NAME/*, inputs/parameters.toml
INPUTS, REGION, VALUES = "inputs", "region", "parameters.toml"

# All tables of single rows that a run may keep, by name, with their columns.
ROW_TABLES = TABLES | EVENT_TABLES


def files_of(folder: Path) -> list[str]:
    """Names of the files at the top of a folder of results."""
    return sorted({path.name for path in folder.iterdir() if path.is_file()} | {MANIFEST})


def figures_of(folder: Path) -> list[str]:
    """Names of the figures in a folder of results."""
    figures = folder / FIGURES
    return sorted(path.name for path in figures.iterdir()) if figures.is_dir() else []
