"""All figures of a comparison, or chosen ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from experiments.engine.results import Results
from experiments.questions.compare.areas import OUTCOMES as MAPPED
from experiments.questions.compare.cash import draw_cash
from experiments.questions.compare.differences import draw_differences, draw_forest
from experiments.questions.compare.heatmaps import draw_heatmaps
from experiments.questions.compare.members import arms_that_decide, draw_members
from experiments.questions.compare.neighbourhoods import draw_neighbourhoods
from experiments.questions.compare.result import Compared
from experiments.questions.compare.society import draw_society
from experiments.questions.compare.stock import draw_stock
from experiments.questions.compare.tiles import draw_tiles
from experiments.questions.compare.turns.figure import draw_turns
from experiments.questions.compare.who_gains import draw_who_gains
from experiments.questions.question import ALL, Drawing, View
from experiments.reporting.accounts import check_name
from experiments.reporting.curves import MAIN, MOST_PANELS, draw_curves
from experiments.reporting.tracks.figure import draw_history
from experiments.reporting.tracks.history import History
from sim.errors import SamspelError, unknown

LONGEST = 40  # characters of a name within that of a file


def draw(compared: Compared, view: View) -> Sequence[Drawing]:
    """What the results allow. Unless a view says otherwise two arms are shown, the one in question and what it is
    compared with, and what the question is about. With outcomes or an area only the curves and differences of these
    outcomes, of this area, six a figure. Raises SamspelError for names that the results do not hold."""
    results = compared.results
    arms = _arms(results, view)
    for outcome in view.outcomes:
        if outcome == ALL:
            continue
        check_name(outcome, "--outcome")
        if outcome not in results.outcomes:
            raise unknown("outcome", outcome, (*results.outcomes, ALL), str(results.folder))
    if view.outcomes or view.area is not None:
        return _curves(results, arms, view)
    off = results.baseline
    on = results.focus if results.focus in arms else next((arm for arm in arms if arm != off), None)
    if on is None:
        return [
            *_curves(results, arms, view),
            *_history(compared.history),
            Drawing("stock", partial(draw_stock, results, arms[:1])),
        ]
    curves = [*_curves(results, arms, view), *_history(compared.history)]
    told = [*_told(compared, on, off), *curves, *_places(results, on, off, bool(view.arms))]
    return [*told, *([Drawing("members", partial(draw_members, results))] if arms_that_decide(results) else [])]


def _arms(results: Results, view: View) -> tuple[str, ...]:
    for arm in view.arms:
        if arm not in (*results.arms, ALL):
            raise unknown("arm", arm, (*results.arms, ALL), str(results.folder))
    if ALL in view.arms:
        return results.arms
    return view.arms or tuple(arm for arm in results.arms if arm in (results.baseline, results.focus))


def _told(compared: Compared, on: str, off: str) -> list[Drawing]:
    """Society and all budgets first; turning points where the arms are those that they belong to."""
    results = compared.results
    drawings = [
        Drawing("who-gains", partial(draw_who_gains, results, on, off)),
        Drawing("society", partial(draw_society, results, on, off)),
        Drawing("differences", partial(draw_forest, results, on, off)),
    ]
    if results.outcomes:
        drawings.append(Drawing("cash", partial(draw_cash, results, on, off)))
    if compared.turns and on == results.focus:
        drawings.append(Drawing("turns", partial(draw_turns, compared)))
    return drawings


def _history(history: History) -> list[Drawing]:
    """What was observed over the baseline's runs, where these places and years have a number that is evidence."""
    return [Drawing("history", partial(draw_history, history))] if history.held(False) else []


def _places(results: Results, on: str, off: str, asked: bool) -> list[Drawing]:
    """Where the flats are, and neighbourhoods; their years where arms are asked for."""
    drawings = [Drawing("stock", partial(draw_stock, results, (off, on)))]
    if results.areas("neighbourhood") and set(MAPPED) <= set(results.outcomes):
        drawings.append(Drawing("neighbourhoods", partial(draw_neighbourhoods, results, on, off)))
        if results.made.tile_of:
            drawings.append(Drawing("map", partial(draw_tiles, results, on, off)))
        if asked:
            drawings.append(Drawing("neighbourhoods-by-year", partial(draw_heatmaps, results, on, off)))
    return drawings


def _curves(results: Results, arms: Sequence[str], view: View) -> list[Drawing]:
    """Levels, and where outcomes or an area are asked for also differences over the years; six outcomes a figure."""
    area = view.area
    wanted = results.outcomes if ALL in view.outcomes else view.outcomes or MAIN
    chosen = tuple(name for name in wanted if _recorded(results, name, area))
    if not chosen:
        if area is None:
            return []
        raise SamspelError(f"{area}: none of the outcomes is recorded for this area; they belong to the region")
    ending = "".join(f"-{_plain(part)}" for part in (*view.outcomes[:3], *([area] if area else [])))
    pairs = (view.outcomes or area) and any(arm != results.baseline for arm in arms)
    drawings = []
    for page, first in enumerate(range(0, len(chosen), MOST_PANELS)):
        shown, name = chosen[first : first + MOST_PANELS], f"{ending}{f'-{page + 1}' * (page > 0)}"
        drawings.append(Drawing(f"curves{name}", partial(draw_curves, results, shown, arms, area)))
        if pairs:
            drawings.append(Drawing(f"differences{name}", partial(draw_differences, results, shown, arms, area)))
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
