import resource
import subprocess
import sys
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.xml import DEFUSEDXML

from bulou.exchange.rules.files import UPLOAD, Refused, check_file, encoding_of
from bulou.exchange.rules.sheets import guarded, read_sheets, unguarded
from bulou.exchange.tests import old_excel
from bulou.exchange.tests.hostile import corpus, workbook


def open_all(path, name):
    kind = check_file(path, name)
    return [(sheet.name, list(sheet.rows)) for sheet in read_sheets(path, kind, UPLOAD)]


def test_hostile_files_are_refused_within_a_second(tmp_path):
    for path, name, code in corpus(tmp_path):
        began = time.process_time()  # the machine's own second: other work must not fail the test
        with pytest.raises(Refused) as refusal:
            open_all(path, name)
        took = time.process_time() - began
        assert refusal.value.code == code, (name, refusal.value)
        assert took < 1.0, (name, took)


PROBE = """
import sys, resource
from pathlib import Path
from bulou.exchange.rules.files import UPLOAD, Refused, check_file
from bulou.exchange.rules.sheets import read_sheets
path = Path(sys.argv[1])
try:
    for sheet in read_sheets(path, check_file(path, path.name), UPLOAD):
        list(sheet.rows)
except Refused:
    pass
own = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])  # ru_maxrss would count our parent
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(max(own, children) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_hostile_files_are_refused_within_100_mb(tmp_path):
    for path, name, _ in corpus(tmp_path):
        done = subprocess.run([sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=True)
        assert int(done.stdout) < 100, (name, done.stdout)


def test_a_formula_is_named_so_that_it_can_be_found(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook({"A1": "姓名", "B1": "电话", "A2": "安娜", "B7": "=1+1"}))
    with pytest.raises(Refused) as refusal:
        check_file(path, path.name)
    assert (refusal.value.code, refusal.value.what) == ("formula", "B7")


def test_a_good_workbook_is_read_with_its_numbers_as_people_see_them(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        workbook(
            {"A1": "姓名", "B1": "电话", "C1": "身份证号", "A2": "安娜", "B2": 13812345678, "C2": 110105194912310021}
        )
    )
    assert open_all(path, path.name) == [
        ("Sheet", [["姓名", "电话", "身份证号"], ["安娜", "13812345678", "1.10105194912310E+17"]])
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_the_encodings_people_have(tmp_path, encoding):
    path = tmp_path / "a.csv"
    path.write_bytes("姓名,电话\n安娜,13812345678\n".encode(encoding))
    assert encoding_of(path) == encoding
    assert open_all(path, "a.csv") == [("CSV", [["姓名", "电话"], ["安娜", "13812345678"]])]


LIST = [
    ["竹溪河社区人口表", "", "", ""],
    ["户主", "姓名", "身份证号", "联系电话"],
    ["安娜", "安娜", "11010519491231002X", "13812345678"],
    ["", "白桦", "1.10105194912310E+17", ""],
]


def test_an_old_excel_is_read_and_its_formulas_refused(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(old_excel.unpack(old_excel.PLAIN))
    assert open_all(path, "a.xls") == [("户籍表", LIST)]
    path.write_bytes(old_excel.unpack(old_excel.FORMULA))
    with pytest.raises(Refused) as refusal:
        open_all(path, "a.xls")
    assert (refusal.value.code, refusal.value.what) == ("formula", "D5")


ODS = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="表"><table:table-row>
<table:table-cell office:value-type="string"><text:p>姓名</text:p></table:table-cell>
<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>
</table:table-row><table:table-row table:number-rows-repeated="1048575">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>"""


def ods(path, text="安娜", more=""):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS.format(text=text, more=more).replace("\n", ""))
    return path


MANIFEST = """<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def test_a_libreoffice_sheet_is_read_with_its_million_empty_rows(tmp_path):
    assert open_all(ods(tmp_path / "a.ods"), "a.ods") == [("表", [["姓名", "安娜"]])]


@pytest.mark.parametrize(
    ("more", "code"),
    [(' table:formula="of:=1+1"', "formula"), (' table:number-columns-repeated="16384"', "bomb")],
)
def test_a_libreoffice_sheet_that_computes_or_swells_is_refused(tmp_path, more, code):
    with pytest.raises(Refused) as refusal:
        open_all(ods(tmp_path / "a.ods", more=more), "a.ods")
    assert refusal.value.code == code


def test_openpyxl_refuses_entity_bombs():
    assert DEFUSEDXML is True


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n＝|%安娜1"), max_size=8))
def test_a_guarded_cell_runs_nothing_and_comes_back_the_same(cell):
    kept = guarded(cell)
    assert not kept.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert unguarded(kept) == cell


def test_the_child_runs_under_limits(tmp_path):
    code = (
        "import resource; from bulou.exchange.rules.child import limit; limit(512 * 2**20, 20);"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(512 * 2**20), "20"]
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 512 * 2**20
