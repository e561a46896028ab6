"""What a training place costs the builder that gives it, by parts; bids hold it. SEK without value-added tax.

Coaching that the municipality pays is no part of it. A builder lends a crew's time, pays wages and gets a subsidy and
what its trainees do of the crew's work; placements are unpaid and produce nothing that the firm could do without.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters
from sim.rules.bids import normal_markup

Floats = NDArray[np.float64]


class PlaceCost(NamedTuple):
    """Parts of what a place costs its builder, SEK; ``product`` is work that the trainees do, and is taken off."""

    administration: float
    supervision: float
    wages: float
    subsidy: float
    product: float

    @property
    def net(self) -> float:
        """What the builder has to get for it. A place that pays for itself costs nothing: bids do not fall by it."""
        return max(self.administration + self.supervision + self.wages - self.subsidy - self.product, 0.0)


def crew_year(cost_level: float, wage_premium: float, p: Parameters) -> float:
    """What a person-year of a crew costs, SEK with the employer's fee: as works reckon it, dear hands included.

    cost_level : price of works without scarcity, 1 = 2011. wage_premium : share.
    """
    labour = p.labour_share * 1e6 / (1.0 + p.vat) / normal_markup(p) / p.labour_intensity
    return labour * cost_level * max(1.0 + wage_premium, 0.0)


def kinds(into_wages: float, p: Parameters) -> tuple[float, float, float]:
    """Shares of places that are placements, subsidised hires and apprenticeships.

    into_wages : share of placements that transfers turn into hires.
    """
    placements = p.share_placements * (1.0 - into_wages)
    return placements, max(p.share_placements + p.share_hires - placements, 0.0), max(
        1.0 - p.share_placements - p.share_hires, 0.0
    )  # fmt: skip


def quarters_stayed(most: float, leaving: float) -> float:
    """Quarters that somebody is expected to stay in a place of so many, where a share leaves in each of them."""
    return float((1.0 - (1.0 - leaving) ** most) / leaving) if leaving > 0.0 else most


def place_quarters(into_wages: float, p: Parameters) -> tuple[float, float, float]:
    """Quarters that the mean place is expected to last, spent in placements, hires and apprenticeships.

    Some move away before their place ends, and some apprentices give up; firms reckon with it.
    """
    placements, hires, apprentices = kinds(into_wages, p)
    moving = p.move_base / 4.0
    return (
        placements * quarters_stayed(p.placement_quarters, moving),
        hires * quarters_stayed(p.subsidy_quarters, moving),
        apprentices * quarters_stayed(p.apprenticeship_quarters, min(moving + p.dropout_on_site, 1.0)),
    )


def place_cost(into_wages: float, pay_level: float, crew: float, p: Parameters) -> PlaceCost:
    """What the mean place is expected to cost its builder, for as long as it lasts.

    into_wages : as above. pay_level : real pay, 1 = 2011. crew : SEK a person-year of a crew.
    """
    placed, hired, learning = place_quarters(into_wages, p)
    hire_pay = hired * 3.0 * p.wage_low * pay_level
    apprentice_pay = learning * 3.0 * p.apprentice_pay * p.wage_trade * pay_level
    wages = (1.0 + p.payroll_tax) * (hire_pay + apprentice_pay)
    return PlaceCost(
        administration=p.place_cost * p.place_cost_in_bid,
        supervision=p.supervision * (placed + hired + learning) / 4.0 * crew,
        wages=wages,
        subsidy=p.wage_subsidy * hire_pay + p.apprentice_subsidy * apprentice_pay,
        product=p.trainee_product_share * wages,
    )


@rule
def filled(own: Floats | float, due: Floats | float, people: Floats | float, room: Floats | float) -> Floats:
    """Share of the places that a lot's clause asks for that bidders reckon with: there have to be people and crews.

    own : places of the lot. due : those that others under way in its municipalities still owe. people : who may take
    one there. room : for how many its crews have time; all in persons to scale.
    """
    return np.minimum(np.minimum(people / (due + own), room / own), 1.0)


@rule
def rise(places: Floats | float, filled: Floats | float, net: float, vat: float) -> Floats | float:
    """What a clause adds to every bid, share of it; the tax that owners pay on it included.

    places : per SEK of works. filled : share of them that bidders reckon with. net : of a place, SEK without tax.
    """
    return places * filled * net * (1.0 + vat)
