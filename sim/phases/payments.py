"""What works set in motion as they go on: wages, materials and taxes."""

from __future__ import annotations

import numpy as np

from sim.rules.social import crowding_out
from sim.rules.works_cost import Split
from sim.world.books import Flow
from sim.world.columns import Floats
from sim.world.world import World


def pay_builders(world: World, paid: Split[Floats], tax_beside: Floats | float = 0.0) -> None:
    """Out of what owners have paid builders: crews, materials and taxes. Part of the works only crowds out others.

    paid : parts of the price by municipality of the site, SEK (m,). tax_beside : value-added tax on what else owners
    pay for, which takes the place of nothing that others would have built, SEK (m,).
    """
    books, crowded = world.books, crowding_out(world.surroundings.shortage, world.p)
    taxed = paid.pay * world.p.taxable_share
    for flow, amount, shadow in (
        (Flow.WORKS_VAT, paid.vat, Flow.CROWDED_OUT_STATE),
        (Flow.WORKS_PAYROLL_TAX, paid.payroll_tax, Flow.CROWDED_OUT_STATE),
        (Flow.WORKS_INCOME_TAX_MUNICIPAL, taxed * world.municipal_tax, Flow.CROWDED_OUT_MUNICIPAL),
        (Flow.WORKS_INCOME_TAX_COUNTY, taxed * world.county_tax, Flow.CROWDED_OUT_COUNTY),
    ):
        books.pay(flow, amount)
        books.pay(shadow, crowded * amount)
    books.pay(Flow.WORKS_VAT, np.zeros(len(world.municipalities)) + tax_beside)
    # What is left of the price is the builder's, to keep or to lose.
    books.pay(Flow.CROWDED_OUT_BUILDERS, crowded * paid.margin)
    books.pay(Flow.WORKS_CREWS, paid.pay)
    books.pay(Flow.WORKS_MATERIALS, paid.materials)
