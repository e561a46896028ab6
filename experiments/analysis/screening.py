"""Which inputs of a sample the outputs answer to, and which they do not, so far as the sample can tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[Any]

LEVEL = 0.05  # expected share of false ones among the answers found
FEWEST = 20  # points at which an output must exist


def answers(unit: pd.DataFrame, outputs: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """Rank correlations of every output with every input, one row a pair: output, input, straight, bent, p, matters.

    ``unit`` holds inputs in their ranges (0 to 1), one row a point, evenly drawn. straight: Spearman's correlation
    with the input; bent: with its distance from the middle of its range, for an answer that turns round; p: the smaller
    p-value of the two, false discoveries among all inputs of an output controlled (Benjamini and Hochberg 1995);
    matters: p below ``level``. What could not be measured or is infinite is left out at its point; an output that
    exists at fewer than 20 points, or is the same everywhere, answers to nothing that can be told.
    """
    inputs = unit.to_numpy(np.float64)
    both = np.concatenate([inputs, np.abs(inputs - 0.5)], axis=1)
    names = [str(name) for name in unit]
    found = [_of_output(str(name), names, both, outputs[name].to_numpy(np.float64), level) for name in outputs]
    return pd.concat(found, ignore_index=True)


def _of_output(name: str, inputs: list[str], both: Array, values: Array, level: float) -> pd.DataFrame:
    known = np.isfinite(values)
    count, size = int(known.sum()), len(inputs)
    if count < FEWEST or np.ptp(values[known]) == 0.0:
        rho, p = np.full(2 * size, np.nan), np.ones(2 * size)
    else:
        ranks = stats.rankdata(both[known], axis=0)
        with np.errstate(invalid="ignore"):
            rho = np.corrcoef(ranks.T, stats.rankdata(values[known]))[-1, :-1]
        # Spearman's t approximation, which is what scipy's own test uses at such numbers.
        t = rho * np.sqrt((count - 2) / np.maximum(1.0 - rho**2, 1e-12))
        p = np.nan_to_num(2.0 * stats.t.sf(np.abs(t), count - 2), nan=1.0)
    adjusted = stats.false_discovery_control(p).reshape(2, size).min(axis=0)
    return pd.DataFrame(
        {
            "output": name, "input": inputs, "straight": rho[:size], "bent": rho[size:], "p": adjusted,
            "matters": adjusted < level,
        }
    )  # fmt: skip


def strongest(found: pd.DataFrame) -> pd.DataFrame:
    """The strongest answer to every input, one row each, strongest first: input, output, size, outputs (how many answer
    to it). size: the larger of both correlations' sizes; 0 where nothing answers."""
    size = found[["straight", "bent"]].abs().max(axis=1).where(found["matters"], 0.0).fillna(0.0)
    table = found.assign(size=size)
    first = table.loc[table.groupby("input", sort=False)["size"].idxmax(), ["input", "output", "size"]]
    counts = table.groupby("input", sort=False)["matters"].sum().rename("outputs").reset_index()
    merged: pd.DataFrame = first.merge(counts, on="input")
    return merged.sort_values(["size", "input"], ascending=[False, True], kind="stable").reset_index(drop=True)
