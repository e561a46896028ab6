"""The books: every krona has a payer and a receiver.

A kind of payment is declared once, as a member of ``Flow``, with all that there is to say about it; the amounts are
arrays by kind and municipality (the last column is the rest of the county). The sum over purses is zero by
construction. What society gains is another account (``sim/recording/society.py``): each flow that crosses society's
border, to or from the rest of the world, says which real use stands behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel
from sim.vocabulary import PUBLIC_PURSES, Purse
from sim.world.columns import Bools, Floats, Ints

_R, _H, _L, _M = Purse.RESIDENTS, Purse.HOUSING_COMPANIES, Purse.PRIVATE_LANDLORDS, Purse.MUNICIPALITIES
_C, _S, _B, _W = Purse.COUNTY_COUNCIL, Purse.STATE, Purse.BUILDERS, Purse.REST_OF_WORLD


class Use(Enum):
    """What stands behind money that crosses society's border; the value is how tables show it. Income is positive."""

    WORK = "product of work"  # what ordinary employers, and firms with trainees, get for the cost of labour
    HEAT = "heat"
    UPKEEP = "upkeep"
    HANDS = "crews"  # the pay of building crews, net of the tax on it
    MATERIALS = "materials"
    DISPLACED = "building displaced"  # what others would have built with the same hands, worth its price to them
    CARE = "health care"
    EFFORT = "tenders, talks and coaching"
    REHOUSING = "homes during works"  # and moving there and back
    FINANCE = "loans"  # left out of every account: a loan is no gain
    INSIDE = ""  # both ends inside society: money changes hands, nothing is used


@dataclass(frozen=True, eq=False)  # rows may say the same: compared by what they say, two flows would be one
class Row:
    """A kind of payment: from whom, to whom, why; the real use behind it; ``job`` where it follows from somebody's
    working or not; ``pay`` where it is pay for work done by persons (for which they give time); ``cofunding`` where a
    public budget pays it for collaboration (the same money is handed to the silos in the same-money arms);
    ``coordination`` where it is a cost of talking and being present, which buys nothing that silos could use."""

    payer: Purse
    payee: Purse
    cause: str
    use: Use
    job: bool = False
    pay: bool = False
    cofunding: bool = False
    coordination: bool = False


class Flow(Enum):
    """The kinds of payment, in the order of the books' rows. Written in tables by name, in lower case: ``str(flow)``.

    ``row`` is the flow's place in arrays by kind.
    """

    WAGES = Row(_W, _R, "work", Use.WORK, job=True, pay=True)
    PAYROLL_TAX = Row(_W, _S, "work", Use.WORK, job=True)
    MUNICIPAL_TAX = Row(_R, _M, "work", Use.INSIDE, job=True)
    COUNTY_TAX = Row(_R, _C, "work", Use.INSIDE, job=True)
    SOCIAL_ASSISTANCE = Row(_M, _R, "work", Use.INSIDE, job=True)
    UNEMPLOYMENT_BENEFIT = Row(_S, _R, "work", Use.INSIDE, job=True)
    ASSISTANCE_FOR_RENT = Row(_M, _R, "rent", Use.INSIDE)
    HOUSING_ALLOWANCE = Row(_S, _R, "rent", Use.INSIDE)
    PENSIONS = Row(_S, _R, "age", Use.INSIDE)
    EQUALISATION_MUNICIPAL = Row(_M, _S, "equalisation", Use.INSIDE, job=True)
    EQUALISATION_COUNTY = Row(_C, _S, "equalisation", Use.INSIDE, job=True)
    RENT_COMPANIES = Row(_R, _H, "rent", Use.INSIDE)
    RENT_LANDLORDS = Row(_R, _L, "rent", Use.INSIDE)
    HEAT_COMPANIES = Row(_H, _W, "energy", Use.HEAT)
    HEAT_LANDLORDS = Row(_L, _W, "energy", Use.HEAT)
    UPKEEP_COMPANIES = Row(_H, _W, "upkeep", Use.UPKEEP)
    UPKEEP_LANDLORDS = Row(_L, _W, "upkeep", Use.UPKEEP)
    REPAIRS_COMPANIES = Row(_H, _B, "repairs", Use.INSIDE)
    REPAIRS_LANDLORDS = Row(_L, _B, "repairs", Use.INSIDE)
    # Heat, upkeep and repairs are paid with value-added tax, and it goes to the state.
    HEAT_TAX_COMPANIES = Row(_H, _S, "energy", Use.INSIDE)
    HEAT_TAX_LANDLORDS = Row(_L, _S, "energy", Use.INSIDE)
    UPKEEP_TAX_COMPANIES = Row(_H, _S, "upkeep", Use.INSIDE)
    UPKEEP_TAX_LANDLORDS = Row(_L, _S, "upkeep", Use.INSIDE)
    PROPERTY_FEE_COMPANIES = Row(_H, _M, "property fee", Use.INSIDE)
    PROPERTY_FEE_LANDLORDS = Row(_L, _M, "property fee", Use.INSIDE)
    # What owners pay builders counts where builders spend it: on crews, materials and taxes.
    WORKS_COMPANIES = Row(_H, _B, "renovation", Use.INSIDE)
    WORKS_LANDLORDS = Row(_L, _B, "renovation", Use.INSIDE)
    WORKS_VAT = Row(_B, _S, "renovation", Use.INSIDE)
    WORKS_CREWS = Row(_B, _W, "renovation", Use.HANDS)
    WORKS_MATERIALS = Row(_B, _W, "renovation", Use.MATERIALS)
    WORKS_PAYROLL_TAX = Row(_B, _S, "renovation", Use.INSIDE)
    WORKS_INCOME_TAX_MUNICIPAL = Row(_W, _M, "renovation", Use.HANDS)
    WORKS_INCOME_TAX_COUNTY = Row(_W, _C, "renovation", Use.HANDS)
    CROWDED_OUT_STATE = Row(_S, _W, "crowding-out", Use.DISPLACED)
    CROWDED_OUT_MUNICIPAL = Row(_M, _W, "crowding-out", Use.DISPLACED)
    CROWDED_OUT_COUNTY = Row(_C, _W, "crowding-out", Use.DISPLACED)
    CROWDED_OUT_BUILDERS = Row(_B, _W, "crowding-out", Use.DISPLACED)
    BIDDING = Row(_B, _W, "tender", Use.EFFORT)
    APPEALS = Row(_H, _W, "tender", Use.EFFORT)
    RECRUITMENT = Row(_B, _W, "labour shortage", Use.EFFORT)
    INTEREST_COMPANIES = Row(_H, _W, "loans", Use.FINANCE)
    INTEREST_LANDLORDS = Row(_L, _W, "loans", Use.FINANCE)
    OTHER_INVESTMENT = Row(_H, _W, "loans", Use.FINANCE)
    LOANS_COMPANIES = Row(_W, _H, "loans", Use.FINANCE)
    LOANS_LANDLORDS = Row(_W, _L, "loans", Use.FINANCE)
    SALES = Row(_L, _H, "sale of flats", Use.INSIDE)
    SIDE_PAYMENT_MUNICIPALITIES = Row(_M, _H, "side payment", Use.INSIDE, cofunding=True)
    SIDE_PAYMENT_COUNTY = Row(_C, _H, "side payment", Use.INSIDE, cofunding=True)
    SIDE_PAYMENT_STATE = Row(_S, _H, "side payment", Use.INSIDE, cofunding=True)
    GRANTS_COMPANIES = Row(_S, _H, "grant", Use.INSIDE)
    GRANTS_LANDLORDS = Row(_S, _L, "grant", Use.INSIDE)
    GRANT_APPLICATIONS_COMPANIES = Row(_H, _W, "grant", Use.EFFORT)
    GRANT_APPLICATIONS_LANDLORDS = Row(_L, _W, "grant", Use.EFFORT)
    COORDINATION_COMPANIES = Row(_H, _W, "coordination", Use.EFFORT, coordination=True)
    COORDINATION_MUNICIPALITIES = Row(_M, _W, "coordination", Use.EFFORT, coordination=True)
    COORDINATION_COUNTY = Row(_C, _W, "coordination", Use.EFFORT, coordination=True)
    COORDINATION_STATE = Row(_S, _W, "coordination", Use.EFFORT, coordination=True)
    DIALOGUE = Row(_H, _W, "participation", Use.EFFORT, coordination=True)
    TRIBUNAL = Row(_H, _W, "consent", Use.EFFORT)
    IMAGE_WORK = Row(_M, _W, "reputation work", Use.EFFORT, coordination=True)
    HEALTH_CARE = Row(_C, _W, "health", Use.CARE)
    COACHING = Row(_M, _W, "training", Use.EFFORT, cofunding=True)
    SITE_WAGES = Row(_B, _R, "training", Use.INSIDE, job=True, pay=True)
    SITE_PAYROLL_TAX = Row(_B, _S, "training", Use.INSIDE, job=True)
    # What apprentices and subsidised hires produce: work that their firm need not buy, or sells.
    TRAINEE_WORK = Row(_W, _B, "training", Use.WORK, job=True)
    WAGE_SUBSIDY = Row(_S, _B, "training", Use.INSIDE, job=True, cofunding=True)
    SERVICE_WAGES = Row(_S, _R, "service jobs", Use.INSIDE, job=True, pay=True)
    DIVIDENDS = Row(_H, _M, "surplus", Use.INSIDE)
    FRAMEWORK_DESIGN = Row(_H, _W, "tender", Use.EFFORT)
    OWNER_INJECTIONS = Row(_M, _H, "owner's injection", Use.INSIDE)
    # Loans that lenders write off, which the owner thereby pays back.
    LENDERS_LOSS_COMPANIES = Row(_W, _H, "loans", Use.FINANCE)
    LENDERS_LOSS_LANDLORDS = Row(_W, _L, "loans", Use.FINANCE)
    PLACE_ADMINISTRATION = Row(_B, _W, "training", Use.EFFORT)  # the builder's part of what a place costs to run
    # Beside the price of heat. What carbon dioxide does is counted by ``co2_price`` and not once more here.
    CARBON_LEVY_COMPANIES = Row(_H, _S, "energy", Use.INSIDE)
    CARBON_LEVY_LANDLORDS = Row(_L, _S, "energy", Use.INSIDE)
    # Hosts and caretakers on site: a service that silos could buy as well, so no cost of coordination.
    PRESENCE_COMPANIES = Row(_H, _W, "local presence", Use.EFFORT)
    PRESENCE_LANDLORDS = Row(_L, _W, "local presence", Use.EFFORT)
    PRESENCE_MUNICIPALITIES = Row(_M, _W, "local presence", Use.EFFORT)
    # Tenants whom an owner houses elsewhere go on paying it their rent: their other homes are its cost.
    REHOUSING_COMPANIES = Row(_H, _W, "rehousing", Use.REHOUSING)
    REHOUSING_LANDLORDS = Row(_L, _W, "rehousing", Use.REHOUSING)

    def __init__(self, row: Row) -> None:
        self.row = len(type(self).__members__)
        self.payer, self.payee, self.cause = row.payer, row.payee, row.cause
        self.use, self.job, self.pay = row.use, row.job, row.pay
        self.cofunding, self.coordination = row.cofunding, row.coordination

    def __str__(self) -> str:
        return self.name.lower()

    def __reduce_ex__(self, protocol: object) -> tuple[Callable[..., object], tuple[type[Flow], str]]:
        return getattr, (Flow, self.name)  # by name: another process's rows are other objects

    @property
    def financing(self) -> bool:
        """Loans, interest and a surplus invested elsewhere: left out of net present values."""
        return self.use is Use.FINANCE


# Row k has -1 in the payer's column and +1 in the payee's: any amounts sum to zero over purses. Shape (flows, purses).
INCIDENCE: Floats = np.zeros((len(Flow), len(Purse)))
for _flow in Flow:
    INCIDENCE[_flow.row, _flow.payer] -= 1.0
    INCIDENCE[_flow.row, _flow.payee] += 1.0
# Masks over flows.
JOB: Bools = np.array([flow.job for flow in Flow])
FINANCING: Bools = np.array([flow.financing for flow in Flow])
PAY: Bools = np.array([flow.pay for flow in Flow])
USES: dict[Use, Bools] = {use: np.array([flow.use is use for flow in Flow]) for use in Use}

# Flows that are read together, one a payer. Writers name the flow that they book.
SIDE_PAYMENTS = (Flow.SIDE_PAYMENT_MUNICIPALITIES, Flow.SIDE_PAYMENT_COUNTY, Flow.SIDE_PAYMENT_STATE)
COORDINATION_COST = tuple(flow for flow in Flow if flow.coordination)
TALKS = tuple(flow for flow in Flow if flow.cause == "coordination")  # negotiating and secretariats, nothing else
COFUNDING = tuple(tuple(flow for flow in Flow if flow.cofunding and flow.payer is payer) for payer in PUBLIC_PURSES)


def rows_of(*flows: Flow) -> Ints:
    """Where these stand in arrays by kind."""
    return np.array([flow.row for flow in flows], dtype=np.int64)


class Together(NamedTuple):
    """Kinds of payment that are added up: ``rows`` of one group after another, ``ends`` where each group ends."""

    rows: Ints
    ends: Ints

    @classmethod
    def of(cls, *groups: Sequence[Flow]) -> Together:
        """Of groups of one kind or more."""
        rows = rows_of(*(flow for group in groups for flow in group))
        return cls(rows, np.cumsum([len(group) for group in groups]).astype(np.int64))


class Books:
    """Flows of one run, SEK (real, 2011): ``history`` has shape (quarters, flows, municipalities + 1).

    ``at`` is what of them has a known place, (quarters, flows, neighbourhoods); ``towns`` is each neighbourhood's
    municipality. The rest is placed by rule when somebody asks (``sim/world/placing.py``).
    """

    def __init__(self, quarters: int, municipalities: int, towns: Sequence[int] | Ints = ()) -> None:
        self.history: Floats = np.zeros((quarters, len(Flow), municipalities + 1))
        self.towns: Ints = np.array(towns, dtype=np.int64)
        self.at: Floats = np.zeros((quarters, len(Flow), len(self.towns)))
        self.quarter = 0

    def clear(self) -> None:
        """Nothing has been paid."""
        self.history[:] = 0.0
        self.at[:] = 0.0

    def pay(self, flow: Flow, sek: NDArray[np.floating | np.integer] | float, municipality: int | None = None) -> None:
        """Book a flow of this quarter: an array by municipality (with or without the rest of the county) or a sum."""
        row = self.history[self.quarter, flow.row]
        if municipality is not None:
            row[municipality] += sek
        else:
            amounts = np.asarray(sek)
            row[: len(amounts)] += amounts

    def pay_all(self, rows: Ints, sek: Floats) -> None:
        """Book several flows of this quarter, of which one may come twice: amounts by municipality (flows, m)."""
        _book(self.history[self.quarter], rows, sek)

    def pay_in(self, rows: Ints, sek: Floats, municipality: int) -> None:
        """Book sums of this quarter in one municipality, each of another flow (flows,)."""
        self.history[self.quarter, rows, municipality] += sek

    def pay_each(self, flow: Flow, sek: Floats, municipalities: Ints) -> None:
        """Book sums of this quarter one after another, each in its municipality; these may come more than once."""
        np.add.at(self.history[self.quarter, flow.row], municipalities, sek)

    def pay_at(self, flow: Flow, sek: NDArray[np.floating | np.integer]) -> None:
        """Book a flow of this quarter by the neighbourhoods that it belongs to (k,)."""
        self.note_at(flow, sek)
        row = self.history[self.quarter, flow.row]
        row[:-1] += np.bincount(self.towns, sek, minlength=len(row) - 1)

    def pay_all_at(self, rows: Ints, sek: Floats) -> None:
        """Book several flows of this quarter, each by the neighbourhoods that it belongs to (flows, k)."""
        _book_at(self.history[self.quarter], self.at[self.quarter], self.towns, rows, sek)

    def pay_all_by_owner(self, rows: Ints, sek: Floats, cells: Ints) -> None:
        """Book several pairs of flows of this quarter, of housing companies and of landlords in turn (2 pairs,).

        sek : what each building's owner gets or pays (pairs, b). cells : each building's neighbourhood, + k where the
        owner is private (b,).
        """
        sums = np.zeros((len(rows), len(self.towns)))
        _add_up(sums.reshape(len(sek), -1), sek, cells)
        self.pay_all_at(rows, sums)

    def note_at(self, flow: Flow, sek: NDArray[np.floating | np.integer]) -> None:
        """What is booked by municipality belongs to these neighbourhoods, SEK (k,)."""
        self.at[self.quarter, flow.row] += sek

    def of(self, flow: Flow, quarter: int | None = None) -> Floats:
        """The amounts of one kind by municipality (municipalities + 1,), this quarter's by default."""
        return np.asarray(self.history[self.quarter if quarter is None else quarter, flow.row])

    def sums(self, rows: Ints) -> list[float]:
        """What was booked of these kinds this quarter, everywhere (flows,)."""
        found: list[float] = self.history[self.quarter, rows].sum(axis=1).tolist()
        return found

    def added_up(self, together: Together) -> Floats:
        """Sums over each group of kinds this quarter, by municipality (groups, municipalities + 1)."""
        page = self.history[self.quarter]
        found = np.empty((len(together.ends), page.shape[1]))
        _add_groups(found, page, together.rows, together.ends)
        return found

    def last_year(self, flow: Flow) -> Floats:
        """The sum of one kind over the four closed quarters before this one, by municipality (municipalities + 1,)."""
        return np.asarray(self.history[max(self.quarter - 4, 0) : self.quarter, flow.row].sum(axis=0))

    def net(self, only: NDArray[np.bool_] | None = None) -> Floats:
        """What each purse received less what it paid this quarter, shape (purses, municipalities + 1).

        ``only`` is a mask over flows, such as ``JOB`` or ``~FINANCING``.
        """
        return self.net_by(INCIDENCE if only is None else INCIDENCE * only[:, None])

    def net_by(self, weights: Floats) -> Floats:
        """The same by what each purse receives of a flow, as in ``INCIDENCE`` (flows, purses): made once by those who
        ask in every quarter."""
        return np.asarray(weights.T @ self.history[self.quarter])


@kernel
def _book(page: Floats, rows: Ints, sek: Floats) -> None:
    """Add amounts (flows, m) to a quarter's page, flow by flow."""
    for i in range(len(rows)):
        for m in range(sek.shape[1]):
            page[rows[i], m] += sek[i, m]


@kernel
def _add_groups(found: Floats, page: Floats, rows: Ints, ends: Ints) -> None:
    """Rows of a quarter's page, added up one after another in each group (groups, m)."""
    first = 0
    for i in range(len(ends)):
        for m in range(page.shape[1]):
            added = page[rows[first], m]
            for at in range(first + 1, ends[i]):
                added += page[rows[at], m]
            found[i, m] = added
        first = ends[i]


@kernel
def _book_at(page: Floats, places: Floats, towns: Ints, rows: Ints, sek: Floats) -> None:
    """Add amounts (flows, k) to a quarter's pages by municipality and by neighbourhood."""
    here = np.empty(page.shape[1])
    for i in range(len(rows)):
        here[:] = 0.0
        for k in range(len(towns)):
            places[rows[i], k] += sek[i, k]
            here[towns[k]] += sek[i, k]
        for m in range(len(here)):
            page[rows[i], m] += here[m]


@kernel
def _add_up(sums: Floats, sek: Floats, cells: Ints) -> None:
    """Add amounts of buildings (flows, b) to the sums of their cells (flows, 2 k)."""
    for i in range(len(sek)):
        for b in range(len(cells)):
            sums[i, cells[b]] += sek[i, b]
