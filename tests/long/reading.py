"""What inputs mean, as plain data, so that two ways of writing the same can be compared."""

from __future__ import annotations

import math
import tempfile
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from experiments.design.own_design import read_own_design
from experiments.design.settings import read_settings
from experiments.questions.compare.command import QUESTION
from sim import load_parameters, load_region

from .bases import CONFIG, DESIGN, OF_POINTS, PARAMETERS, POINTS, REGION, TROUBLE, TWO

NAME = "mine"


def meaning(kind: str, folder: Path) -> Any:
    """What is read from the inputs of a kind in a folder."""
    file = folder / f"{NAME}.toml"
    if kind.startswith("region"):
        return plain(load_region(folder / NAME, 0.02))
    if kind == "parameters":
        return load_parameters(file).digest
    if kind.startswith("config"):
        return read_settings(file, {}, QUESTION.usual.values())[0].model_dump()
    return plain(read_own_design(file)[0])


@cache
def unspoilt(kind: str) -> Any:
    """The same of the inputs as they were."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / NAME).mkdir()
        for file, contents in (TROUBLE if kind == "region_in_trouble" else REGION).items():
            (folder / NAME / file).write_bytes(contents)
        texts = {"parameters": PARAMETERS, "config": CONFIG, "config_of_two": TWO, "design": DESIGN}
        texts["points"] = OF_POINTS
        (folder / f"{NAME}.toml").write_bytes(texts.get(kind, b""))
        (folder / "points.csv").write_bytes(POINTS)
        return meaning(kind, folder)


def plain(thing: Any) -> Any:
    """All that a record holds; arrays as lists. What only says where it was read, or from which bytes, is left out."""
    if is_dataclass(thing) and not isinstance(thing, type):
        names = [field.name for field in fields(thing) if field.name not in ("digest", "name", "notes", "contents")]
        return {name: plain(getattr(thing, name)) for name in names}
    if isinstance(thing, np.ndarray):
        return [plain(one) for one in thing.tolist()]
    if isinstance(thing, float) and math.isnan(thing):
        return None  # which equals itself
    if isinstance(thing, dict):
        return {key: plain(value) for key, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [plain(one) for one in thing]
    return thing
