"""Random worlds: small regions of every shape, with parameters, levers and practices of every kind.

One generator for all tests of random worlds; tests/laws.py says what must hold in each. A world is a function of its
seed alone, so that a test names a world by a number and anybody can look at it again.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin
from zlib import crc32

import numpy as np
from numpy.random import Generator

from sim import PRESETS, Collaboration, Dated, Levers, Parameters, Region, RenewalModel, load_parameters, load_region
from sim.vocabulary import FIRST_YEAR, Partner, Practice

# How far parameters are drawn: in their plausible ranges; a few of them anywhere in their hard bounds; all of them.
Mode = Literal["plausible", "some at bounds", "anywhere"]
MODES: tuple[Mode, ...] = get_args(Mode)
_OUTSIDE: Mapping[Mode, float] = {"plausible": 0.0, "some at bounds": 0.05, "anywhere": 1.0}


@dataclass(frozen=True)
class RandomWorld:
    """All that a run is made from."""

    number: int
    mode: Mode
    region: Region
    collaboration: Collaboration
    parameters: Parameters
    levers: Levers
    scale: float
    years: int
    seed: int

    def model(self, **more: Any) -> RenewalModel:
        """A run of it, not yet started."""
        return RenewalModel(
            self.region, self.collaboration, self.seed, parameters=self.parameters, levers=self.levers,
            years=self.years, **more,
        )  # fmt: skip

    def __repr__(self) -> str:
        places = len(self.region.neighbourhoods)
        return f"random_world({self.number}, {self.mode!r}): {self.region.total_flats} flats in {places} places"


def random_world(number: int, mode: Mode = "plausible", years: int | None = None) -> RandomWorld:
    """The world of a number, 0 or more. years: instead of the one to four that it would have."""
    rng = np.random.default_rng([number, MODES.index(mode)])
    scale = float(rng.choice([1.0, 0.5, 0.13]))
    return RandomWorld(
        number, mode, random_region(rng, scale), random_collaboration(rng), random_parameters(rng, mode),
        random_levers(rng), scale, years or int(rng.integers(1, 5)), int(rng.integers(0, 2**31)),
    )  # fmt: skip


def numbers(seed: int, size: int) -> list[tuple[int, Mode]]:
    """Numbers and modes of so many worlds, all modes in turn; other seeds give other worlds."""
    return [(seed * 1_000_000 + place, MODES[place % len(MODES)]) for place in range(size)]


def random_worlds(seed: int, size: int) -> Iterator[RandomWorld]:
    """Those worlds."""
    return (random_world(number, mode) for number, mode in numbers(seed, size))


# --- parameters, levers, practices


def random_parameters(rng: Generator, mode: Mode) -> Parameters:
    """Every parameter somewhere in its range, its ends often among them."""
    values, root = {}, int(rng.integers(2**31))
    for name, record in load_parameters().records.items():
        # By its name: a new parameter leaves the others where they are.
        rng = np.random.default_rng([root, crc32(name.encode())])
        outside = rng.random() < _OUTSIDE[mode]
        low, high = record.bounds if outside else record.plausible
        place = float(rng.choice([0.0, 1.0, rng.random()], p=[0.1, 0.1, 0.8]))
        # Bounds may lie orders of magnitude apart: mostly near what is plausible, sometimes far away.
        place = place**3 if outside and low >= 0.0 else place
        values[name] = float(np.clip(low + place * (high - low), low, high))
    return load_parameters().replace(values)


def random_levers(rng: Generator) -> Levers:
    """Every lever at one of its values; amounts from nothing to more than anybody could use."""
    values: dict[str, Any] = {}
    for name, field in Levers.model_fields.items():
        if get_origin(field.annotation) is Literal:
            values[name] = str(rng.choice(get_args(field.annotation)))
        elif field.annotation is bool:
            values[name] = bool(rng.random() < (0.9 if name == "renovation" else 0.5))
        elif field.annotation is int:
            least = next(one.ge for one in field.metadata if hasattr(one, "ge"))
            values[name] = int(least + rng.integers(0, 4))
        elif name.endswith("_factor"):
            values[name] = float(rng.choice([0.0, 1.0, 1.0, 5.0 * rng.random()]))
        elif name in ("county_drive", "county_staff"):
            values[name] = float(rng.choice([0.0, 0.4, 1.0]))
        else:
            # Shares and the like anywhere in their bounds, amounts up to a thousand million.
            bound = next(one.le for one in field.metadata if hasattr(one, "le"))
            most = bound if bound <= 1000.0 else min(10 ** rng.uniform(3, 9), bound)
            values[name] = float(rng.choice([0.0, 0.3, 1.0])) * most
    return Levers.checked(**values | {"grant_rate": _grant(values["grant_rate"], rng)})


def _grant(rate: float, rng: Generator) -> float | Dated:
    """A grant in some years of a run, or in all of them."""
    first, last = sorted(int(FIRST_YEAR + rng.integers(0, 4)) for _ in range(2))
    return Dated(rate, first, last) if rng.random() < 0.5 else rate


def random_collaboration(rng: Generator) -> Collaboration:
    """A preset, or any practices at any strength with any partners."""
    if rng.random() < 0.4:
        return PRESETS[str(rng.choice(sorted(PRESETS)))]
    practices = {str(practice): float(rng.choice([0.0, 1.0, rng.random()])) for practice in Practice}
    partners = frozenset(partner for partner in Partner if rng.random() < 0.7)
    cost, committed = float(rng.choice([0.0, 1.0, 10.0])), bool(rng.random() < 0.3)
    return Collaboration("any", partners=partners, cost_factor=cost, by_commitment=committed, **practices)


# --- regions


def random_region(rng: Generator, scale: float = 1.0) -> Region:
    """A region of one to three municipalities and one to four neighbourhoods, read from tables like anybody's."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "random"  # a region is called as its folder: always alike
        folder.mkdir()
        write_region(folder, rng, scale)
        return load_region(folder, scale)


def write_region(folder: Path, rng: Generator, scale: float = 1.0) -> None:
    """The five tables of such a region."""
    towns = [f"Town {i}" for i in range(int(rng.integers(1, 4)))]
    # Every municipality has a neighbourhood.
    of = [*towns, *rng.choice(towns, size=int(rng.integers(0, 5 - len(towns))))]
    places = [_neighbourhood(rng, f"Place {i}", str(town), scale) for i, town in enumerate(of)]
    _write(folder / "neighbourhoods.csv", places)
    _write(folder / "municipalities.csv", [_municipality(rng, name) for name in towns])
    firms = [_builder(rng, f"Firm {i}", str(rng.choice(towns)), scale) for i in range(int(rng.integers(1, 5)))]
    _write(folder / "builders.csv", firms)
    _write(folder / "landlords.csv", _landlords(rng, places) or [], head=tuple(_landlord(rng, "", "", "")))
    flats = sum(int(place["flats"]) for place in places)
    force = flats * float(rng.choice([0.5, 2.0, 40.0, 4000.0]))
    _write_county(folder / "region.toml", rng, force)


def _neighbourhood(rng: Generator, name: str, town: str, scale: float) -> dict[str, object]:
    flats = max(int(_one_of(rng, 8, 9, 40, int(rng.integers(8, 400))) / scale), 8)
    age, size = _shares(rng, 4), _shares(rng, 4)
    if age[3] > 0.75:
        age = [0.0, 0.0, 0.25, 0.75]
    # Somebody of working age must live in each place, and be out of work: else no rate of finding it is known.
    of_age = max(int(flats * scale) - 1, 8) * (1.0 - age[3])
    employment = min(_share(rng), max(1.0 - 1.01 / of_age, 0.0))
    low = rng.random()
    from_, to = sorted(int(x) for x in rng.integers(1900, 2012, 2))
    row = {
        "neighbourhood": name, "municipality": town,
        "flats": flats,
        "municipal_share": _share(rng), "employment": employment, "foreign_background": _share(rng),
        "low_education": low, "high_education": (1.0 - low) * _share(rng),
        **dict(zip(("age_20_29", "age_30_44", "age_45_64", "age_65_plus"), age, strict=True)),
        **dict(zip(("size_1", "size_2", "size_3", "size_4_plus"), size, strict=True)),
        "rent_sek_m2": _one_of(rng, 100.0, 850.0, 3000.0), "energy_kwh_m2": _one_of(rng, 10.0, 170.0, 500.0),
        "flat_area_m2": _one_of(rng, 12.0, 67.0, 200.0), "flats_per_building": _one_of(rng, 1.0, 7.5, 60.0, 900.0),
        "built_from": from_, "built_to": to, "renovated_share": _share(rng), "satisfaction": _share(rng),
        "reputation": _share(rng), "image_work_2011": int(rng.integers(0, 2)), **_ORIGIN,
    }  # fmt: skip
    return row | _unwanted(row, flats * scale * (1.0 - age[3]))


def _unwanted(row: Mapping[str, object], of_age: float) -> dict[str, object]:
    """Places that are unsafe, and stand empty in part. of_age : flats whose main earners would be of working age."""
    # By what is there: new columns leave the others where they are.
    rng = np.random.default_rng(crc32(repr(row).encode()))
    empty = 0.5 * _share(rng) if of_age > 20.0 else 0.0
    # Still somebody of working age out of work: fewer live there.
    least = 1.0 - 4.0 / (of_age * (1.0 - empty)) if empty else 1.0
    return {"empty_share": empty, "calm": _share(rng), "employment": min(float(str(row["employment"])), least)}


def _municipality(rng: Generator, name: str) -> dict[str, object]:
    return {
        "municipality": name, "municipal_tax": 0.3 * _share(rng), "county_tax": 0.2 * _share(rng),
        "company_loan_to_value": _share(rng), "investment_slack_sek": float(rng.choice([0.0, 5e7, 1e12])),
        "assistance_share": _share(rng), "drive": _share(rng), "courage": _share(rng), "civic_strength": _share(rng),
        **_ORIGIN,
    }  # fmt: skip


def _builder(rng: Generator, name: str, town: str, scale: float) -> dict[str, object]:
    workers = float(rng.choice([1e-6, 1.0, 20.0, 5000.0])) / scale
    return {"builder": name, "municipality": town, "workers": workers,
            "size": str(rng.choice(["large", "medium", "small"])), **_ORIGIN}  # fmt: skip


def _landlords(rng: Generator, places: Sequence[Mapping[str, object]]) -> list[dict[str, object]]:
    """One landlord for each neighbourhood that is not all municipal, or one for all of a municipality."""
    private = [place for place in places if place["municipal_share"] != 1.0]
    if rng.random() < 0.5:
        where = [(str(place["municipality"]), str(place["neighbourhood"])) for place in private]
        return [_landlord(rng, f"Owner {i}", town, name) for i, (town, name) in enumerate(where)]
    towns = sorted({str(place["municipality"]) for place in private})
    return [_landlord(rng, f"Owner of {town}", town, "*") for town in towns]


def _landlord(rng: Generator, name: str, town: str, where: str) -> dict[str, object]:
    return {"landlord": name, "municipality": town, "neighbourhoods": where,
            "required_yield": float(rng.choice([0.001, 0.05, 0.5])),
            "strategy": str(rng.choice(["hold", "upgrade", "resell"])), **_ORIGIN}  # fmt: skip


_ORIGIN = {"evidence": "assumed", "source": "drawn by chance"}


def _one_of(rng: Generator, *values: float) -> float:
    return float(rng.choice(values))


def _share(rng: Generator) -> float:
    """Nothing, everything or between."""
    return float(rng.choice([0.0, 1.0, rng.random(), rng.random(), rng.random()]))


def _shares(rng: Generator, n: int) -> list[float]:
    """Shares that sum to one; sometimes all in one class."""
    if rng.random() < 0.2:
        return [float(x) for x in np.eye(n)[rng.integers(0, n)]]
    return [float(x) for x in rng.dirichlet(np.ones(n))]


def _write(path: Path, rows: Sequence[Mapping[str, object]], head: Sequence[str] = ()) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else head)
        writer.writeheader()
        writer.writerows(rows)


def _write_county(path: Path, rng: Generator, force: float) -> None:
    idle = _share(rng)
    persons = {"county_population": 2 * force, "county_labour_force": force,
               "construction_workers": force * float(rng.choice([0.001, 0.07]))}  # fmt: skip
    shares = {"rest_employment": 1.0 - idle, "rest_unemployment": idle, "rest_foreign_background": _share(rng)}
    lines = ['title = "A region drawn by chance"']
    for unit, values in (("persons", persons), ("share", shares)):
        for key, value in values.items():
            lines += [f"[{key}]", f"value = {value!r}", f'unit = "{unit}"', 'evidence = "assumed"', 'source = "drawn"']
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
