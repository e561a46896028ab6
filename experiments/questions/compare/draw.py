"""All figures of a comparison, or chosen ones, drawn from stored results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from experiments.engine.pool import worker_pool
from experiments.engine.results import Results
from experiments.questions.compare.curves import draw_curves
from experiments.questions.compare.differences import draw_differences
from experiments.questions.compare.heatmaps import OUTCOMES as MAPPED
from experiments.questions.compare.heatmaps import draw_heatmaps
from experiments.questions.compare.purses import draw_purses
from experiments.questions.compare.stock import draw_stock
from experiments.reporting.numbers import headlines
from experiments.reporting.style import house_style, save
from sim.errors import SamspelError, unknown


@dataclass(frozen=True)
class Drawing:
    """A figure to draw: its file name, and a function with what it takes beside the results."""

    name: str
    draw: Callable[..., Figure]
    arguments: tuple[Any, ...]


def draw_all(
    results: Results,
    folder: Path,
    arms: Sequence[str] = (),
    outcomes: Sequence[str] = (),
    area: str | None = None,
    jobs: int = 1,
) -> list[Path]:
    """Draw what the results allow; returns the files.

    arms: those to show, all by default. outcomes, area: only the curves and differences of these outcomes, of
    this area (the headlines and the whole region by default). jobs: figures drawn at a time. Raises
    SamspelError for names that the results do not hold.
    """
    shown = tuple(arms) or results.arms
    for arm in shown:
        if arm not in results.arms:
            raise unknown("arm", arm, results.arms, str(results.folder))
    for outcome in outcomes:
        if outcome not in results.outcomes:
            raise unknown("outcome", outcome, results.outcomes, str(results.folder))
    drawings = _curves(results, shown, outcomes, area)
    if not outcomes and area is None:
        drawings += _accounts(results, shown)
    draw = partial(_draw, results.folder, folder)
    if jobs == 1:
        return [file for drawing in drawings for file in draw(drawing)]
    with worker_pool(min(jobs, len(drawings))) as pool:
        return [file for files in pool.map(draw, drawings) for file in files]


def _draw(source: Path, target: Path, drawing: Drawing) -> list[Path]:
    with house_style():
        return save(drawing.draw(Results(source), *drawing.arguments), target, drawing.name)


def _curves(results: Results, arms: Sequence[str], outcomes: Sequence[str], area: str | None) -> list[Drawing]:
    chosen = tuple(name for name in (outcomes or headlines()) if _recorded(results, name, area))
    if not chosen:
        raise SamspelError(f"{area}: none of the outcomes is recorded for this area; they belong to the region")
    ending = "".join(f"-{_plain(part)}" for part in (*outcomes[:3], *([area] if area else [])))
    drawings = [Drawing(f"curves{ending}", draw_curves, (chosen, arms, area))]
    if any(arm != results.baseline for arm in arms):
        drawings.append(Drawing(f"differences{ending}", draw_differences, (chosen, arms, area)))
    return drawings


def _accounts(results: Results, arms: Sequence[str]) -> list[Drawing]:
    control = results.baseline
    treated = results.focus if results.focus in arms else next((arm for arm in arms if arm != control), None)
    if treated is None:
        return [Drawing("stock", draw_stock, ((control,),))]
    pair = (treated, control)
    drawings = [Drawing("stock", draw_stock, ((control, treated),)), Drawing("purses", draw_purses, pair)]
    if results.areas("neighbourhood") and set(MAPPED) <= set(results.outcomes):
        drawings.append(Drawing("neighbourhoods", draw_heatmaps, pair))
    return drawings


def _recorded(results: Results, outcome: str, area: str | None) -> bool:
    if outcome not in results.outcomes:
        return False
    if area is None:
        return True
    values = results.yearly(outcome, results.baseline, results.kind_of(area), area)
    return not bool(np.isnan(values).all())


def _plain(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower())
