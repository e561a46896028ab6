"""Which inputs an output answers to: known functions of many inputs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc, spearmanr

from experiments.analysis.screening import answers, strongest

INPUTS = [f"x{k}" for k in range(100)]


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    """Four hundred points of a hundred inputs."""
    return pd.DataFrame(qmc.LatinHypercube(100, rng=1).random(400), columns=INPUTS)


def test_inputs_that_an_output_rises_with_or_turns_round_at_are_found_and_no_others_but_a_few(
    sample: pd.DataFrame,
) -> None:
    chance = np.random.Generator(np.random.PCG64(2)).normal(0.0, 0.3, 400)
    outputs = pd.DataFrame(
        {"rises": sample["x3"] + chance, "turns": 4.0 * (sample["x7"] - 0.5) ** 2 + chance, "chance": chance}
    )
    found = answers(sample, outputs)
    matter = {(o, i) for o, i, yes in found[["output", "input", "matters"]].itertuples(index=False) if yes}
    assert {("rises", "x3"), ("turns", "x7")} <= matter and len(matter) <= 6
    assert abs(found.set_index(["output", "input"]).loc[("turns", "x7"), "straight"]) < 0.2
    table = strongest(found)
    assert set(table["input"].head(2)) == {"x3", "x7"} and len(table) == 100
    assert (table["size"].tail(90) == 0.0).all()


def test_correlations_are_spearmans(sample: pd.DataFrame) -> None:
    output = sample["x0"] ** 3 + 0.5 * sample["x1"]
    found = answers(sample, pd.DataFrame({"y": output})).set_index("input")
    for name in ("x0", "x1", "x50"):
        assert found.loc[name, "straight"] == pytest.approx(spearmanr(sample[name], output).statistic)


def test_an_output_that_is_the_same_or_hardly_ever_there_answers_to_nothing(sample: pd.DataFrame) -> None:
    rare = pd.Series(np.nan, index=sample.index)
    rare[:19] = sample["x0"][:19]
    found = answers(sample, pd.DataFrame({"same": 1.0, "rare": rare}, index=sample.index))
    assert not found["matters"].any() and (found["p"] == 1.0).all() and found["straight"].isna().all()


def test_what_is_infinite_or_missing_is_left_out_at_its_point(sample: pd.DataFrame) -> None:
    output = sample["x5"].where(sample["x6"] > 0.1, np.inf).where(sample["x6"] < 0.9, np.nan)
    found = answers(sample, pd.DataFrame({"y": output})).set_index("input")
    assert found.loc["x5", "straight"] == pytest.approx(1.0) and found.loc["x5", "matters"]
