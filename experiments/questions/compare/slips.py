"""How far owners' programmes slip, and for which reasons."""

from __future__ import annotations

import pandas as pd

from experiments.engine.results import Results
from experiments.reporting.names import label
from experiments.reporting.numbers import number, percent

CAUSES = {
    "money": "loans do not reach",
    "hands": "no builder has the hands",
    "bids": "no acceptable bid, or none yet",
    "consent": "tenants refuse, or have not answered yet",
    "staff": "the owner's organisation is too small",
    "price": "not worth it at today's price",
    "grant": "the owner waits for an answer about a grant",
}
COLUMNS = ["run", "owner", "year", "planned_flats", "begun_flats", "cause", "target_year", "slipped_years"]


def slips_section(results: Results, *arms: str) -> list[str]:
    """What comes of owners' programmes in each of these arms; nothing where rows were not kept or nobody has one."""
    if not results.has_table("programmes"):
        return []
    rows = results.table("programmes", COLUMNS)
    told = [_told(results, rows, arm) for arm in arms]
    found = [text for text in told if text]
    return ["## What becomes of plans", *found] if found else []


def _told(results: Results, rows: pd.DataFrame, arm: str) -> str:
    """One arm's programmes in words, empty where there are none."""
    runs = results.runs.loc[results.runs["arm"] == arm, "run"]
    mine = rows[rows["run"].isin(set(runs))]
    planned = float(mine["planned_flats"].sum())
    if planned <= 0.0:
        return ""
    begun = float(mine["begun_flats"].sum()) / planned
    slip, moved = _slipped(mine)
    text = (
        f"{label(results, arm)}: plans slipped. By the last year owners' programmes are {number(slip, 1)} years behind "
        f"their own schedules (mean by flats); their target years lie {number(moved, 1)} years later than first set, "
        f"with what has fallen due since. Of what was planned for a year, {percent(begun)} was begun in it."
        if slip > 0.0
        else f"{label(results, arm)}: owners' programmes keep to their schedules."
    )
    return text + _reasons(mine)


def _slipped(rows: pd.DataFrame) -> tuple[float, float]:
    """Years behind schedule at the end, and years from the first target to the last, means over owners by flats."""
    ordered = rows.sort_values("year", kind="stable").groupby(["run", "owner"], sort=True)
    weight = ordered["planned_flats"].sum()
    moved = ordered["target_year"].last() - ordered["target_year"].first()
    behind = ordered["slipped_years"].last()
    total = float(weight.sum())
    return float((behind * weight).sum()) / total, float((moved * weight).sum()) / total


def _reasons(rows: pd.DataFrame) -> str:
    """The causes by share of the flats put off, the largest first."""
    late = (rows["planned_flats"] - rows["begun_flats"]).clip(lower=0.0)
    by_cause = late.groupby(rows["cause"]).sum()
    total = float(by_cause.sum())
    if total <= 0.0:
        return ""
    shares = sorted(((float(by_cause.get(cause, 0.0)) / total, cause) for cause in CAUSES), reverse=True)
    reasons = ", ".join(f"{CAUSES[cause]} ({percent(share)})" for share, cause in shares if share > 0.0)
    return f" Reasons, by flats put off for a year: {reasons}."
