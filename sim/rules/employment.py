"""Finding, losing and starting rates of work. Rates are per quarter; a cell is schooling x 2 + foreign background.

Arrays by schooling have shape (4,), by neighbourhood (n,), by household (rows,).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]

CELLS = 8  # four kinds of schooling (Skill) times two origins


def cell_weights(reputation: Floats, p: Parameters) -> Floats:
    """Relative chance to find work by neighbourhood and cell, shape (n, 8), from reputation, 0-1 (n,).

    The address counts only against applicants with a foreign background (Carlsson, Reshid and Rooth 2018), the more the
    further the neighbourhood's reputation lies below an ordinary one.
    """
    schooling = finding_by_schooling(p)
    # A name better than an ordinary one helps nobody: the experiment found no general effect of the address.
    stigma = np.clip((p.reputation_ordinary - reputation) / p.reputation_ordinary, 0.0, 1.0)
    address = np.stack([np.ones_like(reputation), 1.0 - p.address_penalty * stigma], axis=1)
    return np.asarray((schooling[None, :, None] * address[:, None, :]).reshape(len(reputation), CELLS))


def finding_by_schooling(p: Parameters) -> Floats:
    """Relative chance to find work by schooling (Skill), shape (4,); the middle is the measure."""
    return np.array([p.find_low, 1.0, p.find_high, p.find_trade])


def loss_rates(p: Parameters) -> Floats:
    """Chance to lose a job by schooling (Skill), per quarter, in normal times, shape (4,)."""
    return np.array([p.loss_low, p.loss_middle, p.loss_high, p.loss_trade])


def losing(slack: float, p: Parameters) -> float:
    """How much more often jobs are lost than in normal times, factor; ``slack`` is unemployment above normal, share."""
    return max(1.0 + p.economy_losing * max(slack, p.losing_unemployment_least), 0.0)


def openings_left(slack: float, p: Parameters) -> float:
    """Openings against normal times, factor, at national unemployment ``slack`` above normal (share)."""
    return max(1.0 - p.economy_finding * slack, p.economy_finding_least)


def start_propensity(employment: Floats, cells: Floats, p: Parameters) -> Floats:
    """Chance to be employed at the start by neighbourhood and cell (n, 6), with the table's employment as its mean.

    employment : share (n,). cells : shares of the cells among persons of working age (n, 6).
    Odds follow finding over losing, so that the start is near the equilibrium of these rates.
    """
    # Every place is taken at the worst address: the table fixes its mean, only the gap between origins is left open.
    # Bisection keeps this cheap: all neighbourhoods at once, once a run.
    weights = cell_weights(np.zeros(1), p)[0, :6] / np.repeat(loss_rates(p)[:3], 2)
    low, high = np.full(len(employment), -20.0), np.full(len(employment), 20.0)
    for _ in range(50):
        middle = 0.5 * (low + high)
        odds = weights[None, :] * np.exp(middle)[:, None]
        below = (cells * odds / (1.0 + odds)).sum(axis=1) < employment
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    odds = weights[None, :] * np.exp(0.5 * (low + high))[:, None]
    return np.asarray(odds / (1.0 + odds))


def tightness(vacancies: float, seekers: float, p: Parameters) -> float:
    """How much easier work is found than at the start, factor: vacancies per seeker to the matching elasticity.

    vacancies, seekers : relative to the start (1 = as then).
    """
    return float((vacancies / max(seekers, 1e-9)) ** p.matching_elasticity)


@rule
def health_factor(health: Floats, p: Parameters) -> Floats:
    """Chance to find work by health (0-1), factor (rows,); 1 at an ordinary one."""
    factor: Floats = np.maximum(1.0 + p.find_health * (health - p.health_start), 0.0)
    return factor


@rule
def newcomer_factor(years: Floats, p: Parameters) -> Floats:
    """Chance of a newcomer against a settled person, factor up to 1 (rows,), rising over the first years in Sweden."""
    settled: Floats = np.minimum(np.maximum(years / p.settled_years, 0.0), 1.0)
    return p.newcomer_start + (1.0 - p.newcomer_start) * settled


@rule
def age_factor(age: Floats, p: Parameters) -> Floats:
    """Chance to find work by age (years), factor up to 1 (rows,): falling from a certain age to that of retirement."""
    late = (age - p.find_age_from) / (p.retirement_age - p.find_age_from)
    passed: Floats = np.minimum(np.maximum(late, 0.0), 1.0)
    return 1.0 - p.find_age_penalty * passed
