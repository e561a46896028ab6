"""What a row of each seed table must look like; a field's description is what an error says was expected.

A field with a default is a column that a table may do without; a blank cell in it says no more than no column.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.inputs.arguments import MOST_SEK
from sim.inputs.dated import EARLIEST, LATEST
from sim.vocabulary import FIRST_YEAR

Evidence = Literal["found", "derived", "recalled", "assumed"]
Text = Annotated[str, Field(min_length=1, description="some text")]
Name = Annotated[str, Field(pattern=r"^[^;*]+$", description="a name without ; or *")]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False, description="a share between 0 and 1")]
Tile = Annotated[int | None, Field(ge=0, le=20, description="a whole number of tiles, 0 to 20")]
StartYear = Annotated[int, Field(ge=1980, le=2060, description="a calendar year from 1980 to 2060")]
Year = Annotated[int, Field(ge=1850, le=2030, description="a year between 1850 and 2030")]
Grade = Annotated[Evidence, Field(description="found, derived, recalled or assumed")]


def _number(low: float, high: float, what: str) -> Any:
    return Field(ge=low, le=high, allow_inf_nan=False, description=f"{what}, {low:g} to {high:,.0f}")


Debt = Annotated[float | None, _number(0, 1e13, "SEK of the whole stock")]


class Row(BaseModel):
    """One row of a table."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sums: ClassVar[tuple[tuple[str, ...], ...]] = ()
    either: ClassVar[tuple[str, ...]] = ()  # columns of which each row fills exactly one

    evidence: Grade
    source: Text

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Row:
        for names in self.sums:
            total = sum(getattr(self, name) for name in names)
            if abs(total - 1) > 0.005:
                raise ValueError(f"columns {', '.join(names)}: they sum to {total:.4g}; expected 1")
        return self

    @model_validator(mode="after")
    def _exactly_one_of_either(self) -> Row:
        given = [name for name in self.either if getattr(self, name) is not None]
        if self.either and len(given) != 1:
            said = "both are given" if given else "neither is given"
            raise ValueError(f"columns {', '.join(self.either)}: {said}; expected exactly one, the other blank")
        return self


class NeighbourhoodRow(Row):
    """A neighbourhood's rental estate at the start."""

    sums = (
        ("age_20_29", "age_30_44", "age_45_64", "age_65_plus"),
        ("size_1", "size_2", "size_3", "size_4_plus"),
    )

    neighbourhood: Name
    municipality: Name
    flats: Annotated[int, Field(ge=8, le=1_000_000, description="a whole number of flats, 8 or more")]
    municipal_share: Share
    employment: Share
    foreign_background: Share
    low_education: Share
    high_education: Share
    age_20_29: Share
    age_30_44: Share
    age_45_64: Share
    age_65_plus: Share
    size_1: Share
    size_2: Share
    size_3: Share
    size_4_plus: Share
    rent_sek_m2: Annotated[float, _number(100, 10_000, "SEK/m2.year")]
    energy_kwh_m2: Annotated[float, _number(10, 1_000, "kWh/m2.year")]
    flat_area_m2: Annotated[float, _number(10, 500, "m2")]
    flats_per_building: Annotated[float, _number(1, 2_000, "flats")]
    built_from: Year
    built_to: Year
    renovated_share: Share
    satisfaction: Share
    reputation: Share
    image_work_2011: Annotated[int, Field(ge=0, le=1, description="0 or 1")]
    empty_share: Share = 0.0
    calm: Share = 1.0
    x: Tile = None
    y: Tile = None

    @model_validator(mode="after")
    def _columns_agree(self) -> NeighbourhoodRow:
        if (self.x is None) != (self.y is None):
            has, lacks = ("x", "y") if self.y is None else ("y", "x")
            raise ValueError(f"columns x, y: {has} without {lacks}; expected both or neither")
        if self.low_education + self.high_education > 1.0 + 1e-9:
            total = self.low_education + self.high_education
            raise ValueError(f"columns low_education, high_education: they sum to {total:.4g}; expected 1 or less")
        if self.built_from > self.built_to:
            raise ValueError(f"columns built_from, built_to: {self.built_from} is after {self.built_to}")
        return self


class MunicipalityRow(Row):
    """A municipality, its tax and its housing company."""

    either = ("company_loan_to_value", "company_debt_sek")

    municipality: Name
    municipal_tax: Share
    county_tax: Share
    company_loan_to_value: Annotated[
        float | None, Field(ge=0, le=1, allow_inf_nan=False, description="a share between 0 and 1")
    ] = None
    company_debt_sek: Debt = None
    investment_slack_sek: Annotated[float, _number(0, 1e12, "SEK/year")]
    assistance_share: Share
    drive: Share
    courage: Share
    civic_strength: Share


class BuilderRow(Row):
    """A building firm."""

    builder: Name
    municipality: Name
    workers: Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False, description="a number of workers above 0")]
    size: Annotated[Literal["large", "medium", "small"], Field(description="large, medium or small")]


class InjectionRow(Row):
    """Money that an owner's owner puts into a housing company or landlord."""

    owner: Name
    year: Annotated[int, Field(ge=EARLIEST, le=LATEST, description=f"a calendar year from {EARLIEST} to {LATEST}")]
    sek: Annotated[float, _number(0, MOST_SEK, "SEK for the whole region")]


class LandlordRow(Row):
    """A private landlord and the neighbourhoods where it owns what is not municipal."""

    landlord: Name
    municipality: Name
    neighbourhoods: Annotated[str, Field(min_length=1, description="names divided by ; or * for all")]
    required_yield: Annotated[
        float, Field(gt=0, le=0.5, allow_inf_nan=False, description="a real yield a year, above 0 and up to 0.5")
    ]
    strategy: Annotated[Literal["hold", "upgrade", "resell"], Field(description="hold, upgrade or resell")]
    debt_sek: Debt = None


class Quantity(BaseModel):
    """A county-wide figure with its origin."""

    model_config = ConfigDict(extra="forbid", strict=True)
    evidence: Grade
    source: Text


class Persons(Quantity):
    """A number of people."""

    value: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False, description="a number above 0")]
    unit: Annotated[Literal["persons"], Field(description="persons")]


class ShareOfPersons(Quantity):
    """A share of people."""

    value: Share
    unit: Annotated[Literal["share"], Field(description="share")]


class CountyFile(BaseModel):
    """What region.toml holds."""

    model_config = ConfigDict(extra="forbid", strict=True)
    title: Text
    start_year: StartYear = FIRST_YEAR
    county_population: Persons
    county_labour_force: Persons
    construction_workers: Persons
    rest_employment: ShareOfPersons
    rest_unemployment: ShareOfPersons
    rest_foreign_background: ShareOfPersons
