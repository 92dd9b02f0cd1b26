"""One thing has one word: the glossary, the kinds' words, the translations and the phone's words hold together.

A label that is a term of the glossary, and nothing else, is called in the other language what the glossary calls it.
Sentences are left to their translators.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from setup import words
from tests.architecture.tree import PACKAGE, ROOT

# Said of the same thing in another part of speech, or of another thing that Chinese calls alike.
ENGLISH = {
    "记录": {"record": "a sheet of them"},
    "事项": {"what": "a column of the audit"},
    "应办": {"owed": "how many of them"},
    "更正": {"correct": "a button"},
    "免办": {"waive": "a button"},
    "表格之外传来的": {"sent beside the form": "a column"},
    "区划代码": {"official code": "the country's own, beside a county's", "code": "a column beside the name"},
    "入户排查": {"visit the household": "what is owed: a duty is said as something to do"},
    "随访": {"health check": "what is owed by it"},
    "迟报": {"reported late": "of a daily report, not of a symptom"},
    "交办": {"give it": "a button"},
    "办结": {"done": "an answer"},
    "范围": {"over": "where a role holds, in a line of the audit"},
    "脱敏": {"masked": "how a file left"},
    "交付码": {"code you were handed": "asked of whoever types it"},
    "销毁": {"destruction": "a heading"},
    "同意销毁": {"gave their word to destroy": "in the audit", "give my word to destroy": "a button"},
}
CHINESE = {
    "记录": {"条": "counted"},
    "已逾期": {"逾期未核实": "of somebody expected in a village"},
    "角色": {"什么人": "who is needed at a post"},
    "提醒": {"条": "counted"},
    "用途": {"来做什么": "asked of a driver"},
    "市": {"地级": "the level, with prefectures that are no 市"},
    "乡镇": {"乡级": "the level, with 街道"},
    "人": {"姓名": "a field filled in with one"},
    "待办": {"打开": "a button"},
    "决定": {"处理结果": "what became of a held entry", "处置": "what a post decides about a vehicle"},
    "日报告": {"每日情况报告": "the report's whole name"},
    "名单来源": {"出处": "where a threshold comes from"},
    "回溯起始日": {"从哪天起回来的算": "asked at a door"},
    "办结": {"交办结果": "the kind's name"},
}


def glossary() -> dict[str, set[str]]:
    """Return what each Chinese term is called in English: side by side in a row, or each one for all of a row."""
    found: dict[str, set[str]] = {}
    for line in (ROOT / "GLOSSARY.md").read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| ") or len(cells) < 3 or cells[0] == "中文":
            continue
        terms, names = re.sub("（.*?）", "", cells[0]).split("、"), [name.strip() for name in cells[1].split(",")]
        for i, term in enumerate(terms):
            found.setdefault(term, set()).update([names[i]] if len(terms) == len(names) else names)
    return found


def labels() -> Iterator[tuple[str, str, str]]:
    """Yield (English, Chinese, where) of everything said in both languages."""
    for path in words.catalogues():
        for message in words.read(path):
            if message.id and isinstance(message.id, str):
                yield message.id, str(message.string), path.relative_to(PACKAGE).parts[0]
    for path in [*PACKAGE.rglob("words/en.toml")]:
        english, chinese = (
            tomllib.loads(path.with_name(f"{name}.toml").read_text("utf-8")) for name in ("en", "zh_Hans")
        )
        for key, text in _flat(english):
            if other := dict(_flat(chinese)).get(key):
                yield text, other, f"{path.parts[-3]}: {key}"
    texts = [(ROOT / f"web/phone/words/{name}.ts").read_text("utf-8") for name in ("en", "zh_Hans")]
    english, chinese = (dict(re.findall(r'^  "([^"]+)": "([^"]*)",$', text, re.MULTILINE)) for text in texts)
    assert len(english) > 100
    yield from ((text, chinese[key], f"phone: {key}") for key, text in english.items() if key in chinese)


def _flat(said: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in said.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        elif isinstance(value, str):
            yield f"{above}{key}", value


def _plain(english: str) -> str:
    """Return the English without article, case and number."""
    bare = re.sub(r"^(a|an|the|our|its) ", "", english.lower().strip(" .:")).replace("people", "person")
    return re.sub(r"ies$", "y", bare).rstrip("s")


def differing(called: Mapping[str, set[str]], said: Iterator[tuple[str, str, str]]) -> list[str]:
    """Return the labels that call a term of the glossary otherwise, or something else by its name."""
    terms: dict[str, set[str]] = {}
    for term, names in called.items():
        for name in names:
            terms.setdefault(_plain(name), set()).add(term)
    wrong = []
    for english, chinese, where in said:
        plain, term = _plain(english), chinese.strip(" 。：")
        if term in called and plain not in {*map(_plain, called[term]), *map(_plain, ENGLISH.get(term, ()))}:
            wrong.append(f"{where}: {term} is {' or '.join(sorted(called[term]))}, not {english!r}")
        elif plain in terms and not any(t in term or term in t or term in CHINESE.get(t, ()) for t in terms[plain]):
            wrong.append(f"{where}: {english!r} is {' or '.join(sorted(terms[plain]))}, not {term}")
    return wrong


def test_every_label_calls_a_thing_by_its_one_name() -> None:
    assert differing(glossary(), labels()) == []


def test_no_leave_is_given_that_nobody_needs() -> None:
    said = {(_plain(english), chinese.strip(" 。：")) for english, chinese, _ in labels()}
    idle = [f"{t}: {e}" for t, given in ENGLISH.items() for e in given if (_plain(e), t) not in said]
    idle += [f"{t}: {z}" for t, given in CHINESE.items() for z in given if z not in {chinese for _, chinese in said}]
    assert idle == []


def test_a_second_name_is_found() -> None:
    said = [("Not yet given out", "未分配", "here"), ("Unassigned", "未分配", "here"), ("Grid", "格子", "there")]
    assert differing({"未分配": {"unassigned"}, "网格": {"grid"}}, iter(said)) == [
        "here: 未分配 is unassigned, not 'Not yet given out'",
        "there: 'Grid' is 网格, not 格子",
    ]
