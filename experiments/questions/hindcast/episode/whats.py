"""What an episode can measure: every outcome, account and event that runs keep, and measures of known patterns.

Each has one unit for its level and one for its total over years, those that a person reads. What grows with the region
(flats, persons, SEK) is brought to the region's full size, so that an episode may be run at any scale.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from experiments.engine.runs import end_names
from experiments.questions.validate.measuring.patterns import load_patterns
from experiments.reporting.accounts import ACCOUNT
from experiments.reporting.numbers import measure_of, shown_unit
from sim import EVENT_TABLES, OUTCOMES, Outcome

How = Literal["mean", "sum", "change", "percent_change"]
HOWS: tuple[How, ...] = ("mean", "sum", "change", "percent_change")
CURVES, ACCOUNTS, PATTERN, PEOPLE = "outcomes", "accounts", "patterns", "work"
COUNTED = ("flats", "persons", "households", "places", "tenders")
GROWING = (*COUNTED, "SEK", "tonnes", "GWh")
QUARTER, YEAR = 1.0, 0.25  # of an outcome told by quarter or at a yearly rate, what a quarter adds to a total
AREAS = ("municipality", "neighbourhood")


@dataclass(frozen=True)
class What:
    """Something that can be measured.

    source: where its numbers stand: outcomes by quarter, accounts, patterns, or a table of rows. unit, factor: of its
    level, and from the stored number into it; total, total_factor: of its sum over years, where a sum means something.
    filters: keys of `over` that it takes. grows: whether it grows with the region. hows: how its years may be put
    together, the usual way first; none where it has no years.
    """

    name: str
    source: str
    meaning: str
    unit: str
    factor: float = 1.0
    total: str = ""
    total_factor: float = 1.0
    filters: tuple[str, ...] = ()
    grows: bool = False
    hows: tuple[How, ...] = field(default=("mean", "change", "percent_change"))

    @property
    def events(self) -> bool:
        """Whether runs must keep their events for it."""
        return self.source in EVENT_TABLES or self.source == PATTERN

    @property
    def added(self) -> bool:
        """Whether single rows are added up, and not averaged."""
        return self.hows[:1] == ("sum",)


def _outcome(outcome: Outcome) -> What:
    """An outcome recorded by quarter."""
    base, _, per = outcome.unit.partition("/")
    shown, factor = shown_unit(outcome.unit)
    fleeting = base in COUNTED and not per and "this quarter" in outcome.meaning
    adds = QUARTER if per == "quarter" or fleeting else YEAR if per == "year" else 0.0
    total, total_factor = shown_unit(base) if adds else ("", 0.0)
    finest = {"all": AREAS, "municipality": AREAS[:1], "region": ()}[outcome.level]
    return What(
        outcome.name, CURVES, f"{outcome.label}: {outcome.meaning}", f"{shown} a quarter" if fleeting else shown,
        factor, total, total_factor * adds, (*finest, "market"), base in GROWING and per in ("", "quarter", "year"),
        ("mean", *(("sum",) if adds else ()), "change", "percent_change"),
    )  # fmt: skip


def _account(name: str) -> What:
    """A present value over the whole run."""
    account = ACCOUNT.get(name)
    label = account.title if account else measure_of(name.removeprefix("npv_")).title
    return What(name, ACCOUNTS, f"{label}: present value over all years", "MSEK", 1e-6, grows=True, hows=())


def _rows(
    name: str, meaning: str, unit: str, filters: str, adds: bool = False, factor: float = 1.0, grows: bool | None = None
) -> What:
    """Something told by a table of rows."""
    hows: tuple[How, ...] = (
        ("sum", "mean", "change", "percent_change") if adds else ("mean", "change", "percent_change")
    )
    table = name.partition(".")[0]
    per_year = f"{unit} a year" if adds else unit
    return What(name, table, meaning, per_year, factor, unit if adds else "", factor, tuple(filters.split()),
                adds if grows is None else grows, hows)  # fmt: skip


_WORKS = "owner municipality neighbourhood renovated begun standard"
_ESTATE = "owner municipality neighbourhood"
_MOVES = "municipality neighbourhood renovated begun income_fifth"
_PLACES = "municipality neighbourhood kind coached"
EVENTS = (
    _rows("programmes.planned_flats", "flats that owners' programmes were to begin", "flats", _ESTATE, True),
    _rows("programmes.begun_flats", "flats of owners with a programme that went on site", "flats", _ESTATE, True),
    _rows("programmes.finished_flats", "flats of owners with a programme that were done", "flats", _ESTATE, True),
    _rows("payments.sek", "side payments of other budgets into an owner's works", "MSEK", "owner", True, 1e-6),
    _rows("talks.count", "talks about a programme, by partner", "talks", "municipality", True, grows=False),
    _rows("talks.agreed_share", "of talks: agreed", "%", "municipality", factor=100.0),
    _rows("works.flats", "flats in finished renovations", "flats", _WORKS, True),
    _rows("works.cost_per_flat", "cost of finished renovations", "kSEK a flat", _WORKS, factor=1e-3),
    _rows("works.rent_rise", "rise of the rent at renovation", "%", _WORKS, factor=100.0),
    _rows("works.rent_after", "rent after renovation", "SEK per m² and year", _WORKS),
    _rows("works.energy_saving", "heat saved at renovation", "%", _WORKS, factor=100.0),
    _rows("works.basic_share", "of renovated flats: basic standard (mini)", "%", _WORKS, factor=100.0),
    _rows("works.intermediate_share", "of renovated flats: intermediate (midi)", "%", _WORKS, factor=100.0),
    _rows("works.full_share", "of renovated flats: full standard (maxi)", "%", _WORKS, factor=100.0),
    _rows("works.medium_energy_share", "of renovated flats: medium energy measures", "%", _WORKS, factor=100.0),
    _rows("works.deep_energy_share", "of renovated flats: deep energy measures", "%", _WORKS, factor=100.0),
    _rows("moves.households", "households that moved out", "households", _MOVES, True),
    _rows("moves.caused", "households that renovation or its rent rise moved", "households", _MOVES, True),
    _rows("moves.caused_share", "of households that moved out: because of renovation", "%", _MOVES, factor=100.0),
    _rows("tenders.count", "tenders", "tenders", "owner market joint", True),
    _rows("tenders.flats", "flats tendered", "flats", "owner market joint", True),
    _rows("tenders.bids", "bids for a tender", "bids", "owner market joint"),
    _rows("tenders.single_bid_share", "tenders with one bid", "%", "owner market joint", factor=100.0),
    _rows("tenders.price_per_flat", "lowest price offered", "kSEK a flat", "owner market joint", factor=1e-3),
    _rows("tenders.joint_minus_own", "price of joint lots against the same buildings as own lots", "%", "owner market",
          factor=100.0),
    _rows("places.count", "training places taken", "places", _PLACES, True),
    _rows("places.into_job", "of training places that ended: in a job", "%", _PLACES, factor=100.0),
    _rows("places.later_at_work", "at work a year after the contract's end", "%", _PLACES, factor=100.0),
    _rows("sales.flats", "flats that changed owner", "flats", f"{_ESTATE} reason", True),
    _rows("sales.price_per_flat", "price of flats that changed owner", "kSEK a flat", f"{_ESTATE} reason", factor=1e-3),
    _rows("rescues.count", "ends of an owner's distress", "cases", "owner reason", True, grows=False),
    _rows("rescues.sek", "money that ended an owner's distress", "MSEK", "owner reason", True, 1e-6),
)  # fmt: skip
WORK = What(
    "people.at_work", PEOPLE, "households of 2011 with the main earner at work, wherever they live", "%", 100.0,
    "person-years a household", YEAR, ("people", "kind"), hows=("mean", "sum", "change"),
)  # fmt: skip


def _patterns() -> tuple[What, ...]:
    """Measures of the patterns that an episode may take as they are: the trial of places, and joint buying."""
    found = {pattern.key: pattern for pattern in load_patterns()}
    return tuple(
        What(f"{key} {test.measure}", PATTERN, test.title, test.unit, hows=())
        for key in ("P17", "P20")
        for test in found[key].tests
    )


WHATS: dict[str, What] = {
    what.name: what
    for what in (
        *map(_outcome, OUTCOMES),
        *(_account(name) for name in end_names() if name.startswith("npv_")),
        *EVENTS,
        WORK,
        *_patterns(),
    )
}
