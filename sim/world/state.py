"""The state of flats, households, buildings and neighbourhoods, as columns.

A flat is a row for ever; a household may leave it.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from sim.world.columns import Bools, Column, Columns, Floats, Ints

Small = NDArray[np.int8]

# Columns of whole numbers are as narrow as what they hold, whatever Python calls them: a million flats have to fit. A
# quarter fits into int16 (from NATIVE on), and since when a household lives there into int32 where hardly anybody moves.
NATIVE = -9999  # arrival quarter of somebody who did not immigrate as an adult
NOBODY = -1  # household id of a flat in which nobody has lived since the start
FAR_PAST = -400  # quarter of what has never happened, such as the renovation of a building (a century of quarters)


def in_sweden(arrival: Ints, quarter: int) -> Floats:
    """Years since somebody came to Sweden (rows,), endless for whoever did not come as an adult."""
    return np.where(arrival > NATIVE, (quarter - arrival) / 4.0, np.inf)


class Residents(Columns):
    """One row per flat: the household that lives there, through its main earner."""

    building: Annotated[Ints, Column("int32", "row", "the building of the flat; fixed")]
    household: Annotated[
        Ints, Column("int64", "id", "the household's own id; 0…n-1 lived here at the start; or NOBODY")
    ]
    occupied: Annotated[Bools, Column("bool", "yes/no", "whether somebody lives in the flat")]
    work: Annotated[Small, Column("int8", "Work", "out of work, employed, trainee or retired")]
    skill: Annotated[Small, Column("int8", "Skill", "schooling of the main earner, or certified tradesperson")]
    foreign: Annotated[
        Bools, Column("bool", "yes/no", "born abroad or both parents born abroad; for the address penalty")
    ]
    arrival: Annotated[Ints, Column("int16", "quarter", "when the main earner came to Sweden, or NATIVE")]
    ever_worked: Annotated[Bools, Column("bool", "yes/no", "has had a job in Sweden")]
    born: Annotated[Ints, Column("int16", "quarter", "birth of the main earner, counted from the start")]
    size: Annotated[Small, Column("int8", "persons", "household size, 1 to 4 (4 = four or more)")]
    other_income: Annotated[Floats, Column("float64", "SEK/month", "income after tax of other household members")]
    second_pay: Annotated[
        Floats, Column("float64", "SEK/month", "what a second earner brings home when at work, 0 where there is none")
    ]
    history: Annotated[
        Small, Column("int8", "quarters", "work history: one more a quarter at work, one less a quarter out of work")
    ]
    spell: Annotated[Small, Column("int8", "quarters", "time out of work, up to 100")]
    entitled: Annotated[
        Bools, Column("bool", "yes/no", "falls back on social assistance when out of work and uninsured")
    ]
    insured: Annotated[Bools, Column("bool", "yes/no", "has unemployment insurance for the first year out of work")]
    health: Annotated[Floats, Column("float64", "0-1", "health of the household")]
    satisfaction: Annotated[Floats, Column("float64", "0-1", "lived satisfaction with home and area")]
    since: Annotated[Ints, Column("int32", "quarter", "when the household moved in")]
    wish: Annotated[
        Floats,
        Column(
            "float64", "SEK/month", "what the household would pay more for an intermediate standard, at the pay of 2011"
        ),
    ]
    third: Annotated[
        Small, Column("int8", "0-2", "income third of the start, as the household came: lowest, middle, highest")
    ]
    rent: Annotated[Floats, Column("float64", "SEK/month", "rent of the flat")]
    burden: Annotated[Floats, Column("float64", "share", "rent over disposable income")]
    income: Annotated[Floats, Column("float64", "SEK/month", "disposable income of the household")]
    away: Annotated[Small, Column("int8", "Away", "at home, or housed elsewhere during works, to come back or not")]
    standard: Annotated[
        Small, Column("int8", "Standard", "of the flat by its building's latest renovation since the start")
    ]
    chosen: Annotated[
        Small,
        Column(
            "int8", "part", "what the flat gets by works to come: 1 to 3 a standard, 4 basic by right, 0 its building's"
        ),
    ]
    rent_apart: Annotated[
        Floats,
        Column(
            "float64", "SEK/m2.year", "rent of the flat above the mean of its building by what was chosen, in the end"
        ),
    ]
    upgraded: Annotated[Bools, Column("bool", "yes/no", "flat renewed at a change of tenant")]
    programme: Annotated[Small, Column("int8", "Programme", "way into work through a training place, or 0")]
    programme_since: Annotated[Ints, Column("int16", "quarter", "start of the current place or subsidy")]
    coached: Annotated[Bools, Column("bool", "yes/no", "whether a coach follows the training place")]
    practice: Annotated[Floats, Column("float64", "quarters", "site practice that counts toward a certificate")]
    waiting: Annotated[Small, Column("int8", "quarters", "how long an apprentice has waited for a next site")]
    builder: Annotated[Ints, Column("int16", "row", "the firm whose training place somebody has, or -1")]
    placed: Annotated[Ints, Column("int16", "quarter", "when the household got its latest training place, or FAR_PAST")]
    quality: Annotated[Floats, Column("float64", "0-1", "how good the latest training place is among all")]


class Buildings(Columns):
    """One row per building; rows are sorted by neighbourhood, municipal buildings before private ones."""

    neighbourhood: Annotated[Ints, Column("int64", "row", "where the building stands")]
    municipality: Annotated[Ints, Column("int64", "row", "its municipality")]
    owner: Annotated[Ints, Column("int64", "row", "housing companies 0…m-1 (by municipality), then private landlords")]
    flats: Annotated[Ints, Column("int64", "flats", "number of flats")]
    area: Annotated[Floats, Column("float64", "m2", "living area of one flat")]
    built: Annotated[Ints, Column("int64", "year", "year of completion")]
    condition: Annotated[Floats, Column("float64", "0-1", "technical condition; 1 as new")]
    energy: Annotated[Floats, Column("float64", "kWh/m2.year", "heat and hot water")]
    energy_start: Annotated[
        Floats, Column("float64", "kWh/m2.year", "the same at the start; bounds what tuning can save")
    ]
    tuned: Annotated[Floats, Column("float64", "share", "what the owner's own tuning has saved so far")]
    standard: Annotated[Small, Column("int8", "Standard", "standard of the latest renovation since the start")]
    energy_level: Annotated[
        Small, Column("int8", "EnergyLevel", "energy level of the latest renovation since the start")
    ]
    renovated: Annotated[
        Ints, Column("int64", "quarter", "completion of the latest renovation, negative before the start")
    ]
    rent: Annotated[Floats, Column("float64", "SEK/m2.year", "rent level of flats not renewed singly, as it is paid")]
    rent_plain: Annotated[
        Floats, Column("float64", "SEK/m2.year", "what the rent would be without any renovation since the start")
    ]
    rent_chosen: Annotated[
        Floats, Column("float64", "SEK/m2.year", "part of the agreed rent that pays for more than the basic standard")
    ]
    use_value: Annotated[
        Floats,
        Column(
            "float64",
            "SEK/m2.year",
            "use value of the standard that the building has above an unrenovated one's, at the rents of 2011",
        ),
    ]
    rise: Annotated[
        Floats, Column("float64", "SEK/m2.year", "rent rise of the latest renovation since the start, in the end")
    ]
    rise_first: Annotated[Floats, Column("float64", "SEK/m2.year", "part of it paid at once, the rest is phased in")]
    comfort: Annotated[
        Floats,
        Column(
            "float64",
            "points",
            "indoor comfort and standard as lived; up to 1 at the start, more where new standard and energy measures add up to it",
        ),
    ]
    comfort_start: Annotated[Floats, Column("float64", "points", "comfort at the start")]
    voice: Annotated[Floats, Column("float64", "0-1", "how far tenants have been heard about their building")]
    site: Annotated[Small, Column("int8", "Site", "idle, decided, announced or on site")]
    works: Annotated[Small, Column("int8", "option", "what was announced last: standard and energy level, 0 to 8")]
    mixed: Annotated[Bools, Column("bool", "yes/no", "flats have standards of their own, or rents, as tenants chose")]
    emptied: Annotated[
        Bools, Column("bool", "yes/no", "works go on inside through which nobody can live in some flats")
    ]
    announced: Annotated[Ints, Column("int64", "quarter", "when tenants were told of the renovation")]
    empty: Annotated[
        Floats, Column("float64", "share of flats", "that have stood empty, as owners, buyers and banks see it")
    ]


class Neighbourhoods(Columns):
    """One row per neighbourhood, in the order of the seed table: what everybody can see of it.

    Owners, outsiders, employers and associations act on these, which are last quarter's: reputation as the image phase
    left it, the others as the latest closing counted them (``sim/world/census.py``).
    """

    reputation: Annotated[Floats, Column("float64", "0-1", "what outsiders believe")]
    satisfaction: Annotated[Floats, Column("float64", "0-1", "mean over households at the latest closing")]
    employment: Annotated[Floats, Column("float64", "share of 20-64", "of main earners at the latest closing")]
    renovated_share: Annotated[
        Floats, Column("float64", "share of flats", "in buildings renovated since the start, at the latest closing")
    ]
    calm: Annotated[Floats, Column("float64", "0-1", "how safe the place is; 1 = as safe as elsewhere in the county")]
    empty_share: Annotated[
        Floats, Column("float64", "share of flats", "that have stood empty, as everybody sees it at the latest closing")
    ]
