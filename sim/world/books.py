"""The books: every krona has a payer and a receiver.

A flow kind is declared once in ``FLOWS``; the amounts are arrays by kind and municipality (the last column is the rest
of the county). The sum over purses is zero by construction; what society gains is a separate account of real resources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.vocabulary import Purse

Floats = NDArray[np.float64]

_R, _H, _L, _M = Purse.RESIDENTS, Purse.HOUSING_COMPANIES, Purse.PRIVATE_LANDLORDS, Purse.MUNICIPALITIES
_C, _S, _B, _W = Purse.COUNTY_COUNCIL, Purse.STATE, Purse.BUILDERS, Purse.REST_OF_WORLD


@dataclass(frozen=True)
class Flow:
    """A kind of payment: from whom, to whom, why; ``job`` where it follows from somebody's working or not."""

    name: str
    payer: Purse
    payee: Purse
    cause: str
    job: bool = False

    @property
    def financing(self) -> bool:
        """Loans, interest and a surplus invested elsewhere: left out of net present values."""
        return self.cause == "loans"


FLOWS: tuple[Flow, ...] = (
    Flow("wages", _W, _R, "work", True),
    Flow("payroll_tax", _W, _S, "work", True),
    Flow("municipal_tax", _R, _M, "work", True),
    Flow("county_tax", _R, _C, "work", True),
    Flow("social_assistance", _M, _R, "work", True),
    Flow("unemployment_benefit", _S, _R, "work", True),
    Flow("assistance_for_rent", _M, _R, "rent"),
    Flow("housing_allowance", _S, _R, "rent"),
    Flow("pensions", _S, _R, "age"),
    Flow("equalisation_municipal", _M, _S, "equalisation", True),
    Flow("equalisation_county", _C, _S, "equalisation", True),
    Flow("rent_companies", _R, _H, "rent"),
    Flow("rent_landlords", _R, _L, "rent"),
    Flow("heat_companies", _H, _W, "energy"),
    Flow("heat_landlords", _L, _W, "energy"),
    Flow("upkeep_companies", _H, _W, "upkeep"),
    Flow("upkeep_landlords", _L, _W, "upkeep"),
    Flow("repairs_companies", _H, _B, "repairs"),
    Flow("repairs_landlords", _L, _B, "repairs"),
    Flow("works_companies", _H, _B, "works"),
    Flow("works_landlords", _L, _B, "works"),
    Flow("works_vat", _B, _S, "works"),
    Flow("works_crews", _B, _W, "works"),
    Flow("works_materials", _B, _W, "works"),
    Flow("works_payroll_tax", _B, _S, "works"),
    Flow("works_income_tax_municipal", _W, _M, "works"),
    Flow("works_income_tax_county", _W, _C, "works"),
    Flow("crowded_out_state", _S, _W, "crowding-out"),
    Flow("crowded_out_municipal", _M, _W, "crowding-out"),
    Flow("crowded_out_county", _C, _W, "crowding-out"),
    Flow("bidding", _B, _W, "tender"),
    Flow("appeals", _H, _W, "tender"),
    Flow("recruitment", _B, _W, "labour shortage"),
    Flow("interest_companies", _H, _W, "loans"),
    Flow("interest_landlords", _L, _W, "loans"),
    Flow("other_investment", _H, _W, "loans"),
    Flow("loans_companies", _W, _H, "loans"),
    Flow("loans_landlords", _W, _L, "loans"),
    Flow("sales", _L, _H, "sale of flats"),
    Flow("side_payment_municipalities", _M, _H, "side payment"),
    Flow("side_payment_county", _C, _H, "side payment"),
    Flow("side_payment_state", _S, _H, "side payment"),
    Flow("grants_companies", _S, _H, "grant"),
    Flow("grants_landlords", _S, _L, "grant"),
    Flow("grant_applications_companies", _H, _W, "grant"),
    Flow("grant_applications_landlords", _L, _W, "grant"),
    Flow("coordination_companies", _H, _W, "coordination"),
    Flow("coordination_municipalities", _M, _W, "coordination"),
    Flow("coordination_county", _C, _W, "coordination"),
    Flow("coordination_state", _S, _W, "coordination"),
    Flow("dialogue", _H, _W, "participation"),
    Flow("tribunal", _H, _W, "consent"),
    Flow("image_work", _M, _W, "image work"),
    Flow("health_care", _C, _W, "health"),
    Flow("coaching", _M, _W, "training"),
    Flow("site_wages", _B, _R, "training", True),
    Flow("site_payroll_tax", _B, _S, "training", True),
    Flow("wage_subsidy", _S, _B, "training", True),
    Flow("service_wages", _S, _R, "service jobs", True),
)

INDEX = {flow.name: i for i, flow in enumerate(FLOWS)}

# Row k has -1 in the payer's column and +1 in the payee's: any amounts sum to zero over purses.
INCIDENCE = np.zeros((len(FLOWS), len(Purse)))
for _i, _flow in enumerate(FLOWS):
    INCIDENCE[_i, _flow.payer] -= 1.0
    INCIDENCE[_i, _flow.payee] += 1.0
JOB = np.array([flow.job for flow in FLOWS])
FINANCING = np.array([flow.financing for flow in FLOWS])


class Books:
    """Flows of one run, SEK (real, 2011): ``history`` has shape (quarters, kinds, municipalities + 1)."""

    def __init__(self, quarters: int, municipalities: int) -> None:
        self.history = np.zeros((quarters, len(FLOWS), municipalities + 1))
        self.quarter = 0

    def pay(self, flow: str, sek: NDArray[Any] | float, municipality: int | None = None) -> None:
        """Book a flow of this quarter: an array by municipality (with or without the rest of the county) or a sum."""
        row = self.history[self.quarter, INDEX[flow]]
        if municipality is not None:
            row[municipality] += sek
        else:
            amounts = np.asarray(sek)
            row[: len(amounts)] += amounts

    def of(self, flow: str, quarter: int | None = None) -> Floats:
        """The amounts of one kind by municipality, this quarter's by default."""
        return np.asarray(self.history[self.quarter if quarter is None else quarter, INDEX[flow]])

    def last_year(self, flow: str) -> Floats:
        """The sum of one kind over the four closed quarters before this one."""
        return np.asarray(self.history[max(self.quarter - 4, 0) : self.quarter, INDEX[flow]].sum(axis=0))

    def net(self, only: NDArray[np.bool_] | None = None) -> Floats:
        """What each purse received less what it paid this quarter, shape (purses, municipalities + 1).

        ``only`` is a mask over kinds, such as ``JOB`` or ``~FINANCING``.
        """
        weights = INCIDENCE if only is None else INCIDENCE * only[:, None]
        return np.asarray(weights.T @ self.history[self.quarter])
