"""The books: every krona has a payer and a receiver.

A kind of payment is declared once, as a member of ``Flow``, with all that there is to say about it; the amounts are
arrays by kind and municipality (the last column is the rest of the county). The sum over purses is zero by
construction; what society gains is a separate account of real resources, and each flow says where it stands in that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from sim.vocabulary import PUBLIC_PURSES, Purse
from sim.world.columns import Bools, Floats

_R, _H, _L, _M = Purse.RESIDENTS, Purse.HOUSING_COMPANIES, Purse.PRIVATE_LANDLORDS, Purse.MUNICIPALITIES
_C, _S, _B, _W = Purse.COUNTY_COUNCIL, Purse.STATE, Purse.BUILDERS, Purse.REST_OF_WORLD


class Resources(Enum):
    """Where a flow stands in the account of real resources; the value is how tables show it."""

    OUTPUT = "output"  # what work produces, at what employers pay for it
    SERVICES = "services"  # the same of service jobs, which are worth a share of it
    HOUSING = "housing"  # rent stands for what homes are worth
    COST = "cost"  # labour, materials and energy used up
    NONE = ""  # money alone changes hands


@dataclass(frozen=True, eq=False)  # rows may say the same: compared by what they say, two flows would be one
class Row:
    """A kind of payment: from whom, to whom, why; its place in the account of real resources; ``job`` where it follows
    from somebody's working or not; ``cofunding`` where a public budget pays it for collaboration (the same money is
    handed to the silos in the same-money arms); ``coordination`` where it is a cost of talking and being present."""

    payer: Purse
    payee: Purse
    cause: str
    resources: Resources
    job: bool = False
    cofunding: bool = False
    coordination: bool = False


class Flow(Enum):
    """The kinds of payment, in the order of the books' rows. Written in tables by name, in lower case: ``str(flow)``.

    ``row`` is the flow's place in arrays by kind.
    """

    WAGES = Row(_W, _R, "work", Resources.OUTPUT, job=True)
    PAYROLL_TAX = Row(_W, _S, "work", Resources.OUTPUT, job=True)
    MUNICIPAL_TAX = Row(_R, _M, "work", Resources.NONE, job=True)
    COUNTY_TAX = Row(_R, _C, "work", Resources.NONE, job=True)
    SOCIAL_ASSISTANCE = Row(_M, _R, "work", Resources.NONE, job=True)
    UNEMPLOYMENT_BENEFIT = Row(_S, _R, "work", Resources.NONE, job=True)
    ASSISTANCE_FOR_RENT = Row(_M, _R, "rent", Resources.NONE)
    HOUSING_ALLOWANCE = Row(_S, _R, "rent", Resources.NONE)
    PENSIONS = Row(_S, _R, "age", Resources.NONE)
    EQUALISATION_MUNICIPAL = Row(_M, _S, "equalisation", Resources.NONE, job=True)
    EQUALISATION_COUNTY = Row(_C, _S, "equalisation", Resources.NONE, job=True)
    RENT_COMPANIES = Row(_R, _H, "rent", Resources.HOUSING)
    RENT_LANDLORDS = Row(_R, _L, "rent", Resources.HOUSING)
    HEAT_COMPANIES = Row(_H, _W, "energy", Resources.COST)
    HEAT_LANDLORDS = Row(_L, _W, "energy", Resources.COST)
    UPKEEP_COMPANIES = Row(_H, _W, "upkeep", Resources.COST)
    UPKEEP_LANDLORDS = Row(_L, _W, "upkeep", Resources.COST)
    REPAIRS_COMPANIES = Row(_H, _B, "repairs", Resources.COST)
    REPAIRS_LANDLORDS = Row(_L, _B, "repairs", Resources.COST)
    # What owners pay for works counts where builders spend it: on crews, materials and their fees.
    WORKS_COMPANIES = Row(_H, _B, "renovation", Resources.NONE)
    WORKS_LANDLORDS = Row(_L, _B, "renovation", Resources.NONE)
    WORKS_VAT = Row(_B, _S, "renovation", Resources.NONE)
    WORKS_CREWS = Row(_B, _W, "renovation", Resources.COST)
    WORKS_MATERIALS = Row(_B, _W, "renovation", Resources.COST)
    WORKS_PAYROLL_TAX = Row(_B, _S, "renovation", Resources.COST)
    WORKS_INCOME_TAX_MUNICIPAL = Row(_W, _M, "renovation", Resources.NONE)
    WORKS_INCOME_TAX_COUNTY = Row(_W, _C, "renovation", Resources.NONE)
    CROWDED_OUT_STATE = Row(_S, _W, "crowding-out", Resources.NONE)
    CROWDED_OUT_MUNICIPAL = Row(_M, _W, "crowding-out", Resources.NONE)
    CROWDED_OUT_COUNTY = Row(_C, _W, "crowding-out", Resources.NONE)
    BIDDING = Row(_B, _W, "tender", Resources.COST)
    APPEALS = Row(_H, _W, "tender", Resources.COST)
    RECRUITMENT = Row(_B, _W, "labour shortage", Resources.COST)
    INTEREST_COMPANIES = Row(_H, _W, "loans", Resources.NONE)
    INTEREST_LANDLORDS = Row(_L, _W, "loans", Resources.NONE)
    OTHER_INVESTMENT = Row(_H, _W, "loans", Resources.NONE)
    LOANS_COMPANIES = Row(_W, _H, "loans", Resources.NONE)
    LOANS_LANDLORDS = Row(_W, _L, "loans", Resources.NONE)
    SALES = Row(_L, _H, "sale of flats", Resources.NONE)
    SIDE_PAYMENT_MUNICIPALITIES = Row(_M, _H, "side payment", Resources.NONE, cofunding=True)
    SIDE_PAYMENT_COUNTY = Row(_C, _H, "side payment", Resources.NONE, cofunding=True)
    SIDE_PAYMENT_STATE = Row(_S, _H, "side payment", Resources.NONE, cofunding=True)
    GRANTS_COMPANIES = Row(_S, _H, "grant", Resources.NONE)
    GRANTS_LANDLORDS = Row(_S, _L, "grant", Resources.NONE)
    GRANT_APPLICATIONS_COMPANIES = Row(_H, _W, "grant", Resources.COST)
    GRANT_APPLICATIONS_LANDLORDS = Row(_L, _W, "grant", Resources.COST)
    COORDINATION_COMPANIES = Row(_H, _W, "coordination", Resources.COST, coordination=True)
    COORDINATION_MUNICIPALITIES = Row(_M, _W, "coordination", Resources.COST, cofunding=True, coordination=True)
    COORDINATION_COUNTY = Row(_C, _W, "coordination", Resources.COST, cofunding=True, coordination=True)
    COORDINATION_STATE = Row(_S, _W, "coordination", Resources.COST, cofunding=True, coordination=True)
    DIALOGUE = Row(_H, _W, "participation", Resources.COST, coordination=True)
    TRIBUNAL = Row(_H, _W, "consent", Resources.COST)
    IMAGE_WORK = Row(_M, _W, "reputation work", Resources.COST, coordination=True)
    HEALTH_CARE = Row(_C, _W, "health", Resources.COST)
    COACHING = Row(_M, _W, "training", Resources.COST, cofunding=True)
    SITE_WAGES = Row(_B, _R, "training", Resources.OUTPUT, job=True)
    SITE_PAYROLL_TAX = Row(_B, _S, "training", Resources.OUTPUT, job=True)
    WAGE_SUBSIDY = Row(_S, _B, "training", Resources.NONE, job=True, cofunding=True)
    SERVICE_WAGES = Row(_S, _R, "service jobs", Resources.SERVICES, job=True)

    def __init__(self, row: Row) -> None:
        self.row = len(type(self).__members__)
        self.payer, self.payee, self.cause = row.payer, row.payee, row.cause
        self.resources, self.job = row.resources, row.job
        self.cofunding, self.coordination = row.cofunding, row.coordination

    def __str__(self) -> str:
        return self.name.lower()

    def __reduce_ex__(self, protocol: object) -> tuple[Callable[..., object], tuple[type[Flow], str]]:
        return getattr, (Flow, self.name)  # by name: another process's rows are other objects

    @property
    def financing(self) -> bool:
        """Loans, interest and a surplus invested elsewhere: left out of net present values."""
        return self.cause == "loans"


# Row k has -1 in the payer's column and +1 in the payee's: any amounts sum to zero over purses. Shape (flows, purses).
INCIDENCE: Floats = np.zeros((len(Flow), len(Purse)))
for _flow in Flow:
    INCIDENCE[_flow.row, _flow.payer] -= 1.0
    INCIDENCE[_flow.row, _flow.payee] += 1.0
# Masks over flows.
JOB: Bools = np.array([flow.job for flow in Flow])
FINANCING: Bools = np.array([flow.financing for flow in Flow])
RESOURCES: dict[Resources, Bools] = {place: np.array([flow.resources is place for flow in Flow]) for place in Resources}

# Flows that are read together, one a payer. Writers name the flow that they book.
SIDE_PAYMENTS = (Flow.SIDE_PAYMENT_MUNICIPALITIES, Flow.SIDE_PAYMENT_COUNTY, Flow.SIDE_PAYMENT_STATE)
COORDINATION_COST = tuple(flow for flow in Flow if flow.coordination)
COFUNDING = tuple(tuple(flow for flow in Flow if flow.cofunding and flow.payer is payer) for payer in PUBLIC_PURSES)


class Books:
    """Flows of one run, SEK (real, 2011): ``history`` has shape (quarters, flows, municipalities + 1)."""

    def __init__(self, quarters: int, municipalities: int) -> None:
        self.history: Floats = np.zeros((quarters, len(Flow), municipalities + 1))
        self.quarter = 0

    def pay(self, flow: Flow, sek: NDArray[np.floating | np.integer] | float, municipality: int | None = None) -> None:
        """Book a flow of this quarter: an array by municipality (with or without the rest of the county) or a sum."""
        row = self.history[self.quarter, flow.row]
        if municipality is not None:
            row[municipality] += sek
        else:
            amounts = np.asarray(sek)
            row[: len(amounts)] += amounts

    def of(self, flow: Flow, quarter: int | None = None) -> Floats:
        """The amounts of one kind by municipality (municipalities + 1,), this quarter's by default."""
        return np.asarray(self.history[self.quarter if quarter is None else quarter, flow.row])

    def last_year(self, flow: Flow) -> Floats:
        """The sum of one kind over the four closed quarters before this one, by municipality (municipalities + 1,)."""
        return np.asarray(self.history[max(self.quarter - 4, 0) : self.quarter, flow.row].sum(axis=0))

    def net(self, only: NDArray[np.bool_] | None = None) -> Floats:
        """What each purse received less what it paid this quarter, shape (purses, municipalities + 1).

        ``only`` is a mask over flows, such as ``JOB`` or ``~FINANCING``.
        """
        weights = INCIDENCE if only is None else INCIDENCE * only[:, None]
        return np.asarray(weights.T @ self.history[self.quarter])

    def real_resources(self, service_value: float, leisure_value: float) -> float:
        """Output less labour, materials and energy this quarter, SEK; rent stands for what homes are worth.

        Never the sum of purses: money that only changes hands is nowhere in it. ``service_value`` is what service jobs
        produce over what they are paid, ``leisure_value`` what people lose by working over what they are paid.
        """
        sums = self.history[self.quarter].sum(axis=1)
        output, services, housing, cost = (
            float(sums[RESOURCES[place]].sum())
            for place in (Resources.OUTPUT, Resources.SERVICES, Resources.HOUSING, Resources.COST)
        )
        return (output + services * service_value) * (1.0 - leisure_value) + housing - cost
