"""Cash of budgets over the years, and the additionality at which public budgets break even."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.engine.results import Results
from experiments.questions.compare.findings import AccountRow, account_rows, cumulative_difference
from experiments.reporting.accounts import REST, UNIT
from experiments.reporting.ends import End, label_ends
from experiments.reporting.finding import INK, WHITE
from experiments.reporting.marks import line_colour
from experiments.reporting.names import drawn_label
from experiments.reporting.numbers import number, percent
from experiments.reporting.style import SIZE, head, new_figure, wrapped, year_axis, years_words
from experiments.reporting.titles import who_gains

UPPER, ROW = 2.9, 0.52  # inches of the panel above, and of a row of the one below
PANEL = 2.3  # inches of the panel above without what stands around it


def draw_cash(results: Results, on: str, off: str) -> Figure:
    """Above: what each budget's cash has added up to by each year; below: the additionality that it takes."""
    rows = account_rows(results, on, off)
    ruled = [row for row in rows if row.account.kind == "budget" and row.break_even is not None]
    lower = ROW * len(ruled) + 1.0
    figure = new_figure(UPPER + lower)
    treated, control = drawn_label(results, on), drawn_label(results, off).lower()
    rate = percent(results.made.discount_rate, 1)
    note = (
        f"{treated} minus {control}. Above: cash, cumulative and discounted at {rate} real a year, means over "
        "replicates, rest of the world left out; blue: gains by the end, orange: loses, grey: undecided; a dot marks "
        "the year of payback. Below: the share of programme jobs that would not exist without the programme."
    )
    head(figure, cash_title(results, rows), results, note)
    above, below = figure.subplots(2, 1, height_ratios=[UPPER, lower])
    draw_paths(above, results, rows, on, off)
    draw_break_even(below, ruled)
    return figure


def cash_title(results: Results, rows: Sequence[AccountRow]) -> str:
    """Whose cash gains and whose loses."""
    shown = [row for row in rows if row.account.kind == "budget" and row.account.name != REST.name]
    entries = [(row.account.about.inside, row.verdict) for row in shown]
    return who_gains(f"In cash alone over {years_words(results)}", entries)


def draw_paths(axes: Axes, results: Results, rows: Sequence[AccountRow], on: str, off: str) -> None:
    """What each budget's cash has added up to by each year, discounted, with its year of payback."""
    years, first = results.years, results.made.first_year
    factor = 1e-3 / results.made.flats
    ends: list[End] = []
    for row in rows:
        if row.account.kind != "budget" or not row.account.flows or row.account == REST:
            continue
        path = cumulative_difference(results, row.account, on, off).mean(axis=0) * factor
        colour = line_colour(row.verdict)
        axes.plot(years, path, color=colour, linestyle="solid" if row.verdict.decided else (0, (4, 2)))
        words = row.account.label.removesuffix(", cash")
        if row.payback and row.payback.kind == "year" and row.payback.year is not None:
            axes.plot(first + row.payback.year, path[row.payback.year], "o", color=colour, markersize=6)
            words += f", pays back {first + row.payback.year}"
        ends.append(End(float(path[-1]), words, colour))
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_title("Cash of budgets by year")
    axes.set_ylabel(UNIT)
    axes.yaxis.set_label_coords(-0.105, 0.5)  # beside its own numbers, and not beside the names below
    year_axis(axes, results)
    axes.set_ylim(axes.get_ylim())
    label_ends(axes, ends, PANEL)


def draw_break_even(axes: Axes, rows: Sequence[AccountRow]) -> None:
    """For each budget that programme jobs reach: the share that must be additional, and what the model shows."""
    for index, row in enumerate(rows):
        rule = row.break_even
        assert rule is not None
        if rule.verdict == "share":
            low, high = (max(0.0, rule.low), min(1.0, rule.high))
            axes.plot([low, high], [index, index], color=INK, linewidth=1.4)
            axes.plot(rule.share, index, "o", color=INK, markersize=7)
        else:
            axes.text(0.5, index - 0.27, rule.words(), ha="center", va="center", fontsize=SIZE, color=INK)
        if rule.verdict != "not defined":
            _emergent(axes, rule.emergent, index)
    axes.plot([], [], "o", color=INK, label="must be additional for the budget's cash to gain")
    axes.plot([], [], "D", color=INK, markerfacecolor=WHITE, label="shown by the model's job accounts")
    axes.set_yticks(range(len(rows)), [wrapped(row.account.brief, 24) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-0.03, 1.03)
    axes.set_title("Break-even additionality of public budgets")
    axes.set_xlabel("share of programme jobs")
    axes.legend(loc="upper center", bbox_to_anchor=(0.45, -0.3), ncols=2)


def _emergent(axes: Axes, share: float, place: int) -> None:
    # Beyond the axis an arrow and the number stand at its edge.
    edge = min(1.0, max(0.0, share))
    marker = "D" if share == edge else ">" if share > 1 else "<"
    axes.plot(edge, place, marker, color=INK, markerfacecolor=WHITE, markersize=6.5, zorder=4)
    if share != edge:
        side = "right" if share > 1 else "left"
        axes.text(edge, place + 0.3, number(share, 1), ha=side, va="center", fontsize=SIZE, color=INK)
