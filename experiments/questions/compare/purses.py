"""Who pays, who gains: present value by purse, the way there over the years, and break-even additionality."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.engine.results import Results
from experiments.reporting.findings import PurseRow, cumulative_difference, purse_rows
from experiments.reporting.numbers import PURSES, purse_label
from experiments.reporting.style import GAIN, INK, LOSS, Dashes, head, new_figure, year_axis

PURSE_STYLES: dict[str, tuple[str, Dashes]] = {
    "residents": ("#009E73", "solid"),
    "housing_companies": ("#0072B2", "solid"),
    "private_landlords": ("#56B4E9", (0, (4, 1))),
    "municipalities": ("#D55E00", "solid"),
    "county_council": ("#E69F00", (0, (4, 1))),
    "state": ("#4D4D4D", "solid"),
    "builders": ("#CC79A7", (0, (2, 1))),
}


def draw_purses(results: Results, treated: str, control: str) -> Figure:
    """Three panels: present value by purse, its path with years of payback, break-even additionality."""
    figure = new_figure(8.6)
    on, off = results.label(treated), results.label(control)
    note = (
        f"{on} less {off.lower()}, present value at {results.manifest['discount_rate']:.1%} real a year, "
        "SEK of 2011; "
        "lines: 95 % intervals. Every krona has a payer and a receiver, so the eight purses sum to zero; "
        "real resources are society's own account."
    )
    head(figure, f"Who pays and who gains: {on.lower()} against {off.lower()}", results, note)
    grid = figure.add_gridspec(2, 2, height_ratios=[1.1, 1], width_ratios=[1, 1.1])
    rows = purse_rows(results, treated, control)
    _bars(figure.add_subplot(grid[0, 0]), results, rows)
    _paths(figure.add_subplot(grid[:, 1]), results, rows, treated, control)
    _break_even(figure.add_subplot(grid[1, 0]), rows)
    return figure


def _bars(axes: Axes, results: Results, rows: list[PurseRow]) -> None:
    shown = [row for row in rows if row.name in PURSES or row.name == "resources"]
    factor = 1e-3 / results.manifest["flats"]
    places = np.array([index + (0.6 if row.name == "resources" else 0) for index, row in enumerate(shown)])
    values = np.array([row.value.mean for row in shown]) * factor
    axes.barh(places, values, color=[GAIN if value >= 0 else LOSS for value in values], height=0.62)
    for place, row in zip(places, shown, strict=True):
        if row.value.known:
            axes.plot([row.value.low * factor, row.value.high * factor], [place, place], color=INK, linewidth=1.4)
    axes.set_xlabel("kSEK a flat")
    _with_end_value(axes, rows, dict(zip([row.name for row in shown], places, strict=True)), factor)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.axhline(len(shown) - 1.2, color="#A0A0A0", linewidth=0.7, linestyle=":")
    axes.set_yticks(places, [purse_label(row.name) for row in shown])
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_title("Present value: loses to the left, gains to the right")


def _with_end_value(axes: Axes, rows: list[PurseRow], places: dict[str, float], factor: float) -> None:
    marked = [
        (row.value.mean * factor, places[row.name.partition(",")[0]])
        for row in rows
        if row.name.partition(", end")[0] in places and "," in row.name
    ]
    if marked:
        values, heights = zip(*marked, strict=True)
        axes.plot(values, heights, "D", markerfacecolor="white", markeredgecolor=INK, markersize=6)
        axes.set_xlabel("kSEK a flat;  ◇ with the buildings' market value at the end")
    for row in rows:
        if row.name == "resources, tenants' worth":
            axes.plot(row.value.mean * factor, places["resources"], "o", markerfacecolor="white", markeredgecolor=INK)
            axes.set_xlabel(
                "kSEK a flat;  ◇ with the buildings' market value at the end;\n"
                "○ the same, standards valued at what tenants would pay for them"
            )


def _paths(axes: Axes, results: Results, rows: list[PurseRow], treated: str, control: str) -> None:
    years, first = results.years, results.manifest["first_year"]
    factor = 1e-3 / results.manifest["flats"]
    ends: list[tuple[float, str, str]] = []
    for row in rows:
        if row.name not in PURSES or row.name == "rest_of_world":
            continue
        path = cumulative_difference(results, (row.name,), treated, control).mean(axis=0) * factor
        colour, dashes = PURSE_STYLES[row.name]
        axes.plot(years, path, color=colour, linestyle=dashes)
        words = purse_label(row.name)
        if row.payback and row.payback.kind == "year" and row.payback.year is not None:
            axes.plot(first + row.payback.year, path[row.payback.year], "o", color=colour, markersize=6)
            words += f", payback {first + row.payback.year}"
        ends.append((float(path[-1]), words, colour))
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_title("Cumulative, discounted; a dot marks the year of payback")
    axes.set_xlabel("rest of the world left out", fontsize=8, color="#606060")
    axes.set_ylabel("kSEK a flat")
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
        axes.text(edge, place + 0.28, f"{share:.1f}", ha=side, va="center", fontsize=8, color=GAIN)


def _break_even(axes: Axes, rows: list[PurseRow]) -> None:
    shown = [row for row in rows if row.break_even is not None]
    for index, row in enumerate(shown):
        rule = row.break_even
        assert rule is not None
        if rule.verdict == "share":
            low, high = (max(0.0, rule.low), min(1.0, rule.high))
            axes.plot([low, high], [index, index], color=INK, linewidth=1.4)
            axes.plot(rule.share, index, "o", color=INK, markersize=7)
        else:
            axes.text(
                0.5,
                index - 0.28,
                rule.words(),
                ha="center",
                va="center",
                fontsize=8,
                color=INK,
                style="italic",
            )
        if rule.verdict != "not defined":
            _emergent(axes, rule.emergent, index)
    axes.plot([], [], "o", color=INK, label="must be additional for the purse to gain")
    axes.plot([], [], "D", color=GAIN, label="shown by the model's job accounts")
    axes.set_yticks(range(len(shown)), [purse_label(row.name) for row in shown])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(-0.03, 1.03)
    axes.set_title("Break-even additionality")
    axes.set_xlabel("share of programme jobs that would not exist without the programme")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.24), ncols=2, fontsize=8)
