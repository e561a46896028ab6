"""What was discovered: pairs of runs over all that is uncertain, and the box in which coordination loses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.intervals import interval
from experiments.analysis.pairs import mean_of_known
from experiments.analysis.prim import Box, Check, Limit, check_box, find_box
from experiments.engine import reading
from experiments.engine.reading import read_csv
from experiments.engine.results import Results
from experiments.engine.settings import Setting
from experiments.reporting.accounts import HEADLINE
from experiments.reporting.numbers import measure_of
from experiments.reporting.quantity import Quantity, quantity_of
from experiments.reporting.summary import Headline
from sim import SamspelError

PAIRS, BOX = "pairs.csv", "box.json"
# What the surroundings turned out to be, the same in both arms: chance draws it, nobody in the model moves it.
SURROUNDINGS = {
    "mean_construction_cycle": "other construction over the years",
    "mean_heat_price": "heat price over the years",
    "mean_interest": "real interest over the years",
}


@dataclass(frozen=True)
class Input:
    """An input as a reader sees it: in words, and in the unit shown, into which `factor` turns the recorded one."""

    name: str
    setting: Setting
    factor: float = 1.0


@dataclass(frozen=True)
class Found:
    """What was looked for (`find`: "loses" or "gains") in which pairs of runs, and the box with its check.

    pairs: one row a point: inputs by name, and `difference`. cases: the rows in which it happens.
    """

    results: Results
    quantity: Quantity
    find: str
    pairs: pd.DataFrame
    cases: NDArray[np.bool_]
    box: Box
    check: Check | None

    @property
    def inputs(self) -> pd.DataFrame:
        """Parameters and surroundings, one row a pair."""
        return self.pairs.drop(columns="difference")

    def input(self, name: str) -> Input:
        """A parameter as it stood when it was run, or a part of the surroundings."""
        if name not in SURROUNDINGS:
            return Input(name, self.results.setting(name))
        measure = measure_of(name.removeprefix("mean_"))
        setting = Setting(words=SURROUNDINGS[name], unit=measure.unit.replace("1 = ", "1 is "))
        return Input(name, setting, measure.factor)

    def shown(self, name: str) -> NDArray[np.float64]:
        """An input's values in the unit shown, one a pair."""
        return np.asarray(self.pairs[name].to_numpy(np.float64) * self.input(name).factor)

    def span(self, name: str) -> tuple[float, float]:
        """The range that an input took, in its recorded unit."""
        values = self.pairs[name]
        return float(values.min()), float(values.max())


def paired_inputs(results: Results, quantity: Quantity) -> pd.DataFrame:
    """One row a point: its parameters by name, the surroundings as they turned out, and `difference`, the mean over
    replicates of the focus minus the baseline. Pairs of which a half failed are left out."""
    pairs = results.pairs(quantity.of(results.runs))
    known = ~np.isnan(pairs.difference)
    columns: dict[str, Any] = {name: results.points[name].to_numpy(np.float64) for name in results.varied}
    for name in SURROUNDINGS:
        seen = np.where(known, results.levels(name, results.baseline), np.nan)
        columns[name] = mean_of_known(seen, axis=1)
    table = pd.DataFrame(columns).assign(difference=pairs.by_point())
    return table.iloc[np.flatnonzero(known.any(axis=1))].reset_index(drop=True)


def search(pairs: pd.DataFrame, find: str, better: int) -> tuple[NDArray[np.bool_], Box, Check | None]:
    """The cases, the box that holds most of them, and how it does on halves of the runs."""
    worth = pairs["difference"].to_numpy() * (-1 if better < 0 else 1)
    cases = worth < 0 if find == "loses" else worth > 0
    inputs = pairs.drop(columns="difference")
    box = find_box(inputs, cases)
    return cases, box, check_box(box, inputs, cases) if box.limits else None


def quantity(options: dict[str, Any], flats: int) -> Quantity:
    """What is lost or gained."""
    return quantity_of(options["outcome"] or HEADLINE.name, flats)


def write(folder: Path, results: Results) -> None:
    """Search, and write pairs.csv and box.json."""
    options = results.made.options
    wanted = quantity(options, results.made.flats)
    pairs = paired_inputs(results, wanted)
    cases, box, check = search(pairs, options["find"], wanted.better)
    inside = box.holds(pairs.drop(columns="difference"))
    pairs.assign(case=cases, inside=inside).to_csv(folder / PAIRS, index=False)
    about = {"box": asdict(box), "check": None if check is None else _said(check)}
    (folder / BOX).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def read(folder: Path) -> Found:
    """What stored results hold. Raises SamspelError."""
    results = Results(folder)
    options = results.made.options
    table = read_csv(folder / PAIRS)
    reading.check(folder / BOX)
    try:
        about = json.loads((folder / BOX).read_text(encoding="utf-8"))
        box, check = _box(about["box"]), about["check"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SamspelError(f"{folder / BOX}: cannot be read ({error}); expected what discover wrote") from None
    return Found(
        results=results,
        quantity=quantity(options, results.made.flats),
        find=options["find"],
        pairs=table.drop(columns=["case", "inside"]),
        cases=table["case"].to_numpy(bool),
        box=box,
        check=None if check is None else _check(check),
    )


def _said(check: Check) -> dict[str, Any]:
    again = [[name, upper, share] for (name, upper), share in check.again.items()]
    return {"density": check.density, "coverage": check.coverage, "again": again}


def _check(said: dict[str, Any]) -> Check:
    again = {(str(name), bool(upper)): float(share) for name, upper, share in said["again"]}
    return Check(said["density"], said["coverage"], again)


def _box(said: dict[str, Any]) -> Box:
    path: Sequence[Sequence[float]] = said.pop("path")
    limits = tuple(Limit(**limit) for limit in said.pop("limits"))
    return Box(limits, **said, path=tuple((float(a), float(b)) for a, b in path))


def headline(found: Found) -> Headline:
    """The mean difference over all draws, with its interval over draws."""
    value = interval(found.pairs["difference"].to_numpy())
    return Headline.of(found.quantity.name, value, found.quantity.unit_of_difference, found.quantity.better)


def verdicts(found: Found) -> dict[str, Any]:
    """For summary.json: how often it happens, and the box."""
    box = found.box
    limits = [{"input": x.name, "side": "below" if x.upper else "above", "value": x.value} for x in box.limits]
    about = {"find": found.find, "share": float(found.cases.mean()), "draws": len(found.cases)}
    held = {"density": box.density, "coverage": box.coverage, "mass": box.mass}
    return about | {"box": {"limits": limits} | (held if limits else {})}
