"""What it is worth to build the same again: practice that a crew brings to a lot, and practice within it.

A *series* is `lot_flats` flats of one package, done one after another. Every doubling of a series saves the same share
of hours and days (Wright 1936, J. Aeronautical Sciences 3; Brogården: first house nine months, the last four over
sixteen houses). The costs of the tables are those of an ordinary lot, one series by a firm without practice: what is
smaller, or mixed, costs more, and what is longer, or done by those who have done it before, less. Packages are the nine
options.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters
from sim.rules.choice import OPTIONS

Floats = NDArray[np.float64]


def kinship(p: Parameters) -> Floats:
    """How far a flat of one package is practice for one of another, 0-1 (9, 9): all of it for the same."""
    return np.asarray(p.repetition_transfer + (1.0 - p.repetition_transfer) * np.eye(OPTIONS))


def alike(shares: Floats, p: Parameters) -> Floats:
    """How far a lot's flats are practice for each other, 0-1: 1 if all get the same package.

    shares : of its flats by package, (9,) or one row a lot (lots, 9).
    """
    return np.asarray(p.repetition_transfer + (1.0 - p.repetition_transfer) * (shares**2).sum(axis=-1))


def brought(shares: Floats, experience: Floats, p: Parameters) -> Floats:
    """Practice that firms bring to a lot, series (firms,), or to each of some lots (lots, firms).

    shares : of its flats by package, (9,) or (lots, 9). experience : of the firms, series by package (firms, 9).
    """
    return np.asarray((experience @ (kinship(p) @ shares[..., None]))[..., 0])


def doublings(before: Floats | float, series: Floats | float) -> Floats:
    """By how many doublings practice is ahead of an ordinary lot's, on the average over a lot's flats, of one shape.

    before : practice that is brought along, series. series : length of the lot, in series of flats alike.
    """
    return _mean_log(before, series) - _ORDINARY


@rule
def productivity(ahead: Floats | float, rate: float) -> Floats:
    """Output per hour against an ordinary lot: a fixed gain per doubling.

    ahead : as ``doublings`` gives. rate : saving per doubling, share.
    """
    output: Floats = np.power(1.0 - rate, -ahead)
    return output


def saved_by(output: float, without: float, labour: float) -> float:
    """What practice has taken off a price, share of that price: ``output`` per hour with it, and ``without``; labour is
    that part of the cost, with its scarcity, for each part of materials 1 - labour at an ordinary output."""
    cost = labour / output + 1.0 - labour
    return (labour / without + 1.0 - labour) / max(cost, 1e-9) - 1.0


@rule
def labour_rate(p: Parameters) -> float:
    """Labour saved per doubling, share: all that is saved is labour."""
    return p.learning_cost / p.labour_share


def _mean_log(before: Floats | float, series: Floats | float) -> Floats:
    """Mean of log2(1 + before + x) over x from 0 to ``series``: one is added so that a firm without practice builds at
    the table's cost and not at an infinite one."""
    start, length = 1.0 + np.asarray(before, dtype=np.float64), np.maximum(series, 1e-9)
    end = start + length
    return np.asarray((end * np.log2(end) - start * np.log2(start)) / length - 1.0 / np.log(2.0))


_ORDINARY = float(_mean_log(0.0, 1.0))  # of a lot of one series by a firm without practice
