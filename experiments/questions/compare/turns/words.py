"""Turning points in sentences and in a table: if what is worth how much, the arm in question is worth it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.analysis.turning import Turn
from experiments.engine.results import Results
from experiments.questions.compare.turns.result import Line
from experiments.reporting.names import treatment
from experiments.reporting.numbers import short
from experiments.reporting.tables import Rows

HEADERS = ("What is varied", "tried", "stands at", "turns at", "95 % interval")


def sentence(results: Results, line: Line) -> str:
    """When the arm in question is worth it, by one setting.

    A mean that changes its sign where no value tried is decided is told as undecided.
    """
    low, high = line.ends
    over = f"from {_said(low)} to {_said(high)}"
    who, varied, unsure = treatment(results), line.varied, _unsure(line)
    undecided = not line.decided and any(one.known for one in line.tried)
    start = "Undecided, as no value tried is statistically distinguishable from zero; on average, " * undecided
    who = who if undecided else who[:1].upper() + who[1:]
    if not any(one.mean for one in line.tried):
        return f"Nothing differs if {varied.pays.replace('RANGE', over + varied.unit)}."
    if not line.turns:
        verb = "is" if line.tried[0].mean > 0 else "is not"
        return f"{start}{who} {verb} worth it wherever {varied.pays.replace('RANGE', over + varied.unit)}{unsure}."
    ranges = " or ".join(_ranges(line))
    return f"{start}{who} is worth it if {varied.pays.replace('RANGE', ranges)} (tried {over}){unsure}."


def _unsure(line: Line) -> str:
    tried = line.tried
    if not any(one.known for one in tried):
        return "; without intervals, as there is one replicate"
    if line.decided in (0, len(tried)):
        return ""
    return f"; the difference is statistically distinguishable from zero at {line.decided} of {len(tried)} values tried"


def _ranges(line: Line) -> list[str]:
    """Where the mean is positive: less than a, between a and b, more than b."""
    unit, found, turns = line.varied.unit, [], line.turns
    if not turns[0].rising:
        found.append(f"less than {_at(turns[0])}{unit}")
    for place, turn in enumerate(turns):
        if not turn.rising:
            continue
        if place + 1 < len(turns):
            found.append(f"between {_at(turn)} and {_at(turns[place + 1])}{unit}")
        else:
            found.append(f"more than {_at(turn)}{unit}")
    return found


def _at(turn: Turn) -> str:
    bounds = bounds_of(turn)
    return f"{_said(turn.at)} (95 % CI {bounds})" if bounds else _said(turn.at)


def bounds_of(turn: Turn) -> str:
    """The interval around a turning point, as far as what was tried shows it; empty without intervals."""
    if math.isnan(turn.low) or math.isnan(turn.high):
        return ""
    if math.isinf(turn.low) and math.isinf(turn.high):
        return "open to both sides of what was tried"
    if math.isinf(turn.low):
        return f"up to {_said(turn.high)}, below open"
    return (
        f"from {_said(turn.low)}, above open" if math.isinf(turn.high) else f"{_said(turn.low)} to {_said(turn.high)}"
    )


def _said(value: float) -> str:
    """A number with at most three significant digits, without idle zeros."""
    text = short(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def cells(lines: Sequence[Line]) -> Rows:
    """A row a setting, one more for each further turning point."""
    rows = []
    for line in lines:
        tried = " to ".join(map(_said, line.ends))
        head = [line.varied.what, tried, _said(line.stands)]
        sign = "gains" if line.tried[0].mean > 0 else "loses" if line.tried[0].mean < 0 else "nothing differs"
        rows += [[*head, _said(turn.at), bounds_of(turn) or "–"] for turn in line.turns] or [
            [*head, f"not: {sign}", "–"]
        ]
    return rows
