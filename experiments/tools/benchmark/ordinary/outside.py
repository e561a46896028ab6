"""What is not residents', as a model has it when their phases begin: series, places and buildings of a quarter."""

from __future__ import annotations

from dataclasses import dataclass

from sim.world.world import World

Numbers = list[float]


@dataclass(frozen=True)
class Outside:
    """One quarter. Prices are SEK; lists have one entry a neighbourhood or a building, as said.

    slack : national unemployment above normal, share. pay_level : real pay, 1 = 2011. rent_level : general rents over
    those of the start. heat_price, carbon_levy : SEK/kWh.
    reputation, calm : 0-1, by neighbourhood.
    rent, rent_plain, rent_chosen : SEK/m2.year; condition : 0-1; comfort : points gained since the start; voice : 0-1;
    energy : kWh/m2.year; private : whether a landlord owns it; all by building.
    """

    quarter: int
    slack: float
    pay_level: float
    rent_level: float
    heat_price: float
    carbon_levy: float
    reputation: Numbers
    calm: Numbers
    rent: Numbers
    rent_plain: Numbers
    rent_chosen: Numbers
    condition: Numbers
    comfort: Numbers
    voice: Numbers
    energy: Numbers
    private: list[bool]


def seen(world: World) -> Outside:
    """What a world shows after its fifth phase, before its residents act; copied, so that it can be kept."""
    b, places = world.buildings, world.neighbourhoods
    return Outside(
        world.quarter,
        world.surroundings.slack,
        world.pay_level,
        world.rent_level,
        world.surroundings.heat_price,
        world.carbon_levy,
        places.reputation.tolist(),
        places.calm.tolist(),
        b.rent.tolist(),
        b.rent_plain.tolist(),
        b.rent_chosen.tolist(),
        b.condition.tolist(),
        (b.comfort - b.comfort_start).tolist(),
        b.voice.tolist(),
        b.energy.tolist(),
        (b.owner >= len(world.municipalities)).tolist(),
    )
