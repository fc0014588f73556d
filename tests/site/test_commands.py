"""The command line answers a stranger in words and with the right exit code."""

import os
import subprocess
import sys

import pytest
from cast import organisation, user

from sunmao.site.commands import imports, records

pytestmark = pytest.mark.django_db


def test_a_misspelt_desk_is_answered_with_the_ones_like_it(capsys):
    assert records.main(["orgnisations"]) == 2
    assert "Did you mean “organisations”" in capsys.readouterr().err


def test_without_a_desk_all_desks_are_named(capsys):
    assert records.main([]) == 0
    said = capsys.readouterr().out
    assert "workshops " in said and "agreements " in said


def test_without_a_verb_the_rows_of_a_desk_are_listed(capsys):
    college = organisation("A college")
    assert records.main(["organisations"]) == 0
    assert capsys.readouterr().out == f"{college.code}\tA college\n"


def test_without_a_deed_those_are_named_that_the_person_may_do_now(capsys):
    college = organisation("A college")
    lin = user("Lin", ("secretariat", organisation("Office")))
    assert records.deed(["organisations", college.code, "--as", lin.email]) == 0
    assert "merge" in capsys.readouterr().out
    assert records.deed(["organisations", college.code]) == 0
    said = capsys.readouterr()
    assert said.out == "" and "Nothing can be done" in said.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--set", "title={bad"], "What title is set to is not JSON"),
        (["--file", "scan=/nowhere/scan.pdf"], "“/nowhere/scan.pdf” cannot be read"),
        (["--set", "colour=red"], "There is no field colour. Fields: "),
    ],
)
def test_what_a_field_is_set_to_is_refused_in_words(capsys, words, says):
    lin = user("Lin", ("secretariat", organisation("Office")))
    assert records.main(["organisations", "add", "--as", lin.email, *words]) == 2
    assert says in capsys.readouterr().err


def test_a_sheet_of_strange_columns_is_refused_with_what_could_be_said(capsys, tmp_path):
    lin = user("Lin", ("secretariat", organisation("Office")))
    sheet = tmp_path / "strange.csv"
    sheet.write_text("Farbe,Menge\nrot,3\n", encoding="utf-8")
    assert imports.main(["organisations", str(sheet), "--as", lin.email]) == 2
    said = capsys.readouterr().err
    assert "“Farbe”, “Menge”" in said and "--map FIELD=COLUMN" in said


def test_columns_that_no_field_takes_are_named(capsys, tmp_path):
    lin = user("Lin", ("secretariat", organisation("Office")))
    sheet = tmp_path / "half.csv"
    sheet.write_text("name_en,kind,country,Founded on\nHigher School,college,UZ,1931\n", encoding="utf-8")
    assert imports.main(["organisations", str(sheet), "--as", lin.email, "--check"]) == 0
    said = capsys.readouterr().out
    assert "Columns that no field takes: Founded on." in said and "1 row: 1 new" in said


def test_a_database_that_is_not_made_yet_is_told_with_what_mends_it(tmp_path):
    around = {**os.environ, "SUNMAO_HOME": str(tmp_path), "SUNMAO_DATABASE_URL": ""}
    line = [sys.executable, "-m", "sunmao.site.cli", "figures"]
    done = subprocess.run(line, env=around, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "sunmao setup" in done.stderr and "Traceback" not in done.stderr
