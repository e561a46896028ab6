"""The grid of panels by its former name; it lives in experiments.reporting.style."""

from __future__ import annotations

from experiments.reporting.style import panel_grid

__all__ = ["panel_grid"]
