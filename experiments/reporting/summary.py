"""The summary of a comparison: Markdown for the folder of results, and a table for the terminal."""

from __future__ import annotations

import textwrap
from pathlib import Path

from experiments.analysis.paired import Interval
from experiments.engine.results import Results
from experiments.reporting.answers import MSEK, answers
from experiments.reporting.findings import PurseRow, Row, outcome_rows, purse_rows
from experiments.reporting.horizons import horizon_section
from experiments.reporting.numbers import PURPOSE, decimals_for, number, purse_label
from experiments.reporting.tables import fitted_table, markdown_table

QUESTION = (
    "Does coordinated regional collaboration beat everyone in their own silo? Where does it not? "
    "Who pays, who gains, and in which year?"
)


def write_summary(results: Results, path: Path) -> None:
    """Write summary.md."""
    path.write_text("\n\n".join(_sections(results)) + "\n", encoding="utf-8")


def print_table(results: Results, width: int = 100) -> str:
    """The comparison as plain text, no line longer than `width`."""
    head = [textwrap.fill(title(results), width), PURPOSE + "."]
    short = (*PURSE_HEADERS[:-1], "break-even")
    if results.focus is None:
        return "\n".join([*head, "", "One arm only: nothing to compare with."])
    ends = outcome_rows(results, results.focus, results.baseline)
    purses = purse_rows(results, results.focus, results.baseline)
    said = [textwrap.fill(f"{a.question} {a.text}", width, break_long_words=False) for a in answers(results)]
    return "\n".join(
        [
            *head,
            "",
            "At the end (mean of the last year); differences with 95 % intervals over replicates",
            fitted_table(outcome_headers(results), [outcome_cells(row) for row in ends], width),
            "",
            f"Present value over the years, {results.focus} less {results.baseline}",
            fitted_table(short, [purse_cells(results, row, short=True) for row in purses], width),
            "",
            *said,
        ]
    )


def title(results: Results) -> str:
    """Region, size and length of the comparison in one line."""
    made = results.manifest
    flats, replicates = made["flats"], made["replicates"]
    paired = "paired " if made["shared_seeds"] else "unpaired "
    worlds = f"{paired * (len(made['arms']) > 1)}replicate{'s' * (replicates > 1)}"
    span = f"{made['years']} years from {made['first_year']}"
    return f"{made['region']['title']}: {flats:,} flats, {span}, {replicates} {worlds}"


def outcome_headers(results: Results) -> list[str]:
    """Headers of a table of outcomes."""
    return ["Outcome", results.baseline, str(results.focus), "difference", "95 % interval", "verdict"]


def outcome_cells(row: Row) -> list[str]:
    """One outcome as cells: label and unit, both levels, difference, interval, verdict."""
    places = _places(row.difference, row.control.mean)
    unit = f" ({row.measure.unit})" if row.measure.unit else ""
    return [
        row.measure.label + unit,
        number(row.control.mean, places),
        number(row.treated.mean, places),
        number(row.difference.mean, places, signed=True),
        _bounds(row.difference, places),
        row.verdict,
    ]


PURSE_HEADERS = ("Purse", "MSEK", "95 % interval", "kSEK a flat", "pays back", "break-even additionality")


def purse_cells(results: Results, row: PurseRow, short: bool = False) -> list[str]:
    """One purse as cells."""
    value = row.value.scaled(MSEK)
    places = _places(value, value.mean)
    a_flat = row.value.mean * 1e-3 / results.manifest["flats"]
    back = row.payback.words(results.manifest["first_year"]) if row.payback else "–"
    if row.payback and row.payback.kind == "year":
        back += f" ({row.paid_back} of {results.manifest['replicates']})"
    rule = "" if row.break_even is None else row.break_even.words(short)
    return [
        purse_label(row.name),
        number(value.mean, places, signed=True),
        _bounds(value, places),
        number(a_flat, decimals_for(a_flat, most=2), signed=True),
        back,
        rule,
    ]


def _sections(results: Results) -> list[str]:
    made = results.manifest
    parts = [f"# {title(results)}", f"*{PURPOSE}.*", QUESTION, f"    {' '.join(made['command'])}"]
    if results.focus is not None:
        pair = str(results.focus), results.baseline
        parts += _answered(results) + _outcomes(results) + _purses(results)
        parts += horizon_section(results, *pair) + _others(results)
    return parts + _notes(results)


def _answered(results: Results) -> list[str]:
    return ["## In short", *(f"**{answer.question}** {answer.text}" for answer in answers(results))]


def _outcomes(results: Results) -> list[str]:
    parts: list[str] = []
    for prefix, name in (("", "At the end (mean of the last year)"), ("mean_", "Mean over all years")):
        rows = outcome_rows(results, str(results.focus), results.baseline, prefix)
        cells = [outcome_cells(row) for row in rows]
        parts += [f"## {name}", markdown_table(outcome_headers(results), cells)]
    return parts


def _purses(results: Results) -> list[str]:
    rows = purse_rows(results, str(results.focus), results.baseline)
    rate = results.manifest["discount_rate"]
    text = (
        f"Present value of {results.focus} less {results.baseline}, at {rate:.1%} real a year. "
        "End value adds the buildings' market value in the last quarter. "
        "Paying back means that the discounted cumulative difference of the mean over replicates becomes and "
        "stays positive; in brackets, in how many replicates it does. Break-even additionality is the share "
        "of programme jobs that would have to be additional for the purse to gain. Purses are never added up "
        "to what society gains: that is the account of real resources: output and what homes are let for, less labour, "
        "materials and energy; its end value adds what all houses are worth in the last quarter, since works late in "
        "the run cost inside it and serve after it; at tenants' worth, a midi or maxi standard counts as what the "
        "household that lives there would pay for it, and not as the rent that it brings."
    )
    emergent = [
        f"{purse_label(r.name)} {r.break_even.emergent:.2f}"
        for r in rows
        if r.break_even and r.break_even.emergent == r.break_even.emergent
    ]
    shown = f"Additionality that the model itself shows: {', '.join(emergent)}." if emergent else ""
    table = markdown_table(PURSE_HEADERS, [purse_cells(results, row) for row in rows])
    return ["## Who pays, who gains", text, table, *([shown] if shown else [])]


def _others(results: Results) -> list[str]:
    others = [arm for arm in results.arms if arm != results.baseline]
    pairs = [(arm, results.baseline) for arm in others]
    pairs += [(str(results.focus), arm) for arm in others if "same-money" in arm and arm != results.focus]
    if len(pairs) < 2:
        return []
    columns = [outcome_rows(results, on, off) for on, off in pairs]
    rows = []
    for index, first in enumerate(columns[0]):
        cells = [_difference(column[index].difference) for column in columns]
        rows.append([f"{first.measure.label} ({first.measure.difference_unit})", *cells])
    values = [{row.name: row.value.scaled(MSEK) for row in purse_rows(results, on, off)} for on, off in pairs]
    rows += [[f"{purse_label(name)} (MSEK)", *(_difference(column[name]) for column in values)] for name in values[0]]
    headers = ["Difference", *(f"{on} − {off}" for on, off in pairs)]
    text = "Differences at the end, and present values by purse; **bold** where 95 % intervals leave zero out."
    return ["## All arms", text, markdown_table(headers, rows)]


def _notes(results: Results) -> list[str]:
    made = results.manifest
    lines = [
        "Intervals are t intervals over the replicates' differences. "
        "Of twenty outcomes that do not differ, one looks distinguishable by chance.",
        f"Region {made['region']['name']}, scale {made['region']['scale']:g}, seed {made['seed']}. "
        "Money: SEK of 2011, real.",
        *made["notes"],
    ]
    if made["set"]:
        lines.append("Set in all arms: " + ", ".join(f"{name} = {value}" for name, value in made["set"].items()) + ".")
    arms = [f"{arm['name']}: {arm['meaning']}." for arm in made["arms"]]
    return ["## Notes", "\n".join(f"- {line}" for line in lines + arms)]


def _difference(value: Interval) -> str:
    places = _places(value, value.mean)
    text = number(value.mean, places, signed=True)
    if value.known:
        text += f" ± {number((value.high - value.low) / 2, places)}"
    return f"**{text}**" if value.distinguishable else text


def _bounds(value: Interval, places: int) -> str:
    return f"{number(value.low, places)} to {number(value.high, places)}" if value.known else "–"


def _places(difference: Interval, level: float) -> int:
    half = (difference.high - difference.low) / 2 if difference.known else 0.0
    # Replicates that agree to the last bit or so say nothing about how many digits matter.
    certain = half < 1e-6 * abs(difference.mean)
    return decimals_for((0.0 if certain else half) or difference.mean or level / 100)
