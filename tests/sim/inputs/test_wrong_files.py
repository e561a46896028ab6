"""What is wrong with a region's files is told all at once, with file, row and column, and with what to do in Excel."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.errors import SamspelError
from sim.inputs.region import load_region
from sim.inputs.seeds_folder import seeds_folder
from sim.inputs.text import look

BAD = Path(__file__).with_name("bad")
B, P, M, L, T = "builders.csv", "neighbourhoods.csv", "municipalities.csv", "landlords.csv", "region.toml"
WORKERS = "column workers: "
OTHER = 'in Excel: File > Save As > "CSV UTF-8"'

# Files in bad/ that stand in for builders.csv: what each is told.
FILES = {
    "columns-twice.csv": ['column "workers" stands twice', 'unknown column "Workers"', "missing column size"],
    "columns-wrong.csv": [
        "column F: has values but no name",
        'unknown column "work"; did you mean "workers"?',
        "missing column municipality",
    ],
    "dates.csv": [
        f'row 2 ("One"), {WORKERS}"01-feb" is a date, which Excel makes of numbers',
        f'row 3 ("Two"), {WORKERS}"2011-02-01" is a date',
        f'row 4 ("Three"), {WORKERS}"feb-11" is a date',
        f'row 5 ("Four"), {WORKERS}"05:30" is a date',
    ],
    "dos.csv": [f"{B}: not UTF-8 text in line 2, nor Swedish text of Windows (Windows-1252); {OTHER}"],
    "formulas.csv": [
        f'row 2 ("One"), {WORKERS}"#DIVISION/0!" is an error of an Excel formula',
        f'row 3 ("Two"), {WORKERS}"########" is what Excel shows where a column is too narrow',
        f'row 4, {WORKERS}"=420+1" is a formula; in Excel paste it as a value',
        f'row 5 ("Four"), {WORKERS}"42 %" is a percentage; in Excel format the column as Number',
        f'row 6 ("Five"), {WORKERS}"420 kr" has a unit',
        f'row 7 ("Six"), {WORKERS}"SANT" is a truth value of Excel\'s',
    ],
    "garbled.csv": [
        'row 2, column municipality: "SÃ¶dertÃ¤lje" is "Södertälje" opened in the wrong encoding; in Excel'
    ],
    "invisible.csv": [
        'row 2, column builder: "One\\u200b" holds a character that cannot be seen (U+200B, zero width space)',
        'row 3, column municipality: "Bot\\u00adkyrka" holds a character that cannot be seen (U+00AD, soft hyphen)',
        "row 4, column builder: ",
        "row 5, column builder: ",
        'row 6, column builder: "Fi\\u0007ve" holds a character that cannot be seen (U+0007, a control character)',
    ],
    "look-alike.csv": [
        'row 3 ("BYGG AB"), column builder: "BYGG AB" looks like "Bygg AB" of row 2',
        'row 4 ("Вygg AB"), column builder: "Вygg AB" looks like "Bygg AB" of row 2',
        'row 5 ("Bygg AB"), column builder: the name is taken by row 2',
    ],
    "mixed.csv": [f"{B}: not UTF-8 text in line 3, but UTF-8 in other lines (mixed encodings); {OTHER}"],
    "one-cell.csv": ["all columns stand in one cell of each row; in Excel open the original with Data > From Text/CSV"],
    "quotation.csv": [f"{B}, line 2: not readable as csv"],
    "sep.csv": ['the first line says "sep=|"; expected ; or , or a tab'],
    "several.csv": [
        f'row 2 ("One"), {WORKERS}0 is not above 0',
        'row 2 ("One"), column municipality: unknown municipality "Botkirka"; did you mean "Botkyrka"?',
        f'row 3 ("Two"), {WORKERS}"many" is not a number',
        'row 3 ("Two"), column size: unknown word "larg"',
        'row 3 ("Two"), column evidence: unknown word "fuond"',
        "row 4: 5 cells; expected 6",
        'row 5 (""), column builder: blank',
    ],
    "short.csv": ["row 2: 7 cells; expected 6 (a semicolon inside a text needs quotes)"],
    "two-ways.csv": [
        f'row 2 ("One"), {WORKERS}"1,234" can be read in two ways, 1.234 or 1234; in Excel format the column',
        f'row 3 ("Two"), {WORKERS}"0,56" is not a number (decimals are written with a point)',
    ],
    "two-ways-semicolons.csv": [f'row 2 ("One"), {WORKERS}"1.234" can be read in two ways, 1.234 or 1234'],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A region of our own that is right, to break something in."""
    return Path(shutil.copytree(seeds_folder() / "botkyrka", tmp_path / "mine"))


def refusal(folder: Path, scale: float = 1.0) -> list[str]:
    with pytest.raises(SamspelError) as error:
        load_region(folder, scale)
    assert len(str(error.value)) < 2_000
    return str(error.value).splitlines()


def rewrite(folder: Path, file: str, *edits: tuple[str, str]) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / file).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file_is_told_with_every_row_and_column(folder: Path, name: str) -> None:
    shutil.copy(BAD / name, folder / B)
    lines = refusal(folder)
    assert len(lines) == len(FILES[name])
    assert all(line.startswith(f"{folder}/{B}") for line in lines)
    assert [said for said in FILES[name] if not any(said in line for line in lines)] == []


def test_every_wrong_file_has_its_message() -> None:
    assert {path.name for path in BAD.iterdir()} == set(FILES)


# Several files, many problems


def test_problems_of_all_files_are_told_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)  # a long path would leave room for fewer of them
    folder = Path("../" + folder.name)
    rewrite(folder, T, ("0.79", "7.9"), ('unit = "persons"', 'unit = "people"'))
    rewrite(folder, P, ("Alby,Botkyrka,3900", "Alby,Botkirka,39.5"))
    rewrite(folder, M, ("0.2013", "20.13"))
    rewrite(folder, B, ("420", "2011-02-01"), ("Huddinge", "Hudinge"))
    rewrite(folder, L, ("0.060", "6"), ("Fittja", "Fitja"))
    assert [line.removeprefix(f"{folder}/").partition(":")[0] for line in refusal(folder)] == [
        "region.toml, key county_population.unit",
        "region.toml, key rest_employment.value",
        'neighbourhoods.csv, row 2 ("Alby"), column flats',
        'neighbourhoods.csv, row 2 ("Alby"), column municipality',
        'municipalities.csv, row 2 ("Botkyrka"), column municipal_tax',
        'builders.csv, row 2 ("Large builder A"), column workers',
        'builders.csv, row 2 ("Large builder A"), column municipality',
        'landlords.csv, row 2 ("Private landlord, Alby"), column required_yield',
        'landlords.csv, row 3 ("Private landlord, Botkyrka"), column neighbourhoods',
    ]


def test_files_that_are_not_there_are_told_together(folder: Path) -> None:
    (folder / B).unlink()
    (folder / L).rename(folder / "landlords.xls")
    lines = refusal(folder)
    assert f"{B}: missing; a region needs region.toml" in lines[0]
    assert f"{L}: missing" in lines[1] and f"landlords.xls is there: {OTHER}" in lines[1]


@pytest.mark.parametrize(
    ("wanted", "there", "advice"),
    [
        (B, "builders.CSV", f"rename it to {B}"), (B, "Builders.csv", f"rename it to {B}"),
        (B, "builders.csv.txt", f"rename it to {B}"), (B, "BUILDERS.csv.csv", f"rename it to {B}"),
        (B, "builders.XLSX", "rename it to builders.xlsx"), (B, "builders.xlsx.xlsx", "rename it to builders.xlsx"),
        (B, "Builders.ods", OTHER), (T, "Region.toml", f"rename it to {T}"),
        (T, "region.toml.txt", f"rename it to {T}"),
    ],
)  # fmt: skip
def test_a_file_of_nearly_the_right_name_is_named(folder: Path, wanted: str, there: str, advice: str) -> None:
    (folder / wanted).rename(folder / there)
    if (folder / wanted).exists():
        pytest.skip("this file system does not tell these names apart")
    [line] = refusal(folder)
    assert line.startswith(f"{folder}/{wanted}: missing") and line.endswith(f"; {there} is there: {advice}")


def test_files_of_other_names_are_no_advice(folder: Path) -> None:
    (folder / B).rename(folder / "firms.csv")
    (folder / "builders").mkdir()
    [line] = refusal(folder)
    assert line.startswith(f"{folder}/{B}: missing") and "is there" not in line


def test_a_workbook_with_the_name_of_a_table_is_recognised(folder: Path) -> None:
    (folder / B).write_bytes(b"PK\x03\x04" + b"\0" * 100)
    why = "BadZipFile: File is not a zip file"
    assert refusal(folder) == [f"{folder}/{B}: cannot be read as an Excel workbook ({why}); {OTHER}"]


def test_what_refers_to_a_row_that_cannot_be_read_is_no_further_problem(folder: Path) -> None:
    rewrite(folder, M, ("Botkyrka,", "Botkyrka,0.5,"))
    rewrite(folder, P, ("Alby,", "Al\u200bby,"))
    assert len(refusal(folder)) == 2


def test_too_many_problems_are_counted_and_every_file_has_its_share(folder: Path) -> None:
    for file in (P, M, B, L):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace("0.", "2011-0").replace("large", "larg").replace(",Bot", ",Bat"))
    lines = refusal(folder)
    assert lines[-1].startswith("and ") and lines[-1].endswith(" more problems")
    assert all(any(file in line for line in lines) for file in (P, M, B, L))


def test_like_problems_in_many_rows_are_told_by_their_rows(folder: Path) -> None:
    text = (folder / B).read_text(encoding="utf-8")
    (folder / B).write_text(text.replace(",assumed,", ",asumed,"), encoding="utf-8")
    assert refusal(folder)[-1] == f"{folder}/{B}, rows 5-14, column evidence: and 10 more like these"


# Areas share one name space


def test_a_neighbourhood_named_as_a_municipality_is_refused_with_both_rows(folder: Path) -> None:
    rewrite(folder, P, ("Skogås,", "Haninge,"))
    [line] = refusal(folder)
    assert f'{P}, row 13 ("Haninge"), column neighbourhood: "Haninge" is also a municipality' in line
    assert f"{folder}/{M}, row 5" in line


@pytest.mark.parametrize("name", ["HANINGE", "Ηaninge", " Haninge ", "Haninge\u00a0"])
def test_names_of_areas_that_look_alike_are_refused(folder: Path, name: str) -> None:
    rewrite(folder, P, ("Skogås,", f"{name},"))
    assert any("is also a municipality" in line for line in refusal(folder))


def test_a_region_named_as_one_of_its_areas_is_refused(folder: Path) -> None:
    for name in ("Botkyrka", "Alby"):
        named = folder.rename(folder.with_name(name))
        [line] = refusal(named)
        assert f'"{name}" is also the region, which has the name of its folder; rename the folder' in line
        named.rename(folder)


@pytest.mark.parametrize(
    ("name", "area"), [("BOTKYRKA", "Botkyrka"), ("ALBY", "Alby"), ("Аlby", "Alby"), ("VÅRBY gård", "Vårby gård")]
)
def test_a_region_that_looks_like_one_of_its_areas_is_refused(folder: Path, name: str, area: str) -> None:
    [line] = refusal(folder.rename(folder.with_name(name)))
    assert f'"{area}" is also the region ("{name}"), which has the name of its folder; rename the folder' in line


@pytest.mark.parametrize("name", ["botkyrka", "alby", "vårby gård"])
def test_a_folder_may_have_the_name_of_an_area_in_lower_case(folder: Path, name: str) -> None:
    parent = folder.with_name("lower")
    parent.mkdir()
    assert load_region(folder.rename(parent / name)).name == name


@pytest.mark.parametrize("unseen", ["\U000e0100", "\u180b", "\u180f", "\ufe0f", "\u2065", "\u115f", "\U0001d173"])
def test_letters_that_are_not_drawn_are_refused_in_names(folder: Path, unseen: str) -> None:
    rewrite(folder, P, ("Fittja,", f"Fittja,Botkyrka,1{unseen}\nAlby{unseen},"))
    assert any(f"holds a character that cannot be seen (U+{ord(unseen):04X}" in line for line in refusal(folder))


TWINS = (
    ("Fittja", "Fittјa"), ("Nors-borg", "Nors‐borg"), ("Nors-borg", "Nors−borg"), ("Nors-borg", "Nors–borg"),
    ("Sand", "Sanԁ"), ("Hus", "Huѕ"), ("Hallunda", "һallunda"), ("Top", "Tορ"), ("vikt", "νικτ"), ("dux", "duχ"),
    ("Bo's", "Bo’s"), ("Bo's", "Boʼs"), ('"Bo"', "”Bo”"), ("Åby", "А\u030aby"), ("Märsta", "Mӓrsta"), ("Öby", "Ӧby"),
)  # fmt: skip


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_names_that_only_a_machine_tells_apart_look_alike(one: str, other: str) -> None:
    assert one != other and look(one) == look(other)


@pytest.mark.parametrize(("one", "other"), [("Åby", "Aby"), ("Alby 1", "Alby 2"), ("Norra", "Norr"), ("Ön", "On")])
def test_names_that_a_reader_tells_apart_do_not_look_alike(one: str, other: str) -> None:
    assert look(one) != look(other)


def test_a_neighbourhood_that_looks_like_another_is_refused(folder: Path) -> None:
    line = (folder / P).read_text(encoding="utf-8").splitlines()[2]
    assert line.startswith("Fittja,")
    with (folder / P).open("a", encoding="utf-8") as table:
        table.write(line.replace("Fittja", "Fittјa") + "\n")
    assert any('"Fittјa" looks like "Fittja" of row 3' in said for said in refusal(folder))


def test_names_agree_between_tables_however_letters_and_spaces_are_written(folder: Path) -> None:
    rewrite(folder, B, ("Södertälje", "So\u0308derta\u0308lje "))
    rewrite(folder, P, ("Vårby gård", "Vårby \u00a0gård"))
    region = load_region(folder)
    assert region.digest == load_region("botkyrka").digest and "Vårby gård" in region.neighbourhoods.name


def test_a_title_with_hidden_letters_is_refused(folder: Path) -> None:
    rewrite(folder, T, ("Botkyrka with", "Botkyrka\u200f with"))
    assert "region.toml, key title: " in refusal(folder)[0] and "U+200F" in refusal(folder)[0]


# People of whom rates can be computed

OLD = ("0.15,0.35,0.35,0.15", "0,0,0,1")


def test_a_neighbourhood_without_anybody_of_working_age_is_refused(folder: Path) -> None:
    rewrite(folder, P, OLD)
    [line] = refusal(folder)
    assert f'{P}, row 2 ("Alby"), column age_65_plus: 1 leaves nobody of 20-64 years in 3,900 flats' in line


def test_a_neighbourhood_without_anybody_out_of_work_is_refused(folder: Path) -> None:
    rewrite(folder, P, ("0.56,0.84", "1,0.84"))
    [line] = refusal(folder)
    assert f'{P}, row 2 ("Alby"), column employment: 1 leaves nobody out of work in 3,900 flats' in line


def test_what_is_enough_people_depends_on_the_scale(folder: Path) -> None:
    rewrite(folder, P, ("0.56,0.84", "0.99,0.84"))
    assert load_region(folder).total_flats == 34_000
    assert "78 flats (scale 0.02)" in refusal(folder, 0.02)[0]


def test_a_neighbourhood_without_flats_is_refused(folder: Path) -> None:
    rewrite(folder, P, ("3900", "0"))
    assert f'{P}, row 2 ("Alby"), column flats: 0 is below 8' in refusal(folder)[0]


def test_more_workers_than_people_are_refused(folder: Path) -> None:
    rewrite(folder, T, ("430_100", "30_000"))
    rewrite(folder, T, ("856_100", "20_000"))
    assert [line.removeprefix(f"{folder}/") for line in refusal(folder)] == [
        "region.toml, key county_labour_force.value: 30,000 is more than the population of 20,000",
        "region.toml, key construction_workers.value: 30,700 is more than the labour force of 30,000",
    ]


# Limits

HEAD = "builder,municipality,workers,size,evidence,source\n"
ROW = "One,Botkyrka,420,large,assumed,text\n"
TOML_TOO_DEEP = [
    "x = " + "[" * 21 + "]" * 21,
    "x = " + "[" * 50_000,
    ".".join("a" * 25) + " = 1",
    f"[{'.'.join('ab' * 15)}]",
]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + ROW * 150_000, "builders.csv: 150,001 rows; expected 20,000 rows at most"),
        (HEAD + ROW * 1_000_000, "1,000,001 rows, which would take some 6.6 GB of memory; expected 20,000 rows at"),
        (HEAD + ROW * 20_001, "more than 20,000 rows"),
        (HEAD + ROW.replace("text", "x" * 1_001), "row 2, column F: more than 1,000 characters in one cell"),
        (HEAD + ROW.replace("text", "x" * 200_000), "not readable as csv (field larger than field limit"),
        ("\n" * 4_000_000 + HEAD + ROW.replace("420", "0"), "row 4000002"),
        ('"' * 4_999_999, "not readable as csv"),
        (";" * 4_999_999, "builders.csv: the file is empty"),
        ("a," * 2_000_000, "2,000,001 columns; expected 1,000 at most"),
    ],
    ids=["bytes", "million", "rows", "field", "long field", "blank rows", "quotation marks", "semicolons", "columns"],
)  # fmt: skip
def test_tables_beyond_all_measure_are_refused_in_one_message(folder: Path, content: str, said: str) -> None:
    (folder / B).write_text(content, encoding="utf-8")
    assert said in "\n".join(refusal(folder))


@pytest.mark.parametrize("line", TOML_TOO_DEEP)
def test_toml_nested_too_deep_is_refused_before_it_is_read(folder: Path, line: str) -> None:
    (folder / T).write_text(line + "\n" + (folder / T).read_text(encoding="utf-8"), encoding="utf-8")
    assert refusal(folder) == [f"{folder}/{T}: tables or lists more than 20 deep; expected a flat file"]


def test_points_and_brackets_in_texts_do_not_count_as_depth(folder: Path) -> None:
    rewrite(folder, T, ("so that", "[[[" * 10 + "a.b." * 20 + " so that"))
    load_region(folder)


@pytest.mark.parametrize("value", ["9" * 5_000, "0x" + "f" * 5_000, "1e999", "nan", "[1]", "2011-13-45"])
def test_strange_numbers_in_toml_are_no_crash(folder: Path, value: str) -> None:
    rewrite(folder, T, ("0.79", value))
    assert "region.toml" in refusal(folder)[0]


def test_a_folder_in_place_of_a_file_is_named(folder: Path) -> None:
    (folder / B).unlink()
    (folder / B).mkdir()
    assert refusal(folder) == [f"{folder}/{B}: not a file; expected one"]
