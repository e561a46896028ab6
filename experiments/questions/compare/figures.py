"""All figures of a comparison, or chosen ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from experiments.engine.results import Results
from experiments.questions.compare.differences import draw_differences
from experiments.questions.compare.heatmaps import OUTCOMES as MAPPED
from experiments.questions.compare.heatmaps import draw_heatmaps
from experiments.questions.compare.result import Compared
from experiments.questions.compare.stock import draw_stock
from experiments.questions.compare.turns.figure import draw_turns
from experiments.questions.compare.who_gains import draw_who_gains
from experiments.questions.question import Drawing, View
from experiments.reporting.accounts import check_name
from experiments.reporting.curves import draw_curves
from experiments.reporting.numbers import headlines
from sim.errors import SamspelError, unknown

LONGEST = 40  # characters of a name within that of a file


def draw(compared: Compared, view: View) -> Sequence[Drawing]:
    """What the results allow. A view's arms are those shown, all by default; with outcomes or an area only the curves
    and differences of these outcomes, of this area. Raises SamspelError for names that the results do not hold."""
    results = compared.results
    arms = view.arms or results.arms
    for arm in arms:
        if arm not in results.arms:
            raise unknown("arm", arm, results.arms, str(results.folder))
    for outcome in view.outcomes:
        check_name(outcome, "--outcome")
        if outcome not in results.outcomes:
            raise unknown("outcome", outcome, results.outcomes, str(results.folder))
    drawings = _curves(results, arms, view)
    if not view.outcomes and view.area is None:
        drawings += _accounts(compared, arms)
    return drawings


def _curves(results: Results, arms: Sequence[str], view: View) -> list[Drawing]:
    area = view.area
    chosen = tuple(name for name in (view.outcomes or headlines()) if _recorded(results, name, area))
    if not chosen:
        raise SamspelError(f"{area}: none of the outcomes is recorded for this area; they belong to the region")
    ending = "".join(f"-{_plain(part)}" for part in (*view.outcomes[:3], *([area] if area else [])))
    drawings = [Drawing(f"curves{ending}", partial(draw_curves, results, chosen, arms, area))]
    if any(arm != results.baseline for arm in arms):
        drawings.append(Drawing(f"differences{ending}", partial(draw_differences, results, chosen, arms, area)))
    return drawings


def _accounts(compared: Compared, arms: Sequence[str]) -> list[Drawing]:
    """Society, its lines and all budgets first; turning points where the arms are those that they belong to."""
    results, off = compared.results, compared.results.baseline
    on = results.focus if results.focus in arms else next((arm for arm in arms if arm != off), None)
    if on is None:
        return [Drawing("stock", partial(draw_stock, results, (off,)))]
    drawings = [Drawing("who-gains", partial(draw_who_gains, results, on, off))]
    if compared.turns and on == results.focus:
        drawings.append(Drawing("turns", partial(draw_turns, compared)))
    drawings.append(Drawing("stock", partial(draw_stock, results, (off, on))))
    if results.areas("neighbourhood") and set(MAPPED) <= set(results.outcomes):
        drawings.append(Drawing("neighbourhoods", partial(draw_heatmaps, results, on, off)))
    return drawings


def _recorded(results: Results, outcome: str, area: str | None) -> bool:
    if outcome not in results.outcomes:
        return False
    if area is None:
        return True
    values = results.yearly(outcome, results.baseline, results.kind_of(area), area)
    return not bool(np.isnan(values).all())


def _plain(text: str) -> str:
    # Systems take names of files up to some 255 bytes.
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower())[:LONGEST]
