"""The set that is not ruled out, as a table on disk, and new default values in the file of parameters."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.questions.calibrate.matching.implausibility import overall, weights
from experiments.questions.calibrate.matching.waves import History
from sim import SamspelError, load_parameters

Array = NDArray[Any]


def points_of(history: History) -> pd.DataFrame:
    """Every simulated point: wave, implausibility, whether its own runs rule it out (``kept``), whether it lies inside
    every range, the varied parameters, and the mean of every measure over seeds."""
    values = pd.DataFrame(history.space.values(history.unit), columns=list(history.space.names))
    measured = pd.DataFrame(history.means, columns=[target.name for target in history.targets])
    first = {
        "wave": history.wave_of,
        "implausibility": overall(history.by_target, history.rules.rank),
        "kept": history.accepted.astype(int),
        "inside": history.inside.astype(int),
    }
    return pd.concat([pd.DataFrame(first), values, measured], axis=1)


def members_of(history: History) -> pd.DataFrame:
    """The fresh points of what is left, all of them, in their order: member (from 1), weight by fit, implausibility,
    whether inside every range, the parameters and measures."""
    frame = points_of(history)
    if history.members is None:
        return frame.iloc[:0].assign(member=0, weight=1.0)
    count = len(history.members[0])
    frame = frame.tail(count).reset_index(drop=True).drop(columns=["wave", "kept"])
    frame.insert(0, "member", np.arange(1, count + 1))
    frame.insert(1, "weight", weights(history.by_target[-count:], history.targets))
    return frame


def waves_of(history: History, middle: Array | None = None) -> pd.DataFrame:
    """One row a wave: points, cut-off, the share of the space left after it, and the shares of its points that the
    model itself does not rule out and that lie inside every range. middle: a point of the unit cube, of which each
    wave's emulators tell how implausible they find it (less than zero: how deep inside every range)."""
    rows = [
        {
            "wave": number,
            "points": len(wave.unit),
            "cut_off": wave.cut_off,
            "share_left": wave.share,
            "points_not_ruled_out": history.accepted_in(number),
            "points_inside": history.inside_in(number),
        }
        for number, wave in enumerate(history.waves, 1)
    ]
    found = pd.DataFrame(rows)
    if middle is not None and history.screen is not None:
        found["middle_implausibility"] = history.screen.by_wave(middle)
    return found


def write_members(frame: pd.DataFrame, path: Path) -> None:
    """Write the table, whole or not at all."""
    _replace(path, frame.to_csv(index=False, float_format="%.8g"))


def write_values(values: Mapping[str, float], path: Path) -> None:
    """New values in a parameter file, in three digits; every other character stays as it is. Raises SamspelError where
    a parameter has no value there, or the file would not be a valid one."""
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        text = _with_value(text, name, value, path)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text, encoding="utf-8")
        load_parameters(new)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
        load_parameters.cache_clear()


def _with_value(text: str, name: str, value: float, path: Path) -> str:
    entry = re.compile(rf"(^\[{re.escape(name)}\][^\[]*?^value = )([^\n#]*?)(?=[ \t]*(#|$))", re.MULTILINE)
    found, count = entry.subn(lambda match: match[1] + repr(float(f"{value:.3g}")), text, count=1)
    if count == 0:
        raise SamspelError(f"{path}: no line “value = …” under [{name}]")
    return found


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text, encoding="utf-8")
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
