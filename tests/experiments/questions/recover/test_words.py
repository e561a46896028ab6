"""What the summary of a recovery test says of parameters that narrow in no world, and of cut-offs."""

from __future__ import annotations

from typing import Any

import pandas as pd

from experiments.questions.calibrate.matching.ruling_out import Rules
from experiments.questions.calibrate.matching.space import Space
from experiments.questions.recover import result
from experiments.questions.recover.words import said, used

RULES = Rules(waves=2, cut_offs=(3.0, 2.0, 1.0))


def found(**columns: Any) -> result.Tested:
    """Two worlds in which nothing narrows."""
    truths = pd.DataFrame({"truth": [1, 2], "kept": [1, 1], "share_left": [0.9, 0.8], "measures": [3, 3]})
    spans = pd.DataFrame({"parameter": ["heat_price"] * 2, "low": 0.1, "high": 0.9, "narrowed": 0.0, "holds": 1})
    nothing: Any = None
    return result.Tested(nothing, Space.of({"heat_price": (0.0, 1.0)}), RULES, truths.assign(**columns), spans, spans)


def test_what_does_not_narrow_is_told_of_so_many_waves_and_not_of_what_patterns_can_tell() -> None:
    text = said(found())[-1]
    assert "in 2 waves of this test (cut-offs 3 and 2): 1 of 1 parameters**, `heat_price`" in text
    assert "More waves with lower cut-offs may narrow some of them still" in text


def test_cut_offs_that_were_raised_are_told_by_wave_and_world() -> None:
    assert used(found(cut_offs=["3.0 2.0", "3.0"])).endswith("here none was.")
    told = used(found(cut_offs=["3.0 2.25", "3.0 2.7"]))
    assert told.endswith("that of wave 2 in 2 of 2 worlds, to 2.2 to 2.7.")


def test_results_that_do_not_keep_them_are_told_so() -> None:
    assert "these results do not keep whether that happened" in used(found())
