"""What a user can set besides the collaboration: who chooses the standard, grants, sales, and reviewer's switches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr
from pydantic.fields import FieldInfo

from sim.errors import SamspelError, unknown
from sim.inputs.arguments import MOST_SEK, Truth, checked, one_of, whole_within, within
from sim.inputs.dated import Dated, simplest, undated, with_value

# Levers of earlier versions: why they went, and what to set instead.
_YEARS = "every lever takes calendar years of its own; expected grant_rate with its %s, such as 2014"
GONE = {
    "framework_offers": 'a framework\'s members pick its packages; expected "framework_packages", their number, 1 to 9',
    "grant_from_year": _YEARS % "from_year",
    "grant_to_year": _YEARS % "to_year",
}
MOST_KWH = 1000.0  # per m2 and year: more than any building uses
NO_CAP = 10.0  # times the rent before: more than any rise


class Levers(BaseModel):
    """Policy levers and switches; immutable, checked when made.

    A lever may hold in some calendar years, ``Levers(grant_rate=Dated(0.3, 2014, 2018))``; in others it has its default
    value. The fields are what holds in all years; ``in_year`` is what holds in one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    standard_choice: Literal["owner", "tenants", "forced"] = Field(
        "owner", description="who picks the renovation standard: the owner, tenants for their own flat, or a decree"
    )
    forced_standard: Literal["mini", "midi", "maxi"] = Field(
        "midi", description="the standard that the decree prescribes when standard_choice is forced"
    )
    forced_energy: Literal["owner", "none", "medium", "deep"] = Field(
        "owner", description="the energy measures that a decree prescribes for every renovation; owner: nobody does"
    )
    energy_requirement: float = Field(
        0.0, ge=0, le=MOST_KWH, description="heat and hot water that a renovated building may use, kWh/m2.year (0 = no "
        "requirement); where no option reaches it, the one that saves most is allowed"
    )  # fmt: skip
    carbon_levy: float = Field(
        0.0,
        ge=0,
        le=100,
        description="what owners pay the state beside the price of heat, SEK per kg of carbon dioxide",
    )
    rent_rise_cap: float = Field(
        NO_CAP, ge=0, le=NO_CAP, description="largest rent rise at the renovation of a building, share of the rent "
        "before (10 = no cap); flats renewed singly between tenants are outside it"
    )  # fmt: skip
    basic_right_share: float = Field(
        0.0, ge=0, le=1, description="tenants who at a renovation have a right to the basic standard at a capped rise, "
        "share of them (0 = nobody)"
    )  # fmt: skip
    basic_right_cap: float = Field(
        0.15, ge=0, le=NO_CAP, description="largest rise for the basic standard by right, share of the rent before "
        "(Lind's proposal: 0.15)"
    )  # fmt: skip
    grant_rate: float = Field(
        0.0, ge=0, le=1, description="state grant, share of the renovation's cost (0 = no programme)"
    )
    grant_energy_only: bool = Field(True, description="the grant covers deep and medium energy measures' cost only")
    grant_cap_per_flat: float = Field(150_000.0, ge=0, le=MOST_SEK, description="largest grant, SEK per flat")
    grant_budget_per_year: float = Field(
        300e6, ge=0, le=MOST_SEK, description="the programme's budget, SEK per year for the region at 1:1"
    )
    grant_burden: float = Field(150_000.0, ge=0, le=MOST_SEK, description="the applicant's work, SEK per application")
    grant_form: Literal["general", "call"] = Field(
        "general", description="general: first come, first served; call: once a year a panel ranks projects, by energy "
        "saved per krona and social content"
    )  # fmt: skip
    grant_lead_quarters: int = Field(
        4, ge=0, le=40, description="quarters from an application to its answer, before which works must not begin; "
        "answers come in the first quarter of a year, a call's after a year at the earliest"
    )  # fmt: skip
    grant_start_within: int = Field(
        8, ge=0, le=1000, description="quarters from the promise within which works must be on site, or else it "
        "lapses (0 = no limit)"
    )  # fmt: skip
    grant_least_saving: float = Field(
        0.0, ge=0, le=1, description="share of heat that works must save to get a grant (0 = none)"
    )
    grant_energy_limit: float = Field(
        0.0, ge=0, le=MOST_KWH, description="heat and hot water that a building may use after works that get a grant, "
        "kWh/m2.year (0 = no limit)"
    )  # fmt: skip
    grant_min_flats: float = Field(
        0.0, ge=0, le=1e6, description="least flats in an owner's applications of a year in one estate (0 = none)"
    )
    grant_own_funding: float = Field(
        0.0, ge=0, le=1, description="least share of the cost that the owner bears, and must show that it can borrow"
    )
    grant_carry_over: float = Field(
        0.0, ge=0, le=1, description="share of a year's unspent grant money that may be used in the next; flexible "
        "state funding lets it through as well"
    )  # fmt: skip
    framework_packages: int = Field(
        9, ge=1, le=9, description="most packages (of the nine options) that the members of a joint framework may pick"
    )
    turnover_renovation: bool = Field(True, description="private landlords renew single flats when tenants leave")
    municipal_sales: bool = Field(
        True,
        description="housing companies sell flats to pay for works, by a majority's will or to a bidder; false: in "
        "distress alone",
    )
    additionality: Literal["emergent", "full"] = Field(
        "emergent", description="full: no deadweight and no displacement (the consultants' spreadsheet)"
    )
    places_go_to: Literal["nearest", "newcomers", "longest"] = Field(
        "nearest", description="who gets training places first: those nearest to work, newcomers to Sweden who have "
        "never worked here, or those longest out of work"
    )  # fmt: skip
    vacancies: Literal["finite", "fixed"] = Field(
        "finite", description="fixed: one person's hire never takes another's vacancy"
    )
    leaving: Literal["mixed", "disturbance", "low-incomes", "no-gradient", "low-incomes-stay"] = Field(
        "mixed", description="rival rules: who leaves at renovation (mixed: the disturbed, most of them those who do "
        "not get the standard that they want, and whose rent grows heavy)"
    )  # fmt: skip
    destinations: Literal["choice", "ties", "queue"] = Field(
        "choice",
        description="rival rules: where those who leave go, by what they can pay, what is open and near, by nearness "
        "alone, or never into another flat of the estates but by the queue",
    )
    long_spells: Literal["scar", "select"] = Field(
        "scar", description="rival rules: why those long out of work find it less easily, since being out of work does "
        "it, or since those who find easily have left"
    )  # fmt: skip
    coached_placements: Literal["programmes", "trial"] = Field(
        "programmes", description="rival rules: how often a coached placement ends in a job, as small programmes tell "
        "that hire their own trainees, or as a randomised trial implies"
    )  # fmt: skip
    entry: Literal["profit", "order-books", "lot-size"] = Field(
        "profit", description="rival rules: which firms bid, by profit, order books alone, or fewer on large lots"
    )
    participation_reveals: Literal["wishes", "loud", "nothing"] = Field(
        "wishes", description="rival rules: whom a dialogue hears, all who come, settled older tenants, or nobody"
    )
    landlords_maximise: Literal["present-value", "cash-return", "resale"] = Field(
        "present-value", description="rival rules: what private landlords maximise when they renovate"
    )
    rents_follow: Literal["use-value", "cost"] = Field(
        "use-value", description="rival rules: what rents follow, the use value of the standard or what it has cost"
    )
    insecurity_moves: Literal["displaces", "diffuses", "stays"] = Field(
        "displaces",
        description="rival rules: what local presence does next door: insecurity moves there, calm spreads, or nothing",
    )
    refused_for: Literal["place", "home"] = Field(
        "place",
        description="rival rules: what people refuse a place for, its reputation and calm as well, or its homes and "
        "rents alone",
    )
    home_worth_of: Literal["occupants", "marginal"] = Field(
        "occupants",
        description="rival rules: whose wish a better flat counts by in society's account, its household's, minus what "
        "that leaves to others, or that of the county's marginal household",
    )
    works_cost_factor: float = Field(
        1.0, ge=0, le=5, description="labour and material that all works need, and thereby what they cost, against the "
        "parameters, homes for tenants meanwhile included (0 = free, for what-ifs)"
    )  # fmt: skip
    energy_cost_factor: float = Field(
        1.0, ge=0, le=5, description="the same for energy measures, beside works_cost_factor (0 = free)"
    )
    training_places_factor: float = Field(
        1.0, ge=0, le=20, description="training places that clauses ask for, against clause_places; what cannot be "
        "filled stays empty (0 = clauses that ask for none)"
    )  # fmt: skip
    county_drive: float = Field(
        0.4, ge=0, le=1, description="how much the county council wants a compact: how often its staff calls "
        "municipalities together, and how much it moves them (0 = it convenes nobody)"
    )  # fmt: skip
    county_staff: float = Field(
        2.0, ge=0, le=1000, description="the county council's full-time staff for a compact, where municipalities "
        "decide about one (0 = it convenes nobody)"
    )  # fmt: skip
    renovation: bool = Field(True, description="false: nobody renovates, buildings only age")

    _dated: Mapping[str, Dated] = PrivateAttr(default_factory=dict)

    def __init__(self, **values: Any) -> None:
        """Levers from names and values.

        Raises
        ------
        SamspelError : an unknown lever, or a value that does not fit.
        """
        fit = self.fit(**values)
        dated = {name: value for name, value in fit.items() if isinstance(value, Dated)}
        super().__init__(**{name: value for name, value in fit.items() if name not in dated})
        self._dated = dated

    @property
    def dated(self) -> Mapping[str, Dated]:
        """The levers that hold in some years only."""
        return self._dated

    def in_year(self, year: int) -> Levers:
        """The levers of a calendar year; these themselves where none has years of its own."""
        if not self._dated:
            return self
        now = {name: one.value for name, one in self._dated.items() if one.holds(year)}
        return Levers(**{**self.model_dump(), **now})

    def settings(self) -> dict[str, Any]:
        """All levers by name, each with its years if it has any."""
        return {**self.model_dump(), **self._dated}

    def replace(self, **changes: Any) -> Levers:
        """A copy with some levers set to other values, in all years unless they are dated.

        Raises
        ------
        SamspelError : an unknown lever, or a value that does not fit.
        """
        return Levers(**{**self.settings(), **changes})

    @classmethod
    def fit(cls, **values: Any) -> dict[str, Any]:
        """The values as levers have them, each checked by itself: numbers and truth values of Python's own types, with
        their years if they have any.

        Raises
        ------
        SamspelError : an unknown lever, or a value that does not fit.
        """
        for name in values:
            cls.refuse_gone(name)
            if name not in cls.model_fields:
                raise unknown("lever", name, cls.model_fields)
        return {name: _taken(name, value) for name, value in values.items()}

    @staticmethod
    def refuse_gone(name: str) -> None:
        """What to set instead of a lever of earlier versions.

        Raises
        ------
        SamspelError : it is one.
        """
        if name in GONE:
            raise SamspelError(f'lever "{name}" is gone, as {GONE[name]}')

    @classmethod
    def checked(cls, **values: Any) -> Levers:
        """The same.

        Raises
        ------
        SamspelError : an unknown lever, or a value that does not fit.
        """
        return cls(**values)


def _taken(name: str, value: Any) -> Any:
    """A lever's value, checked, with its years if it has any."""
    return simplest(with_value(value, checked(f"lever {name}", undated(value), _KINDS[name])))


def _kind(field: FieldInfo) -> Any:
    """What a lever takes: truth values, one of some words, or numbers within its bounds."""
    if field.annotation is bool:
        return Truth
    if words := get_args(field.annotation):
        return Annotated[str, BeforeValidator(one_of(words))]
    low, high = (next(getattr(one, end) for one in field.metadata if hasattr(one, end)) for end in ("ge", "le"))
    if field.annotation is int:
        return Annotated[int, BeforeValidator(whole_within(low, high))]
    return Annotated[float, BeforeValidator(within(low, high))]


_KINDS = {name: _kind(field) for name, field in Levers.model_fields.items()}
