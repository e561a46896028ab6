"""The rivalries and their rules: which there are, from the model's levers, and what each is called.

A rival rule is added in three places: the rule in sim/rules/rivals, its value in the lever (sim/inputs/levers.py), and
its words in WORDS here. A rivalry is a lever whose description begins with "rival rules:".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from sim import Levers

MARK = "rival rules:"


@dataclass(frozen=True)
class Words:
    """What a rivalry asks, and what each of its rules says, each by the lever's value."""

    asked: str
    rules: Mapping[str, str]


WORDS: Mapping[str, Words] = {
    "leaving": Words(
        "who leaves at renovation",
        {
            "mixed": "the disturbed, most who do not get the standard that they want, and those whose rent grows heavy",
            "disturbance": "the disturbed; a high rent moves nobody (Chalmers)",
            "low-incomes": "low incomes, when the rent rises (Boverket 2014:34)",
            "no-gradient": "all incomes alike (Borg)",
            "low-incomes-stay": "middle and high incomes, when the rent rises; low incomes stay (IJURR 2025)",
        },
    ),
    "refused_for": Words(
        "what people refuse a place for",
        {
            "place": "home and rent, reputation and calm",
            "home": "home and rent alone: addresses keep nobody away (Kawalerowicz)",
        },
    ),
    "destinations": Words(
        "where those who leave go",
        {
            "choice": "where a home is open that they can pay, near and well spoken of, other estates among them",
            "ties": "to the nearest home that is open, whatever it costs",
            "queue": "as by choice, but into no flat of the estates: those go to the queue",
        },
    ),
    "long_spells": Words(
        "why long spells out of work last",
        {
            "scar": "being out of work wears a work history out, and work mends it",
            "select": "those who find easily have left: a place leaves nothing behind but its job",
        },
    ),
    "coached_placements": Words(
        "what coached placements give",
        {
            "programmes": "a job in two of three, as small programmes tell that hire their own trainees",
            "trial": "a job in one of five, as a randomised trial implies (IFAU 2023:23)",
        },
    ),
    "entry": Words(
        "which firms bid",
        {
            "profit": "those with hands free and a profit to expect",
            "order-books": "those with room in their order books, whatever the lot and its profit",
            "lot-size": "as by profit, but fewer the more of their hands the lot takes: bundling shuts small firms out",
        },
    ),
    "participation_reveals": Words(
        "what asking tenants reveals",
        {
            "wishes": "all who come say what they wish at that rent",
            "loud": "settled older tenants alone are heard",
            "nothing": "owners hear what they already believed: time and money spent, nothing learnt",
        },
    ),
    "landlords_maximise": Words(
        "what private landlords maximise",
        {
            "present-value": "present value at the required yield",
            "cash-return": "the first year's cash return on own capital",
            "resale": "what a buyer would pay more, minus the cost",
        },
    ),
    "insecurity_moves": Words(
        "what local presence does next door",
        {
            "displaces": "a part of the insecurity goes to neighbours without presence, and out of the estates",
            "diffuses": "as much calm spreads to them",
            "stays": "nothing",
        },
    ),
    "rents_follow": Words(
        "what rents follow",
        {
            "use-value": "what flats of the same standard pay, whatever the works cost; large rises are phased in",
            "cost": "what the works have cost, at once",
        },
    ),
    "home_worth_of": Words(
        "whose wish a better flat counts by",
        {
            "occupants": "those who live in it, minus what they leave to others",
            "marginal": "the county's marginal household, whoever lives in it",
        },
    ),
}


def rivalries() -> tuple[str, ...]:
    """Names of the levers that pick between rival rules."""
    fields = Levers.model_fields.items()
    return tuple(name for name, field in fields if (field.description or "").startswith(MARK))


def rules_of(name: str) -> tuple[str, ...]:
    """The rules of a rivalry, the model's own first."""
    field = Levers.model_fields[name]
    return tuple(sorted(get_args(field.annotation), key=lambda rule: rule != field.default))


def plain(name: str) -> str:
    """A rule's or rivalry's name for a reader."""
    return name.replace("_", " ").replace("-", " ")


def asked(name: str) -> str:
    """What a rivalry is about; its bare name where this version has no words for it."""
    return WORDS[name].asked if name in WORDS else plain(name)


def meaning(name: str, rule: str) -> str:
    """What a rule says; its bare name where this version has no words for it."""
    return WORDS[name].rules.get(rule, plain(rule)) if name in WORDS else plain(rule)
