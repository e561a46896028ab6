"""The one list of accounts: what each adds up, what it is called, and how a sentence about it goes.

An account is the present value of flows over the years, in SEK a run, and where it says so of what buildings are worth
in the last quarter. Adding one is one entry here: compare, sweep, horizons, figures and notes read this list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from experiments.analysis.intervals import Interval
from experiments.reporting.numbers import decimals_for, number
from sim.vocabulary import PUBLIC_PURSES, Purse

UNIT = "kSEK a flat"
PUBLIC = tuple(purse.name.lower() for purse in PUBLIC_PURSES)
OWNERS = ("housing_companies", "private_landlords")
_CLOSING = "counting closing property value"
_AT_RENTS = f"{_CLOSING} and valuing homes at their rent"
_AT_WORTH = f"{_CLOSING} and valuing standards above basic at what tenants would pay for them"


@dataclass(frozen=True)
class Account:
    """One account.

    name: its column or, for a sum, its name as a quantity. parts: columns of the table of runs that it sums. label: in
    tables and figures; short: the same for narrow places. subject, plural: of a sentence ("The state gains", "Builders
    gain"). adds: what the sentence says of how it is counted. flows: outcomes by quarter that it sums, where its path
    over the years says all of it; none where closing values are part of it. public: budgets whose programme jobs its
    break-even additionality rescales. kind, which the figure of budgets and who is named as gaining go by: "budget"
    (somebody's cash), "closing" (the same, its first part, with closing property value), "sum" (several budgets) or
    "society". better: +1, as more is better in all of them.
    """

    name: str
    parts: tuple[str, ...]
    label: str
    subject: str
    kind: str = field(kw_only=True)
    plural: bool = False
    adds: str = ""
    flows: tuple[str, ...] = ()
    public: tuple[str, ...] = ()
    better: int = 1
    short: str = ""

    @property
    def title(self) -> str:
        """The label with a capital letter."""
        return self.label[:1].upper() + self.label[1:]

    def verb(self, gains: bool) -> str:
        """Gain or lose, as the subject asks."""
        return ("gain" if gains else "lose") + ("" if self.plural else "s")

    @property
    def brief(self) -> str:
        """The label for narrow places."""
        return self.short or self.label

    def sentence(self, value: Interval) -> str:
        """A difference in SEK as a sentence: who gains or loses how much, how surely, and how that is counted.

        >>> RESOURCES.sentence(Interval(2e7, -1e7, 5e7, 9)).partition(",")[0]
        'For society the difference is not statistically distinguishable from zero: +20 MSEK (95 % CI −10 to 50)'
        >>> ACCOUNT["npv_state"].sentence(Interval(-2e7, -3e7, -1e7, 9))
        'The state loses 20 MSEK (95 % CI 10 to 30).'
        """
        adds = f", {self.adds}" if self.adds else ""
        who = f"For {self.subject[:1].lower()}{self.subject[1:]}"
        if value.count == 0:
            return f"{who} nothing is known, as every pair has a run that failed."
        if value.mean == 0 and not value.high > 0:
            return f"{who} nothing differs{adds}."
        shown = value.scaled(1e-6)
        gains = shown.mean > 0
        low, high = (shown.low, shown.high) if gains or not shown.distinguishable else (-shown.high, -shown.low)
        places = decimals_for(shown.half or shown.mean)
        bounds = f" (95 % CI {number(low, places)} to {number(high, places)})" if shown.known else ""
        if shown.known and not shown.distinguishable:
            size = f"{number(shown.mean, places, signed=True)} MSEK{bounds}"
            return f"{who} the difference is not statistically distinguishable from zero: {size}{adds}."
        alone = "" if shown.known else "; from one replicate, so without an interval"
        return f"{self.subject} {self.verb(gains)} {number(abs(shown.mean), places)} MSEK{bounds}{adds}{alone}."


def _budget(purse: Purse) -> Account:
    key = purse.name.lower()
    words = key.replace("_", " ").replace("rest of world", "rest of the world")
    plural = key.endswith("s") or key == "municipalities"
    subject = words[:1].upper() + words[1:] if plural else f"The {words}"
    public = (key,) if key in PUBLIC else ()
    return Account(
        f"npv_{key}", (f"npv_{key}",), words, subject, plural, flows=(f"net_{key}",), public=public, kind="budget"
    )


def _closing(owner: str) -> Account:
    words = owner.replace("_", " ")
    parts = (f"npv_{owner}", f"npv_value_{owner}")
    label = f"{words}, with closing property value"
    subject = words[:1].upper() + words[1:]
    short = f"{words}, closing value"
    return Account(f"npv_{owner}_end_value", parts, label, subject, True, _CLOSING, kind="closing", short=short)


_CLOSING_VALUES = tuple(f"npv_value_{owner}" for owner in OWNERS)

TOGETHER = Account(
    "npv_companies_and_public",
    ("npv_housing_companies", "npv_value_housing_companies", *(f"npv_{purse}" for purse in PUBLIC)),
    "housing companies and the public sector, with closing property value",
    "Housing companies and the public sector together",
    True,
    _CLOSING,
    public=PUBLIC,
    kind="sum",
    short="companies and public, closing value",
)
FLOWS_ALONE = Account(
    "npv_resources",
    ("npv_resources",),
    "real resources, without closing property value",
    "Society",
    adds="in real resources, without closing property value",
    flows=("resources",),
    kind="society",
    short="real resources, flows alone",
)
RESOURCES = Account(
    "npv_resources_end_value",
    ("npv_resources", *_CLOSING_VALUES),
    "real resources, homes at their rent",
    "Society",
    adds=f"in real resources, {_AT_RENTS}",
    kind="society",
    short="real resources, homes at rent",
)
TENANTS = Account(
    "npv_resources_tenants_worth",
    ("npv_resources", *_CLOSING_VALUES, "npv_standard_surplus", "npv_value_standard_surplus"),
    "real resources, homes at their worth to tenants",
    "Society",
    adds=f"in real resources, {_AT_WORTH}",
    kind="society",
    short="real resources, homes at worth",
)

ACCOUNTS: tuple[Account, ...] = (
    *map(_budget, Purse),
    *map(_closing, OWNERS),
    TOGETHER,
    FLOWS_ALONE,
    RESOURCES,
    TENANTS,
)
ACCOUNT = {account.name: account for account in ACCOUNTS}
HEADLINE = RESOURCES


def asked_accounts() -> tuple[Account, ...]:
    """The accounts that questions look at unless told otherwise: those who decide together, society in both readings,
    and every budget but the rest of the world, owners with closing property value."""
    budgets = (
        ACCOUNT[f"npv_{owner}_end_value"] if owner in OWNERS else ACCOUNT[f"npv_{owner}"]
        for owner in (purse.name.lower() for purse in Purse if purse is not Purse.REST_OF_WORLD)
    )
    return (TOGETHER, RESOURCES, TENANTS, *budgets)


def stored(accounts: Iterable[Account], columns: Iterable[str]) -> tuple[Account, ...]:
    """Those of the accounts of which some results hold every part."""
    known = set(columns)
    return tuple(account for account in accounts if known.issuperset(account.parts))
