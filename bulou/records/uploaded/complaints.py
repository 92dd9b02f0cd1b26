"""What pyxform says of an XLSForm, in plain Chinese and English. What is not known here is passed on in its own words."""

import re

_ROW = re.compile(r"^\s*\[row\s*:\s*(\d+)\]\s*")
_SHEET = re.compile(r"On the '(\w+)' sheet")

_SAID: tuple[tuple[str, str, str], ...] = (
    # (what pyxform says, Chinese, English); {0} {1} are what the parentheses caught
    (r"Unknown question type '(.+?)'", "没有叫“{0}”的题型", "there is no question type “{0}”"),
    (r"Question or group with no name", "题目或组没有名字（name）", "a question or group has no name"),
    (r"Question with no type", "这一行没有题型（type）", "the row has no type"),
    (r"Missing calculation", "calculate 题没有公式（calculation）", "a calculate has no calculation"),
    (r"Duplicate column header: (.+)", "表头“{0}”出现了两次", "the header “{0}” stands there twice"),
    (
        r"different names for the same column were found: (.+?)\.?$",
        "有两列其实是同一列：{0}，请只留一列",
        "two headers mean the same column: {0}; keep one",
    ),
    (
        r"Unmatched 'begin_(\w+)'.*name '(.+?)'",
        "{0}“{1}”开始了却没有结束（缺 end {0}）",
        "the {0} “{1}” is begun and never ended",
    ),
    (r"Unmatched 'end_(\w+)'", "多了一个 end {0}，前面没有对应的 begin {0}", "an end {0} has no begin {0} before it"),
    (
        r"List name not in choices sheet: (\S+)",
        "choices 表里没有名为“{0}”的选项清单",
        "the choices sheet has no list “{0}”",
    ),
    (r"List name not in (?:columns|external choices) sheet: (\S+)", "没有名为“{0}”的清单", "there is no list “{0}”"),
    (r"There should be a choices sheet", "缺少 choices 表（选项）", "the choices sheet is missing"),
    (r"There should be an external_choices sheet", "缺少 external_choices 表", "the external_choices sheet is missing"),
    (r"You must have a sheet named 'survey'", "缺少名为 survey 的表", "there is no sheet called survey"),
    (
        r"There has been a problem trying to replace \$\{(.+?)\}|no survey element named '?(.+?)'?[\s.]",
        "用到了不存在的题目 ${{{0}}}",
        "it speaks of the question ${{{0}}}, which does not exist",
    ),
    (
        r"the '(\w+)' value is invalid\. Reference variables must contain a name from the 'survey' sheet.*?'(.+?)'",
        "{0} 里用到了不存在的题目“{1}”",
        "{0} speaks of the question “{1}”, which does not exist",
    ),
    (
        r"the '(\w+)' value is invalid\. Reference variables must",
        "{0} 里的 ${{…}} 没有写对或指向不存在的题目",
        "a ${{…}} in {0} is not written rightly, or the question does not exist",
    ),
    (
        r"Choice names must be unique",
        "同一个选项清单里有两个选项的 name 相同",
        "two choices of one list have the same name",
    ),
    (
        r"Choice names with spaces cannot be added",
        "多选题的选项 name 里不能有空格",
        "the name of a choice must not hold spaces",
    ),
    (r"has no label or hint", "题目没有题干（label）：{0}", "a question has no label: {0}"),
    (
        r"repeats must be unique|names must be unique",
        "同一组里有两道题的 name 相同",
        "two questions of one group have the same name",
    ),
    (
        r"Names must (?:begin with|start)|not a valid XML|Invalid question name",
        "name 只能以字母开头，用字母、数字、_ - .",
        "a name begins with a letter and holds letters, digits, _ - and . only",
    ),
    (
        r"This section has not been included",
        "引用了没有附上的另一张表（include）",
        "it includes another form that is not there",
    ),
    (
        r"There are two (?:survey )?(?:elements|sections)",
        "有两道题（组）重名",
        "two questions or groups have the same name",
    ),
    (r"has no (?:label|hint)|has no label", "没有题干（label）", "it has no label"),
    (r"default language", "没有说明默认语言（default_language）", "no default language is said"),
    (
        r"or_other and translations",
        "“其他”这一项只有英文 Other，请自己写选项",
        "the choice “Other” is in English only; write it out instead",
    ),
    (
        r"max-pixels",
        "照片没有限定大小（max-pixels），上传会慢",
        "the size of photos is not limited (max-pixels); sending is slow",
    ),
    (r"not recommended|deprecated", "用了不推荐的旧写法", "it uses an old way of writing that is not recommended"),
    (
        r"looks like you are missing the IANA|do not contain valid machine-readable",
        "语言名后面最好写代码，如 中文 (zh)",
        "write the code after a language, such as 中文 (zh)",
    ),
    (
        r"Translations are missing|missing.*translation|no translations",
        "有些语言缺译文",
        "some translations are missing",
    ),
    (
        r"similar sheet names|not an XLSForm|similar name",
        "有名字相近的表或列，是否写错了？",
        "a sheet or column has a similar name: is it misspelt?",
    ),
    (r"is being skipped", "这一行没有题型和题干，已跳过", "the row has neither type nor label and was skipped"),
    (r"Encrypted|public_key", "加密的表单不支持", "encrypted forms are not supported"),
)


def place_of(complaint: str) -> tuple[int, str, str]:
    """Return the row (0 if none), the sheet, and the rest of what pyxform said."""
    row = _ROW.match(complaint)
    sheet = _SHEET.search(complaint)
    return (int(row[1]) if row else 0, sheet[1] if sheet else "survey", complaint[row.end() :] if row else complaint)


def said_of(complaint: str, language: str) -> str:
    """Return the complaint in plain words, with pyxform's own beside where they say more."""
    chinese = language == "zh_Hans"
    own = " ".join(complaint.split())
    for pattern, zh, en in _SAID:
        found = re.search(pattern, own, re.IGNORECASE)
        if found:
            caught = [one or "" for one in found.groups() if one] or [own[:120]]
            return (zh if chinese else en).format(*caught, "", "")
    return f"制表工具 pyxform 说：{own[:400]}" if chinese else f"pyxform says: {own[:400]}"
