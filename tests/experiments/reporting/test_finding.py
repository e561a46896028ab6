"""The grammar of findings: one verdict, one sentence, one colour and one mark for every difference."""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import experiments
from experiments.analysis.intervals import Interval, interval
from experiments.reporting.arms import ARM_STYLES, SPARE
from experiments.reporting.finding import (
    COLOURS,
    INK,
    MARKS,
    MEANINGS,
    WHITE,
    Finding,
    Subject,
    Verdict,
    counted,
    gainer,
    key,
    verdict_of,
)
from experiments.reporting.marks import EDGE, shades

Array = NDArray[Any]
NAN = math.nan
UP, DOWN = Interval(2.0, 1.0, 3.0, 9), Interval(-2.0, -3.0, -1.0, 9)
OPEN, SAME = Interval(2.0, -1.0, 5.0, 9), Interval(0.0, 0.0, 0.0, 9)
ALONE, EMPTY = Interval(2.0, NAN, NAN, 1), Interval(NAN, NAN, NAN, 0)
RENT, SOCIETY = Subject("Rent", judged=True), gainer("Society")

# Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision Deficiency",
# IEEE TVCG 15(6), doi:10.1109/TVCG.2009.113: severity 1.0, on linear sRGB.
BLINDNESS = {
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
# sRGB to XYZ and the white of D65: IEC 61966-2-1.
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> Array:
    """A colour as linear sRGB, 0 to 1."""
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(parts: Array) -> Array:
    """CIELAB of linear sRGB."""
    ratio = XYZ @ np.clip(parts, 0, 1) / XYZ.sum(axis=1)
    x, y, z = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def grey(colour: str) -> float:
    """How light a colour is in grey print: CIELAB's L*, 0 to 100."""
    return float(lab(linear(colour))[0])


@pytest.mark.parametrize(
    ("value", "better", "verdict"),
    [
        (UP, 1, Verdict.BETTER),
        (DOWN, 1, Verdict.WORSE),
        (UP, -1, Verdict.WORSE),
        (DOWN, -1, Verdict.BETTER),
        (UP, 0, Verdict.HIGHER),
        (DOWN, 0, Verdict.LOWER),
        (OPEN, 1, Verdict.UNDECIDED),
        (OPEN, 0, Verdict.UNDECIDED),
        (Interval(0.0, -1.0, 1.0, 5), 1, Verdict.UNDECIDED),
        (SAME, 1, Verdict.SAME),
        (Interval(0.0, NAN, NAN, 1), 1, Verdict.SAME),
        (ALONE, 1, Verdict.ALONE),
        (EMPTY, 1, Verdict.NOTHING),
        (interval(np.array([NAN, NAN])), -1, Verdict.NOTHING),
    ],
)
def test_a_verdict_needs_an_interval_that_excludes_zero_and_a_direction(
    value: Interval, better: int, verdict: Verdict
) -> None:
    finding = Finding(value, better)
    assert verdict_of(value, better) == finding.verdict == verdict
    assert (finding.colour, finding.mark) == (COLOURS[verdict], MARKS[verdict])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (UP, "Society gains 2.0 MSEK (95 % CI 1.0 to 3.0)."),
        (DOWN, "Society loses 2.0 MSEK (95 % CI 1.0 to 3.0)."),
        (OPEN, "Whether society gains or loses is undecided: +2.0 MSEK (95 % CI −1.0 to 5.0)."),
        (SAME, "For society nothing differs."),
        (ALONE, "Society gains 2.0 MSEK; from one replicate, so without an interval."),
        (EMPTY, "For society nothing is known, as every pair has a run that failed."),
    ],
)
def test_a_sentence_says_how_much_and_how_surely_with_bounds_in_the_direction_of_its_verb(
    value: Interval, said: str
) -> None:
    assert Finding(value, 1, "MSEK").sentence(SOCIETY) == said


@pytest.mark.parametrize(
    ("value", "better", "said"),
    [
        (UP, -1, "Rent is 2.0 SEK higher, which is worse"),
        (DOWN, -1, "Rent is 2.0 SEK lower, which is better"),
        (UP, 0, "Rent is 2.0 SEK higher"),
        (OPEN, -1, "Whether rent is higher or lower is undecided"),
        (SAME, -1, "For rent nothing differs"),
        (ALONE, -1, "Rent is 2.0 SEK higher, in one replicate"),
        (EMPTY, -1, "For rent nothing is known, as every pair has a run that failed"),
    ],
)
def test_a_title_is_the_finding_in_words(value: Interval, better: int, said: str) -> None:
    assert Finding(value, better, "SEK").clause(RENT) == said
    assert Finding(value, better, "SEK").sentence(RENT).startswith(said.removesuffix(", in one replicate"))


def test_how_it_is_counted_stands_before_the_full_stop() -> None:
    for value in (UP, DOWN, OPEN, SAME, ALONE):
        told = Finding(value, 1, "MSEK").sentence(SOCIETY, "in cash")
        assert ", in cash" in told and told.endswith(".")


def test_what_is_neither_better_nor_worse_is_never_called_so() -> None:
    for value in (UP, DOWN):
        told = Finding(value, 0, "bids").sentence(Subject("Bids", judged=True))
        assert "better" not in told and "worse" not in told
        assert Finding(value, 0).colour not in {COLOURS[Verdict.BETTER], COLOURS[Verdict.WORSE]}


def test_verdicts_are_counted_and_explained_in_their_order() -> None:
    assert counted([Verdict.UNDECIDED, Verdict.BETTER, Verdict.WORSE, Verdict.BETTER]) == (
        "2 better, 1 worse and 1 undecided"
    )
    assert key([Verdict.UNDECIDED, Verdict.BETTER]) == "▲ better, ○ undecided, as the 95 % interval covers zero"
    assert set(MEANINGS) == set(Verdict) - {Verdict.NOTHING}


def test_every_verdict_has_a_mark_of_its_own() -> None:
    assert set(COLOURS) == set(MARKS) == set(Verdict)
    for part in ("marker", "symbol"):
        assert len({getattr(mark, part) for mark in MARKS.values()}) == len(Verdict)
    assert all(MARKS[verdict].filled == verdict.decided for verdict in Verdict)
    # An area has no marker; where colours are near in grey, its hatch differs.
    assert len({(COLOURS[verdict], MARKS[verdict].hatch) for verdict in Verdict if verdict.decided}) == 3


def test_undecided_is_light_and_every_meaning_has_a_lightness_of_its_own_in_grey_print() -> None:
    meanings = {COLOURS[verdict] for verdict in Verdict} | {WHITE}
    for one, other in combinations(sorted(meanings), 2):
        assert abs(grey(one) - grey(other)) >= 12, (one, other)
    undecided = grey(COLOURS[Verdict.UNDECIDED])
    assert undecided >= 70 and all(grey(COLOURS[verdict]) < undecided for verdict in Verdict if verdict.decided)
    assert grey(EDGE) > grey(COLOURS[Verdict.BETTER]), "hollow marks are lighter than what is decided"


@pytest.mark.parametrize("kind", BLINDNESS)
def test_colours_of_verdicts_and_of_two_arms_are_told_apart_by_colour_blind_people(kind: str) -> None:
    def seen(colour: str) -> Array:
        return lab(BLINDNESS[kind] @ linear(colour))

    for one, other in combinations(sorted({*COLOURS.values(), WHITE}), 2):
        assert np.linalg.norm(seen(one) - seen(other)) >= 15, (one, other)
    for name, style in ARM_STYLES.items():
        if name != "siloed":
            assert np.linalg.norm(seen(style.colour) - seen(ARM_STYLES["siloed"].colour)) >= 25, name


def test_words_on_a_verdicts_colour_can_be_read() -> None:
    for verdict in Verdict:
        ink, paper = (float(XYZ[1] @ linear(colour)) for colour in (MARKS[verdict].ink, COLOURS[verdict]))
        light, dark = max(ink, paper) + 0.05, min(ink, paper) + 0.05
        assert light / dark >= 4.2, verdict  # near the 4.5 of WCAG 2.1 for body text, above its 3 for large text


def test_arms_are_told_apart_from_the_baseline_in_grey_and_by_dashes_and_markers() -> None:
    dark = grey(ARM_STYLES["siloed"].colour)
    for name, style in ARM_STYLES.items():
        if name != "siloed":
            assert grey(style.colour) - dark >= 25, name
    looks = [style for name, style in ARM_STYLES.items() if name != "regional"]
    assert len({one.dashes for one in looks}) == len({one.marker for one in looks}) == len(looks)
    assert ARM_STYLES["regional"] == ARM_STYLES["coordinated"]


def test_an_arms_look_never_says_better_or_worse() -> None:
    verdicts = {mark.marker for mark in MARKS.values()} - {"o", "s"}  # hollow there, filled here
    for style in (*ARM_STYLES.values(), *SPARE):
        assert style.marker not in verdicts
        for colour in set(COLOURS.values()):
            assert np.linalg.norm(lab(linear(style.colour)) - lab(linear(colour))) >= 18, (style, colour)


def test_a_map_of_differences_is_blue_where_it_is_better_whatever_the_direction() -> None:
    for better, ends in ((1, (-1, 1)), (-1, (1, -1))):
        worse, good = (shades(better)((end + 1) / 2)[:3] for end in ends)
        assert np.allclose(good, [int(COLOURS[Verdict.BETTER][at : at + 2], 16) / 255 for at in (1, 3, 5)])
        assert np.allclose(worse, [int(COLOURS[Verdict.WORSE][at : at + 2], 16) / 255 for at in (1, 3, 5)])
        assert min(shades(better)(0.5)) > 0.98
    assert INK not in COLOURS.values()


def test_no_other_file_words_or_colours_a_verdict_by_itself() -> None:
    """What decides or words it elsewhere in the reports of a comparison would drift from what its figures show."""
    own = re.compile("|".join(sorted({*COLOURS.values()})), re.IGNORECASE)
    top = Path(experiments.__file__).parent
    found = [
        str(path.relative_to(top))
        for path in sorted(top.rglob("*.py"))
        if path.name != "finding.py" and own.search(path.read_text(encoding="utf-8"))
    ]
    assert not found
