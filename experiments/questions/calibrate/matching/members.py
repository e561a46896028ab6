"""The set that is not ruled out, as a table on disk, and new default values in the file of parameters."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
    """One row a wave: points, cut-off as planned and as used (raised where nothing would be left), the share of the
    space left after it, and the shares of its points that the model itself does not rule out and that lie inside every
    range. middle: a point of the unit cube, of which each wave's emulators tell how implausible they find it (less than
    zero: how deep inside every range)."""
    rows = [
        {
            "wave": number,
            "points": len(wave.unit),
            "cut_off_planned": history.rules.cut_off_of(number),
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
    _replaced({path: _as_text(frame)})


def write_values(values: Mapping[str, float], path: Path) -> None:
    """New values in a parameter file, in three digits; every other character stays as it is. Raises SamspelError where
    a parameter has no value there, or the file would not be a valid one."""
    with _checked(values, path) as text:
        _replaced({path: text})


def write_both(frame: pd.DataFrame, path: Path, values: Mapping[str, float], parameters: Path) -> None:
    """The table, and new values in the parameter file: both or neither, as a set beside the defaults of another would
    pass for theirs. Raises SamspelError as ``write_values`` does, before anything is written."""
    with _checked(values, parameters) as text:
        _replaced({path: _as_text(frame), parameters: text})


def _as_text(frame: pd.DataFrame) -> str:
    return frame.to_csv(index=False, float_format="%.8g")


@contextmanager
def _checked(values: Mapping[str, float], path: Path) -> Iterator[str]:
    """A parameter file with new values, as text that is a valid one; whoever read the old one reads anew afterwards."""
    text = path.read_text(encoding="utf-8")
    for name, value in values.items():
        text = _with_value(text, name, value, path)
    new = _new(path)
    try:
        new.write_text(text, encoding="utf-8")
        load_parameters(new)
        yield text
    finally:
        new.unlink(missing_ok=True)
        load_parameters.cache_clear()


def _with_value(text: str, name: str, value: float, path: Path) -> str:
    entry = re.compile(rf"(^\[{re.escape(name)}\][^\[]*?^value = )([^\n#]*?)(?=[ \t]*(#|$))", re.MULTILINE)
    found, count = entry.subn(lambda match: match[1] + repr(float(f"{value:.3g}")), text, count=1)
    if count == 0:
        raise SamspelError(f"{path}: no line “value = …” under [{name}]")
    return found


def _new(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _replaced(texts: Mapping[Path, str]) -> None:
    """Write files whole, all of them or none: where one cannot take its place, those before it are as they were."""
    before = {path: path.read_bytes() if path.exists() else None for path in texts}
    done: list[Path] = []
    try:
        for path, text in texts.items():
            _new(path).write_text(text, encoding="utf-8")
        for path in texts:
            os.replace(_new(path), path)
            done.append(path)
    except BaseException:
        for path in done:
            was = before[path]
            if was is None:
                path.unlink()
            else:
                path.write_bytes(was)
        raise
    finally:
        for path in texts:
            _new(path).unlink(missing_ok=True)
