"""What is varied of all that is uncertain: what `--parameters` names, or all of it, over plausible ranges."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.design.asked import Asked
from experiments.design.settings import told_at
from experiments.engine.sampling import Range, plausible_ranges
from sim import SamspelError


def named_parameters(asked: Asked) -> tuple[str, ...]:
    """The names after `--parameters`; none where it was not given."""
    return tuple(name.strip() for name in (asked.options["parameters"] or "").split(",") if name.strip())


def varied_ranges(asked: Asked, usual: Sequence[str] | None = None) -> dict[str, Range]:
    """Plausible ranges of the named parameters, or else of the usual ones (all uncertain ones where None), that are not
    set. Raises SamspelError for one that does not exist or is not uncertain."""
    with told_at("--parameters"):
        ranges = plausible_ranges(named_parameters(asked) or usual)
    for name, (low, high) in ranges.items():
        if low == high:
            raise SamspelError(f"--parameters: {name} is not uncertain (its plausible range is the point {low:g})")
    return {name: span for name, span in ranges.items() if name not in asked.settings}
