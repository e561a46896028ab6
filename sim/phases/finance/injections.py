"""Injections that were given to the run, at the opening of their year: an owner's owner pays off loans of it."""

from __future__ import annotations

from sim.agents.owner import Owner
from sim.inputs.injections import Injection
from sim.world.books import Flow
from sim.world.world import World


def inject(world: World) -> None:
    """Those of this calendar year, SEK to scale, before anybody plans: what is paid off can be borrowed again."""
    for one in world.injections:
        if one.year == world.year:
            _pay_in(world, _owner(world, one), one.sek * world.region.scale)


def _owner(world: World, injection: Injection) -> Owner:
    return next(owner for owner in world.owners if owner.name == injection.owner)


def _pay_in(world: World, owner: Owner, sek: float) -> None:
    """A landlord's owners pay off its loans; in the books they are the landlord. A municipality pays all of it; what
    no loan is left for stays in the company until the quarter is closed, when money that it has no use for leaves."""
    if owner.index >= len(world.municipalities):
        world.borrow(owner, -sek)
        return
    paid_off = min(sek, owner.debt)
    world.books.pay(Flow.OWNER_INJECTIONS, sek, owner.municipality)
    world.books.pay(Flow.LOANS_COMPANIES, -paid_off, owner.municipality)
    owner.debt -= paid_off
    world.municipalities[owner.index].stays(sek - paid_off)
