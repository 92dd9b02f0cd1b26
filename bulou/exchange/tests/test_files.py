import resource
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.xml import DEFUSEDXML

from bulou.exchange.rules.files import UPLOAD, Refused, check_file, encoding_of
from bulou.exchange.rules.sheets import guarded, read_sheets, unguarded
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
