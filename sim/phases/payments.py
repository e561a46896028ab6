"""What works set in motion as they go on: wages, materials and taxes."""

from __future__ import annotations

import numpy as np

from sim.rules.social import crowding_out
from sim.rules.works_cost import Split
from sim.world.books import Flow, rows_of
from sim.world.columns import Floats
from sim.world.world import World

# Taxes in order, what of each is crowded out (and of the margin), and the rest.
_ROWS = rows_of(
    Flow.WORKS_VAT, Flow.WORKS_PAYROLL_TAX, Flow.WORKS_INCOME_TAX_MUNICIPAL, Flow.WORKS_INCOME_TAX_COUNTY,
    Flow.CROWDED_OUT_STATE, Flow.CROWDED_OUT_STATE, Flow.CROWDED_OUT_MUNICIPAL, Flow.CROWDED_OUT_COUNTY,
    Flow.CROWDED_OUT_BUILDERS, Flow.WORKS_CREWS, Flow.WORKS_MATERIALS, Flow.WORKS_VAT,
)  # fmt: skip


def pay_builders(world: World, paid: Split[Floats], tax_beside: Floats | float = 0.0) -> None:
    """Out of what owners have paid builders: crews, materials and taxes. Part of the works only crowds out others.

    paid : parts of the price by municipality of the site, SEK (m,). tax_beside : value-added tax on what else owners
    pay for, which takes the place of nothing that others would have built, SEK (m,).
    """
    books, crowded = world.books, crowding_out(world.surroundings.shortage, world.p)
    taxed = paid.pay * world.p.taxable_share
    # What is left of the price is the builder's, to keep or to lose.
    beside = np.zeros(len(paid.pay)) + tax_beside
    taxes = np.array((paid.vat, paid.payroll_tax, taxed * world.municipal_tax, taxed * world.county_tax, paid.margin))
    books.pay_all(_ROWS, np.concatenate((taxes[:4], crowded * taxes, (paid.pay, paid.materials, beside))))
