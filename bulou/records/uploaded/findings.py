"""What there is to say about an uploaded form, row by row, in plain words: what cannot work, and what works only in part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bulou.records.patterns import why

Weight = Literal["refuses", "warns", "notes"]
"""`refuses`: the form cannot be taken. `warns`: part of it works in ODK Collect only, or nobody here checks it.
`notes`: worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing said about a form. `row` counts the sheet's rows as Excel does (0: the form as a whole, or an XForm)."""

    weight: Weight
    code: str
    question: str = ""
    detail: str = ""
    row: int = 0
    sheet: str = "survey"

    def text(self, language: str) -> str:
        """Return it as a sentence in "zh_Hans" or "en"."""
        chinese = language == "zh_Hans"
        said = WORDS[self.code][0 if chinese else 1].format(question=self.question, detail=self.detail)
        file = "." in self.sheet  # a list brought beside the form
        if self.row:
            sheet = self.sheet if file else f"{self.sheet} 表" if chinese else f"{self.sheet} sheet"
            where = f"{sheet}{' ' if file else ''}第 {self.row} 行" if chinese else f"{sheet}, row {self.row}"
        else:
            where = self.sheet if file else ""
        if self.question and "{question}" not in WORDS[self.code][0]:
            where += f"「{self.question}」" if chinese else f"{' ' if where else ''}“{self.question}”"
        joint = "：" if chinese else ": "
        return f"{where}{joint if where else ''}{said}"


COLUMNS: Mapping[str, tuple[str, str]] = {
    "relevant": ("relevant（何时要问）", "relevant (when it is asked)"),
    "constraint": ("constraint（填写要求）", "constraint"),
    "calculation": ("calculation（计算）", "calculation"),
    "required": ("required（是否必填）", "required"),
    "default": ("default（默认值）", "default"),
    "choice_filter": ("choice_filter（按别的答案筛选选项）", "choice_filter"),
    "repeat_count": ("repeat_count（重复几次）", "repeat_count"),
}

WHY: Mapping[str, tuple[str, str]] = {
    "unreadable": ("写法看不懂", "it cannot be read"),
    "xpath": ("用了本系统不用的 XPath 写法", "it uses a form of XPath not used here"),
    "instance": ("查表的写法超出了 pulldata", "it looks up more than pulldata() can in a list"),
    "no question": ("指向的题目不存在", "it speaks of a question that does not exist"),
    "group": ("把一组题当成一个答案", "it takes a group for an answer"),
    "compile": ("本系统不计算这种写法", "it is not worked out here"),
    "function": ("本系统不会算 {what}", "{what} is not worked out here"),
    "engines": ("{what} 这样写，各种手机算出的不一样", "phones differ in what {what} written so comes to"),
    "bare": (
        "把答案本身当作“是/否”，各种手机理解不一样，请写成 = 或 != 的比较",
        "it takes an answer itself for yes or no, which phones read differently; write a comparison with = or !=",
    ),
    "chance": ("{what} 每次算出来都不同", "{what} comes to something else each time"),
    "language": ("{what} 取决于手机用的语言", "{what} depends on the language of the phone"),
    "pattern": ("{what} 里的正则表达式不能用", "the pattern in {what} is not taken"),
    "form": ("与其他公式互相等待", "it waits for others that wait for it"),
}

WORDS: Mapping[str, tuple[str, str]] = {
    # the file
    "not xml": ("这不是能读的 XML 文件：{detail}", "this is no XML that can be read: {detail}"),
    "no xform": (
        "这个 XML 不是 XForm 表单（缺 head、model 或 body）",
        "this XML is no XForm: head, model or body is missing",
    ),
    "no instance": ("表单没有主实例（instance），里面没有题目", "the form has no instance, so it asks nothing"),
    "no questions": ("表单里一道题也没有", "the form asks nothing"),
    "too many questions": (
        "表单太大，超过 {detail} 个题目，请拆开",
        "the form has more than {detail} questions; split it",
    ),
    "encrypted": (
        "加密的表单服务器读不了，请去掉 public_key 后再上传",
        "an encrypted form cannot be read by the server; take the public_key out",
    ),
    "file": (
        "要用文件 {detail}，但没有一起上传：请把它和表单一起选中再上传，或在下面补交",
        "it needs the file {detail}, which was not uploaded: choose it together with the form, or add it below",
    ),
    "file kind": (
        "要用文件 {detail}；随表文件只收 .csv，请另存为 .csv 再改表单里的文件名",
        "it needs the file {detail}; only .csv is taken beside a form: save it as .csv and change its name in the form",
    ),
    "file name": (
        "文件 {detail} 与系统自己的清单（户、人、区划、任务）重名，请改名后在表单里一起改",
        "the file {detail} is called as a list of this system is (household, person, area, task): rename it",
    ),
    "search": (
        "用 search() 查表（{detail}）只有旧版 ODK Collect 能做到；请改用 select_one_from_file",
        "it searches a list with {detail}, which only old versions of ODK Collect can; use select_one_from_file instead",
    ),
    "itemsets": (
        "select_one_external 的选项（itemsets.csv）不支持；请改用 select_one_from_file 加 choice_filter",
        "choices of select_one_external (itemsets.csv) are not supported; use select_one_from_file with a choice_filter",
    ),
    "unused file": ("表单没有用到文件 {detail}，不会保存", "the form does not use the file {detail}; it is not kept"),
    "not a list": (
        "{detail} 不能随表上传：只收 .csv 清单。题目里的图片、声音、视频不会显示，只显示文字",
        "{detail} cannot be uploaded with a form: only .csv lists are. Pictures, sound and films are not shown",
    ),
    "same file": ("沿用第 {detail} 版的文件 {question}", "the file {question} is that of version {detail}"),
    "pattern": ("regex() 的 {detail}", "{detail}"),
    "pattern from answers": (
        "regex() 的格式必须用引号写在表单里，不能取自答案或公式：{detail}",
        "the pattern of regex() is written out in quotes, not taken from an answer or a formula: {detail}",
    ),
    # a list beside the form
    "not text": (
        "不是 UTF-8 或 GB 18030 的文字文件，请另存为 CSV（UTF-8）",
        "it is no text in UTF-8 or GB 18030; save it as CSV (UTF-8)",
    ),
    "not csv": ("不是能读的 CSV（引号不成对？）：{detail}", "it cannot be read as CSV (a quote not closed?): {detail}"),
    "empty list": (
        "清单是空的：第一行写列名，下面每行一项",
        "the list is empty: the first row names the columns, one item a row below",
    ),
    "too many rows": ("超过 {detail} 行，请拆开", "it has more than {detail} rows; split it"),
    "too many columns": (
        "超过 {detail} 列，请删去不用的列",
        "it has more than {detail} columns; delete those not used",
    ),
    "column name": (
        "列名「{question}」不能用：以字母开头，只用字母、数字、_ - .，不留空格",
        "the column “{question}” needs a name that begins with a letter and holds letters, digits, _ - and . only",
    ),
    "column twice": ("列名「{question}」出现了两次", "the column “{question}” stands there twice"),
    "too many cells": (
        "比列名（{detail} 列）多出了内容，是否多了逗号？",
        "it has more cells than there are columns ({detail}): a comma too many?",
    ),
    "long cell": ("有一格超过 {detail} 字", "a cell has more than {detail} characters"),
    "no column": (
        "没有列「{question}」（有：{detail}）；选项清单要有 name（值）和 label（文字）两列",
        "there is no column “{question}” (there are: {detail}); a list of choices has the columns name and label",
    ),
    "no value": ("「{question}」是空的", "“{question}” is empty"),
    "blank in value": (
        "「{question}」里有空格：{detail}；多选题的值不能有空格",
        "“{question}” holds a blank: {detail}; values of a multiple choice must not",
    ),
    "value twice": ("「{question}」与第 {detail} 行重复", "“{question}” stands in row {detail} too"),
    "no label": (
        "「{question}」没有文字（label），将显示值本身",
        "“{question}” has no label; the value itself is shown",
    ),
    "more rows": ("还有 {detail} 行也这样", "{detail} more rows like that"),
    "broken": ("这张表在手机上打不开：{detail}", "the form cannot be opened on a phone: {detail}"),
    "subject": (
        "对象只能是 household、person 或 area，不能是“{detail}”",
        "the subject is household, person or area, not “{detail}”",
    ),
    "pyxform": ("{detail}", "{detail}"),
    "warning": ("{detail}", "{detail}"),
    # what works in part
    "undrawable": ("{detail}", "{detail}"),
    "not checked": ("{detail}", "{detail}"),
    "collect": (
        "ODK Collect 没有函数 {detail}，用 Collect 打开会停住；本系统的手机应用可以",
        "ODK Collect has no function {detail} and stops there; the phone app of this system has it",
    ),
    "distance": (
        "distance() 的地点还没填时，本系统的手机应用打不开这张表；请写成 if(两处都 != '', distance(…), '')",
        "while a place in distance() is not answered, the phone app of this system cannot open the form; "
        "write if(both are != '', distance(…), '')",
    ),
    "blank rows": (
        "求和或求最大最小时有一行没填：本系统的手机应用显示空白，ODK Collect 和服务器只算填了的",
        "where a row of a sum, least or greatest is not answered, the phone app of this system shows nothing; "
        "ODK Collect and the server reckon with what was answered",
    ),
    "last saved": (
        "用了上一次填的内容（last-saved），只有 ODK Collect 能做到",
        "it uses the last saved record, which only ODK Collect can do",
    ),
    "submission": (
        "表单写了自己的上报地址 {detail}，已去掉：记录只报到本系统",
        "the form names its own address to send to ({detail}); it was taken out: records come here only",
    ),
    "entities": (
        "表单要建立或更新 ODK 实体清单（entities），本系统只保存答案，不更新清单",
        "the form makes or updates an ODK entity list; answers are kept, the list is not",
    ),
    "no chinese": (
        "表单没有中文，手机和办公室将显示“{detail}”",
        "the form has no Chinese; “{detail}” is shown instead",
    ),
    "no english": ("表单没有英文，英文界面将显示“{detail}”", "the form has no English; “{detail}” is shown instead"),
    "renamed": (
        "「{question}」在记录里叫 {detail}（原名不能用，或与别的题重名）",
        "“{question}” is called {detail} in records: its own name cannot be used or is another question's too",
    ),
    "choices from answers": (
        "选项来自前面的答案：办公室的页面要手工填写",
        "its choices come from earlier answers: the office page asks for them in writing",
    ),
    "attachment": (
        "录音、录像或附件只能用 ODK Collect 交",
        "sound, video and files are taken from ODK Collect only",
    ),
    "not in the office": (
        "必填，但办公室页面没法填：这张表只能在手机上或 ODK Collect 里填",
        "it is required, but the office page cannot take it: the form can be filled in on phones or in ODK Collect only",
    ),
    "filled in by phones": (
        "由手机自动填（打开表单、改动别的答案时）；办公室页面要自己填，或留空",
        "phones fill it in when the form is opened or answers change; in the office it is filled in by hand, or stays empty",
    ),
    "filled in by collect": (
        "只有 ODK Collect 会填：{detail}。谁、何时、用哪部手机填的，每条记录本来就有",
        "only ODK Collect fills in: {detail}. Who recorded it, when and on which phone every record says anyway",
    ),
    # against the version before
    "same": ("题目和选项与第 {detail} 版相同", "questions and choices are those of version {detail}"),
    "removed": (
        "少了「{question}」：以前填的仍可查看，新表不再有",
        "“{question}” is gone: what was answered stays, new records lack it",
    ),
    "perhaps renamed": (
        "「{question}」似乎改名为 {detail}：同一问题会分成两列，建议改回原名",
        "“{question}” seems to be called {detail} now: the same question will be in two columns; better keep the old name",
    ),
    "retyped": (
        "「{question}」的题型变了：{detail}，新旧答案不能一起统计",
        "“{question}” changed its type: {detail}; old and new answers cannot be counted together",
    ),
    "choices gone": ("「{question}」少了选项 {detail}", "“{question}” lost the choices {detail}"),
    "moved": ("「{question}」移进或移出了重复组", "“{question}” moved into or out of a repeat"),
    "added": ("新增「{question}」", "“{question}” is new"),
}


def unchecked(question: str, column: str, why: str, expression: str, row: int, what: str = "") -> Finding:
    """Return the finding that the server does not work out an expression, told in both languages at once."""
    return Finding("warns", "not checked", question, f"{column}|{why}|{what.replace('|', '')}|{expression[:160]}", row)


def not_checked_text(detail: str, language: str) -> str:
    """Return what is said of an expression that only phones work out."""
    column, why, what, expression = detail.split("|", 3)
    zh = language == "zh_Hans"
    i = 0 if zh else 1
    named, because = COLUMNS[column][i], WHY[why][i].format(what=what)
    if column == "calculation":
        then = ("以手机算出的为准，办公室页面留空", "the phone's value is kept; the office page leaves it empty")[i]
    elif column == "repeat_count":
        then = (
            "手机按它开行，办公室里要几行加几行",
            "phones make so many rows; in the office one adds them",
        )[i]
    elif column == "choice_filter":
        then = (
            "由手机筛选，办公室列出全部选项，服务器只核对在不在清单里",
            "phones narrow the choices down; the office lists them all, and that it is one of them is all that is checked",
        )[i]
    else:
        then = ("由手机把关，服务器不核对", "phones see to it, the server does not check it")[i]
    return f"{named} {expression}——{because}；{then}" if zh else f"{named} {expression} — {because}; {then}"


def sentence(finding: Finding, language: str) -> str:
    """Return the finding as people read it."""
    if finding.code == "not checked":
        said = not_checked_text(finding.detail, language)
        return Finding(finding.weight, "warning", finding.question, said, finding.row, finding.sheet).text(language)
    if finding.code == "pattern":
        pattern, code, detail, instead = finding.detail.split("\0")
        said = f"regex() {pattern}: {why(code, detail, instead, language)}"
        return Finding(finding.weight, "warning", finding.question, said, finding.row, finding.sheet).text(language)
    if finding.code == "undrawable":
        code, _bar, detail = finding.detail.partition("|")
        from bulou.records.drawing import Undrawable

        said = Undrawable("", code, detail).text(language)
        return Finding(finding.weight, "warning", finding.question, said, finding.row, finding.sheet).text(language)
    if finding.code in ("pyxform", "warning"):
        from bulou.records.uploaded.complaints import said_of

        return Finding(
            finding.weight, "warning", finding.question, said_of(finding.detail, language), finding.row, finding.sheet
        ).text(language)
    return finding.text(language)
