"""What of the misses is chance: the members that fit best, each run again on several seeds.

One run of a region is thirty years of one market, and so is what was observed. Where chance alone moves a measure by
more than its range is wide, no parameters bring most single runs inside it; where it does not, and the mean over seeds
still lies outside, it is the parameters or the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.questions.calibrate.matching.implausibility import Target, chance, inside, mean_runs
from experiments.reporting.numbers import short
from experiments.reporting.over_set import share_words
from experiments.reporting.tables import markdown_table

Array = NDArray[Any]

SEEDS = 8  # of each member that is run again


@dataclass(frozen=True)
class Apart:
    """A measure over members run again. seeds, members: standard deviation between seeds of one member, and between
    members' means beyond what seeds bring into them. runs, means, best: share inside its range of all runs, of the
    members' means over seeds, and of the runs of the member that does best."""

    name: str
    seeds: float
    members: float
    runs: float
    means: float
    best: float


def apart(targets: tuple[Target, ...], runs: Array) -> list[Apart]:
    """Every measure that some run misses, the one with fewest runs inside first; ``runs`` is members x seeds x
    measures. What could not be measured misses nothing."""
    noise, means = chance(runs), mean_runs(runs)
    count = np.isfinite(runs).sum(axis=1).clip(1)
    found = []
    for k, target in enumerate(targets):
        within = np.nan_to_num(target.outside(runs[:, :, k])) == 0.0
        if within.all():
            continue
        between = float(np.nanvar(means[:, k], ddof=1)) - float((noise[k] / count[:, k]).mean())
        middle = np.nan_to_num(target.outside(means[:, k])) == 0.0
        found.append(Apart(target.name, float(np.sqrt(noise[k])), float(np.sqrt(max(between, 0.0))),
                           float(within.mean()), float(middle.mean()), float(within.mean(axis=1).max())))  # fmt: skip
    return sorted(found, key=lambda one: (one.runs, one.name))


def at_best(found: list[Apart]) -> float:
    """The share of runs inside all ranges of a point that would be as good in every measure as the best member is in
    each, if chance in one measure knew nothing of the others."""
    return float(np.prod([one.best for one in found]))


def in_table(names: tuple[str, ...], members: Array, runs: Array) -> pd.DataFrame:
    """``runs`` as a table, a row a member and seed."""
    count, seeds, size = runs.shape
    keys = {"member": np.repeat(members, seeds), "seed": np.tile(np.arange(1, seeds + 1), count)}
    table = pd.DataFrame(runs.reshape(count * seeds, size), columns=list(names))
    return pd.concat([pd.DataFrame(keys), table], axis=1)


def from_table(table: pd.DataFrame, targets: tuple[Target, ...]) -> Array:
    """The runs of such a table, members x seeds x measures."""
    count = table["member"].nunique()
    numbers = table[[target.name for target in targets]].to_numpy(np.float64)
    return numbers.reshape(count, len(table) // count, len(targets))


def told(targets: tuple[Target, ...], table: pd.DataFrame) -> str:
    """Sentences and a table for the summary."""
    runs = from_table(table, targets)
    found, (count, seeds) = apart(targets, runs), runs.shape[:2]
    single = inside(runs.reshape(count * seeds, -1), targets).mean()
    means = inside(mean_runs(runs), targets).mean()
    rows = [
        (one.name, short(one.seeds), short(one.members), share_words(one.runs), share_words(one.means),
         share_words(one.best))
        for one in found
    ]  # fmt: skip
    head = ("measure", "standard deviation between seeds", "between members", "inside: runs", "members' means",
            "runs of the best member")  # fmt: skip
    return (
        f"The {count} members that fit best were run again on {seeds} seeds each. {share_words(float(single))} of "
        f"these runs lie inside every range, and {share_words(float(means))} of the members' means over seeds. A point "
        "as good in every measure as the best of these members is in each would lie inside every range in "
        f"{share_words(at_best(found))} of its runs, if chance in one measure knew nothing of the others. Measures "
        f"that some run misses:\n\n{markdown_table(head, rows)}"
    )
