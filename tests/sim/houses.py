"""A planted region for tests: houses of a dozen flats by hand, one company, one builder, and a county around them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim import PRESETS, Levers, Region, RenewalModel, load_region

from .planted import PLANTED
from .test_deals import ORIGIN, PLAIN, REST, TABLES, county

HOUSE = TABLES["neighbourhoods"]
LANDLORD = {"landlord": "Lord", "municipality": "Town", "neighbourhoods": "*", "required_yield": 0.05,
            "strategy": "hold"}  # fmt: skip
# Its company would renew the house fully and without energy measures: it asks for less than most, basic works bring
# less rent than by default, and energy measures are dearer. It would do the same at any yield from 0.042 to 0.052.
FULLY = {"company_yield": 0.048, "use_value_mini": 150.0, "cost_energy_medium": 154_000.0}
# Owners see what the model sees, tenants consent and builders bid.
SMOOTHLY = PLAIN | {"crew_slack": 0.1, "entry_intercept": 10.0, "rehousing_from": 10.0}


def region_of(folder: Path, houses: Sequence[Mapping[str, object]], private: bool = False) -> Region:
    """The houses (what differs from the dozen flats of ``House``), and 240 flats that need nothing yet."""
    folder.mkdir()
    lists: dict[str, list[Mapping[str, object]]] = {
        "neighbourhoods": [*(HOUSE | one for one in houses), HOUSE | REST],
        "municipalities": [TABLES["municipalities"]],
        "builders": [TABLES["builders"]],
        "landlords": [LANDLORD] if private else [],
    }
    for name, rows in lists.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*(rows[0] if rows else LANDLORD), *ORIGIN])
            writer.writeheader()
            writer.writerows([row | ORIGIN for row in map(dict, rows)])
    (folder / "region.toml").write_text(county(), encoding="utf-8")
    return load_region(folder, 1.0)


def run(region: Region, levers: Mapping[str, Any], years: int = 12, preset: str = "siloed", seed: int = 1,
        steps: int | None = None, **parameters: float) -> RenewalModel:  # fmt: skip
    """A run of it, or its first steps, where nothing goes wrong and a company left alone renews fully."""
    p = PLANTED.replace(SMOOTHLY | FULLY | parameters)
    chosen = Levers.checked(**levers)
    model = RenewalModel(region, PRESETS[preset], seed, parameters=p, levers=chosen, years=years)
    if steps is None:
        return model.run()
    for _ in range(steps):
        model.step()
    return model
