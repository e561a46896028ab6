"""Tenants choose standards, flat by flat: as far as they are asked, or by law; or they keep the basic one by right."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import scope
from sim.phases.planning.case import Case
from sim.phases.planning.slips import note_postponed
from sim.randomness import NEXT_LIKE, Decision
from sim.rules import mixture
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.rules.finance import annuity
from sim.rules.homes import pay_factor, worth_of_standards
from sim.rules.mixture import Part
from sim.rules.rivals.aims import AIMS
from sim.rules.rivals.revealing import REVEALING
from sim.vocabulary import EnergyLevel
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.world import World


class _Flats(NamedTuple):
    """Flats of the buildings that go ahead (flats,): the place of each one's building among these, its row; what each
    standard is worth to its household minus its rent (flats, 3), how heavy the rent weighs; uniforms (flats, 6)."""

    where: Ints
    rows: Ints
    net: Floats
    weight: Floats
    u: Floats


def tenants_choose(world: World, case: Case) -> None:
    """Tenants who are asked choose the standard of their flat, and the owner lets them as far as it does not lose much;
    those who do not come, and empty flats, get what the owner chose. Some may keep the basic standard by right.

    Leaves ``case.mix``, the standard of most flats in ``case.pick``, and what each flat will get; drops side payments
    (SEK) that had been agreed for another option.
    """
    by_law, asked, right = world.levers.standard_choice == "tenants", scope.participation(world), _right(world)
    votes = (asked > 0.0 or by_law) and world.levers.standard_choice != "forced"
    going = case.pick >= 0
    heard = going & votes & ((case.owner < len(world.municipalities)) | by_law)
    go = np.flatnonzero(heard | (going & right))
    if len(go) == 0:
        return
    rise = mixture.by_part(case.o.rent_rise[go], world.at_full_size.rent[case.keys[go]], world.levers.basic_right_cap)
    flats = _flats(world, case, go, rise)
    own = (STANDARDS[case.pick[go]] - 1)[flats.where]
    parts = own
    if votes:
        parts = _voted(world, case, go, flats, own, heard[go], by_law, asked)
    if right:
        parts = _by_right(world, case, go, flats, parts, rise)
    _settle(world, case, go, flats, own, parts)
    if right:
        _given_up(world, case, go, rise)
    if asked > 0.0 and votes:
        _pay_dialogue(world, case, np.flatnonzero(heard), asked)


def forget_choices(world: World, case: Case, places: Ints) -> None:
    """What tenants chose for works in these buildings (places in the case) holds no more."""
    rows = case.rows[places][world.modelled(case.keys[places])]
    world.residents.chosen[world.flats_in(rows)[1]] = 0


def _right(world: World) -> bool:
    return world.levers.basic_right_share > 0.0


def _pay_dialogue(world: World, case: Case, go: Ints, asked: float) -> None:
    towns = len(world.municipalities)
    cost = world.p.dialogue_cost * np.bincount(case.municipality[go], case.flats[go], minlength=towns)
    world.books.pay(Flow.DIALOGUE, asked * scope.coordination_cost_factor(world) * cost * world.region.scale)


def _flats(world: World, case: Case, go: Ints, rise: Floats) -> _Flats:
    """Who lives in these buildings and what each standard is worth to them; rise : by part, SEK/m2.year."""
    r, p = world.residents, world.p
    where, rows = world.flats_in(case.rows[go])
    # Tenants of the buildings that one stands for wish what its tenants wish, and come and choose for themselves.
    keys = rows + NEXT_LIKE * np.where(world.modelled(case.keys[go]), 0, 1 + case.keys[go])[where]
    u = world.draws.at(Decision.TENANT_CHOICE, world.quarter, keys, 6)
    monthly = (rise * world.buildings.area[case.rows[go]][:, None] / 12.0)[where]
    weight = 1.0 + p.tenant_rent_weight * np.clip(r.burden[rows] - p.burden_ordinary, 0.0, p.burden_excess_most)
    # Random utility (McFadden 1974): a wish weighed against the rent, with a Gumbel error for what is not modelled.
    error = -np.log(-np.log(u[:, 1:4])) * p.home_worth_midi * p.vote_error
    worth = (r.wish[rows][:, None] * worth_of_standards(p)[None, 1:] + error) * pay_factor(world.pay_level, p)
    return _Flats(where, rows, worth - monthly[:, : Part.RIGHT] * weight[:, None], weight, u)


def _voted(world: World, case: Case, go: Ints, flats: _Flats, own: Ints, heard: Bools, by_law: bool,
           asked: float) -> Ints:  # fmt: skip
    """The part of each flat once tenants were heard and the owner has let them have their way, or not (flats,)."""
    p, where = world.p, flats.where
    comes = _comes(world, flats, max(asked, p.lever_turnout if by_law else 0.0), by_law) & heard[where]
    wanted = np.where(comes, flats.net.argmax(axis=1), own)
    options = case.pick[go][where]
    # What payers had agreed to for the owner's choice is lost with each flat that gets another.
    paid = case.paid_worth[go] / case.flats[go]
    loss = case.own[go][where, options] - case.own[go][where, mixture.options_of(wanted, options)]
    loss = (loss + paid[where]) * (wanted != own)
    served = (loss <= 0.0) | by_law | (flats.u[:, 4] < _borne(world, case, go, where, loss)[where])
    told = np.bincount(where, comes * np.where(served, 1.0, p.voice_unheard), minlength=len(go))
    case.voice[go[heard]] = (told / case.flats[go])[heard]
    return np.where(served, wanted, own)


def _comes(world: World, flats: _Flats, effort: float, by_law: bool) -> Bools:
    """Whose wish is heard (flats,); settled tenants come oftener."""
    r, p = world.residents, world.p
    # A choice by law counts, whatever a dialogue would have revealed.
    rule = REVEALING["wishes" if by_law else world.levers.participation_reveals]
    lived = (world.quarter - r.since[flats.rows]) / 4.0
    settled = np.clip(lived / p.ties_years, 0.0, 1.0)
    comes = flats.u[:, 0] < effort * (p.turnout_base + p.turnout_settled * settled) * r.occupied[flats.rows]
    return np.asarray(comes & rule.heard(lived, (world.quarter - r.born[flats.rows]) / 4.0, p))


def _borne(world: World, case: Case, go: Ints, where: Ints, loss: Floats) -> Floats:
    """Share of the flats by which the owner loses whose choice it bears, for each building (n,): as many as its loss,
    less what it gains by others' choices, is at most what it puts up with. loss : SEK by flat (flats,)."""
    lost = np.bincount(where, np.maximum(loss, 0.0), minlength=len(go))
    gained = np.bincount(where, np.maximum(-loss, 0.0), minlength=len(go))
    most = world.p.participation_tolerance * case.o.cost[go, case.pick[go]] * case.flats[go]
    return np.where(lost > 0.0, np.clip((most + gained) / np.maximum(lost, 1e-9), 0.0, 1.0), 1.0)


def _by_right(world: World, case: Case, go: Ints, flats: _Flats, parts: Ints, rise: Floats) -> Ints:
    """Those with the right to it keep the basic standard at a capped rise where that is better for them (flats,)."""
    r, where = world.residents, flats.where
    has = (flats.u[:, 5] < world.levers.basic_right_share) & r.occupied[flats.rows]
    spared = (rise[:, Part.BASIC] - rise[:, Part.RIGHT]) * world.buildings.area[case.rows[go]] / 12.0
    basic = flats.net[:, Part.BASIC] + spared[where] * flats.weight
    return np.where(has & (basic > flats.net[np.arange(len(parts)), parts]), int(Part.RIGHT), parts)


def _settle(world: World, case: Case, go: Ints, flats: _Flats, own: Ints, parts: Ints) -> None:
    """What is built: mixtures where some flat gets something else than its building, and the standard of most flats."""
    other = np.bincount(flats.where, parts != own, minlength=len(go)) > 0.0
    case.mix[go] = mixture.shares(flats.where, parts, len(go)) * other[:, None]
    usual = STANDARDS[case.pick[go]] - 1
    most = np.where(other, mixture.most(case.mix[go], usual), usual)
    changed = most != usual
    # What had been paid for another option is not paid for this one.
    case.lapse(go[changed])
    # What no package of a framework offers is built alone.
    case.pick[go] = most * len(EnergyLevel) + LEVELS[case.pick[go]]
    ours = world.modelled(case.keys[go])[flats.where]
    world.residents.chosen[flats.rows[ours]] = ((parts + 1) * other[flats.where])[ours]


def _given_up(world: World, case: Case, go: Ints, rise: Floats) -> None:
    """An owner that would lose by what tenants keep by right postpones, unless the building is worn out."""
    p = world.p
    options, mix, area = case.pick[go], case.mix[go], world.buildings.area[case.rows[go]]
    cut = (rise[:, Part.BASIC] - rise[:, Part.RIGHT]) * area * annuity(case.required[go], p.appraisal_horizon)
    private = case.owner[go] >= len(world.municipalities)
    unit = AIMS[world.levers.landlords_maximise].per_sek(case.o.cost[go])[np.arange(len(go)), options]
    value = mixture.mean(case.deciding[go] + case.error[go, :-1], options, mix)
    value -= mix[:, Part.RIGHT] * cut * np.where(private, unit, 1.0)
    worn = world.at_full_size.condition[case.keys[go]] <= p.forced_condition
    out = go[(mix[:, Part.RIGHT] > 0.0) & (value < case.error[go, -1]) & ~worn]
    case.pick[out], case.mix[out] = -1, 0.0
    forget_choices(world, case, out)
    case.lapse(out)
    note_postponed(world, case, out)
