"""The words of the model, defined once: purses, practices, partners, standards, energy levels, states of work."""

from __future__ import annotations

from enum import IntEnum, StrEnum


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


class Practice(StrEnum):
    """The six things that a collaboration may do differently from a silo."""

    SHARED_CALCULATION = "shared_calculation"
    POOLED_PROCUREMENT = "pooled_procurement"
    TRAINING = "training"
    FREE_STATE_MONEY = "free_state_money"
    PARTICIPATION = "participation"
    IMAGE_WORK = "image_work"


class Partner(StrEnum):
    """Who may sit at the table beside the housing company."""

    OWN_MUNICIPALITY = "own_municipality"
    CIVIL_SOCIETY = "civil_society"
    COUNTY_COUNCIL = "county_council"
    OTHER_MUNICIPALITIES = "other_municipalities"
    BUILDERS = "builders"
    STATE = "state"


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


class Site(IntEnum):
    """Where a building is in its renovation."""

    IDLE = 0
    ANNOUNCED = 1
    ON_SITE = 2
