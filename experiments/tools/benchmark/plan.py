"""How large the measurements are: the whole benchmark, or a quick look."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.tools.benchmark.measurements import Request

PRESETS = ("siloed", "regional")
COUNTY = "stockholm-county"
MOST = 99


@dataclass(frozen=True)
class Size:
    """A region to be run: its name in rows, how much of the county and how many times over, and rounds at most."""

    name: str
    scale: float = 1.0
    copies: int = 1
    most: int = MOST


@dataclass(frozen=True)
class Plan:
    """What is run. years: of the runs. sizes: the largest last. ordinary: residents of the ordinary Mesa model.
    models: in one process. sweep: share of Botkyrka, years, pairs of runs. judged: whether targets are set for this."""

    rounds: int
    years: int
    county: Size
    sizes: tuple[Size, ...]
    ordinary: tuple[int, ...]
    models: int
    sweep: tuple[float, int, int]
    judged: bool = True
    compare: bool = False

    def run(self, size: Size, preset: str) -> Request:
        """A run of a region of this size."""
        years = f"{self.years} year{'s' * (self.years > 1)}"
        return Request.of(
            f"{size.name}, {preset}, {years}", "run", size.most, region=COUNTY, scale=size.scale, copies=size.copies,
            preset=preset, years=self.years,
        )  # fmt: skip


def whole(rounds: int, compare: bool) -> Plan:
    """The benchmark as it is kept."""
    county = Size("the county, 83,000 flats")
    return Plan(
        rounds=rounds,
        years=30,
        county=county,
        sizes=(
            Size("a part of the county, 10,000 flats", 0.12),
            county,
            Size("the county twelve times over, 996,000 flats", copies=12, most=3),
        ),
        ordinary=(10_000, 80_000),
        models=1_000,
        sweep=(1.0, 30, 48),
        compare=compare,
    )


def quick(rounds: int) -> Plan:
    """A look at everything in about a minute, on an idle machine."""
    county = Size("a fifth of the county, 16,600 flats", 0.2)
    return Plan(
        rounds=rounds,
        years=2,
        county=county,
        sizes=(Size("a part of the county, 4,150 flats", 0.05), county, Size("the county, 83,000 flats")),
        ordinary=(2_000,),
        models=50,
        sweep=(0.1, 5, 6),
        judged=False,
    )
