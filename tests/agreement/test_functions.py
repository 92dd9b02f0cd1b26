"""Every function an expression may call, on drawn arguments: the server, ODK's engine for the web and JavaRosa agree.

`AGREEMENT_BODIES` sets how many arguments are drawn (default 16, a quarter of it for each way of calling a function).
"""

import os
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from math import isclose
from typing import Any

import pytest

from bulou.core.moments import CHINA
from bulou.records.compiler import FUNCTIONS
from bulou.records.drawing import drawable
from bulou.records.expressions import Call, parse
from bulou.records.fields import Field
from bulou.records.tests.make import entry, kind, ruleset
from bulou.records.xforms import xform
from tests.agreement.asking import Ask, ask
from tests.openrosa.javarosa import Filling, fill

NOW = datetime(2020, 2, 3, 12, 0, tzinfo=CHINA)
COUNT = max(2, int(os.environ.get("AGREEMENT_BODIES", "16")) // 4)
FIELDS = (
    Field("t", "text"), Field("u", "text"), Field("n", "integer"), Field("d", "decimal"),
    Field("many", "select_multiple", choices=("fever", "cough", "fatigue")), Field("day", "date"),
    Field("at", "dateTime"), Field("clock", "time"), Field("here", "geopoint"), Field("there", "geopoint"),
    Field("shape", "text"), Field("members", "repeat", fields=(Field("name", "text"), Field("heat", "decimal"))),
)  # fmt: skip
SLOTS: Mapping[str, tuple[str, ...]] = {
    "T": ("${t}", "${u}", "${n}", "'abc'", "'安娜 Anna'", "''", "' a b '", "'a,b,a'", "concat(${t}, ${u})"),
    "C": ("'a'", "','", "' '", "'娜'"),  # one letter
    "N": ("${n}", "${d}", "0", "1", "-1", "2.5", "0.5", "-7", "12.345", "1000", "${n} div 3"),
    "M": ("${n}", "${d}", "0", "-7", "12.345"),  # of no number JavaRosa says "NaN"
    "+": ("0", "1", "2", "2.5", "7.49", "12.3", "${n} * ${n}"),  # not negative: of -2.5, JavaRosa makes -2
    "I": ("0", "1", "2", "3", "-1", "9"),
    "B": ("${n} > 5", "${t} = ''", "selected(${many}, 'fever')", "true()", "false()", "${d} <= 37.3", "${u} != 'b'"),
    "D": ("${day}", "${at}", "'2020-02-03'", "'1970-01-02T08:00:00+08:00'"),
    "E": ("today()", "now()", "today() - 3"),
    "X": ("1", "2", "3", "9"),  # a row; of -1 JavaRosa makes the first
    "R": ("${name}", "${heat}"),
    "P": ("'%Y-%m-%d'", "'%H:%M:%S'", "'%y %n %e %b %a'", "'%h %3'"),
    "H": ("'MD5'", "'SHA-1'", "'SHA-256'", "'SHA-384'", "'SHA-512'"),
}  # fmt: skip


def _ways(text: str) -> tuple[str, ...]:
    return tuple(way.strip() for line in text.strip().splitlines() for way in line.split("~"))


BOTH = _ways("""
    join({C}, {R})  ~  join({T}, {T}, {M}, {T})  ~  concat({T}, {M}, {T})  ~  concat({R})  ~  substr({T}, {I}, {I})
    substr({T}, {I})  ~  substring-before({T}, {C})  ~  substring-after({T}, {C})  ~  translate({T}, {T}, {T})
    normalize-space(concat({T}, ' ', {T}, ' '))  ~  string-length({T})  ~  string(contains({T}, {C}))
    string(starts-with({T}, {C}))  ~  string(ends-with({T}, {C}))  ~  coalesce({T}, {T})  ~  string({M})
    string(regex({T}, '^[a-z, ]+$'))  ~  selected-at(${many}, {I})  ~  string(selected(${many}, 'fever'))
    count-selected(${many})  ~  if({B}, {T}, {M})  ~  string(not({B}))  ~  string(boolean({I}))
    string(true() = ({B}))  ~  string(false() != ({B}))  ~  int({N})  ~  abs({N})  ~  number({T})  ~  round({+})
    round({+}, 1)  ~  pow({N}, {X})  ~  sqrt({+})  ~  exp({I})  ~  log({+})  ~  log10({+})  ~  exp10({I})  ~  sin({N})
    cos({N})  ~  tan({I})  ~  asin(0.5)  ~  acos({I} div 10)  ~  atan({N})  ~  atan2({N}, {I})  ~  pi()  ~  sum(${heat})
    count(${members})  ~  count({R})  ~  count-non-empty({R})  ~  min({+}, 3)  ~  max({I}, {I}, 4)
    indexed-repeat({R}, ${members}, {X})  ~  indexed-repeat(${heat}, ${members}, 1) + {N}
    string(checklist({I}, {I}, {B}, {B}, {B}))  ~  string(weighted-checklist({I}, {X}, {B}, 2, {B}, 3))
    string(boolean-from-string({T}))  ~  decimal-date-time(${at}) * 2  ~  decimal-time(${clock})
    format-date({D}, {P})  ~  format-date-time({D}, {P})  ~  digest({T}, {H}, 'hex')  ~  digest({T}, {H})
    base64-decode('5a6J5aic')  ~  if(${here} != '' and ${there} != '', distance(${here}, ${there}), '')
    string(geofence(${here}, ${shape}))  ~  string-length('a𠮷b')
""")
"""Ways of calling a function, "~" between them, of which ODK's two engines agree."""
WEB = _ways("""
    once({T})  ~  pow({N}, {I})  ~  string(weighted-checklist({I}, {I}, {B}, 2, {B}, 3))  ~  floor({N})  ~  ceiling({N})
    substring({T}, {N}, {I})  ~  substring({T}, {I})  ~  round({N}, {I})  ~  concat({R}, {C})  ~  max({N}, {T})
    date('2020-2-3')  ~  format-date({T}, {P})  ~  decimal-date-time({T})  ~  decimal-time({T})  ~  decimal-time('06:30')
    base64-decode({T})  ~  distance('31.88 109.52 0 0; 31.89 109.53; 32 110 0 0')  ~  area(${shape})
    format-date({E}, {P})  ~  string({D} > {E})  ~  area('31.88 109.52; 31.89 109.53; 32 110; 31.88 109.52')
    string(today() = '2020-02-03')  ~  string(now() > {D})  ~  string(date(${day}) > {D})
    string({D} >= date-time(${at}))
""")
"""Those that only the engine of our phone app can do, or does as we do."""
OURS = {"rule"}  # ours alone: written into the form as a value
IN_A_ROW = {"position"}  # asked in every kind's rows: test_agreement.py
IN_A_LIST = {"pulldata"}  # asked of a list that comes with a form: test_own_forms.py


def drawn(templates: tuple[str, ...], seed: str) -> list[str]:
    chance = random.Random(seed)
    return [re.sub(r"(?<!\$)\{(.)\}", lambda slot: chance.choice(SLOTS[slot[1]]), each) for each in templates]


def body(chance: random.Random) -> dict[str, Any]:
    pick = chance.choice
    rows = [
        {
            k: v
            for k, v in (("name", pick(("甲", "b", "", "a,b"))), ("heat", pick((36.5, 38.25, None))))
            if v not in ("", None)
        }
        for _ in range(chance.randint(0, 3))
    ]
    said = {
        "t": pick(("安娜 Anna", "abc", " x ", "")), "u": pick(("b", "a,b", "1", "true")), "n": pick((-3, 0, 1, 6, 7, None)),
        "d": pick((36.5, 37.3, -0.5, 1000.25, None)), "many": pick((["fever"], ["cough", "fever"], [])),
        "day": pick(("2020-01-23", "2020-02-03", "2019-12-31")), "at": "2020-02-03T10:30:00.250+08:00",
        "clock": "06:30:00.000+08:00", "here": pick(("31.88 109.52 900.0 5.0", "-31.5 109.9 0.0 0.0", "")),
        "there": pick(("31.98 109.62 0.0 0.0", "")), "members": [row for row in rows if row],
        "shape": pick(("31 109 0 0; 31 110 0 0; 33 110 0 0; 33 109 0 0; 31 109 0 0", "")),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def bodies() -> list[dict[str, Any]]:
    chance = random.Random("arguments")
    return [{"at": "2020-02-03T10:30:00.250+08:00", "clock": "06:30:00.000+08:00", "day": "2020-01-23"}] + [
        body(chance) for _ in range(COUNT)
    ]


def of_server(expressions: list[str], said: list[dict[str, Any]]) -> list[list[str]]:
    law = form(expressions).law(lambda _: ruleset())
    answers = [law.answers(replace(entry(each), happened_at=NOW)) for each in said]
    return [[str(answer.get(f"e{i}", "")) for i in range(len(expressions))] for answer in answers]


def form(expressions: list[str]) -> Any:
    return kind(*FIELDS, *(Field(f"e{i}", "calculate", calculation=each) for i, each in enumerate(expressions)))


def same(a: str, b: str) -> bool:
    if a == b:
        return True
    try:
        return isclose(float(a), float(b), rel_tol=1e-9, abs_tol=1e-9)
    except ValueError:
        return False


def test_every_function_is_asked_here() -> None:
    asked = {node.name for each in drawn((*BOTH, *WEB), "0") for node in parse(each).nodes() if isinstance(node, Call)}
    assert set(FUNCTIONS) - asked - OURS - IN_A_ROW - IN_A_LIST == set()


def test_what_the_server_leaves_to_the_phone_is_what_the_decision_says() -> None:
    """docs/adr/0004."""
    left = {"random", "uuid", "randomize", "jr:choice-name", "jr:itext", "lang", "instance", "current", "id", "last",
            "name", "local-name", "namespace-uri"}  # fmt: skip
    assert set(drawable()["functions"]) - set(FUNCTIONS) == left
    assert set(FUNCTIONS) - set(drawable()["functions"]) == OURS


def test_the_server_and_the_engine_of_the_phone() -> None:
    said = bodies()
    batches = [drawn((*BOTH, *WEB), f"web {i}") for i in range(COUNT)]
    forms = {str(i): xform(form(each), None) for i, each in enumerate(batches)}
    told = iter(ask(forms, [Ask(name, each, NOW) for name in forms for each in said]))
    wrong = []
    for expressions in batches:
        for each, mine in zip(said, of_server(expressions, said), strict=True):
            phone = next(told)
            assert "broken" not in phone, phone["broken"]
            theirs = [phone["worked"][f"e{i} 0"] for i in range(len(expressions))]
            wrong += [
                f"{e}: {b!r} on the phone, {a!r} here, of {each}"
                for e, a, b in zip(expressions, mine, theirs, strict=True)
                if not same(a, b)
            ]
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:20])


def test_the_server_and_the_engine_of_collect() -> None:
    said = [{**each, "members": each.get("members", [])} for each in bodies()]
    batches = [drawn(BOTH, f"collect {i}") for i in range(COUNT)]
    forms = [xform(form(each), None) for each in batches]
    told = iter(fill(Filling(each, paths(body), {}) for each in forms for body in said))
    wrong = []
    for expressions in batches:
        for each, mine in zip(said, of_server(expressions, said), strict=True):
            phone = next(told)
            assert "broken" not in phone, f"{phone['broken']} of {each}"
            theirs = [element(phone["xml"], f"e{i}") for i in range(len(expressions))]
            wrong += [
                f"{e}: {b!r} in Collect, {a!r} here, of {each}"
                for e, a, b in zip(expressions, mine, theirs, strict=True)
                if not (same(a, b) or (e.startswith("if(") and "distance" in e and abs(float(a) - float(b)) < 0.01))
            ]
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:20])


def test_what_collect_lacks_is_known() -> None:
    """A form that calls one of these stops in Collect: it is said when the form is uploaded."""
    names = [name for name in drawable()["functions"] if ":" not in name and name not in ("current", "pulldata")]
    arguments = ("", "'a'", "'a','b'", "'a','b','c'", "/data/t", "/data/t,/data/t")
    asked = [(name, said) for name in names for said in arguments]
    told = fill(Filling(bare(f"{name}({said})"), {}, {}) for name, said in asked)
    has = {n for (n, _), one in zip(asked, told, strict=True) if f"handle function '{n}'" not in one.get("broken", "")}
    lacking = set(names) - has
    lacking -= {"digest", "geofence", "indexed-repeat", "instance", "weighted-checklist"}  # other arguments than these
    assert lacking == set(drawable()["not_in_collect"])


def bare(expression: str) -> str:
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>x</h:title>'
        '<model><instance><data id="x" version="1"><t/><e/><meta><instanceID/></meta></data></instance>'
        f'<bind nodeset="/data/e" calculate="{expression}"/></model></h:head>'
        '<h:body><input ref="/data/t"><label>t</label></input></h:body></h:html>'
    )


def paths(said: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers by the paths of the form, as Collect.java takes them."""
    found = {}
    for name, value in said.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = enumerate(value, 1)
            found |= {f"/data/{name}[{i}]/{key}": str(each) for i, row in rows for key, each in row.items()}
        elif value != []:
            found[f"/data/{name}"] = " ".join(value) if isinstance(value, list) else str(value)
    return found


def element(xml: str, name: str) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", xml, re.DOTALL)
    return found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if found else ""


pytestmark = pytest.mark.timeout(600)
