"""The words of the model, defined once: purses, practices, partners, standards, energy levels, states of work."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Self

FIRST_YEAR = (
    2011  # the year of the meeting in Alby, in which regions start that say no other; prices are real, in SEK of it
)


class Purse(IntEnum):
    """Who pays and receives in the books."""

    RESIDENTS = 0
    HOUSING_COMPANIES = 1
    PRIVATE_LANDLORDS = 2
    MUNICIPALITIES = 3
    COUNTY_COUNCIL = 4
    STATE = 5
    BUILDERS = 6
    REST_OF_WORLD = 7


PUBLIC_PURSES = (Purse.MUNICIPALITIES, Purse.COUNTY_COUNCIL, Purse.STATE)


class Partner(StrEnum):
    """Who may sit at the table beside the housing company."""

    OWN_MUNICIPALITY = "own_municipality"
    CIVIL_SOCIETY = "civil_society"
    COUNTY_COUNCIL = "county_council"
    OTHER_MUNICIPALITIES = "other_municipalities"
    BUILDERS = "builders"
    STATE = "state"


class Practice(StrEnum):
    """What a collaboration may do differently from a silo: one entry each, which configuration files, presets, designs
    and figures pick up by themselves.

    words: what it is called in print. needs: partners without whom it cannot act: no framework without builders, no
    flexible funding without the state. A preset practises whatever its partners allow.
    """

    words: str
    needs: frozenset[Partner]

    def __new__(cls, key: str, words: str, *needs: Partner) -> Self:
        """A practice by its key in files, with its words and the partners that it needs."""
        member = str.__new__(cls, key)
        member._value_, member.words, member.needs = key, words, frozenset(needs)
        return member

    SHARED_CALCULATION = "shared_calculation", "joint appraisal", Partner.OWN_MUNICIPALITY
    POOLED_PROCUREMENT = "pooled_procurement", "pooled procurement", Partner.OTHER_MUNICIPALITIES, Partner.BUILDERS
    TRAINING = "training", "training", Partner.OWN_MUNICIPALITY
    FREE_STATE_MONEY = "free_state_money", "flexible state funding", Partner.STATE
    PARTICIPATION = "participation", "participation", Partner.CIVIL_SOCIETY
    IMAGE_WORK = "image_work", "reputation work", Partner.CIVIL_SOCIETY
    LOCAL_PRESENCE = "local_presence", "local presence", Partner.OWN_MUNICIPALITY


class Standard(IntEnum):
    """How much of a flat is renewed; rent follows standard."""

    NONE = 0
    MINI = 1
    MIDI = 2
    MAXI = 3


class EnergyLevel(IntEnum):
    """How deep the energy measures go."""

    NONE = 0
    MEDIUM = 1
    DEEP = 2


class Work(IntEnum):
    """What a household's main earner does."""

    OUT_OF_WORK = 0
    EMPLOYED = 1
    TRAINEE = 2
    RETIRED = 3


class Skill(IntEnum):
    """Schooling of the main earner; a graduate of the building trades counts as skilled."""

    LOW = 0
    MIDDLE = 1
    HIGH = 2
    TRADE = 3


class Away(IntEnum):
    """Whether a household lives elsewhere while works go on that nobody can live through."""

    HOME = 0
    COMES_BACK = 1
    STAYS_AWAY = 2


class Site(IntEnum):
    """Where a building is in its renovation."""

    IDLE = 0
    ANNOUNCED = 1
    ON_SITE = 2
    DECIDED = 3  # partners or tenants are still talked with; nothing has been announced


TOLD = (Site.ANNOUNCED, Site.ON_SITE)  # tenants know of works, or live with them
