"""The one list of accounts: what each is called, and how a sentence about it goes.

An account is a present value over the years, SEK a run: one column of the table of runs. Society has one, the headline;
its lines add up to it. Beside it stand the cash of every budget, and what owners see in their own books, where their
buildings count at market value. Adding one is one entry here: compare, sweep, horizons, figures and notes read this
list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from experiments.analysis.intervals import Interval
from experiments.engine.runs import CLOSING
from experiments.reporting.finding import Finding, Subject, gainer
from sim.errors import SamspelError
from sim.vocabulary import PUBLIC_PURSES, Purse

Kind = Literal["society", "line", "part", "budget", "closing"]

UNIT = "kSEK a flat"
PUBLIC = tuple(purse.name.lower() for purse in PUBLIC_PURSES)
OWNERS = ("housing_companies", "private_landlords")
OWN_VIEW = "counting closing property value at market prices"


@dataclass(frozen=True)
class Account:
    """One account.

    name: its column. label: in tables and figures; short: the same for narrow places. subject, plural: of a sentence
    ("The state gains", "Builders gain"). adds: what the sentence says of how it is counted. flows: outcomes by quarter
    whose path over the years says all of it; none where something is added at the end, or where a path would look like
    a verdict of its own. public: budgets whose programme jobs its break-even additionality rescales. kind: "society"
    (the headline), "line" (they add up to it), "part" (they add up to a line), "budget" (somebody's cash) or "closing"
    (an owner's own view: its cash and what its buildings are worth in the end). better: +1, as more is better in all.
    """

    name: str
    label: str
    subject: str
    kind: Kind = field(kw_only=True)
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

    @property
    def cash(self) -> str:
        """Of an owner's own view, the name of the account of its cash alone; else its own name."""
        return self.name.removesuffix(CLOSING)

    def verb(self, gains: bool) -> str:
        """Gain or lose, as the subject asks."""
        return ("gain" if gains else "lose") + ("" if self.plural else "s")

    @property
    def brief(self) -> str:
        """The label for narrow places."""
        return self.short or self.label

    @property
    def about(self) -> Subject:
        """Whom a sentence is about."""
        return gainer(self.subject, self.plural)

    def sentence(self, value: Interval) -> str:
        """A difference in SEK as a sentence: who gains or loses how much, how surely, and how that is counted.

        >>> HEADLINE.sentence(Interval(2e7, -1e7, 5e7, 9))
        'Whether society gains or loses is undecided: +20 MSEK (95 % CI −10 to 50).'
        >>> ACCOUNT["npv_state"].sentence(Interval(-2e7, -3e7, -1e7, 9))
        'The state loses 20 MSEK (95 % CI 10 to 30).'
        """
        return Finding(value.scaled(1e-6), self.better, "MSEK").sentence(self.about, self.adds)


HEADLINE = Account("npv_society", "society", "Society", kind="society")


def _line(key: str, words: str, subject: str, kind: Kind = "line", plural: bool = False) -> Account:
    return Account(f"npv_society_{key}", f"society: {words}", subject, kind=kind, plural=plural)


# In the order of ODD 7.17, the parts of the first right after it.
_LINES = (
    _line("people", "persons", "Persons, wherever they live,", plural=True),
    _line("people_cash", "persons, money", "Persons, in money alone,", "part", plural=True),
    _line("people_homes", "persons, homes", "Persons, in their homes alone,", "part", plural=True),
    _line("people_calm", "persons, calm", "Persons, in calm alone,", "part", plural=True),
    _line("people_time", "persons, time", "Persons, in time alone,", "part", plural=True),
    _line("owners", "owners, cash", "Owners together, in cash,", plural=True),
    _line("builders", "builders, cash", "Builders, in cash,", plural=True),
    _line("public", "public budgets, cash", "Public budgets together", plural=True),
    _line("product", "product of service jobs", "Society, in the product of service jobs alone,"),
    _line("public_funds", "cost of public funds", "Society, in the cost of public funds alone,"),
    _line("climate", "climate", "Society, in climate alone,"),
    _line("left", "left at the end", "Society, in what is left at the end alone,"),
)


def _budget(purse: Purse) -> Account:
    key = purse.name.lower()
    words = key.replace("_", " ").replace("rest of world", "rest of the world")
    plural = key.endswith("s") or key == "municipalities"
    subject = words[:1].upper() + words[1:] if plural else f"The {words}"
    label, adds = (f"{words}, cash", "in cash") if key in OWNERS else (words, "")
    public = (key,) if key in PUBLIC else ()
    return Account(
        f"npv_{key}", label, subject, kind="budget", plural=plural, adds=adds, flows=(f"net_{key}",), public=public
    )


def _closing(owner: str) -> Account:
    words = owner.replace("_", " ")
    label = f"{words}' own view, with closing property value"
    subject, short = words[:1].upper() + words[1:], f"{words}' own view"
    return Account(f"npv_{owner}{CLOSING}", label, subject, kind="closing", plural=True, adds=OWN_VIEW, short=short)


ACCOUNTS: tuple[Account, ...] = (HEADLINE, *_LINES, *map(_budget, Purse), *map(_closing, OWNERS))
ACCOUNT = {account.name: account for account in ACCOUNTS}
REST = ACCOUNT["npv_rest_of_world"]  # employers, suppliers, banks elsewhere: no part of society


def of_kind(*kinds: Kind) -> tuple[Account, ...]:
    """The accounts of some kinds, in the order of the list."""
    return tuple(account for account in ACCOUNTS if account.kind in kinds)


def asked_accounts() -> tuple[Account, ...]:
    """The accounts that questions look at unless told otherwise: society, its lines, and every budget but the rest of
    the world, owners in their own view."""
    budgets = (
        ACCOUNT[f"npv_{owner}{CLOSING}"] if owner in OWNERS else ACCOUNT[f"npv_{owner}"]
        for owner in (purse.name.lower() for purse in Purse if purse is not Purse.REST_OF_WORLD)
    )
    return (HEADLINE, *of_kind("line"), *budgets)


def stored(accounts: Iterable[Account], columns: Iterable[str]) -> tuple[Account, ...]:
    """Those of the accounts that some results hold."""
    known = set(columns)
    return tuple(account for account in accounts if account.name in known)


# --- accounts of earlier versions -------------------------------------------------------------------------------------

_OWNERS_VALUE = re.compile(rf"npv_(?:value_)?({'|'.join(OWNERS)})(?:_end_value)?")
_GONE = re.compile(r"(?:npv_|mean_)?(?:resources\w*|companies_and_public|(?:value_)?standard_surplus)")


def successor_of(name: str) -> str:
    """The account that replaces one of an earlier version; empty where it never was one.

    >>> successor_of("npv_resources_tenants_worth"), successor_of("npv_private_landlords_end_value")
    ('npv_society', 'npv_private_landlords_closing')
    """
    if _GONE.fullmatch(name):
        return HEADLINE.name
    owner = _OWNERS_VALUE.fullmatch(name)
    return f"npv_{owner[1]}{CLOSING}" if owner and name != f"npv_{owner[1]}" else ""


def check_name(name: str, where: str) -> None:
    """Refuse, with a SamspelError that names its successor, an account of an earlier version."""
    new = successor_of(name)
    if new == HEADLINE.name:
        said = f'"{name}" is gone, as society has one account now; expected "{new}" or a line of it'
        raise SamspelError(f'{where}: {said} (its flows by quarter are "society")')
    if new:
        raise SamspelError(f'{where}: "{name}" is gone; expected "{new}", the owner\'s own view')
