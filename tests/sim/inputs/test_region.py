"""Shipped regions hold what they promise; whatever is wrong with a region is said in one clear message."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.errors import SamspelError
from sim.inputs import seeds_folder as seeds_module
from sim.inputs.region import Region, load_region
from sim.inputs.region_columns import shrink
from sim.inputs.seeds_folder import seeds_folder, shipped_regions

SHIPPED = ("botkyrka", "estate-in-distress", "stockholm-county")


@pytest.fixture(scope="module")
def county() -> Region:
    return load_region("stockholm-county")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A region of our own that is right, to break one thing in."""
    return Path(shutil.copytree(seeds_folder() / "botkyrka", tmp_path / "mine"))


def edit(folder: Path, file: str, change: Callable[[list[dict[str, str]]], object]) -> None:
    """Rewrite one table after `change` has had its way with the rows."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def put(folder: Path, file: str, row: int, column: str, value: str) -> None:
    edit(folder, file, lambda rows: rows[row].update({column: value}))


def refusal(folder: Path | str, scale: float = 1.0) -> str:
    with pytest.raises(SamspelError) as error:
        load_region(folder, scale)
    return str(error.value)


# What ships


def test_three_regions_ship() -> None:
    assert shipped_regions() == SHIPPED


def test_the_county_has_83000_flats_in_32_neighbourhoods_of_14_municipalities(county: Region) -> None:
    assert county.total_flats == 83_000
    assert (len(county.neighbourhoods), len(county.municipalities)) == (32, 14)


def test_botkyrkas_company_owns_about_9800_flats(county: Region) -> None:
    botkyrka = county.neighbourhoods.municipality_index == county.municipalities.name.index("Botkyrka")
    assert county.neighbourhoods.municipal_flats[botkyrka].sum() == pytest.approx(9_800, rel=0.01)


def test_the_county_has_3600_skilled_workers_in_28_firms_of_very_different_size(county: Region) -> None:
    assert county.total_workers == pytest.approx(3_600)
    assert len(county.builders) == 28
    assert county.builders.workers.max() > 30 * county.builders.workers.min()


def test_flats_weighted_means_agree_with_the_evidence(county: Region) -> None:
    places = county.neighbourhoods
    usual = np.array([name != "Brandbergen" for name in places.name])
    assert np.average(places.rent_sek_m2, weights=places.flats) == pytest.approx(930, abs=5)
    assert np.average(places.energy_kwh_m2, weights=places.flats) == pytest.approx(155, abs=2)
    assert np.average(places.satisfaction, weights=places.flats) == pytest.approx(0.78, abs=0.01)
    assert np.average(places.reputation, weights=places.flats) == pytest.approx(0.15, abs=0.01)
    share = np.average(places.renovated_share[usual], weights=places.flats[usual])
    assert share == pytest.approx(0.22, abs=0.01)


def test_only_northern_botkyrka_starts_with_image_work(county: Region) -> None:
    places = county.neighbourhoods
    names = {places.name[i] for i in np.flatnonzero(places.image_work_2011)}
    assert names == {"Alby", "Fittja", "Hallunda", "Norsborg"}


def test_botkyrka_is_the_countys_rows_for_four_municipalities(county: Region) -> None:
    small, large = load_region("botkyrka").neighbourhoods, county.neighbourhoods
    at = [large.name.index(name) for name in small.name]
    assert len(small) == 14
    assert np.array_equal(small.flats, large.flats[at])
    assert np.array_equal(small.employment, large.employment[at])


def test_botkyrka_has_as_many_workers_a_flat_as_the_county(county: Region) -> None:
    small = load_region("botkyrka")
    per_flat = county.total_workers / county.total_flats
    assert small.total_workers / small.total_flats == pytest.approx(per_flat, rel=0.01)


@pytest.mark.parametrize("name", SHIPPED)
def test_share_rows_sum_to_one(name: str) -> None:
    places = load_region(name).neighbourhoods
    for table in (places.education_shares, places.age_shares, places.size_shares):
        assert np.allclose(table.sum(axis=1), 1, rtol=0, atol=1e-12)
        assert (table >= 0).all()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_private_flat_has_a_landlord_in_its_own_municipality(name: str) -> None:
    region = load_region(name)
    places = region.neighbourhoods
    private = places.private_flats > 0
    landlord = places.landlord_index[private]
    assert (landlord >= 0).all()
    assert np.array_equal(region.landlords.municipality_index[landlord], places.municipality_index[private])


def test_alby_belongs_to_a_landlord_who_resells(county: Region) -> None:
    landlord = county.neighbourhoods.landlord_index[county.neighbourhoods.name.index("Alby")]
    assert county.landlords.strategy[landlord] == "resell"


@pytest.mark.parametrize("name", SHIPPED)
def test_every_row_says_how_sure_we_are_and_why(name: str) -> None:
    region = load_region(name)
    for table in (region.neighbourhoods, region.municipalities, region.builders, region.landlords):
        assert set(table.evidence) <= {"found", "derived", "recalled", "assumed"}
        assert all(len(source) > 10 for source in table.source)


def test_columns_cannot_be_written_to(county: Region) -> None:
    with pytest.raises(ValueError, match="read-only"):
        county.neighbourhoods.flats[0] = 1


# Scale


@pytest.mark.parametrize("scale", [1.0, 0.5, 1 / 3, 0.1, 0.02])
def test_flats_shrink_to_the_rounded_total(county: Region, scale: float) -> None:
    small = load_region("stockholm-county", scale)
    assert small.total_flats == round(83_000 * scale)
    assert np.abs(small.neighbourhoods.flats - county.neighbourhoods.flats * scale).max() < 1


def test_no_neighbourhood_falls_below_eight_flats() -> None:
    assert load_region("stockholm-county", 0.004).neighbourhoods.flats.min() == 8
    assert load_region("stockholm-county", 0.004).total_flats == 332
    assert load_region("stockholm-county", 1e-9).total_flats == 8 * 32


def test_shrinking_gives_the_odd_flat_to_the_largest_remainder() -> None:
    assert shrink(np.array([101, 102, 107], dtype=np.int64), 0.1).tolist() == [10, 10, 11]


def test_shrinking_by_nothing_changes_nothing() -> None:
    flats = np.array([8, 9, 4_900], dtype=np.int64)
    assert shrink(flats, 1.0).tolist() == flats.tolist()


@pytest.mark.parametrize("scale", [0.5, 0.1, 0.01])
def test_buildings_keep_their_size_while_their_number_shrinks(county: Region, scale: float) -> None:
    whole, small = county.neighbourhoods, load_region("stockholm-county", scale).neighbourhoods
    assert np.array_equal(small.flats_per_building, whole.flats_per_building)
    assert 1_800 < (whole.municipal_buildings + whole.private_buildings).sum() < 2_200
    number = small.municipal_buildings - small.municipal_flats / small.flats_per_building
    assert np.abs(number[small.municipal_buildings > 1]).max(initial=0.0) <= 0.5


def test_an_owner_has_buildings_only_where_it_has_flats() -> None:
    for scale in (1.0, 0.1, 0.001):
        places = load_region("stockholm-county", scale).neighbourhoods
        assert np.array_equal(places.municipal_buildings > 0, places.municipal_flats > 0)
        assert np.array_equal(places.private_buildings > 0, places.private_flats > 0)


def test_labour_and_money_shrink_with_the_flats(county: Region) -> None:
    small = load_region("stockholm-county", 0.1)
    slack = county.municipalities.investment_slack_sek
    assert small.total_workers == pytest.approx(360)
    assert small.municipalities.investment_slack_sek == pytest.approx(0.1 * slack)
    assert small.county.construction_workers == pytest.approx(7_500)
    assert small.county.rest_unemployment == county.county.rest_unemployment


@pytest.mark.parametrize("scale", [0, -0.1, 1.01, float("nan"), float("inf"), True, "half", None])
def test_a_scale_outside_0_to_1_is_refused(scale: float) -> None:
    message = refusal("botkyrka", scale)
    assert message.startswith(f"scale: got {scale!r}") and "above 0, up to 1" in message


# Digest


def test_the_digest_follows_what_the_files_say_and_the_scale_but_not_the_place(folder: Path) -> None:
    original = load_region("botkyrka").digest
    assert load_region(folder).digest == original
    assert load_region(folder, 0.5).digest != original
    put(folder, "builders.csv", 0, "workers", "421")
    assert load_region(folder).digest != original


# A region of one's own


def test_a_folder_gives_the_region_its_name(folder: Path) -> None:
    assert load_region(folder).name == "mine"
    assert load_region(str(folder)).total_flats == 34_000


def test_a_byte_order_mark_and_blank_lines_are_welcome(folder: Path) -> None:
    path = folder / "builders.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n,,,,,\r\n")
    assert len(load_region(folder).builders) == 13


def test_a_region_may_be_all_municipal_with_no_landlords(folder: Path) -> None:
    edit(folder, "neighbourhoods.csv", lambda rows: [row.update(municipal_share="1") for row in rows])
    header = (folder / "landlords.csv").read_text(encoding="utf-8").splitlines()[0]
    (folder / "landlords.csv").write_text(header + "\n", encoding="utf-8")
    region = load_region(folder)
    assert len(region.landlords) == 0
    assert (region.neighbourhoods.landlord_index == -1).all()
    assert (region.neighbourhoods.private_buildings == 0).all()


def test_installed_seeds_are_found_when_there_is_no_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(seeds_folder(), tmp_path / "sim" / "_seeds")
    monkeypatch.setattr(seeds_module, "__file__", str(tmp_path / "sim" / "inputs" / "seeds_folder.py"))
    assert seeds_folder() == (tmp_path / "sim" / "_seeds").resolve()
    assert load_region("botkyrka").total_flats == 34_000


def test_seeds_found_nowhere_are_an_error_that_says_where_we_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeds_module, "__file__", str(tmp_path / "sim" / "inputs" / "seeds_folder.py"))
    assert "_seeds" in refusal("botkyrka")


# What is refused: one cell wrong

P, M, B, L = "neighbourhoods.csv", "municipalities.csv", "builders.csv", "landlords.csv"
ALBY, FITTJA, BOTKYRKA = 'row 2 ("Alby")', 'row 3 ("Fittja")', 'row 2 ("Botkyrka")'
CELLS = [
    (P, 0, "employment", "1.4", f"{ALBY}, column employment: 1.4 is above 1; expected a share between 0 and 1"),
    (P, 0, "employment", "-0.1", f"{ALBY}, column employment: -0.1 is below 0"),
    (P, 1, "flats", "-5", f"{FITTJA}, column flats: -5 is below 8; expected a whole number of flats"),
    (P, 1, "flats", "7", f"{FITTJA}, column flats: 7 is below 8"),
    (P, 1, "flats", "12.5", f'{FITTJA}, column flats: "12.5" is not a whole number'),
    (P, 1, "flats", "1e3", f'{FITTJA}, column flats: "1e3" is not a whole number'),
    (P, 1, "flats", "9" * 30, f"{FITTJA}, column flats: {'9' * 30} is above 1000000"),
    (P, 0, "rent_sek_m2", "", f"{ALBY}, column rent_sek_m2: blank; expected SEK/m2.year, 100 to 10,000"),
    (P, 0, "rent_sek_m2", "nan", f'{ALBY}, column rent_sek_m2: "nan" is not a number'),
    (P, 0, "rent_sek_m2", "inf", f"{ALBY}, column rent_sek_m2:"),
    (P, 0, "rent_sek_m2", "cheap", f'{ALBY}, column rent_sek_m2: "cheap" is not a number'),
    (P, 0, "employment", "0,56", f'{ALBY}, column employment: "0,56" is not a number (decimals are written with'),
    (P, 0, "age_20_29", "0.9", f"{ALBY}, columns age_20_29, age_30_44, age_45_64, age_65_plus: they sum to 1.75"),
    (P, 0, "size_1", "0", f"{ALBY}, columns size_1, size_2, size_3, size_4_plus: they sum to 0.69; expected 1"),
    (P, 0, "high_education", "0.9", f"{ALBY}, columns low_education, high_education: they sum to 1.26"),
    (P, 0, "built_from", "1999", f"{ALBY}, columns built_from, built_to: 1999 is after 1973"),
    (P, 0, "image_work_2011", "2", f"{ALBY}, column image_work_2011: 2 is above 1; expected 0 or 1"),
    (P, 0, "neighbourhood", "", 'row 2 (""), column neighbourhood: blank'),
    (P, 0, "neighbourhood", "Alby;Fittja", 'column neighbourhood: "Alby;Fittja" does not fit; expected a name'),
    (P, 0, "evidence", "fuond", f'{ALBY}, column evidence: unknown word "fuond"; did you mean "found"?'),
    (P, 0, "source", " ", f"{ALBY}, column source: blank"),
    (P, 1, "neighbourhood", "Alby", 'row 3 ("Alby"), column neighbourhood: the name is taken by row 2'),
    (P, 0, "municipality", "Botkirka", f'{ALBY}, column municipality: unknown municipality "Botkirka"; did you mean'),
    (M, 0, "municipal_tax", "20.13", f"{BOTKYRKA}, column municipal_tax: 20.13 is above 1; expected a share"),
    (M, 1, "municipality", "Botkyrka", 'row 3 ("Botkyrka"), column municipality: the name is taken by row 2'),
    (B, 0, "workers", "0", 'row 2 ("Large builder A"), column workers: 0 is not above 0'),
    (B, 0, "size", "larg", 'column size: unknown word "larg"; did you mean "large"?'),
    (B, 0, "municipality", "Solna", 'row 2 ("Large builder A"), column municipality: unknown municipality "Solna"'),
    (L, 0, "required_yield", "5", 'row 2 ("Private landlord, Alby"), column required_yield: 5 is above 0.5'),
    (L, 0, "strategy", "sell", 'column strategy: unknown word "sell"; did you mean "resell"?'),
    (L, 0, "neighbourhoods", "Albyy", 'column neighbourhoods: unknown neighbourhood of Botkyrka "Albyy"; did you'),
    (L, 0, "neighbourhoods", "Alby;Fittja", '"Fittja" belongs to "Private landlord, Alby" already'),
    (L, 0, "municipality", "Nacka", 'row 2 ("Private landlord, Alby"), column'),
]


@pytest.mark.parametrize(("file", "row", "column", "value", "expected"), CELLS)
def test_a_wrong_cell_is_named_by_file_row_and_column(
    folder: Path, file: str, row: int, column: str, value: str, expected: str
) -> None:
    put(folder, file, row, column, value)
    message = refusal(folder)
    assert expected in message
    assert file in message


def test_an_error_in_our_own_seeds_is_named_without_machine_paths(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(seeds_folder(), seeds)
    put(seeds / "botkyrka", P, 0, "employment", "1.4")
    monkeypatch.setattr(seeds_module, "__file__", str(tmp_path / "sim" / "inputs" / "seeds_folder.py"))
    assert refusal("botkyrka") == (
        'seeds/botkyrka/neighbourhoods.csv, row 2 ("Alby"), column employment: '
        "1.4 is above 1; expected a share between 0 and 1"
    )


def test_private_flats_without_a_landlord_are_refused(folder: Path) -> None:
    edit(folder, L, lambda rows: rows.pop(0))
    message = refusal(folder)
    assert f"{P}, {ALBY}, column municipal_share: 0.7 leaves private flats without a landlord" in message


def test_a_municipality_without_neighbourhoods_is_refused(folder: Path) -> None:
    edit(folder, M, lambda rows: rows.append(rows[0] | {"municipality": "Salem"}))
    assert 'row 6 ("Salem"), column municipality: has no neighbourhood' in refusal(folder)


def test_three_wrong_cells_are_spelled_out_and_the_rest_counted(folder: Path) -> None:
    edit(folder, P, lambda rows: [row.update(employment="2") for row in rows])
    message = refusal(folder)
    assert message.count("2 is above 1") == 3
    assert message.endswith("and 11 more like these")


# What is refused: whole files


@pytest.mark.parametrize("file", ["region.toml", P, M, B, L])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert f"{file}: missing; a region needs region.toml" in refusal(folder)


@pytest.mark.parametrize("file", ["region.toml", P, M, B, L])
def test_a_file_that_is_neither_utf8_nor_windows_text_is_named_with_its_line(folder: Path, file: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_bytes(text.encode("mac-roman", errors="replace"))
    assert re.search(rf"{file}: not UTF-8 text in line \d+, nor Swedish text of Windows", refusal(folder))


@pytest.mark.parametrize("file", [P, M, B, L])
@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_is_refused(folder: Path, file: str, content: str) -> None:
    (folder / file).write_text(content, encoding="utf-8")
    assert f"{file}: the file is empty; expected the columns" in refusal(folder)


@pytest.mark.parametrize("file", [P, M, B])
def test_a_table_of_only_a_header_is_refused(folder: Path, file: str) -> None:
    header = (folder / file).read_text(encoding="utf-8").splitlines()[0]
    (folder / file).write_text(header, encoding="utf-8")
    assert f"{file}: the table is empty; expected at least one row" in refusal(folder)


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


FILE_EDITS = [
    (P, "employment", "employmnt", f'{P}: unknown column "employmnt"; did you mean "employment"?'),
    (P, "flats,", "flats,flats,", f'{P}: column "flats" stands twice'),
    (P, ",source", "", f"{P}: missing column source"),
    (P, "Alby,Botkyrka", "Alby,,Botkyrka", f"{P}, row 2: 30 cells; expected 29"),
    (P, "Alby,Botkyrka", '"Alby"x,Botkyrka', f"{P}, line 2: not readable as csv"),
    ("region.toml", "title = ", "title ", "region.toml: not valid TOML"),
    ("region.toml", "rest_employment", "rest_employmnt", 'unknown key "rest_employmnt"; did you mean "rest_employ'),
    ("region.toml", "0.79", "7.9", "region.toml, key rest_employment.value: 7.9 is above 1; expected a share"),
    ("region.toml", "0.79", '"most"', 'region.toml, key rest_employment.value: "most" is not a number'),
    ("region.toml", "0.79", "true", 'region.toml, key rest_employment.value: "True" is not a number'),
    ("region.toml", "0.79", "nan", "region.toml, key rest_employment.value:"),
    ("region.toml", 'unit = "persons"', 'unit = "people"', 'key county_population.unit: unknown word "people"'),
    ("region.toml", 'unit = "persons"\n', "", "region.toml, key county_population.unit: missing; expected persons"),
    ("region.toml", 'unit = "persons"', 'units = "persons"', "region.toml, key county_population.unit"),
    ("region.toml", 'title = "', 'title = 3 # "', 'region.toml, key title: "3" does not fit; expected some text'),
    ("region.toml", 'title = "', '# "', "region.toml, key title: missing"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), FILE_EDITS)
def test_a_file_of_the_wrong_shape_is_explained(folder: Path, file: str, old: str, new: str, expected: str) -> None:
    rewrite(folder, file, old, new)
    assert expected in refusal(folder)


def test_a_figure_without_its_table_is_explained(folder: Path) -> None:
    text = "rest_employment = 0.7\n" + (folder / "region.toml").read_text(encoding="utf-8")
    (folder / "region.toml").write_text(text.replace("[rest_employment]", "[other]"), encoding="utf-8")
    assert 'unknown key "other"' in refusal(folder)


# What is refused: names and folders


def test_an_unknown_region_gets_the_nearest_name() -> None:
    assert refusal("stockholm-conty") == 'unknown region "stockholm-conty"; did you mean "stockholm-county"?'


@pytest.mark.parametrize("name", ["", " ", "atlantis", "x" * 5_000, "a\0b", "~nobody-here/x"])
def test_a_name_that_is_nothing_is_an_error_and_not_a_crash(name: str) -> None:
    assert "region" in refusal(name)


def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    assert "no such folder" in refusal(tmp_path / "nowhere")
    assert "no such folder" in refusal(str(tmp_path / "nowhere"))


def test_a_file_instead_of_a_folder_is_an_error(folder: Path) -> None:
    assert "is a file; expected the folder" in refusal(folder / "region.toml")


def test_something_else_instead_of_a_name_is_an_error() -> None:
    assert "expected a name or a folder" in refusal(5)  # type: ignore[arg-type]
