"""Neighbourhoods of a comparison: their order, their names beside rows, and what differs in each."""

from __future__ import annotations

from experiments.analysis.intervals import interval
from experiments.analysis.pairs import Pairs
from experiments.engine.results import Results
from experiments.reporting.finding import Finding, Verdict, counted
from experiments.reporting.names import drawn_label, fitted, width
from experiments.reporting.numbers import measure_of
from experiments.reporting.style import SIZE

OUTCOMES = ("reputation", "employment", "renovated_share")
MAIN = "employment"  # what titles tell
ROOM = 2.1  # inches beside a row


def rows_by_municipality(results: Results) -> list[int]:
    """Positions of the neighbourhoods, those of a municipality together, in the order in which they come."""
    names = results.areas("neighbourhood")
    municipality = results.made.municipality_of
    first = {town: index for index, town in reversed(list(enumerate(municipality.values())))}
    return sorted(range(len(names)), key=lambda index: (first[municipality[names[index]]], index))


def row_label(name: str, town: str) -> str:
    """What stands beside a row, within its room: the neighbourhood, after the municipality where that begins."""
    if not town:
        return fitted(name, ROOM, SIZE)
    parting = ":  "
    room = ROOM - width(parting, SIZE)
    first = fitted(town, max(room / 2, room - width(name, SIZE)), SIZE)
    return f"{first}{parting}{fitted(name, room - width(first, SIZE), SIZE)}"


def area_findings(results: Results, outcome: str, on: str, off: str) -> list[Finding]:
    """The difference in the last year, one a neighbourhood, in the order in which results name them."""
    measure = measure_of(outcome)
    curves = Pairs(*(results.yearly(outcome, arm, "neighbourhood") for arm in (on, off))).difference
    last = curves[:, -1, :] * measure.factor
    return [Finding(interval(column), measure.better, measure.difference_unit) for column in last.T]


def areas_title(results: Results, on: str, off: str, verdicts: list[Verdict]) -> str:
    """In how many neighbourhoods employment is better, worse, or undecided."""
    who = f"{drawn_label(results, on)} against {drawn_label(results, off).lower()}"
    if Verdict.ALONE in verdicts:
        return f"{who}: from one replicate no neighbourhood can be told apart"
    if len(verdicts) == 1:
        return f"{who}: employment in the one neighbourhood is {verdicts[0].value}"
    return f"{who}: of {len(verdicts)} neighbourhoods, employment is {counted(verdicts, ' in ')}"
