"""What a calibration found: waves, points with their runs, members of the set, and both arms run in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.weighted import worth_of
from experiments.engine.reading import is_stored, read_csv, read_parquet
from experiments.engine.results import Results, table_name
from experiments.questions.calibrate.checked import OverSet, in_data, over_set, unfitted_patterns
from experiments.questions.calibrate.matching.implausibility import Target
from experiments.questions.calibrate.matching.members import points_of, waves_of, write_members
from experiments.questions.calibrate.matching.middle import middle_of
from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.calibrate.matching.waves import History
from experiments.questions.validate.measuring.patterns import Pattern, load_patterns
from experiments.questions.validate.result import read_patterns
from experiments.reporting.over_set import Over, asked_quantities, data_of, differences_of, headlines_of, table_of
from experiments.reporting.summary import Headline
from sim import load_parameters

Array = NDArray[Any]

SET, POINTS, WAVES, HEADLINES = "not_ruled_out.csv", "points.csv", "waves.csv", "headlines.csv"
CHECKED = "patterns_checked.json"  # those that were not fitted, as they were when they were measured
MEASURED, IMPLAUSIBLE, AGAIN = "measured.parquet", "implausibility.parquet", "again.parquet"
MIDDLE = "middle.csv"


@dataclass(frozen=True)
class Calibrated:
    """A calibration as stored.

    patterns: fitted. space: what was varied, over which ranges. targets: measures with their ranges. waves, points:
    one row each; means: of the targets over a point's seeds, points × targets. by_target: implausibility, points ×
    targets. members: fresh points of what is left; runs: every pattern's measures in them, a row a member and seed.
    again: the fitted measures of those that fit best on further seeds, alike; empty where none were run again. middle:
    what is proposed for default (``middle_of``). checked: the patterns that were not fitted, test by test over the set.
    over: both arms over members; empty where none were run; where: their region and size.
    """

    results: Results
    patterns: tuple[Pattern, ...]
    space: Space
    targets: tuple[Target, ...]
    rules: Rules
    waves: pd.DataFrame
    points: pd.DataFrame
    means: Array
    by_target: Array
    members: pd.DataFrame
    runs: pd.DataFrame
    again: pd.DataFrame
    middle: pd.DataFrame
    checked: tuple[OverSet, ...]
    over: tuple[Over, ...]
    where: str

    @property
    def shares(self) -> list[float]:
        """The share of the space left after each wave."""
        return [float(share) for share in self.waves["share_left"]]

    @property
    def share(self) -> float:
        """The share of the space that is not ruled out."""
        return self.shares[-1]

    @property
    def met(self) -> bool:
        """Whether enough of the last wave's points lay inside every fitted range."""
        return float(self.waves["points_inside"].iloc[-1]) >= self.rules.share_inside

    @property
    def inside(self) -> float:
        """Share of the members, drawn evenly in what is left, inside every fitted range; NaN without members."""
        return float(self.members["inside"].mean()) if len(self.members) else float("nan")

    @property
    def effective(self) -> float:
        """How many members of equal weight the weighted ones are worth (Kish 1965)."""
        weight = self.members["weight"].to_numpy(np.float64)
        return worth_of(weight) if len(weight) else 0.0

    @property
    def proposed(self) -> dict[str, float]:
        """New default values by parameter."""
        return dict(zip(self.middle["parameter"].astype(str), self.middle["value"].astype(float), strict=True))

    @property
    def planned(self) -> list[float]:
        """Cut-offs by wave as planned; those in use are raised where nothing would be left. Results of earlier versions
        have them in the rules alone."""
        return [self.rules.cut_off_of(int(wave)) for wave in self.waves["wave"]]

    @property
    def middle_ruled_out(self) -> bool:
        """Whether some wave's emulators find the proposed default more implausible than they let pass."""
        said = self.waves.get("middle_implausibility")
        return said is not None and bool((said > self.waves["cut_off"]).any())

    def default(self, name: str) -> float:
        """Where a varied parameter stood when it was calibrated; NaN where results of an earlier version do not say."""
        value = self.results.setting(name).default
        return float("nan") if value is None else value

    @property
    def wave_of(self) -> NDArray[np.int64]:
        """The wave of every point, from 1; members come last."""
        return self.points["wave"].to_numpy(np.int64)

    @property
    def accepted(self) -> NDArray[np.bool_]:
        """Which points the model itself does not rule out."""
        return np.asarray(self.points["kept"].to_numpy() == 1)


def options_of(space: Space, targets: Sequence[Target], rules: Rules, flats: int, where: str) -> dict[str, Any]:
    """What a reader needs to know beside the tables, for the manifest."""
    ranges = {n: [low, high] for n, low, high in zip(space.names, space.low.tolist(), space.high.tolist(), strict=True)}
    ends = {target.name: {name: _sayable(end) for name, end in _ends(target).items()} for target in targets}
    about = {"ranges": ranges, "targets": ends, "rules": asdict(rules)}
    return {"calibration": about | {"over_flats": flats, "over_where": where}}


def _ends(target: Target) -> dict[str, float]:
    return {"low": target.low, "high": target.high, "below": target.below, "above": target.above}


def _sayable(end: float) -> float | str:
    """An open end is infinite, which JSON cannot say."""
    return float(end) if np.isfinite(end) else str(end)


def write(folder: Path, history: History, members: pd.DataFrame) -> None:
    """The tables of points, what they rule out, waves and members."""
    names = [target.name for target in history.targets]
    points_of(history).to_csv(folder / POINTS, index=False)
    waves_of(history).to_csv(folder / WAVES, index=False)
    pd.DataFrame(history.by_target, columns=names).to_parquet(folder / IMPLAUSIBLE, index=False)
    if len(members):
        write_members(members, folder / SET)


def write_measures(folder: Path, names: Sequence[str], runs: Array) -> None:
    """The table of every pattern's measures in the members: a row a member and seed."""
    count, seeds, _ = runs.shape
    keys = {"member": np.repeat(np.arange(1, count + 1), seeds), "seed": np.tile(np.arange(1, seeds + 1), count)}
    table = pd.DataFrame(runs.reshape(count * seeds, len(names)), columns=list(names))
    pd.concat([pd.DataFrame(keys), table], axis=1).to_parquet(folder / MEASURED, index=False)


def write_over(folder: Path, results: Results, members: pd.DataFrame, flats: int) -> tuple[pd.DataFrame, str]:
    """The table of both arms over members. Returns the members with their difference in the first account (NaN where
    they were not run), and its name."""
    known = asked_quantities(flats)
    weight = members["weight"].to_numpy(np.float64)
    table_of(headlines_of(results, known, weight)).to_csv(folder / HEADLINES, index=False)
    differences = np.full(len(members), np.nan)
    found = differences_of(results, known[0])
    differences[: len(found)] = found
    members = members.copy()
    members.insert(4, known[0].name, differences)
    write_members(members, folder / SET)
    return members, known[0].name


def write_middle(folder: Path, history: History, members: pd.DataFrame, answer: str | None) -> None:
    """What is proposed for default, and what every wave's emulators make of it; all else stands where it does now."""
    middle = middle_of(members, history.space, answer)
    middle.to_csv(folder / MIDDLE, index=False)
    now = load_parameters().values
    values = {name: now[name] for name in history.space.names} | dict(
        zip(middle["parameter"], middle["value"], strict=True)
    )
    point = history.space.unit(np.array(list(values.values()), np.float64))
    waves_of(history, point).to_csv(folder / WAVES, index=False)


def read(folder: Path) -> Calibrated:
    """What stored results of a calibration hold. Raises SamspelError."""
    results = Results(folder)
    about: Mapping[str, Any] = results.made.options["calibration"]
    targets = tuple(Target(name, **{key: float(end) for key, end in ends.items()}) for name, ends in
                    about["targets"].items())  # fmt: skip
    names = [target.name for target in targets]
    points, waves = read_csv(folder / POINTS), read_csv(folder / WAVES)
    measured = read_parquet(folder / MEASURED) if is_stored(folder / MEASURED) else pd.DataFrame()
    by_target = read_parquet(folder / IMPLAUSIBLE).to_numpy(np.float64)
    members = read_csv(folder / SET) if is_stored(folder / SET) else points.iloc[:0].assign(weight=1.0)
    no_middle = pd.DataFrame({"parameter": [], "value": [], "why": []})
    over: tuple[Over, ...] = ()
    if is_stored(folder / table_name("runs", "")):
        weight = members["weight"].to_numpy(np.float64)
        over = tuple(headlines_of(results, asked_quantities(int(about["over_flats"])), weight))
    return Calibrated(
        results=results,
        patterns=read_patterns(folder),
        space=Space.of({name: (low, high) for name, (low, high) in about["ranges"].items()}),
        targets=targets,
        rules=Rules(**(about["rules"] | {"cut_offs": tuple(about["rules"]["cut_offs"])})),
        waves=waves,
        points=points,
        means=points[names].to_numpy(np.float64),
        by_target=by_target,
        members=members,
        runs=measured,
        again=read_parquet(folder / AGAIN) if is_stored(folder / AGAIN) else pd.DataFrame(),
        middle=read_csv(folder / MIDDLE) if is_stored(folder / MIDDLE) else no_middle,
        checked=tuple(over_set(_checked(folder), measured, members)) if len(measured) else (),
        over=over,
        where=about["over_where"],
    )


def _checked(folder: Path) -> Sequence[Pattern]:
    """The patterns that were not fitted; this version's where results of an earlier one do not keep them."""
    return unfitted_patterns(read_patterns(folder, CHECKED) if is_stored(folder / CHECKED) else load_patterns())


def headline(found: Calibrated) -> Headline:
    """The first account over the members: median, and the ends between which nine tenths of the set lie; the share of
    the space left where no members were run."""
    if found.over:
        first = found.over[0]
        return Headline.of(first.quantity.name, first.over, first.quantity.unit_of_difference, first.quantity.better)
    return Headline("share_of_space_left", found.share, None, None, "share", 0)


def verdicts(found: Calibrated) -> dict[str, Any]:
    """For summary.json: what is left, in which share of the set coordination wins, and what was not fitted is met."""
    about = {"share_left": found.share, "met": found.met, "points": len(found.points), "inside": found.inside}
    told = {"over_members": data_of(found.over), "not_fitted": in_data(found.checked)}
    return about | {"members": len(found.members)} | told
