"""Faults in words: which question, which row, what to do, in Chinese and English."""

from collections.abc import Mapping

from bulou.records.declaration import Declaration
from bulou.records.expressions import nearest
from bulou.records.owing import DAYS_LIMIT
from bulou.records.places import Fault, numbers_in
from bulou.records.shapes import INTEGER_LIMIT, ROWS_LIMIT, TEXT_LIMIT
from bulou.records.words import LANGUAGES

_SAID: Mapping[str, tuple[str, str]] = {
    "required": ("必须填写", "must be answered"),
    "constraint": ("填写的内容不符合要求,请核对", "does not keep the rule for this question; please check it"),
    "masked": (
        "不能写打了星号的内容,请写全,或者不写",
        "must not hold stars: write the whole of it, or leave it out",
    ),
    "filter": (
        "与前面的答案对不上,请从现在列出的选项里重选",
        "does not go with the answers before it; choose again from what is offered now",
    ),
    "unknown": ("表中没有这一项,请删去或改名{near}", "is no question of this form; remove or rename it{near}"),
    "text": (f"应为文字,不超过 {TEXT_LIMIT} 字", f"must be text of at most {TEXT_LIMIT} characters"),
    "integer": (f"应为整数,绝对值不超过 {INTEGER_LIMIT}", f"must be a whole number of at most {INTEGER_LIMIT}"),
    "decimal": ("应为数字", "must be a number"),
    "date": ("应为日期,如 2020-02-03", "must be a date such as 2020-02-03"),
    "dateTime": ("应为日期和时间,如 2020-02-03T14:30", "must be a date and time such as 2020-02-03T14:30"),
    "time": ("应为钟点,如 14:30", "must be a time of day such as 14:30"),
    "geopoint": ("应为“纬度 经度”", 'must be "latitude longitude"'),
    "select_one": ("只能从选项中选一项:{options}", "must be one of: {options}"),
    "select_multiple": ("只能从选项中选,不重复:{options}", "must be a list, without repeats, of: {options}"),
    "yes_no": ("只能填“是”(yes)或“否”(no)", "must be yes or no"),
    "acknowledge": ("应为已确认(true)或不填", "must be true or left out"),
    "repeat": (f"应为若干行记录,不超过 {ROWS_LIMIT} 行", f"must be a list of at most {ROWS_LIMIT} rows"),
    "body": ("应为一条完整的记录", "must be the whole body of a record"),
    "calculate": ("由系统计算,请勿填写", "is worked out by the system; leave it out"),
    "due": (
        "无法算出“{duty}”的期限,请核对日期和天数",
        'it cannot be told when "{duty}" is due: please check the dates and the number of days',
    ),
    "due far": (
        "“{duty}”的期限在 {longest} 天以后,请核对年月日",
        'the deadline of "{duty}" is more than {longest} days ahead: please check year, month and day',
    ),
    "due early": (
        "“{duty}”的期限早于开始时间,请核对日期",
        'the deadline of "{duty}" lies before its beginning: please check the dates',
    ),
    "subject": ("没有写明“{duty}”的对象", 'it is not said whom or what "{duty}" is about'),
    "subject type": (
        "“{title}”的对象应为 {subjects},不能是 {detail}",
        '"{title}" is recorded about {subjects}, not about {detail}',
    ),
    "version": (
        "这条记录用了新版(第 {detail} 版)表格,本系统只认到第 {version} 版,请先升级",
        "this record was made with version {detail} of the form; this server knows version {version}: update it first",
    ),
    "area": (
        "这张表是 {detail} 自己的表,不能用于别处",
        "this form belongs to area {detail} and is not used elsewhere",
    ),
    "rules": (
        "找不到这条记录所依据的规则集:{detail}",
        "the rules this record is judged under cannot be found: {detail}",
    ),
}
_SAID = {**_SAID, "barcode": _SAID["text"], "image": _SAID["text"]}
_WHERE = (("「{label}」{said}", "{rows}「{label}」{said}"), ("{label} {said}", "{rows}: {label} {said}"))
_ROW, _BETWEEN = ("“{repeat}”第 {row} 行", "{repeat}, row {row}"), ("", ", ")


def masked_words(language: str) -> str:
    """Return what is said of a masked name, as a form's own message."""
    return _SAID["masked"][LANGUAGES.index(language)]


MOST_OPTIONS = 30  # said in a sentence


def describe(kind: Declaration, fault: Fault, language: str) -> str:
    """Return the fault as a sentence that names the question and says what to do."""
    key, row, code, detail = fault
    column = LANGUAGES.index(language)
    words = kind.words.get(language) or next(iter(kind.words.values()), None)
    label = words.label(key) if words else key
    own = words.fields.get(key) if words else None
    said = (own.constraint if code == "constraint" else own.required if code == "required" else "") if own else ""
    if not said:
        asked = kind.keys().get(key)
        joint = "、" if column == 0 else ", "
        options = asked.options if asked else ()
        said = _SAID[code][column].format(
            options=joint.join(f"{words.choice(key, o)}({o})" if words else o for o in options[:MOST_OPTIONS])
            + ("…" if len(options) > MOST_OPTIONS else ""),
            near=nearest(key, set(kind.keys())),
            duty=words.duty(detail) if words else detail,
            title=words.title if words else kind.name,
            subjects=joint.join(kind.subject),
            version=kind.version,
            longest=DAYS_LIMIT,
            detail=detail,
        )
    if not key:
        return said
    steps, numbers = key.split("."), numbers_in(row)
    around = [
        _ROW[column].format(repeat=words.label(named) if words else named, row=number)
        for number, named in zip(numbers, (".".join(steps[: i + 1]) for i in range(len(steps))), strict=False)
    ]
    return _WHERE[column][1 if around else 0].format(label=label, said=said, rows=_BETWEEN[column].join(around))
