"""An episode as a file says it: what happened, the region and its changes, the arms, and what was measured.

Settings and arms are those of configuration files, key by key; what an episode has beside them stands here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_type_hints

from pydantic import Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from experiments.design.settings import Settings, Strict
from experiments.questions.hindcast.episode.changes import ChangedRegion
from experiments.questions.hindcast.episode.units import unit_of
from experiments.questions.hindcast.episode.whats import PATTERN, PEOPLE, WHATS, How, What
from sim.inputs.arguments import Number, Whole

Year = Annotated[Whole, Field(ge=1900, le=2300)]
Span = tuple[Year, Year]
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Grade = Literal["found", "derived", "recalled", "assumed", "invented"]
By = Literal["difference", "ratio", "percent"]
People = Literal["of_2011", "took_a_place", "took_a_coached_place", "took_no_place"]
Reason = Literal["finance", "politics", "offer", "distress", "injection", "sale", "receivership"]


def wrong(key: str, what: str) -> PydanticCustomError:
    """What is wrong with a key beside others of the same table."""
    return PydanticCustomError("together", "{what}", {"key": key, "what": what})


class Over(Strict):
    """Over whom something is measured; without any key, over all."""

    municipality: Name | None = Field(None, description="a municipality of the region")
    neighbourhood: Name | None = Field(None, description="a neighbourhood of the region")
    owner: Name | None = Field(None, description="a housing company, by its municipality, or a private landlord")
    renovated: Span | None = Field(None, description="buildings whose renovation was finished in these years")
    begun: Span | None = Field(None, description="buildings whose renovation began on site in these years")
    standard: Literal["basic", "intermediate", "full"] | None = Field(None, description="what was renovated")
    income_fifth: Annotated[Whole, Field(ge=1, le=5)] | None = Field(
        None, description="1 the lowest incomes, 5 the highest"
    )
    market: Literal["calm", "hot", "slump"] | None = Field(None, description="quarters by other construction")
    joint: bool | None = Field(None, description="joint tenders, or owners' own")
    reason: Reason | None = Field(None, description="of a sale, or the way in which distress ended")
    kind: Literal["placement", "hire", "apprentice"] | None = Field(None, description="kind of training place")
    coached: bool | None = Field(None, description="training places that a coach follows, or others")
    people: People | None = Field(None, description="whose work is followed, of the households of 2011")

    @property
    def given(self) -> dict[str, Any]:
        """What is said, by key."""
        return {key: value for key, value in self if value is not None}

    @model_validator(mode="after")
    def _one_area(self) -> Self:
        if self.municipality is not None and self.neighbourhood is not None:
            raise wrong("municipality", "stands beside neighbourhood; expected one of them")
        for key in ("renovated", "begun"):
            _check_span(key, getattr(self, key))
        return self


class Measure(Strict):
    """One number that was observed, and what of the runs it is compared with."""

    name: Name = Field(description="what it is, in words that stand alone")
    what: Literal[tuple(WHATS)] = Field(description="an outcome, an account or an event")  # type: ignore[valid-type]
    over: Over = Field(default_factory=Over, description="over whom; left out: over all")
    year: Year | None = Field(None, description="the calendar year")
    years: Span | None = Field(None, description="first and last calendar year; left out: all years of the run")
    years_after_place: tuple[Annotated[Whole, Field(ge=1, le=50)], Annotated[Whole, Field(ge=1, le=50)]] | None = Field(
        None, description="first and last year after a training place was over; for people.at_work"
    )
    how: How | None = Field(None, description="how years are put together; left out: sums of events, means of others")
    arm: Name = Field(description="the arm that it is measured in")
    against: Name | None = Field(None, description="an arm that it is compared with, pair by pair")
    others: Over | None = Field(None, description="others in the same arm that it is compared with")
    by: By = Field("difference", description="how it is compared")
    per: Literal["flat", "place"] | None = Field(
        None, description="for each flat measured over, or training place taken"
    )
    observed: Number | None = Field(None, description="what was observed")
    low: Number | None = Field(None, description="the least that it may have been")
    high: Number | None = Field(None, description="the most that it may have been")
    unit: Text = Field(description="the unit of the observed number, which is that of the measure")
    source: Text = Field(description="where the observed number is from")
    grade: Grade = Field(description="how well it is known; invented: an illustration")
    note: str = ""
    prior_low: Number | None = Field(
        None, description="what was thought possible before: no interval as wide tells more"
    )
    prior_high: Number | None = None
    no_change: Number | None = Field(None, description="what it would be had nothing changed, where that is not plain")

    @property
    def kind(self) -> What:
        """What it measures."""
        return WHATS[self.what]

    @property
    def put_together(self) -> How | None:
        """How its years are put together; nothing where it has none."""
        return self.how or (self.kind.hows[0] if self.kind.hows else None)

    @property
    def compared(self) -> bool:
        """Whether it is a comparison."""
        return self.against is not None or self.others is not None

    @property
    def own_unit(self) -> str:
        """The unit that it comes out in."""
        if self.kind.source == PATTERN:
            return self.kind.unit
        return unit_of(self.kind, self.put_together, self.compared, self.by, self.per)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for check in (_observed, _years, _how, _filters, _comparison, _share, _unit):
            check(self)
        return self


def _check_span(key: str, span: tuple[int, int] | None) -> None:
    if span is not None and span[0] > span[1]:
        raise wrong(key, f"got {list(span)}; expected the first year before the last")


def _observed(m: Measure) -> None:
    if m.observed is None and m.low is None and m.high is None:
        raise wrong("observed", "missing; expected what was observed, or its range as low, high or both")
    ends = [x for x in (m.low, m.observed, m.high) if x is not None]
    if ends != sorted(ends):
        raise wrong("observed", f"low, observed and high are {ends}; expected them in this order")
    if (m.prior_low is None) != (m.prior_high is None):
        raise wrong("prior_low", "prior_low and prior_high belong together; expected both or neither")
    if m.prior_low is not None and m.prior_high is not None and m.prior_low > m.prior_high:
        raise wrong("prior_low", f"got {m.prior_low:g}; expected prior_high, {m.prior_high:g}, or less")


def _years(m: Measure) -> None:
    told = [key for key in ("year", "years", "years_after_place") if getattr(m, key) is not None]
    if len(told) > 1:
        raise wrong(told[0], f"stands beside {told[1]}; expected one of them")
    if told and not m.kind.hows:
        raise wrong(told[0], f"{m.what} has years of its own; expected none")
    for key in ("years", "years_after_place"):
        _check_span(key, getattr(m, key))
    placed = m.kind.source == PEOPLE and m.over.people in ("took_a_place", "took_a_coached_place")
    if m.years_after_place is not None and (not placed or m.others is not None):
        such = 'people.at_work over { people = "took_a_place" } or "took_a_coached_place", without others'
        raise wrong("years_after_place", f"counts from a person's own place; expected it with {such}")


def _how(m: Measure) -> None:
    if m.how is not None and m.how not in m.kind.hows:
        such = f"expected one of: {', '.join(m.kind.hows)}" if m.kind.hows else "expected none"
        raise wrong("how", f'"{m.how}" means nothing for {m.what}; {such}')
    span = m.years or m.years_after_place
    if m.put_together in ("change", "percent_change") and (m.year is not None or (span and span[0] == span[1])):
        raise wrong("how", f'"{m.put_together}" is from a first to a last year; expected two years')


def _filters(m: Measure) -> None:
    for key, over in (("over", m.over), ("others", m.others)):
        for name in over.given if over is not None else ():
            if name not in m.kind.filters:
                known = ", ".join(m.kind.filters) or "nothing, as it is of the whole region"
                raise wrong(f"{key}.{name}", f"{m.what} is not told by {name}; expected {known}")


def _comparison(m: Measure) -> None:
    if m.kind.source == PATTERN:
        twins = m.what.startswith("P17")
        if twins != (m.against is not None):
            such = "the arm without places" if twins else "none, as joint lots are compared with own ones in one arm"
            raise wrong("against", f"{'missing' if twins else 'not taken'} for {m.what}; expected {such}")
        if m.others is not None or m.by != "difference":
            raise wrong("by", f"{m.what} is a comparison by itself; expected neither by nor others")
    if m.against == m.arm:
        raise wrong("against", f'"{m.against}" is arm itself; expected another arm')
    both, neither = m.compared and None not in (m.against, m.others), not m.compared
    if (neither and "by" in m.model_fields_set and m.kind.source != PATTERN) or (both and m.by != "difference"):
        raise wrong("by", f'"{m.by}" compares two; expected either against or others')


def _share(m: Measure) -> None:
    if m.per is not None and (not m.kind.grows or m.put_together == "percent_change" or m.by != "difference"):
        raise wrong("per", f"{m.what} is no number of flats, places, persons or SEK here; expected no per")
    if m.per == "flat" and set(m.over.given) - {"municipality", "neighbourhood", "market"}:
        raise wrong("per", "flats are known of areas; expected over with a municipality or neighbourhood, or all")


def _unit(m: Measure) -> None:
    if m.unit != m.own_unit:
        raise wrong("unit", f'got "{m.unit}"; expected the unit that it is measured in, "{m.own_unit}"')


class About(Strict):
    """What an episode has beside settings and arms."""

    title: Name = Field(description="what the episode is called")
    happened: Text = Field(description="what happened, in prose")
    source: Text = Field(description="where that is from")
    region: Name | ChangedRegion = Field("botkyrka", description="a region of ours, a folder of yours, or one changed")
    measure: tuple[Measure, ...] = Field(min_length=1, max_length=200, description="what was observed")

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [one.name for one in self.measure]
        for name in names:
            if names.count(name) > 1:
                raise wrong("measure", f'two measures are named "{name}"; expected names that differ')
        return self


LEFT_OUT = ("region", "jobs", "out")  # of settings; where results go is said on the command line
_KINDS = get_type_hints(Settings, include_extras=True)
_SHARED: dict[str, Any] = {
    name: (_KINDS[name], Field(field.get_default(call_default_factory=True) if not field.is_required() else ...))
    for name, field in Settings.model_fields.items()
    if name not in LEFT_OUT
}
Episode: type[About] = create_model(
    "Episode",
    __base__=About,
    __doc__="An episode of the past: what happened, arms to run, and what was measured.",
    **_SHARED,
)
