"""Rivals: how often a coached placement ends in a job. ``coached_placements`` picks one.

Small programmes of firms that take on their own trainees tell of two in three, without anybody to compare them with; in
a randomised trial those who took part were in work little more often than those who did not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.inputs.parameters import Parameters


def _programmes(p: Parameters) -> float:
    """As the programmes say."""
    return p.placement_to_job_coached


def _trial(p: Parameters) -> float:
    """As the trial implies."""
    return p.placement_to_job_trial


COACHED_PLACEMENTS: Mapping[str, Callable[[Parameters], float]] = {"programmes": _programmes, "trial": _trial}
