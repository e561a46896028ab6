"""Who is in a compact over the years, across runs, in every arm whose municipalities decide about one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.engine.results import Results
from experiments.reporting.arms import arm_style
from experiments.reporting.curves import BANDS, percentiles
from experiments.reporting.names import drawn_label, label
from experiments.reporting.numbers import number
from experiments.reporting.style import flat_axis, head, panel_grid, year_axis
from experiments.reporting.talks import compact_said
from sim.world.notes import COMPACT

OUTCOME = "members"
MOST = 6  # arms in the figure
BESIDE = 0.6  # years of room beside the first and the last bar
LINES = 10  # runs that are drawn one by one
LEGEND_ROOM = 1.25  # of the highest bar
STEPS = {"joins": ("agreed", "#009E73"), "leaves": ("withdrawn", "#E69F00"), "out as it breaks": ("broken", "#D55E00")}


def arms_that_decide(results: Results) -> list[str]:
    """Arms in which municipalities decide about a compact."""
    if OUTCOME not in results.outcomes:
        return []
    return [arm for arm in results.arms if np.isfinite(results.quarterly(OUTCOME, arm)).any()]


def members_section(results: Results) -> list[str]:
    """The compact of each of these arms in words; nothing where there is none to decide about."""
    if not results.has_table("talks"):
        return []
    rows = results.table("talks", ["run", "arm", "partner", "result", "reason"])
    rows = rows[rows["partner"] == COMPACT]
    told = [f"{label(results, arm)}: {_said(results, rows, arm)}" for arm in arms_that_decide(results)]
    return ["## Who is in the compact", *told] if told else []


def _said(results: Results, rows: pd.DataFrame, arm: str) -> str:
    values, mine = results.yearly(OUTCOME, arm), rows[rows["arm"] == arm]
    broken = int(mine.loc[mine["result"] == "broken", "run"].nunique())
    left = mine.loc[mine["result"] == "withdrawn", "reason"].value_counts()
    members = (float(np.nanmean(values)), float(np.nanmin(values)), float(np.nanmax(values)))
    return compact_said(members, broken, len(values), left, _there(results))


def draw_members(results: Results) -> Figure:
    """Members by year: each run a thin line, the median and bands over runs; and in the last panel what happened."""
    arms = arms_that_decide(results)[: MOST - 1]
    figure, panels = panel_grid(len(arms) + 1, 2, 2.6)
    note = (
        f"Municipalities in a compact that acts. Thin lines: the first {LINES} runs; thick: median; bands: the "
        "middle 50 and 90 % of runs. Last panel: what municipalities do in a year, mean over all these runs."
    )
    head(figure, members_title(results, arms), results, note, ())
    for axes, arm in zip(panels, arms, strict=False):
        _lines(axes, results, arm)
    _steps(panels[len(arms)], results, arms)
    return figure


def members_title(results: Results, arms: Sequence[str]) -> str:
    """How far members differ, in words: within the one arm, or from arm to arm."""
    if len(arms) > 1:
        means = {arm: float(np.nanmean(results.yearly(OUTCOME, arm))) for arm in arms}
        ends = (min(means, key=means.__getitem__), max(means, key=means.__getitem__))
        few, many = (f"{number(means[arm], 1)} ({drawn_label(results, arm)})" for arm in ends)
        return f"From {few} to {many} of {_there(results)} municipalities are in the compact on average"
    (arm,) = arms
    values = results.yearly(OUTCOME, arm)
    mean = number(float(np.nanmean(values)), 1)
    least, most = (number(float(x), 0) for x in (values[:, -1].min(), values[:, -1].max()))
    return (
        f"{drawn_label(results, arm)}: {mean} of {_there(results)} municipalities in the compact on average, "
        f"{least} to {most} at the end"
    )


def _there(results: Results) -> int:
    """Municipalities of the region."""
    return len(set(results.made.municipality_of.values()))


def _lines(axes: Axes, results: Results, arm: str) -> None:
    values, colour = results.yearly(OUTCOME, arm), arm_style(results, arm)[0]
    for low, high, alpha in BANDS:
        lower, upper = percentiles(values, [low, high])
        axes.fill_between(results.years, lower, upper, color=colour, alpha=alpha, linewidth=0)
    for path in values[:LINES]:
        axes.plot(results.years, path, color=colour, linewidth=0.6, alpha=0.7)
    axes.plot(results.years, percentiles(values, [50])[0], color=colour, linewidth=2.2)
    axes.set_title(drawn_label(results, arm))
    _axis(axes, results, "municipalities")
    axes.set_ylim(0.0, _there(results))


def _steps(axes: Axes, results: Results, arms: Sequence[str]) -> None:
    rows = (
        results.table("talks", ["run", "arm", "partner", "result", "quarter"]) if results.has_table("talks") else None
    )
    years, base = np.asarray(results.years, dtype=float), np.zeros(len(results.years))
    for name, (result, colour) in STEPS.items():
        counts = np.zeros(len(years))
        if rows is not None:
            mine = rows[(rows["partner"] == COMPACT) & (rows["result"] == result) & rows["arm"].isin(arms)]
            found = np.bincount(mine["quarter"].to_numpy() // 4, minlength=len(years))[: len(years)]
            counts = found / max(int(results.runs["arm"].isin(arms).sum()), 1)
        axes.bar(years, counts, bottom=base, color=colour, label=name, width=0.8)
        base = base + counts
    axes.set_title("What municipalities do")
    axes.legend(frameon=False, loc="upper left", ncols=len(STEPS), columnspacing=1.0, handlelength=1.0)
    axes.set_ylim(0.0, max(float(base.max()), 1.0) * LEGEND_ROOM)
    _axis(axes, results, "municipalities a year")
    axes.set_xlim(years[0] - BESIDE, years[-1] + BESIDE)


def _axis(axes: Axes, results: Results, unit: str) -> None:
    axes.set_ylabel(unit)
    year_axis(axes, results)
    flat_axis(axes)
