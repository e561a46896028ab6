"""The set that is not ruled out, as a table on disk, and its middle as new default values."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.questions.calibrate.matching.implausibility import mean_runs, overall
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.calibrate.matching.waves import History
from sim import Parameters, SamspelError, load_parameters

BEST = 0.1  # share of the members that fit best, from which the new default is taken where none fits in all
CANDIDATES = 8  # members that may become the default


def points_of(history: History) -> pd.DataFrame:
    """Every simulated point: wave, implausibility, whether it is a member of the set (``kept``), the varied parameters,
    and the mean of every measure over seeds."""
    values = pd.DataFrame(history.space.values(history.unit), columns=list(history.space.names))
    measured = pd.DataFrame(mean_runs(history.runs), columns=[target.name for target in history.targets])
    first = {
        "wave": history.wave_of,
        "implausibility": overall(history.by_target, history.rules.rank),
        "kept": history.accepted.astype(int),
    }
    return pd.concat([pd.DataFrame(first), values, measured], axis=1)


def members_of(history: History) -> pd.DataFrame:
    """The simulated points that the model itself does not rule out, most plausible first. ``middle`` is 1 for the
    first candidate for the new default: of those inside every range, or else of the tenth that fit best, the one
    nearest the middle of the set. (In many dimensions little lies near the middle, and what does may only just be
    plausible.)"""
    frame = points_of(history)
    kept = frame["kept"].to_numpy() == 1
    frame = frame[kept].rename(columns={"kept": "middle"}).assign(middle=0)
    if len(frame):
        row = candidates_of(frame, history.space, 1)[0]
        frame.iloc[row, list(frame.columns).index("middle")] = 1
    ordered: pd.DataFrame = frame.sort_values(["implausibility", "wave"], kind="stable").reset_index(drop=True)
    return ordered


def candidates_of(members: pd.DataFrame, space: Space, most: int = CANDIDATES) -> list[int]:
    """Rows of members that may become the default, nearest the middle of all members first: those inside every range,
    or else the tenth of members that fit best."""
    unit = space.unit(members[list(space.names)].to_numpy(np.float64))
    worst = members["implausibility"].to_numpy(np.float64)
    among = worst <= (0.0 if (worst == 0.0).any() else np.quantile(worst, BEST))
    far = np.linalg.norm(unit - np.median(unit, axis=0), axis=1)
    return [int(row) for row in np.argsort(far, kind="stable") if among[row]][:most]


def middle_values(members: pd.DataFrame, names: Sequence[str]) -> dict[str, float]:
    """The varied parameters of the member near the set's middle."""
    row = members.loc[members["middle"] == 1, list(names)].iloc[0]
    return {str(name): float(value) for name, value in row.items()}


def waves_of(history: History) -> pd.DataFrame:
    """One row a wave: points, the share of the space left, and the share of the wave's points that the model itself
    does not rule out."""
    rows = [
        {
            "wave": number,
            "points": len(wave.unit),
            "share_left": wave.share,
            "points_not_ruled_out": history.accepted_in(number),
        }
        for number, wave in enumerate(history.waves, 1)
    ]
    return pd.DataFrame(rows)


def write_members(frame: pd.DataFrame, path: Path) -> None:
    """Write the table, whole or not at all."""
    _replace(path, frame.to_csv(index=False, float_format="%.8g"))


def read_members(path: Path) -> list[Parameters]:
    """The set again, as parameters. Raises SamspelError where the file is missing or names no parameter."""
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise SamspelError(f"{path}: cannot be read ({error}); expected what samspel calibrate wrote") from None
    known = [str(name) for name in frame.columns if name in load_parameters().records]
    if not known:
        raise SamspelError(f"{path}: no column is a parameter; expected what samspel calibrate wrote")
    rows = frame[known].to_numpy(float).tolist()
    return [load_parameters().replace(dict(zip(known, row, strict=True))) for row in rows]


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
