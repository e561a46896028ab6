"""Which study would be worth paying for: the value of information over the set, by who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.information import Information, information, perfect
from experiments.design.studies import Study, studies_of
from experiments.engine.results import Results
from experiments.reporting.accounts import ACCOUNT, HEADLINE, Account, asked_accounts
from experiments.reporting.quantity import quantity_of

PEOPLE = ACCOUNT["npv_society_people"]  # what tenants and others have of it, homes included
PER_FLAT = 1e-3  # MSEK in a thousand SEK


@dataclass(frozen=True)
class Worth:
    """What one study would be worth, MSEK for the region at 1:1, to each who decides by his account. study: None for
    all that was varied. told: the parameters of which it would tell, among those that members differ in."""

    key: str
    study: Study | None
    told: tuple[str, ...]
    by_account: Mapping[str, Information]

    @property
    def society(self) -> Information:
        """To society."""
        return self.by_account[HEADLINE.name]

    @property
    def most(self) -> tuple[Account, Information]:
        """To whom beside society it would be worth most."""
        others = [(account, self.by_account[account.name]) for account in deciding()[1:]]
        return max(others, key=lambda one: one[1].value)


@dataclass(frozen=True)
class Worths:
    """Every study, the one that is worth most to society first; all of them together, and the bound that nothing can
    exceed, as the chance of the runs is known in it as well (MSEK). members: over which."""

    studies: tuple[Worth, ...]
    everything: Worth
    bound: float
    members: int


def deciding() -> tuple[Account, ...]:
    """Who decides whether to coordinate: society as a whole, persons, and every budget in its own account."""
    return (HEADLINE, PEOPLE, *(account for account in asked_accounts() if account.kind in ("budget", "closing")
                                if account.name != "npv_residents"))  # fmt: skip


def worths_of(results: Results, members: pd.DataFrame) -> Worths | None:
    """From the table of members, in which the gain of each stands after that of the default, which does not count.
    None with too few members to tell."""
    rows = members["weight"].to_numpy(np.float64) > 0
    weights = members["weight"].to_numpy(np.float64)[rows]
    whole = results.made.flats / results.made.region.scale
    gains = {account.name: _gain(results, members, account, whole)[rows] for account in deciding()}
    names = tuple(name for name in results.varied if members[name].to_numpy()[rows].std() > 0)

    def worth(key: str, study: Study | None, told: tuple[str, ...]) -> Worth:
        inputs = members.loc[rows, list(told)].to_numpy(np.float64)
        return Worth(key, study, told, information(inputs, gains, weights))

    if not names:
        return None
    everything = worth("everything", None, names)
    if np.isnan(everything.society.value):
        return None
    found = [worth(key, study, told) for key, (study, told) in studies_of(names).items()]
    found.sort(key=lambda one: (-one.society.value, -one.society.explained))
    return Worths(tuple(found), everything, perfect(gains[HEADLINE.name], weights), int(rows.sum()))


def _gain(results: Results, members: pd.DataFrame, account: Account, flats: float) -> Any:
    """MSEK by point."""
    if account.name in members:
        return members[account.name].to_numpy(np.float64) * flats * PER_FLAT
    quantity = quantity_of(account.name, results.made.flats)
    return results.pairs(quantity.of(results.runs)).by_point() * flats * PER_FLAT


def data_of(worths: Worths | None) -> dict[str, Any]:
    """For summary.json, by study: what it would be worth in MSEK to each who decides, and what it would tell of."""
    if worths is None:
        return {}
    return {
        "unit": "MSEK",
        "bound": worths.bound,
        "members": worths.members,
        "studies": {
            one.key: {
                "asks": one.study.asks if one.study else "everything that members differ in",
                "parameters": list(one.told),
                "worth": {
                    name: {"value": told.value, "error": told.error, "explained": told.explained, "other": told.other}
                    for name, told in one.by_account.items()
                },
            }
            for one in (*worths.studies, worths.everything)
        },
    }
