"""The best deal for every building: which option partners would pay for, what the owner lacks, what they may offer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import scope
from sim.inputs.parameters import Parameters
from sim.phases.planning.case import Case
from sim.rules import deals, social
from sim.rules.appraisal import LEVELS
from sim.rules.income import job_year_values
from sim.rules.instruments import BY_RESULTS, lawful
from sim.rules.social import LEARNED, PAYERS, Gain
from sim.vocabulary import EnergyLevel
from sim.world.columns import Bools, Floats, Ints
from sim.world.world import World


class Proposals(NamedTuple):
    """One building each (n), at its best deal; SEK per flat, in the owner's eyes unless said otherwise.

    ``places`` in the case. ``option`` : of the deal. ``agreed`` : whether it pays for the owner and for all together.
    ``joint`` : what all at the table win, the payers' gains as they see them. ``loss`` : what the owner would lose
    without payment. ``worth``, ``may`` : what each payer (n, 3) could bring, and what it may by law. ``yearly`` : what
    each pays a year if it is agreed, by kind of gain (n, 3, 5). ``to_owner`` : what that is worth to the owner.
    ``deep`` : what the best option with deep energy measures lacks, infinite where there is none; ``deep_offered`` what
    is offered for it.
    """

    places: Ints
    option: Ints
    agreed: Bools
    joint: Floats
    loss: Floats
    worth: Floats
    may: Floats
    yearly: Floats
    to_owner: Floats
    deep: Floats
    deep_offered: Floats


def propose(world: World, case: Case, brought: Ints, alone: Ints) -> Proposals:
    """The best deal of buildings (places in the case) whose owners would choose ``alone`` (option or -1)."""
    p, n = world.p, np.arange(len(brought))
    value, nothing = _weighed(world, case, brought)
    own = np.where(alone >= 0, value[n, np.maximum(alone, 0)], nothing)
    loss = own[:, None] - value
    free = scope.state_money_free(world)
    years = deals.agreement_years(free, p)
    confidence = np.stack([m.confidence for m in world.municipalities], axis=-1)[:, :, case.municipality[brought]]
    known, kept = _known(world, case, brought), _kept(world, case, brought)
    forecast = social.gains(case.o.part(brought), known, p, deals.spans(years, p), kept)
    at_table = scope.payers(world)[:, None, None]
    within, in_all = deals.increments(social.believed(forecast, confidence) * at_table, alone)
    legal = lawful(free > 0.0)
    offer = deals.offers(within, in_all, legal, scope.calculation_shared(world)[case.municipality[brought]])
    trust = np.array([m.trust for m in world.municipalities])[case.municipality[brought]]
    to_owner = deals.worth_to_owner(years, case.required[brought], trust, p)
    offered = (offer.may * to_owner[:, :, None]).sum(axis=0)
    # A deal may be about anything but the owner's own choice.
    open_to = case.allowed[brought] & (np.arange(len(LEVELS))[None, :] != alone[:, None])
    joint = np.where(open_to, offer.joint - loss, -np.inf)
    enough = offered >= np.maximum(loss, 0.0)
    pays = np.where(enough & (joint > 0.0), joint, -np.inf)
    agreed: Bools = np.any(np.isfinite(pays), axis=1)
    # Without a deal, the one that comes nearest: what it lacks is remembered.
    nearest = np.where(open_to, np.minimum(joint, offered - loss), -np.inf)
    option = np.where(agreed, pays.argmax(axis=1), nearest.argmax(axis=1))
    lacks = np.maximum(loss[n, option], 0.0)
    part = deals.part_to_pay(offered[n, option], lacks, p)
    by_kind = offer.by_kind[:, :, n, option].transpose(2, 1, 0) * part[:, None, None]
    deep = np.where(open_to & (LEVELS == EnergyLevel.DEEP), loss - offered, np.inf)
    return Proposals(
        brought, option, agreed, joint[n, option], lacks,
        (offer.worth * to_owner[:, :, None])[:, n, option].T, (offer.may * to_owner[:, :, None])[:, n, option].T,
        _contracts(by_kind, years, confidence, p), offered[n, option] * part, deep.min(axis=1),
        offered[n, deep.argmin(axis=1)],
    )  # fmt: skip


def _contracts(by_kind: Floats, years: Floats, confidence: Floats, p: Parameters) -> Floats:
    """Payments a year (n, 3, 5) that are expected to come to these present values. What is paid by results is promised
    in full and believed in part, so that whoever is too hopeful does not pay for it."""
    sure = np.ones((len(by_kind), PAYERS, len(Gain)))
    sure[..., :LEARNED] = np.where(BY_RESULTS[None, :, :LEARNED], confidence.transpose(2, 1, 0), 1.0)
    return deals.yearly(by_kind.transpose(0, 2, 1), years, p).transpose(0, 2, 1) / np.maximum(sure, p.least_confidence)


def _weighed(world: World, case: Case, brought: Ints) -> tuple[Floats, Floats]:
    """Owners' values of options (n, 9) and of postponing (n,) with what we do not see in them, less the shadow price of
    capital that is short."""
    short = np.array([x.short for x in world.owners])[case.owner[brought]]
    dear = world.p.capital_shadow_price * short[:, None] * (case.o.cost - case.grant)[brought]
    error = case.error[brought]
    return case.own[brought] + error[:, :-1] - dear, error[:, -1]


def _known(world: World, case: Case, brought: Ints) -> social.Neighbours:
    """What partners know of tenants and times."""
    p, rows, keys = world.p, case.rows[brought], case.keys[brought]
    seen = world.seen_tenants(rows)
    places = scope.training_places(world)
    values = job_year_values(world.municipal_tax, world.county_tax, p.assistance_share_of_trainees, p)
    return social.Neighbours(
        on_assistance=seen[0], on_allowance=seen[1], low_income=seen[2], job_year=values[:, case.municipality[brought]],
        places_per_sek=float(places.mean()), crowding_out=social.crowding_out(world.surroundings.shortage, p),
        energy=world.at_full_size.energy[keys], area=world.buildings.area[rows], household_size=seen[3],
    )  # fmt: skip


def _kept(world: World, case: Case, brought: Ints) -> tuple[Floats, float]:
    """Share of extra tax that equalisation leaves to the municipality (n,) and the county council."""
    return np.full(len(brought), 1.0 - world.p.equalisation_municipal), 1.0 - world.p.equalisation_county
