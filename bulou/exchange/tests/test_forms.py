"""A form's file is opened as safely as a list's; what it works out for itself is read as it was last."""

import io
import zipfile

import openpyxl
import pytest

from bulou.exchange.rules.files import Refused
from bulou.exchange.rules.forms import FORM, read_form_file


def workbook(path, version="=1+1"):
    book = openpyxl.Workbook()
    survey = book.active
    survey.title = "survey"
    for row in (["type", "name", "label"], ["text", "door", "门牌"], ["integer", "people", "人数"]):
        survey.append(row)
    settings = book.create_sheet("settings")
    settings.append(["form_id", "version"])
    settings.append(["doors", version])
    book.save(path)
    return path


def test_a_form_with_a_formula_is_read(tmp_path):
    made = read_form_file(workbook(tmp_path / "门.xlsx"), "门.xlsx")
    assert made.xform and made.rows == {"/data/door": 2, "/data/people": 3} and made.settings["form_id"] == "doors"


def test_a_form_without_an_id_is_called_as_its_file(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "survey"
    for row in (["type", "name", "label"], ["text", "door", "门牌"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert read_form_file(tmp_path / "a.xlsx", "入户.xlsx").settings["form_id"] == "入户"


def test_a_bomb_and_a_macro_are_refused(tmp_path):
    bomb, macro = tmp_path / "bomb.xlsx", tmp_path / "macro.xlsx"
    content = io.BytesIO(workbook(tmp_path / "a.xlsx").read_bytes())
    for path, name, data in ((bomb, "xl/worksheets/sheet9.xml", b" " * 30_000_000), (macro, "xl/vbaProject.bin", b"x")):
        with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for one in old.infolist():
                new.writestr(one, old.read(one))
            new.writestr(name, data)
    for path, code in ((bomb, "bomb"), (macro, "macros")):
        with pytest.raises(Refused, match=code):
            read_form_file(path, path.name)
    with pytest.raises(Refused, match="too big"):
        (tmp_path / "big.xml").write_bytes(b"<" + b" " * FORM.file_bytes)
        read_form_file(tmp_path / "big.xml", "big.xml")
