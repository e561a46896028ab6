"""A benchmark told: for a terminal, and as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.reporting.numbers import short
from experiments.reporting.tables import markdown_table, wrapped_table
from experiments.tools.benchmark.rows import NOT_MEASURED, PARTS, Row

SLOWER = 0.8  # of the reference's speed: noise of a shared machine stays above
WIDTH = 118  # letters of a line on a terminal
SMALL = 1.0  # ns per resident and quarter: of less no ratio is told
HEADERS = ("times better", "what", "value", "unit", "compared with", "its value", "target", "met")
READ = (
    "The first column says how many times better a figure is than what it is compared with: twice as fast, half the "
    "memory and twice as many runs a minute are all 2.00. Times are processor time unless they say otherwise; figures "
    "are medians of {rounds} rounds, in each of which everything is measured once, in processes of its own."
)


def regressions(rows: Sequence[Row]) -> list[str]:
    """What has become slower than the reference, in words."""
    return [
        f"{row.name}: {short(row.value or 0.0)} against {short(row.baseline or 0.0)} {row.unit}"
        for row in rows
        if row.part == "d" and row.ratio is not None and row.ratio < SLOWER and (row.value or 0.0) >= SMALL
    ]


def targets(rows: Sequence[Row]) -> list[Row]:
    """Rows that have a target."""
    return [row for row in rows if row.target is not None]


def verdict(rows: Sequence[Row]) -> str:
    """How many targets are met, in a sentence."""
    judged = targets(rows)
    met, open_ = sum(row.met == "yes" for row in judged), sum(row.met == NOT_MEASURED for row in judged)
    rest = f", {open_} not measured" if open_ else ""
    return f"{met} of {len(judged)} targets met{rest}" if judged else "no targets among these parts"


def cells(row: Row) -> list[str]:
    """A row as a table shows it."""
    target = "" if row.target is None else str(row.target).replace(">=", "≥").replace("<=", "≤")
    return [
        "–" if row.ratio is None else short(row.ratio),
        row.name + (f" ({row.note})" if row.note else ""),
        NOT_MEASURED if row.value is None else short(row.value),
        row.unit,
        row.against if row.baseline is not None else "",
        "" if row.baseline is None else short(row.baseline),
        target,
        row.met,
    ]


def page(rows: Sequence[Row], machine: str, rounds: int, notes: Sequence[str]) -> str:
    """All of it as Markdown."""
    told = ["# Benchmark", "", f"**{verdict(rows)[0].upper()}{verdict(rows)[1:]}.** {READ.format(rounds=rounds)}", ""]
    told += [machine, *(f"{note}." for note in notes), "", "![](benchmark.png)", ""]
    if slower := regressions(rows):
        told += ["**Slower than the reference:**", "", *(f"- {line}" for line in slower), ""]
    for part, title in PARTS.items():
        if own := [row for row in rows if row.part == part]:
            told += [f"## ({part}) {title}", "", markdown_table(HEADERS, [cells(row) for row in own], left=2), ""]
    return "\n".join(told)


def terminal(rows: Sequence[Row]) -> list[str]:
    """What a person reads at once: targets, or all rows where there are none."""
    table = []
    for row in targets(rows) or rows:
        ratio, name, value, unit, against, baseline, target, met = cells(row)
        compared = f"; {against}: {baseline}" if baseline else ""
        table.append([f"({row.part})", ratio, f"{value} {unit}" if row.value is not None else value, target, met,
                      f"{name}{compared}"])  # fmt: skip
    headers = ("", HEADERS[0], "value", "target", "met", "what; and what it is compared with")
    return [wrapped_table(headers, table, WIDTH), "", f"{verdict(rows)[0].upper()}{verdict(rows)[1:]}."]
