"""Results by planning horizon: what has come of an account by a year, where its flows say all of it."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.analysis.intervals import Interval, interval
from experiments.engine.results import Results
from experiments.questions.compare.findings import account_values, cumulative_difference, told_accounts
from experiments.reporting.accounts import Account
from experiments.reporting.columns import places_of
from experiments.reporting.numbers import number
from experiments.reporting.tables import markdown_table

HORIZONS = (1, 3, 10)  # years: an annual budget, a plan period, an investment


@dataclass(frozen=True)
class HorizonRow:
    """One account: what has come of it after some years (discounted SEK; None before the end where something is counted
    then)."""

    account: Account
    after: tuple[Interval | None, ...]


def horizon_rows(results: Results, on: str, off: str) -> list[HorizonRow]:
    """Society and all budgets; horizons longer than the run are left out."""
    rows = []
    for account in told_accounts(results):
        if account.kind in ("line", "part"):
            continue
        earlier: list[Interval | None] = [None] * (len(horizons(results)) - 1)
        if account.flows:
            path = cumulative_difference(results, account, on, off)
            earlier = [interval(path[:, year - 1]) for year in horizons(results)[:-1]]
        end = account_values(results, account, on, off)
        rows.append(HorizonRow(account, (*earlier, interval(end))))
    return rows


def horizons(results: Results) -> tuple[int, ...]:
    """Years after which accounts are read; the last one is the length of the run."""
    length = results.made.years
    return (*(year for year in HORIZONS if year < length), length)


def horizon_section(results: Results, on: str, off: str) -> list[str]:
    """The section of summary.md."""
    rows = horizon_rows(results, on, off)
    headers = ["Account", *(f"after {year} year{'s' * (year > 1)}" for year in horizons(results))]
    columns = [_column([row.after[place] for row in rows]) for place in range(len(horizons(results)))]
    cells = [[row.account.label, *(column[place] for column in columns)] for place, row in enumerate(rows)]
    text = (
        "Discounted gains up to a year, MSEK; **bold** where the 95 % interval excludes zero. Whoever may look only so "
        "far ahead at its cash sees only this. Society, and owners in their own view, have no number before the end: "
        "without what buildings will still give and need then, a postponed renovation would look like a gain."
    )
    return ["## Results by planning horizon", text, markdown_table(headers, cells)]


def _column(values: list[Interval | None]) -> list[str]:
    """A column of amounts in MSEK, with one precision."""
    shown = [None if value is None else value.scaled(1e-6) for value in values]
    places = places_of([value for value in shown if value is not None])
    return ["–" if value is None else _cell(value, places) for value in shown]


def _cell(value: Interval, places: int) -> str:
    text = number(value.mean, places, signed=True)
    return f"**{text}**" if value.distinguishable else text
