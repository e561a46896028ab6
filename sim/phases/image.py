"""Phase 8. Reputation, trust, and what civil society works on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import scope
from sim.randomness import Decision
from sim.rules.commitment import next_trust
from sim.rules.reputation import believed_level, next_reputation
from sim.world.columns import Floats

if TYPE_CHECKING:
    from sim.model import RenewalModel


def advance(model: RenewalModel) -> None:
    """Outsiders learn, slowly; once a year partners judge each other."""
    _reputation(model)
    if model.quarter % 4 == 3:
        _trust(model)


def _reputation(model: RenewalModel) -> None:
    """A quarter of hearsay, news and image work in every neighbourhood."""
    p, places = model.p, model.region.neighbourhoods
    now = np.array([n.reputation for n in model.neighbourhoods])
    satisfaction, employment = model.seen_by_neighbourhood()
    renewed = np.array([n.renovated_share for n in model.neighbourhoods])
    level = believed_level(
        satisfaction, places.satisfaction, renewed, employment, places.employment, places.reputation, p
    )
    told = _told(model, satisfaction - now)
    u = model.draws.at(Decision.NEWS, model.quarter, np.arange(len(now)), 3)
    size = p.news_size * -np.log(u[:, 1])
    news = np.where(u[:, 0] < p.news_chance, np.where(u[:, 2] < p.news_bad, -size * 0.1, size * 0.1), 0.0)
    after = next_reputation(now, level, told, satisfaction, news, p)
    for neighbourhood, reputation in zip(model.neighbourhoods, after, strict=True):
        neighbourhood.reputation = float(reputation)


def _told(model: RenewalModel, gap: Floats) -> Floats:
    """How many outsiders image work reaches: what was under way in 2011 goes on, the practice adds to it."""
    p, places = model.p, model.region.neighbourhoods
    under_way = np.where(places.image_work_2011, p.image_work_under_way, 0.0)
    effort = under_way.copy()
    practice = scope.image_work(model)
    if practice > 0.0:
        for society in model.civil_societies:
            here = places.municipality_index == society.municipality
            effort[here] += practice * society.attention(gap[here])
    effort = np.minimum(effort, 1.0)
    cost = p.image_cost / 4.0 * places.flats
    k = len(model.municipalities)
    model.books.pay("image_work", np.bincount(places.municipality_index, cost * effort, minlength=k))
    model.image_practice[:] = np.bincount(places.municipality_index, cost * (effort - under_way), minlength=k)
    return effort


def _trust(model: RenewalModel) -> None:
    """Trust of every municipality from its own joint rounds of the year; the council's is their mean."""
    ms = model.municipalities
    kept, late, broken = (np.array([getattr(m, x) for m in ms]) for x in ("kept", "delayed", "broken"))
    rounds = np.maximum(kept + late, 1.0)
    after = next_trust(np.array([m.trust for m in ms]), kept / rounds, late / rounds, np.minimum(broken, 1.0), model.p)
    paid = model.books.last_year("coordination_municipalities")[: len(ms)]
    own = np.array([float(m.realised[0]) for m in ms]) / np.maximum(paid, 1.0)
    own = np.where(paid > 0.0, np.minimum(own, 5.0), 0.0)
    # Who stays outside hears of the others' gains.
    heard = model.p.commitment_hearsay * (own[paid > 0.0].mean() if (paid > 0.0).any() else 0.0)
    for m, trust, gain in zip(ms, after, np.where(paid > 0.0, own, heard), strict=True):
        m.seen_gain += 0.3 * (float(gain) - m.seen_gain)
        m.trust = float(trust)
        m.kept = m.delayed = m.broken = 0.0
    model.county_council.trust = float(after.mean())
