"""What a user can set besides the collaboration: who chooses the standard, grants, sales, and reviewer's switches."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.fields import FieldInfo

from sim.errors import SamspelError, unknown
from sim.inputs.arguments import MOST_SEK, Truth, checked, one_of, whole_within, within

# Levers of earlier versions: why they went, and what to set instead.
GONE = {
    "framework_offers": 'a framework\'s members pick its packages; expected "framework_packages", their number, 1 to 9'
}
LAST_YEAR = 1000  # of a programme: later than any run ends


class Levers(BaseModel):
    """Policy levers and switches; immutable, checked when made."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    standard_choice: Literal["owner", "tenants", "forced"] = Field(
        "owner", description="who picks the renovation standard: the owner, the tenants' vote, or a decree"
    )
    forced_standard: Literal["mini", "midi", "maxi"] = Field(
        "midi", description="the standard that the decree prescribes when standard_choice is forced"
    )
    grant_rate: float = Field(
        0.0, ge=0, le=1, description="state grant, share of the renovation's cost (0 = no programme)"
    )
    grant_energy_only: bool = Field(True, description="the grant covers deep and medium energy measures' cost only")
    grant_cap_per_flat: float = Field(150_000.0, ge=0, le=MOST_SEK, description="largest grant, SEK per flat")
    grant_budget_per_year: float = Field(
        300e6, ge=0, le=MOST_SEK, description="the programme's budget, SEK per year for the region at 1:1"
    )
    grant_burden: float = Field(150_000.0, ge=0, le=MOST_SEK, description="the applicant's work, SEK per application")
    grant_from_year: int = Field(
        2, ge=0, le=LAST_YEAR, description="first year of the programme, counted from the start"
    )
    grant_to_year: int = Field(8, ge=0, le=LAST_YEAR, description="last year of the programme, counted from the start")
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
    vacancies: Literal["finite", "fixed"] = Field(
        "finite", description="fixed: one person's hire never takes another's vacancy"
    )
    leaving: Literal["mixed", "disturbance", "low-incomes", "no-gradient"] = Field(
        "mixed", description="rival rules: who leaves at renovation (mixed: the disturbed, and whose rent grows heavy)"
    )
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
    home_worth_of: Literal["occupants", "marginal"] = Field(
        "occupants",
        description="whose wish a better flat counts by in society's account: its household's, minus what that leaves "
        "to others, or that of the county's marginal household",
    )
    works_cost_factor: float = Field(
        1.0, ge=0, le=5, description="labour and material that all works need, and thereby what they cost, against the "
        "parameters (0 = free, for what-ifs)"
    )  # fmt: skip
    energy_cost_factor: float = Field(
        1.0, ge=0, le=5, description="the same for energy measures, beside works_cost_factor (0 = free)"
    )
    training_places_factor: float = Field(
        1.0, ge=0, le=20, description="training places that clauses ask for, against clause_places; what cannot be "
        "filled stays empty (0 = clauses that ask for none)"
    )  # fmt: skip
    renovation: bool = Field(True, description="false: nobody renovates, buildings only age")

    def __init__(self, **values: Any) -> None:
        """Levers from names and values.

        Raises
        ------
        SamspelError : an unknown lever, a value that does not fit, or a grant whose programme never runs.
        """
        super().__init__(**self.fit(**values))
        if self.grant_rate > 0 and self.grant_from_year > self.grant_to_year:
            raise SamspelError(
                f"lever grant_from_year: {self.grant_from_year} is after grant_to_year, {self.grant_to_year}, and no "
                "grant would ever be paid; expected a year up to it, or grant_rate 0"
            )

    @classmethod
    def fit(cls, **values: Any) -> dict[str, Any]:
        """The values as levers have them, each checked by itself: numbers and truth values of Python's own types.

        Raises
        ------
        SamspelError : an unknown lever, or a value that does not fit.
        """
        for name in values:
            if name in GONE:
                raise SamspelError(f'lever "{name}" is gone, as {GONE[name]}')
            if name not in cls.model_fields:
                raise unknown("lever", name, cls.model_fields)
        return {name: checked(f"lever {name}", value, _KINDS[name]) for name, value in values.items()}

    @classmethod
    def checked(cls, **values: Any) -> Levers:
        """The same.

        Raises
        ------
        SamspelError : an unknown lever, a value that does not fit, or a grant whose programme never runs.
        """
        return cls(**values)


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
