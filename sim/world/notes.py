"""What phases write down as it happens, one row at a time: a year of a programme in an estate, a payment, a sale.

Flats and SEK are to the scale of the region, as they are in the books. Nothing in a run reads them again.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.world.columns import Floats, Ints


class ProgrammeYear(NamedTuple):
    """One owner's programme in one estate in one calendar year.

    ``planned_flats`` were to begin that year by the plan that stood when it began; ``begun_flats`` went on site, and
    ``finished_flats`` were done. ``cause``: what held back the rest of the plan (most of it, by flats); "none" where
    nothing did. ``target_year`` : when the owner's whole programme, as it stands, would be done at its volume;
    ``slipped_years`` : how far it lags behind its own schedule, in years of that volume.
    """

    owner: str
    estate: str
    year: int
    planned_flats: float
    begun_flats: float
    finished_flats: float
    cause: str
    target_year: int
    slipped_years: float


class Payment(NamedTuple):
    """One payer's side payment to one owner in one quarter (counted from the start).

    ``programme`` names what is paid for; ``basis``, by which of the payer's gains.
    """

    quarter: int
    payer: str
    payee: str
    programme: str
    basis: str
    sek: float


class Refusal(NamedTuple):
    """What the best deals of a programme lacked in one year, and why: so many flats, SEK in the owner's eyes.

    ``reason`` is not_lawful (the payer gains but has no instrument), no_budget, or not_worth_it (all that partners gain
    is less than what the owner lacks: the payer is then all of them together).
    """

    quarter: int
    payer: str
    payee: str
    programme: str
    reason: str
    flats: float
    sek: float


COMPACT = "compact"  # the partner of a row about joining or leaving
TOGETHER = "together"  # all payers: nobody's fault alone
OWNER = "owner"  # of a row about what its housing company did with what was agreed


class Talk(NamedTuple):
    """What one municipality's housing company asked of one partner for one programme, and what came of it.

    ``asked_sek`` is what the best deal needs from that partner, ``offered_sek`` what it would give, ``short_sek`` the
    difference; present value in the owner's eyes, of flats to scale. ``result`` is agreed, short (something was
    offered, too little), refused (nothing was), withdrawn or broken; ``reason`` says why. With ``COMPACT`` as partner
    it is the municipality that joins, refuses, withdraws, or whose compact is broken: SEK a year that being in costs,
    and is seen to bring. With ``OWNER`` it is what had been agreed and the owner did not build.
    """

    quarter: int
    municipality: str
    partner: str
    programme: str
    asked_sek: float
    offered_sek: float
    short_sek: float
    result: str
    reason: str


class Sale(NamedTuple):
    """Flats of one estate that changed owner in a calendar year, and what the buyer paid for them (SEK).

    ``reason`` is finance (works that could be begun and not borrowed for), politics (the majority's will), offer (a bid
    above what the owner held them worth) or distress.
    """

    year: int
    seller: str
    buyer: str
    estate: str
    flats: float
    price: float
    reason: str


class Rescue(NamedTuple):
    """What ended an owner's distress in a calendar year, one row each way.

    ``way`` is injection (money of the owner's owner), sale (of buildings, at what they brought) or receivership (what
    lenders lost); ``loan_to_value`` is that before.
    """

    year: int
    owner: str
    way: str
    sek: float
    loan_to_value: float


class Twin(NamedTuple):
    """What a joint lot would have been as its owners' own lots, one entry each.

    Bids and flats; the lowest price offered (SEK with value-added tax, infinite without a bid), and ``reference``, what
    the lot would cost in normal times (SEK).
    """

    bids: Ints
    flats: Ints
    price: Floats
    reference: Floats


class Tender(NamedTuple):
    """One tender as its bids are opened: ``owners`` (rows), and for each building option and flats.

    ``prices`` are relative to ``reference`` (SEK), one a firm, infinite where no bid came. ``twin``: the same as the
    owners' own lots, where that was asked for.
    """

    joint: bool
    owners: Ints
    options: Ints
    flats: Ints
    reference: float
    prices: Floats
    awarded: bool
    twin: Twin | None = None
