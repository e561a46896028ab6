"""The choice of an owner: the option with the best value plus error, or postponing.

An error is what an owner knows of a building, or believes of it, and the model does not (McFadden 1974). There is one
for each of the nine options and one for postponing, drawn for all of them whatever is on offer, so that what is added
or taken away shifts nobody else's. Options with one standard share a part of it: whoever thinks better of a new
bathroom does so with and without a new facade (nested logit: Ben-Akiva and Lerman 1985, ch. 10).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, rule
from sim.inputs.parameters import Parameters
from sim.rules.appraisal import STANDARDS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

OPTIONS = len(STANDARDS)
NEST = STANDARDS - STANDARDS.min()  # of each option: those of one standard share one
NESTS = len(np.unique(STANDARDS))
UNIFORMS = OPTIONS + 1 + NESTS + NESTS  # drawn for a building's errors: options, postponing, and two for each standard
_LEAST = float(np.finfo(np.float64).tiny)  # so that nothing times the logarithm of nothing is nothing


def bits(options: Bools) -> int:
    """Options as a number of one bit each, (9,): what some have in common is ``a & b``."""
    return int((options << np.arange(OPTIONS)).sum())


def nested_errors(u: Floats, correlation: float) -> Floats:
    """Standard Gumbel errors of nine options and of postponing (buildings, 10), from uniforms (buildings, UNIFORMS).

    correlation : of two options that have their standard in common, 0-1; all else is independent. The part that they
    share is the logarithm of a positive stable variable (Kanter 1975), the only one that leaves each error a Gumbel.
    """
    own, share = gumbel(u[:, : OPTIONS + 1]), own_part(correlation)
    shared = shared_error(u[:, OPTIONS + 1 : OPTIONS + 1 + NESTS], u[:, OPTIONS + 1 + NESTS : UNIFORMS], share)
    own[:, :OPTIONS] *= share
    own[:, :OPTIONS] += shared[:, NEST]
    return own


def own_part(correlation: float) -> float:
    """By how much an option's own error counts, 0-1, where so much of it is in common with others of its standard."""
    return float(np.sqrt(1.0 - correlation))


@rule
def gumbel(u: Floats) -> Floats:
    """Standard Gumbel errors from uniforms, any shape."""
    found: Floats = -np.log(-np.log(u))
    return found


@rule
def shared_error(u: Floats, v: Floats, share: float) -> Floats:
    """What errors of one standard have in common, from two uniforms each, any shape; share : as ``own_part`` gives."""
    angle, wait = np.pi * u, -np.log(v)
    inner, outer = np.sin(share * angle), np.sin((1.0 - share) * angle)
    first = share * np.log(np.maximum(inner, _LEAST)) - np.log(np.sin(angle))
    found: Floats = first + (1.0 - share) * (np.log(np.maximum(outer, _LEAST)) - np.log(wait))
    return found


@rule
def errors(lasting: Floats, yearly: Floats, p: Parameters) -> Floats:
    """Errors of this year, SEK per flat (buildings, 10), from standard ones that last and standard ones of the year.

    Their variance is that of one standard error times ``appraisal_error``, however it is divided.
    """
    weights = np.sqrt(1.0 - p.appraisal_yearly), np.sqrt(p.appraisal_yearly)
    found: Floats = p.appraisal_error * (weights[0] * lasting + weights[1] * yearly)
    return found


def best(value: Floats, error: Floats, allowed: Bools) -> Ints:
    """The allowed option with the largest value plus error, or -1 where postponing is better (buildings,).

    value, allowed : (buildings, options). error : (buildings, options + 1), the last of postponing, whose value is 0.
    """
    pick, seen = best_option(value, error, allowed)
    return np.where(seen >= error[:, -1], pick, -1)


def best_option(value: Floats, error: Floats, allowed: Bools) -> tuple[Ints, Floats]:
    """The same if nothing could be postponed, and its value plus error; two (buildings,)."""
    pick, seen = np.empty(len(value), dtype=np.int64), np.empty(len(value))
    _best_options(pick, seen, value, error, allowed)
    return pick, seen


@kernel
def _best_options(pick: Ints, seen: Floats, value: Floats, error: Floats, allowed: Bools) -> None:
    """Fills in both, building by building; of equal ones the first."""
    for i in range(len(value)):
        pick[i], seen[i] = 0, -np.inf
        for option in range(value.shape[1]):
            tried = value[i, option] + error[i, option]
            if allowed[i, option] and tried > seen[i]:
                pick[i], seen[i] = option, tried
