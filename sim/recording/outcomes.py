"""What is recorded each quarter, with units and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.vocabulary import PUBLIC_PURSES, Purse

Level = Literal["all", "municipality", "region"]

LARGEST = 1e30  # of any amount: what is larger can only have been divided by next to nothing
_MORE = (0.0, LARGEST)

_NO_TALKS = "partners looked at no due flats"
_NOBODY = "nobody lives there"
_NOBODY_LEFT = "nobody moved out"
_NO_FORCE = "nobody of working age lives there"


@dataclass(frozen=True)
class Outcome:
    """One recorded quantity; ``level`` is the finest area it exists for, ``better`` +1 where more is better, 0 where open.

    missing: when there is no such number although the area has the outcome; empty where there always is one. within: the
    least and the most that it can be, where its unit does not say so. yearly: counted in the last quarter of a year alone.
    """

    name: str
    unit: str
    label: str
    meaning: str
    level: Level = "all"
    headline: bool = False
    better: int = 0
    missing: str = ""
    within: tuple[float, float] | None = None
    yearly: bool = False

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the most that it can be, in its unit."""
        if self.within is not None:
            return self.within
        if self.unit in ("SEK/quarter", "SEK"):
            return -LARGEST, LARGEST
        return 0.0, 1.0 if self.unit == "0-1" or self.unit.startswith("share") else LARGEST

    @property
    def expected(self) -> str:
        """The same in words, for an error."""
        low, high = self.limits
        if low <= -LARGEST:
            return f"a number ({self.unit})"
        return f"0 or more ({self.unit})" if high >= LARGEST else f"{low:g} to {high:g} ({self.unit})"


def purse_name(purse: Purse) -> str:
    """A purse in words."""
    return purse.name.lower().replace("_", " ")


_HOMES = (
    Outcome("flats", "flats", "Flats", "rental flats in the model"),
    Outcome("renovated_share", "share of flats", "Renovated so far", "flats in buildings renovated since the start", headline=True, better=1),
    Outcome("renovated_mini", "share of flats", "Renovated to the basic standard", "flats whose latest renovation was basic (mini): what must be done"),
    Outcome("renovated_midi", "share of flats", "Renovated to the intermediate standard", "flats whose latest renovation was intermediate (midi): also kitchens, lifts"),
    Outcome("renovated_maxi", "share of flats", "Renovated to the full standard", "flats whose latest renovation was full (maxi): as new"),
    Outcome("energy_none", "share of flats", "Renovated without energy measures", "renovated flats without energy measures"),
    Outcome("energy_medium", "share of flats", "Renovated with medium energy measures", "ventilation, windows, controls: 30-45 % less heat", headline=True),
    Outcome("energy_deep", "share of flats", "Renovated with deep energy measures", "envelope and heat recovery too: 50-68 % less heat"),
    Outcome("need_share", "share of flats", "In need of renovation", "flats in worn buildings not yet renovated", headline=True, better=-1),
    Outcome("upgraded_share", "share of flats", "Renewed singly at turnover", "flats that a private landlord renewed between two tenants"),
    Outcome("municipal_share", "share of flats", "Owned by housing companies", "flats of municipal housing companies; the rest is private"),
    Outcome("sold_flats", "flats", "Flats sold", "flats that changed owner this quarter"),
    Outcome("condition", "0-1", "Technical condition", "mean over flats; 1 as new"),
    Outcome("energy_use", "kWh/m2.year", "Energy use", "heat and hot water, mean over flats", headline=True, better=-1),
    Outcome("energy_gwh", "GWh/year", "Energy use in all", "heat and hot water of all flats"),
    Outcome("co2_tonnes", "tonnes/year", "Carbon dioxide from heat", "at the district heating mix of the parameter co2_per_kwh", better=-1),
    Outcome("rent", "SEK/m2.year", "Rent", "mean rent including heat", headline=True, better=-1),
    Outcome("rent_burden", "share of income", "Rent burden", "rent over disposable income, mean over households", headline=True, better=-1, missing=_NOBODY),
    Outcome("empty_share", "share of flats", "Empty flats", "flats in which nobody lives"),
    Outcome("voids", "SEK/quarter", "Rent not received", "rent of the flats in which nobody lives, which nobody pays", better=-1, within=_MORE),
    Outcome("planned_flats", "flats/year", "Planned by programmes", "flats that owners' programmes are to begin this year, those told before included"),
    Outcome("begun_flats", "flats/year", "Begun by programmes", "flats of owners with a programme that went on site this quarter, at a yearly rate"),
)  # fmt: skip
_PEOPLE = (
    Outcome("employment", "share of 20-64", "Employment of residents", "main earners of working age who live here and work", headline=True, better=1, missing=_NO_FORCE),
    Outcome("employment_started_here", "share of 20-64", "Employment of the starting cohort", "those who lived here at the start, wherever they are now", headline=True, better=1, missing="nobody of them is of working age any more"),
    Outcome("work_years_started_here", "years/person", "Years of work so far, people of the start", "of those of working age at the start, wherever they live now, in all since then", headline=True, better=1, missing="nobody was of working age at the start"),
    Outcome("work_years_placed", "years/person", "Years of work, those who took a place", "the same of those of them who have had a training place", better=1, missing="none of them has had a training place"),
    Outcome("work_years_not_placed", "years/person", "Years of work, those who took none", "the same of the others", better=1, missing="all of them have had a training place"),
    Outcome("arrivals", "persons", "Newcomers to Sweden moving in", "main earners who came to Sweden this quarter and moved in"),
    Outcome("first_jobs", "persons", "Newcomers' first jobs", "newcomers who found their first job in Sweden this quarter, training places that are jobs among them", better=1),
    Outcome("arrival_years", "years", "From arrival to first job", "mean of newcomers who found their first job this quarter", missing="no newcomer found a first job"),
    Outcome("moves", "share/year", "Moves out", "households leaving, at a yearly rate", missing=_NOBODY, within=_MORE),
    Outcome("moves_caused", "share/year", "Moves caused by renovation", "moves that renovation or its rent rise brought about, at a yearly rate", headline=True, better=-1, missing=_NOBODY, within=_MORE),
    Outcome("rehoused", "households", "Housed elsewhere during works", "by their owners, at the end of the quarter"),
    Outcome("not_back", "households", "Rehoused and not back", "households housed elsewhere during works that do not come back, this quarter"),
    Outcome("moves_within", "share", "Moves within the region's estates", "of households that moved out, those that moved into another flat of the model", missing=_NOBODY_LEFT),
    *(
        Outcome(f"destination_{what}{suffix}", unit, f"{label}{of}", f"{meaning}; mean of households that moved out{whom} this quarter", missing=_NOBODY_LEFT, within=within)
        for what, unit, label, meaning, within in (
            ("income_gap", "share", "Income where movers go", "mean income of households where they go over that of the neighbourhood that they leave, minus 1", (-1.0, LARGEST)),
            ("km", "km", "Distance of moves", "as the crow flies where the region has a map, else by municipality", _MORE),
        )
        for suffix, of, whom in (
            ("", "", ""),
            ("_renovated", ", from renovated buildings", " of buildings under renovation or just renovated"),
            ("_other", ", from other buildings", " of other buildings"),
        )
    ),
    Outcome("in_mover_employment", "share", "Employment of in-movers", "main earners moving in who work", missing="nobody moved in"),
    Outcome("out_mover_employment", "share", "Employment of out-movers", "main earners of working age moving out who work", missing="nobody of working age moved out"),
    Outcome("second_earners", "share of households", "Second earners at work", "households with a second earner at work", "region"),
    Outcome("satisfaction", "0-1", "Satisfaction, lived", "mean over households", headline=True, better=1, missing=_NOBODY),
    Outcome("reputation", "0-1", "Reputation, outside", "what outsiders believe", headline=True, better=1),
    Outcome("calm", "0-1", "Calm", "how safe places are, mean over flats; 1 = as safe as elsewhere in the county", better=1),
    Outcome("health", "0-1", "Health", "mean over households", better=1, missing=_NOBODY),
    Outcome("placements", "places", "Training places filled", "new placements, hires and apprenticeships this quarter"),
    Outcome("newcomer_places", "places", "Training places for newcomers", "filled this quarter by people who came to Sweden as adults and had never worked here"),
    Outcome("apprentices", "persons", "Apprentices", "at the end of the quarter"),
    Outcome("graduates", "persons", "Graduates", "apprentices certified this quarter"),
    Outcome("dropouts", "persons", "Drop-outs", "apprentices who gave up this quarter"),
    Outcome("stranded", "persons", "Stranded trainees", "trainees whose firm ran out of work and whom no other site took over, this quarter; apprentices among them wait"),
    Outcome("places_unfilled", "places", "Training places not filled", "places that fell due this quarter for want of suitable people or of crews to show them", within=_MORE),
    Outcome("service_jobs", "persons", "Service jobs started", "transfers turned into wages, this quarter"),
    Outcome("programme_jobs", "persons", "At work through the programme", "in hires, apprenticeships, service jobs and jobs after a place", headline=True, better=1),
)  # fmt: skip
_YEARLY = "it is not the last quarter of a year"
_ONCE = f"{_YEARLY}, or no such household lives there"
_WHO = {
    "low": ("lowest incomes", "whose income was in the lowest third of the start's when they came"),
    "middle": ("middle incomes", "whose income was in the middle third of the start's when they came"),
    "high": ("highest incomes", "whose income was in the highest third of the start's when they came"),
    "single": ("one person", "of one person"),
    "pair": ("two persons", "of two persons"),
    "family": ("three and more", "of three persons or more"),
}
_WHOM = tuple(
    outcome
    for who, (words, whose) in _WHO.items()
    for outcome in (
        Outcome(f"rent_burden_{who}", "share of income", f"Rent burden, {words}", f"rent over disposable income, mean over households {whose}", better=-1, missing=_ONCE, yearly=True),
        Outcome(f"home_worth_{who}", "SEK/month", f"Home beyond its rent, {words}", f"what homes are worth beyond their rent, against unrenovated ones in good repair at the plain rent, mean over households {whose}", better=1, missing=_ONCE, yearly=True, within=(-LARGEST, LARGEST)),
        Outcome(f"work_years_{who}", "years", f"Years of work, {words}", f"worked since the start by main earners of working age then, wherever they live: mean over households {whose}", better=1, missing=_ONCE, yearly=True),
        Outcome(f"moves_{who}", "households", f"Moves out, {words}", f"households {whose}, this quarter"),
        Outcome(f"displaced_{who}", "households", f"Displaced, {words}", f"moves caused, households {whose}, this quarter"),
    )
)  # fmt: skip
_MUNICIPAL = (
    Outcome("commitment", "0-1", "Takes part in joint rounds", "1 if the municipality is in the compact this year", "municipality"),
    Outcome("members", "municipalities", "Members of the compact", "municipalities in a compact that acts", "region", missing="municipalities do not decide about a compact"),
    Outcome("trust", "0-1", "Trust in the compact", "of the municipality; mean for the region", "municipality"),
    Outcome("confidence", "0-1", "Confidence in forecast gains", "mean over kinds of gain and payers", "municipality"),
    Outcome("loan_to_value", "share", "Loan to value", "of the housing company", "municipality", within=_MORE),
    Outcome("dividends", "SEK/quarter", "Dividends", "what housing companies pay their municipalities, in the last quarter of a year", "municipality", within=_MORE),
    Outcome("owner_injections", "SEK/quarter", "Owners' injections", "what municipalities put into their companies", "municipality", within=_MORE),
    Outcome("lenders_loss", "SEK/quarter", "Lenders' losses", "loans of housing companies and private landlords that lenders write off", "municipality", better=-1, within=_MORE),
    Outcome("assistance", "SEK/quarter", "Social assistance", "paid to households in the estates", "municipality", better=-1, within=_MORE),
    Outcome("allowance", "SEK/quarter", "Housing allowance", "paid to households in the estates", "municipality", within=_MORE),
    Outcome("side_payments", "SEK/quarter", "Side payments", "what other budgets paid into housing companies' projects", "municipality", within=_MORE),
    Outcome("cofunding", "SEK/quarter", "Public money for collaborating", "side payments, coaching, wage subsidies, reputation work; not talks and secretariats", "municipality"),
    Outcome("talks_cost", "SEK/quarter", "Cost of talks", "negotiating and secretariats, whoever pays: overhead of collaborating", "municipality", better=-1, within=_MORE),
    Outcome("coordination_cost", "SEK/quarter", "Cost of coordination", "negotiation, dialogue, compact staff, reputation work", "municipality", better=-1, within=_MORE),
)  # fmt: skip
_DEALS = (
    Outcome("deal_flats", "share of flats", "Paid for by partners", "of due company flats that partners looked at this year, those whose works they pay for", "region", missing=_NO_TALKS),
    Outcome("deal_short", "SEK/flat", "Best deal falls short by", "what the owner lacks beyond all offers, present value to it, where there is no deal", "region", missing=_NO_TALKS),
    Outcome("deal_not_lawful", "SEK/flat", "Short: not lawful", "the part that payers gain and may not pay", "region", missing=_NO_TALKS),
    Outcome("deal_no_budget", "SEK/flat", "Short: no budget", "the part that budgets of the year do not bear", "region", missing=_NO_TALKS),
    Outcome("deal_not_worth_it", "SEK/flat", "Short: not worth it", "the part that all believed gains together do not cover", "region", missing=_NO_TALKS),
    Outcome("deal_offered", "SEK/flat", "Offered for the best deal", "what payers may give for it, present value to the owner, where there is no deal", "region", missing=_NO_TALKS),
    Outcome("deep_short", "SEK/flat", "Deep energy falls short by", "the same for the best option with deep energy measures", "region", missing=_NO_TALKS),
    Outcome("deep_offered", "SEK/flat", "Offered for deep energy", "what payers may give for it, present value to the owner", "region", missing=_NO_TALKS),
)  # fmt: skip
_GRANTS = (
    Outcome("grants_applied", "SEK/quarter", "Grants applied for", "by all owners", "region", within=_MORE),
    Outcome("grants_granted", "SEK/quarter", "Grants promised", "by the state, out of the year's money", "region", within=_MORE),
    Outcome("grants_paid", "SEK/quarter", "Grants paid", "when works are finished", "region", within=_MORE),
    Outcome("grants_lapsed", "SEK/quarter", "Grants lapsed", "promised, and given back: nothing was begun in time, or less was built", "region", within=_MORE),
    Outcome("grants_unspent", "SEK/quarter", "Grant money unspent", "of the year, promised to nobody and lost to the programme; in the last quarter", "region", within=_MORE),
    Outcome("grants_carried", "SEK/quarter", "Grant money carried over", "of the year, promised to nobody and there in the next; in the last quarter", "region", within=_MORE),
    Outcome("grants_anyway", "SEK/quarter", "Grants for what would be built anyway", "deadweight: for works that go on site this quarter and that their owners would have chosen without", "region", within=_MORE),
    Outcome("grants_work", "SEK/quarter", "Work of applying for grants", "of all owners, granted or not", "region", within=_MORE),
    Outcome("grant_chance", "0-1", "Believed chance of a grant", "mean over owners", "region"),
)  # fmt: skip
_MARKET = (
    Outcome("loan_to_value_private", "share", "Loan to value, private landlords", "debt over market value of all private landlords", "region", missing="no flat is private", within=_MORE),
    Outcome("price_index", "1 = start", "Construction price", "real price of the latest awards against the reference at the start", "region", True, -1),
    Outcome("bids_per_tender", "bids", "Bids per tender", "mean of this quarter's tenders", "region", True, missing="there was no tender"),
    Outcome("single_bid_share", "share", "Tenders with one bid", "of this quarter's tenders", "region", missing="there was no tender"),
    Outcome("small_firm_share", "share", "Won by small firms", "of the value of this quarter's awards", "region", missing="nothing was awarded"),
    Outcome("tenders", "tenders", "Tenders", "this quarter", "region"),
    Outcome("delay", "quarters", "Delay", "of buildings finished this quarter, against the contract", "region", better=-1, missing="nothing was finished"),
    Outcome("write_down", "share of cost", "Written down at completion", "of the cost of buildings finished this quarter: what their market value does not give back", "region", missing="nothing was finished"),
    Outcome("utilisation", "share", "Builders' utilisation", "workers at work over workers", "region", within=_MORE),
    Outcome("skilled_workforce", "persons", "Skilled workers of the builders", "in firms that renovate the estates", "region"),
    Outcome("shortage", "share of firms", "Shortage of skilled hands", "share of building firms that cannot hire enough", "region"),
    Outcome("construction_cycle", "1 = normal", "Other construction", "demand relative to normal times", "region"),
    Outcome("heat_price", "SEK/kWh", "Heat price", "district heating including value-added tax", "region"),
    Outcome("interest", "share/year", "Real interest", "before the owners' margin", "region", within=_MORE),
    Outcome("vacancies", "1 = start", "Vacancies in the county", "relative to the start", "region"),
    Outcome("home_worth_better", "SEK/month", "Worth of a better home", "what those who live in flats above basic standard would pay for it, mean", "region", missing="no flat has a better standard"),
    Outcome("society", "SEK/quarter", "Society", "what all persons, owners, builders and public budgets gain together, without what is left at the end", "region", True, 1),
    Outcome("society_people", "SEK/quarter", "Society: persons", "money, homes, calm and time of all persons, people elsewhere in the county included", "region", better=1),
    Outcome("society_people_cash", "SEK/quarter", "Society: persons, money", "pay and support minus taxes and rent", "region", better=1),
    Outcome("society_people_homes", "SEK/quarter", "Society: persons, homes", "what homes are worth to those who live in them, net of the homes that they left", "region", better=1),
    Outcome("society_people_calm", "SEK/quarter", "Society: persons, calm", "disturbance by renovation, the cost of moving, and what insecurity is worth, negative", "region", better=1),
    Outcome("society_people_time", "SEK/quarter", "Society: persons, time", "time given up for work, negative", "region", better=1),
    Outcome("society_owners", "SEK/quarter", "Society: owners", "housing companies and private landlords, cash without loans", "region", better=1),
    Outcome("society_builders", "SEK/quarter", "Society: builders", "cash", "region", better=1),
    Outcome("society_public", "SEK/quarter", "Society: public budgets", "municipalities, county council and state, cash", "region", better=1),
    Outcome("society_product", "SEK/quarter", "Society: product of service jobs", "what nobody outside buys", "region", better=1),
    Outcome("society_public_funds", "SEK/quarter", "Society: cost of public funds", "what raising the money of public budgets costs beyond the money", "region", better=1),
    Outcome("society_climate", "SEK/quarter", "Society: climate", "carbon dioxide of heat and materials beyond what the heat price carries, negative", "region", better=1),
)  # fmt: skip
_PURSES = tuple(
    Outcome(f"net_{x.name.lower()}", "SEK/quarter", f"Net, {purse_name(x)}", "received minus paid, loans and interest left out", "municipality")
    for x in Purse
)  # fmt: skip
_JOBS = tuple(
    Outcome(f"{kind}_{x.name.lower()}", "SEK/quarter", f"{label}, {purse_name(x)}", meaning, "municipality")
    for x in PUBLIC_PURSES
    for kind, label, meaning in (
        ("jobs", "From work", "the part of the net that follows from people's working or not"),
        (
            "clause",
            "Reported for the programme",
            "value of work by people who came through it, as if all were additional",
        ),
    )
)
_VALUES = (
    Outcome("value_housing_companies", "SEK", "Market value, housing companies", "of their buildings", "municipality"),
    Outcome("value_private_landlords", "SEK", "Market value, private landlords", "of their buildings", "municipality"),
    Outcome("value_society_left", "SEK", "Left to society", "better standards and saved heat to the end of their lives, minus all renovations that must still come", "region", missing=_YEARLY, yearly=True),
)  # fmt: skip

OUTCOMES: tuple[Outcome, ...] = (
    *_HOMES,
    *_PEOPLE,
    *_WHOM,
    *_MUNICIPAL,
    *_DEALS,
    *_GRANTS,
    *_MARKET,
    *_PURSES,
    *_JOBS,
    *_VALUES,
)
