"""Turning points in sentences and in a table: if what is worth how much, the arm in question is worth it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.analysis.turning import Turn
from experiments.engine.results import Results
from experiments.questions.compare.turns.result import Line
from experiments.reporting.accounts import HEADLINE, UNIT
from experiments.reporting.finding import Finding, Verdict
from experiments.reporting.names import treatment
from experiments.reporting.numbers import listed, short
from experiments.reporting.tables import Rows

MOST_NAMED = 2  # settings in a title
HEADERS = ("What is varied", "tried", "stands at", "turns at", "95 % interval")


def sentences(results: Results, lines: Sequence[Line]) -> list[str]:
    """When the arm in question is worth it: a sentence a setting along which that turns, and one for all others of the
    same verdict. Where no value tried is decided, it is told as undecided."""
    told = [_turning(results, line) for line in lines if line.turns]
    groups: dict[str, list[str]] = {}
    for line in lines:
        if not line.turns:
            low, high = map(_said, line.ends)
            groups.setdefault(_throughout(results, line), []).append(f"{line.varied.what} ({low} to {high})")
    for verdict, group in groups.items():
        each = "each of these: " * (len(group) > 1)
        told.append(f"{verdict} throughout what was tried of {each}{'; '.join(group)}.")
    return told


def _turning(results: Results, line: Line) -> str:
    low, high = map(_said, line.ends)
    who, decided = treatment(results), line.decided
    pays = line.varied.pays.replace("RANGE", " or ".join(_ranges(line)))
    told = f"{who} is worth it if {pays} (tried from {low} to {high})"
    if not _known(line):
        return f"{told[:1].upper()}{told[1:]}; without intervals, as there is one replicate."
    if not decided:
        return f"Undecided, as the interval covers zero at every value tried; on average {told}."
    some = f"; the interval excludes zero at {decided} of {len(line.tried)} values tried" * (decided < len(line.tried))
    return f"{told[:1].upper()}{told[1:]}{some}."


def _throughout(results: Results, line: Line) -> str:
    """The verdict along a setting on which nothing turns."""
    if not any(one.mean for one in line.tried):
        return "Nothing differs"
    told = f"{treatment(results)} is {'' if line.tried[0].mean > 0 else 'not '}worth it"
    if _known(line) and not line.decided:
        return f"It does not turn, and stays undecided (on average {told}),"
    sure = "" if line.decided == len(line.tried) else ", though not decided at every value tried,"
    return f"{told[:1].upper()}{told[1:]}{sure if _known(line) else ', without intervals,'}"


def _known(line: Line) -> bool:
    return any(one.known for one in line.tried)


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
        return "all that was tried"
    if math.isinf(turn.low):
        return f"at most {_said(turn.high)}"
    return f"at least {_said(turn.low)}" if math.isinf(turn.high) else f"{_said(turn.low)} to {_said(turn.high)}"


def verdict_of(line: Line) -> str:
    """What can be said along a setting on which nothing turns, in few words."""
    tried = line.tried
    if not any(one.mean for one in tried):
        return "nothing differs"
    sign = "gains" if tried[0].mean > 0 else "loses"
    if not _known(line):
        return f"{sign}, no intervals"
    if line.decided == len(tried):
        return f"{sign} throughout"
    return f"{sign} on average" if line.decided else f"undecided ({sign} on average)"


def title_of(lines: Sequence[Line]) -> str:
    """A figure's title: what society gains where things stand, and along what that turns."""
    here = next((Finding(line.along.at(line.stands), HEADLINE.better, UNIT) for line in lines), None)
    if here is None:
        return "Nothing was varied"
    told = here.clause(HEADLINE.about)
    if here.verdict in (Verdict.ALONE, Verdict.NOTHING):
        return told
    turning = [line for line in lines if line.turns and line.decided]
    where = [f"the {short_name(line)} passes {at_words(line)}" for line in turning]
    count = len(lines)
    if where:
        few = (
            listed(where) if len(where) <= MOST_NAMED else f"{len(where)} of {count} things that were varied are others"
        )
        return f"{told}; that turns where {few}"
    if here.verdict.decided and all(line.decided == len(line.tried) for line in lines):
        return (
            f"{told}, whatever was tried of the {count} things that were varied" if count > 1 else f"{told} throughout"
        )
    some = [f"the {short_name(line)}" for line in lines if line.decided > 0]
    if here.verdict.decided or not some:
        also = (
            "; that turns nowhere, though not every value tried is decided"
            if here.verdict.decided
            else ", whatever was tried"
        )
        return f"{told}{also}"
    return f"{told}; it is decided at some of the values tried of {listed(some[:MOST_NAMED])}"


def short_name(line: Line) -> str:
    """What is varied, without its unit."""
    return line.varied.what.partition(", ")[0]


def at_words(line: Line) -> str:
    """At which values it turns, with their unit."""
    unit = line.varied.what.partition(", ")[2]
    return f"{listed([_said(turn.at) for turn in line.turns])} {'' if unit == 'share' else unit}".rstrip()


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
        rows += [[*head, _said(turn.at), bounds_of(turn) or "–"] for turn in line.turns] or [
            [*head, verdict_of(line), "–"]
        ]
    return rows
