"""What phases write down as it happens, one row at a time: a year of a programme in an estate, a payment to an owner.

Flats and SEK are to the scale of the region, as they are in the books. Nothing in a run reads them again.
"""

from __future__ import annotations

from typing import NamedTuple


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
