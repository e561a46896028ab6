"""What would change the verdict, in sentences and in a table."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.questions.over.turns.result import Line
from experiments.reporting.accounts import UNIT
from experiments.reporting.numbers import amount, lower_first, percent, short
from experiments.reporting.tables import Rows, markdown_table

HEADERS = (
    "What is varied",
    "plausible",
    "stands at",
    "tried",
    "better in",
    "median (nine tenths of the set)",
    "odds even at",
)
PAYS = "more likely than not"


def section(arm: str, lines: Sequence[Line]) -> list[str]:
    """Sentences and a table; nothing where nothing was run again. arm: the one in question, within a sentence."""
    if not lines:
        return []
    members = lines[0].profile.gains.shape[1]
    note = (
        f"Everything was run again, at a smaller size, in the first {members} members of the set with one thing being "
        "another, and what that adds to a member's gain was added to its gain above. Better in: the weighted share of "
        f"these members in which society gains; median: of the gain, {UNIT}, with the ends between which nine tenths "
        "of them lie. Where the odds are even, the median is zero. Weights are those of the fit to what was observed."
    )
    told = "\n".join(f"- {line}" for line in sentences(arm, lines))
    return ["## What would change the verdict", told, markdown_table(HEADERS, cells(lines)), note]


def sentences(arm: str, lines: Sequence[Line]) -> list[str]:
    """A sentence for each setting along which the odds turn, and one for all others of the same verdict."""
    told = turning(arm, lines)
    for gains in (True, False):
        group = [line for line in lines if line.even is None and gains_at_first(line) == gains]
        if group:
            each = "each of these: " * (len(group) > 1)
            what = "; ".join(f"{line.varied.what} ({_tried(line)})" for line in group)
            sign = "gains" if gains else "loses"
            told.append(f"With {arm} society {sign} {PAYS} throughout what was tried of {each}{what}.")
    return told


def turning(arm: str, lines: Sequence[Line]) -> list[str]:
    """A sentence for each setting along which the odds turn."""
    return [_turning(arm, line) for line in lines if line.even is not None]


def gains_at_first(line: Line) -> bool:
    """Whether the median is a gain at the lowest value tried."""
    return line.profile.band(line.ends[0]).mean > 0.0


def _turning(arm: str, line: Line) -> str:
    even = line.even
    assert even is not None
    way = "more than" if even.rising else "less than"
    pays = line.varied.pays.replace("RANGE", f"{way} {said(even.at)}{line.varied.unit}")
    return f"With {arm} society gains {PAYS} if {pays} (tried from {_tried(line)}; {_stands(line)})."


def _stands(line: Line) -> str:
    share = percent(line.profile.share(line.stands)) if line.ends[0] <= line.stands <= line.ends[1] else ""
    default = "the default has" if line.differs else "it stands at"
    return f"{default} {said(line.stands)}{f', where {share} of the set gains' * bool(share)}"


def _tried(line: Line) -> str:
    return f"{said(line.ends[0])} to {said(line.ends[1])}"


def cells(lines: Sequence[Line]) -> Rows:
    """A row a value tried; what belongs to the setting stands in its first."""
    rows = []
    for line in lines:
        span = line.plausible
        stands = said(line.stands) + " (members differ)" * line.differs
        even = "–" if line.even is None else said(line.even.at)
        head = [line.varied.what, "–" if span is None else f"{said(span[0])} to {said(span[1])}", stands]
        for place, value in enumerate(line.profile.values):
            first = place == 0
            band = line.profile.band(float(value))
            share = percent(line.profile.share(float(value)))
            rows.append([*(head if first else [""] * 3), said(float(value)), share, amount(band, ""), even * first])
    return rows


def title_of(lines: Sequence[Line]) -> str:
    """A figure's title: along what the odds turn."""
    turning = [f"{line.varied.what}, at {said(line.even.at)}" for line in lines if line.even is not None]
    few = f"{len(turning)} of {len(lines)} things that were varied"
    if not turning:
        sign = "gains" if all(map(gains_at_first, lines)) else "loses" if not any(map(gains_at_first, lines)) else ""
        never = "whatever was tried of what is most uncertain"
        return f"Society {sign} {PAYS}, {never}" if sign else f"The odds turn nowhere, {never}"
    return f"The odds turn with {few}: {'; '.join(turning)}"


def short_name(line: Line) -> str:
    """What is varied, without its unit."""
    return lower_first(line.varied.what.partition(", ")[0])


def said(value: float) -> str:
    """A number with at most three significant digits, without idle zeros."""
    text = short(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
