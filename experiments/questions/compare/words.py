"""What a comparison found, in sentences and tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

from experiments.analysis.intervals import Interval
from experiments.engine.precision import WIDTH, precision_of
from experiments.engine.results import Results
from experiments.questions.compare.answers import MSEK, replies
from experiments.questions.compare.deals import deals_section
from experiments.questions.compare.findings import AccountRow, Row, account_rows, outcome_rows
from experiments.questions.compare.grants import grants_section
from experiments.questions.compare.horizons import horizon_section
from experiments.questions.compare.members import members_section
from experiments.questions.compare.result import Compared, headline_interval
from experiments.questions.compare.slips import slips_section
from experiments.questions.compare.turns.varied import STAGE
from experiments.questions.compare.turns.words import HEADERS, cells
from experiments.questions.compare.whom import whom_section
from experiments.reporting.columns import places_of
from experiments.reporting.names import label
from experiments.reporting.numbers import decimals_for, number, percent
from experiments.reporting.tables import fitted_table, markdown_table
from experiments.reporting.tracks import history

TERMINAL = 100
ONE_ARM = "One arm only: nothing to compare with."
ACCOUNT_HEADERS = ("Budget or account", "MSEK", "95 % interval", "kSEK a flat", "payback", "break-even additionality")


def title(compared: Compared) -> str:
    """For the summary's heading."""
    if compared.pair is None:
        return f"{compared.results.arms[0]} by itself"
    on, off = (label(compared.results, arm).lower() for arm in compared.pair)
    return f"{on} and {off} side by side, and who pays, who gains?"


def said(compared: Compared) -> list[str]:
    """The questions of a comparison answered."""
    found = [f"**{reply.question}** {reply.text}" for reply in replies(compared.results, compared.turns)]
    return found or [ONE_ARM]


def table(compared: Compared) -> str:
    """Accounts, turning points and outcomes for the terminal, no line longer than its width."""
    if compared.pair is None:
        return ""
    rows = outcome_rows(compared.results, *compared.pair)
    accounts = account_rows(compared.results, *compared.pair)
    headers = [*ACCOUNT_HEADERS[:3], "payback", "break-even"]
    narrow = [[*cells[:3], *cells[4:]] for cells in account_cells(compared.results, accounts, short=True)]
    lines = [f"Present value over the years, {_minus(compared)}", fitted_table(headers, narrow, TERMINAL), ""]
    if compared.turns:
        lines += ["Where what society gains turns", fitted_table(HEADERS, cells(compared.turns), TERMINAL), ""]
    return "\n".join(
        [
            *lines,
            "At the end (mean of the last year); differences with 95 % intervals over replicates",
            fitted_table(outcome_headers(compared), [outcome_cells(row) for row in rows], TERMINAL),
        ]
    )


def sections(compared: Compared) -> list[str]:
    """The rest of the summary."""
    if compared.pair is None:
        return history.section(compared.history)
    return [
        *_accounts(compared),
        *_turns(compared),
        *whom_section(compared.results, *reversed(compared.pair)),
        *deals_section(compared.results, *reversed(compared.pair)),
        *slips_section(compared.results, *reversed(compared.pair)),
        *grants_section(compared.results, *reversed(compared.pair)),
        *members_section(compared.results),
        *_outcomes(compared),
        *horizon_section(compared.results, *compared.pair),
        *_all_arms(compared),
        *history.section(compared.history),
        *_how_sure(compared),
    ]


def outcome_headers(compared: Compared) -> list[str]:
    """Headers of a table of outcomes."""
    on, off = compared.pair or ("", "")
    return ["Outcome", off, on, "difference", "95 % interval", "in this run"]


def outcome_cells(row: Row) -> list[str]:
    """One outcome as cells: label and unit, both levels, difference, interval, verdict. Units differ from row to row,
    and so does precision."""
    places = _places([row.difference], row.control.mean)
    unit = f" ({row.measure.unit})" if row.measure.unit else ""
    return [
        row.label + unit,
        number(row.control.mean, places),
        number(row.treated.mean, places),
        number(row.difference.mean, places, signed=True),
        _bounds(row.difference, places),
        row.verdict,
    ]


def account_cells(results: Results, rows: Sequence[AccountRow], short: bool = False) -> list[list[str]]:
    """Accounts as rows of cells: label, present value with interval, by flat, payback, break-even additionality."""
    values = [row.value.scaled(MSEK) for row in rows]
    by_flat = [row.value.scaled(1e-3 / results.made.flats) for row in rows]
    places, places_by_flat = places_of(values), places_of(by_flat)
    return [
        [
            row.account.brief if short else row.account.label,
            number(value.mean, places, signed=True),
            _bounds(value, places),
            number(flat.mean, places_by_flat, signed=True),
            _payback(row, results),
            "" if row.break_even is None else row.break_even.words(short),
        ]
        for row, value, flat in zip(rows, values, by_flat, strict=True)
    ]


def _payback(row: AccountRow, results: Results) -> str:
    if row.payback is None:
        return "–"
    words = row.payback.words(results.made.first_year)
    return f"{words} ({row.paid_back} of {row.replicates})" if row.payback.kind == "year" else words


def _minus(compared: Compared) -> str:
    return " minus ".join(compared.pair or ())


def _outcomes(compared: Compared) -> list[str]:
    parts: list[str] = []
    for prefix, name in (("", "At the end (mean of the last year)"), ("mean_", "Mean over all years")):
        rows = outcome_rows(compared.results, *(compared.pair or ("", "")), prefix)
        parts += [f"## {name}", markdown_table(outcome_headers(compared), [outcome_cells(row) for row in rows])]
    meaning = (
        "Better or worse, and higher or lower where the outcome has no preferred direction: the 95 % interval excludes "
        "zero. Undecided: it covers zero, and the difference is not statistically distinguishable from zero."
    )
    return [*parts, meaning]


def _accounts(compared: Compared) -> list[str]:
    rows = account_rows(compared.results, *(compared.pair or ("", "")))
    rate = percent(compared.results.made.discount_rate, 1)
    text = (
        f"Present value of {_minus(compared)}, at {rate} real a year. Society's account is the sum of its lines: "
        "persons (money, homes, calm and time, wherever they live), owners, builders and public budgets in cash, the "
        "product of service jobs that nobody outside buys, the cost of public funds, carbon dioxide, and what is "
        "left at the end (better standards and saved heat to the end of their lives, minus all renovations that must "
        "still come). Calm counts by the parameter calm_worth, nothing unless it is set. "
        "Budgets are cash. Owners' own view adds the market value of their buildings in the last "
        "quarter, which is part of nobody else's account. The cash of all budgets sums to zero, so that budgets are "
        "never added up to what society gains. Payback is the year in which the discounted cumulative difference of "
        "the mean over replicates becomes and stays positive; in brackets, in how many replicates it does. "
        "Break-even additionality is the share of programme jobs that would have to be additional for the budget to "
        "gain."
    )
    emergent = [
        f"{row.account.label} {number(row.break_even.emergent, 2)}"
        for row in rows
        if row.break_even is not None and not math.isnan(row.break_even.emergent)
    ]
    shown = [f"Additionality that the model itself shows: {'; '.join(emergent)}."] if emergent else []
    return [
        "## Who pays, who gains",
        text,
        markdown_table(ACCOUNT_HEADERS, account_cells(compared.results, rows)),
        *shown,
    ]


def _turns(compared: Compared) -> list[str]:
    """Where the headline turns, and how that was found."""
    if not compared.turns:
        return []
    results = compared.results
    about, stage = results.made.options["turned"], results.made.stages[STAGE]
    text = (
        f"Both arms were run again at other values, one at a time, in {stage.replicates} replicates at scale "
        f"{about['scale']:g}: behaviour follows what is varied, since it drives votes, moves and appraisals. What "
        "these smaller runs add is added to the difference above, so that where things stand both are the same; "
        "between the values tried lines are straight. The interval holds the values at which the difference is not "
        "statistically distinguishable from zero. Plausible ranges are tried up to their upper ends or beyond, down "
        "to their lower ends where these are far from where things stand."
    )
    return ["## Where it turns", text, markdown_table(HEADERS, cells(compared.turns))]


def _all_arms(compared: Compared) -> list[str]:
    """Differences of all pairs of arms, side by side; nothing where there is one pair."""
    pairs = compared.pairs
    if len(pairs) < 2:
        return []
    headers = [f"{on} − {off}" for on, off in pairs]
    outcomes = [outcome_rows(compared.results, *pair) for pair in pairs]
    rows = []
    for same in zip(*outcomes, strict=True):
        places = _places([row.difference for row in same], 0.0)
        name = f"{same[0].label} ({same[0].measure.difference_unit})"
        rows.append([name, *(_difference(row.difference, places) for row in same)])
    accounts = [account_rows(compared.results, *pair) for pair in pairs]
    columns = []
    for column in accounts:
        values = [row.value.scaled(MSEK) for row in column]
        places = places_of(values)
        columns.append([_difference(value, places) for value in values])
    labels = [row.account.label for row in accounts[0]]
    return [
        "## All arms",
        "Differences at the end, and present values in MSEK; **bold** where 95 % intervals exclude zero.",
        markdown_table(["Outcome at the end", *headers], rows),
        markdown_table(["Present value, MSEK", *headers], list(map(list, zip(labels, *columns, strict=True)))),
    ]


def _how_sure(compared: Compared) -> list[str]:
    wanted = float(compared.results.made.options.get("width", WIDTH))
    precision = precision_of(headline_interval(compared.results), wanted)
    return [
        "## How sure",
        "Intervals are t intervals over the replicates' differences. Of twenty outcomes that do not differ, one looks "
        "as if it did by chance. " + precision.words("what society gains"),
    ]


def _difference(value: Interval, places: int) -> str:
    text = number(value.mean, places, signed=True)
    if value.known:
        text += f" ± {number((value.high - value.low) / 2, places)}"
    return f"**{text}**" if value.distinguishable else text


def _bounds(value: Interval, places: int) -> str:
    return f"{number(value.low, places)} to {number(value.high, places)}" if value.known else "–"


def _places(differences: Sequence[Interval], level: float) -> int:
    """Decimals for one row, from its intervals, or else from its differences or its level."""
    sizes = [one.half for one in differences if one.half] or [abs(one.mean) for one in differences if one.mean]
    return decimals_for(max(sizes, default=0.0) or level / 100)
