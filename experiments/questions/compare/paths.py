"""Cash of budgets over the years, and the additionality at which public budgets break even: panels of a figure."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from experiments.engine.results import Results
from experiments.questions.compare.findings import AccountRow, cumulative_difference
from experiments.reporting.accounts import REST, UNIT
from experiments.reporting.arms import Dashes
from experiments.reporting.numbers import number
from experiments.reporting.style import GAIN, INK, wrapped, year_axis

# By name of the account.
STYLES: dict[str, tuple[str, Dashes]] = {
    "npv_residents": ("#009E73", "solid"),
    "npv_housing_companies": ("#0072B2", "solid"),
    "npv_private_landlords": ("#56B4E9", (0, (4, 1))),
    "npv_municipalities": ("#D55E00", "solid"),
    "npv_county_council": ("#E69F00", (0, (4, 1))),
    "npv_state": ("#4D4D4D", "solid"),
    "npv_builders": ("#CC79A7", (0, (2, 1))),
}
SPARE: tuple[str, Dashes] = ("#8C6D31", (0, (1, 1)))  # of an account that is added


def draw_paths(axes: Axes, results: Results, rows: Sequence[AccountRow], on: str, off: str) -> None:
    """What each budget's cash has added up to by each year, discounted, with its year of payback."""
    years, first = results.years, results.made.first_year
    factor = 1e-3 / results.made.flats
    ends: list[tuple[float, str, str]] = []
    for row in rows:
        if row.account.kind != "budget" or not row.account.flows or row.account == REST:
            continue
        path = cumulative_difference(results, row.account, on, off).mean(axis=0) * factor
        colour, dashes = STYLES.get(row.account.name, SPARE)
        axes.plot(years, path, color=colour, linestyle=dashes)
        words = row.account.label.removesuffix(", cash")
        if row.payback and row.payback.kind == "year" and row.payback.year is not None:
            axes.plot(first + row.payback.year, path[row.payback.year], "o", color=colour, markersize=6)
            words += f", payback {first + row.payback.year}"
        ends.append((float(path[-1]), words, colour))
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_title("Cash of budgets, cumulative and discounted;\na dot marks the year of payback")
    axes.set_xlabel("means over replicates; rest of the world left out", fontsize=8, color="#606060")
    axes.set_ylabel(UNIT)
    axes.yaxis.set_label_coords(-0.11, 0.5)  # beside its own numbers, and not in line with the panel below
    year_axis(axes, results)
    _label_ends(axes, ends)


def _label_ends(axes: Axes, ends: list[tuple[float, str, str]]) -> None:
    # Labels stand at the lines' ends, pushed apart where lines end close together.
    low, high = axes.get_ylim()
    gap = (high - low) * 0.036
    ordered = sorted(ends)
    places = [end[0] for end in ordered]
    for _ in range(200):
        for index in range(1, len(places)):
            overlap = gap - (places[index] - places[index - 1])
            if overlap > 0:
                places[index] += overlap / 2
                places[index - 1] -= overlap / 2
    for place, (value, words, colour) in zip(places, ordered, strict=True):
        axes.annotate(
            words,
            (1.0, value),
            (1.04, place),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            color=colour,
            fontsize=8.5,
            va="center",
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0},
        )


def _emergent(axes: Axes, share: float, place: int) -> None:
    # Beyond the axis an arrow and the number stand at its edge.
    edge = min(1.0, max(0.0, share))
    marker = "D" if share == edge else ">" if share > 1 else "<"
    axes.plot(edge, place, marker, color=GAIN, markersize=6)
    if share != edge:
        side = "right" if share > 1 else "left"
        axes.text(edge, place + 0.28, number(share, 1), ha=side, va="center", fontsize=8, color=GAIN)


def draw_break_even(axes: Axes, rows: Sequence[AccountRow]) -> None:
    """For each budget that programme jobs reach: the share that must be additional, and what the model shows."""
    shown = [row for row in rows if row.break_even is not None]
    for index, row in enumerate(shown):
        rule = row.break_even
        assert rule is not None
        if rule.verdict == "share":
            low, high = (max(0.0, rule.low), min(1.0, rule.high))
            axes.plot([low, high], [index, index], color=INK, linewidth=1.4)
            axes.plot(rule.share, index, "o", color=INK, markersize=7)
        else:
            words = rule.words()
            axes.text(0.5, index - 0.2, wrapped(words, 46), ha="center", va="center", fontsize=8, style="italic")
        if rule.verdict != "not defined":
            _emergent(axes, rule.emergent, index)
    axes.plot([], [], "o", color=INK, label="must be additional for the budget's cash to gain")
    axes.plot([], [], "D", color=GAIN, label="shown by the model's job accounts")
    axes.set_yticks(range(len(shown)), [row.account.brief.replace(", ", ",\n") for row in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(-0.03, 1.03)
    axes.set_title("Break-even additionality of public budgets")
    axes.set_xlabel("share of programme jobs that would not exist without the programme")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.24), ncols=2, fontsize=8)
