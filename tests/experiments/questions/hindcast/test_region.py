"""A region changed by an episode is the same region as one changed by hand in a copy of its folder."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.questions.hindcast.episode.changes import ChangedRegion
from experiments.questions.hindcast.episode.region import written
from sim import Collaboration, Region, RenewalModel, SamspelError, load_region
from sim.inputs.seeds_folder import seeds_folder

FILE = "episode.toml"


def region(scale: float = 0.02, **changes: Any) -> Region:
    """Botkyrka with changes."""
    return load_region(written(ChangedRegion.model_validate(changes).model_dump(), FILE), scale)


def by_hand(folder: Path, table: str, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> Region:
    """A copy of the folder, with a table edited as in a spreadsheet."""
    copy = folder / "botkyrka-changed"
    shutil.copytree(seeds_folder() / "botkyrka", copy)
    path = copy / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows = change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return load_region(copy, 0.02)


def test_a_changed_row_gives_the_region_and_the_run_that_a_change_by_hand_gives(tmp_path: Path) -> None:
    def renovated(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        alby = next(row for row in rows if row["neighbourhood"] == "Alby")
        alby |= {"renovated_share": "0.6", "evidence": "found", "source": "a report"}
        return rows

    cells = {"renovated_share": 0.6, "evidence": "found", "source": "a report"}
    ours = region(neighbourhoods={"Alby": cells})
    hand = by_hand(tmp_path, "neighbourhoods", renovated)
    assert ours.digest == hand.digest and ours.name == hand.name
    one, other = (RenewalModel(place, Collaboration.preset("regional"), 1, years=2).run() for place in (ours, hand))
    assert one.curves().equals(other.curves())
    plain = RenewalModel(load_region("botkyrka", 0.02), Collaboration.preset("regional"), 1, years=2).run()
    assert not one.curves().equals(plain.curves()), "the change reaches the run"


def test_a_region_without_changes_is_the_region() -> None:
    assert region().digest == load_region("botkyrka", 0.02).digest


def test_what_an_episode_changes_is_marked_as_assumed_unless_it_says_where_it_is_from() -> None:
    places = region(neighbourhoods={"Alby": {"employment": 0.4}}).neighbourhoods
    assert places.evidence[0] == "assumed" and places.source[0].endswith("; employment changed for an episode")
    assert places.employment[0] == 0.4


def test_figures_of_the_county_are_changed_by_their_value() -> None:
    changed = region(county_population=500_000, title="A smaller county", scale=1.0)
    assert changed.county.county_population == 500_000 and changed.title == "A smaller county"


def test_rows_kept_and_left_out_take_along_what_belongs_to_them() -> None:
    town = region(keep={"municipalities": ["Botkyrka"]})
    assert set(town.municipalities.name) == {"Botkyrka"} and len(town.neighbourhoods) == 5
    assert set(np.unique(town.builders.municipality_index)) == {0} and len(town.builders) == 4
    assert town.landlords.name == ("Private landlord, Alby", "Private landlord, Botkyrka")
    less = region(leave_out={"neighbourhoods": ["Alby", "Hovsjö", "Ronna", "Geneta", "Fornhöjden"]})
    assert "Södertälje" not in less.municipalities.name, "a municipality without neighbourhoods goes"
    assert "Private landlord, Alby" not in less.landlords.name, "and a landlord without flats"
    assert "Medium builder B" not in less.builders.name, "and a municipality's builders with it"


def test_a_folder_of_ones_own_can_be_changed_too(tmp_path: Path) -> None:
    copy = tmp_path / "mine"
    shutil.copytree(seeds_folder() / "botkyrka", copy)
    changed = region(name=str(copy), municipalities={"Botkyrka": {"drive": 0.1}})
    assert changed.name == "mine-changed" and changed.municipalities.drive[0] == 0.1


def test_injections_of_a_region_go_along_into_owners_that_are_left(tmp_path: Path) -> None:
    copy = tmp_path / "mine"
    shutil.copytree(seeds_folder() / "botkyrka", copy)
    rows = "Botkyrka,2013,1e8,assumed,a test\nSödertälje,2014,2e8,assumed,a test\n"
    (copy / "injections.csv").write_text("owner,year,sek,evidence,source\n" + rows, encoding="utf-8")
    assert [one.owner for one in region(name=str(copy)).injections] == ["Botkyrka", "Södertälje"]
    less = region(name=str(copy), leave_out={"municipalities": ["Södertälje"]})
    assert [(one.owner, one.year, one.sek) for one in less.injections] == [("Botkyrka", 2013, 1e8)]


def test_debts_in_sek_take_the_place_of_those_by_value_and_the_other_way_round() -> None:
    owing = region(municipalities={"Botkyrka": {"company_debt_sek": 3e9}}, scale=1.0)
    assert owing.municipalities.company_debt_sek[0] == 3e9
    by_value = region(name="estate-in-distress", municipalities={"Stensund": {"company_loan_to_value": 0.9}}, scale=1.0)
    assert by_value.municipalities.company_loan_to_value[0] == 0.9


def test_a_change_that_leaves_no_region_is_told_with_file_and_key() -> None:
    with pytest.raises(SamspelError, match=r"^episode\.toml, key region"):
        region(keep={"municipalities": ["Botkyrka"]}, leave_out={"municipalities": ["Botkyrka"]})


def test_where_the_tables_were_written_is_no_part_of_the_region() -> None:
    cells = {"neighbourhoods": {"Alby": {"employment": 0.4}}}
    first, again = (written(ChangedRegion.model_validate(cells).model_dump(), FILE) for _ in range(2))
    assert first == again and load_region(first).digest == load_region(again).digest
