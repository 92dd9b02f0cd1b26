"""Why a pattern is not taken, in words for whoever wrote it."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "unreadable": ("这不是能读的正则表达式（{detail}）", "it is no regular expression that can be read ({detail})"),
    "engines": (
        "{detail} 的写法，各种手机读法不同，请换一种写法",
        "{detail} is read differently by different phones: write it another way",
    ),
    "lookaround": (
        "{detail} 是“向前/向后看”的写法，服务器判不了：请写出整段文字应有的样子",
        "{detail} looks ahead or behind, which the server does not judge: write out what the whole text looks like",
    ),
    "backreference": (
        "{detail} 指回前面的括号，服务器判不了：请分成两道题再比较",
        "{detail} refers back to brackets before it, which the server does not judge: ask two questions and compare them",
    ),
    "group": (
        "{detail} 这种括号不是各种手机都认识，请用 ( ) 或 (?: )",
        "not every phone knows {detail}: write ( ) or (?: )",
    ),
    "too large": (
        "太长或重复次数太多（{detail}），请写短些",
        "it is too long or repeats too often ({detail}): make it shorter",
    ),
    "complicated": (
        "太复杂，无法确认手机判得完：请写简单些",
        "it is too complicated to tell whether a phone ever finishes with it: write it more simply",
    ),
    "explodes": (
        "有些文字会让手机判上几分钟甚至几年（重复里又有重复，或相邻的重复收同样的字）",
        "some texts keep a phone busy for minutes or years (a repetition within a repetition, or neighbours that take the"
        " same characters)",
    ),
}
_INSTEAD = ("；可改成意思一样的 {instead}", "; the same is meant by {instead}")


def why(code: str, detail: str, instead: str, language: str) -> str:
    """Return why the pattern is not taken, and what can be written instead, in "zh_Hans" or "en"."""
    i = 0 if language == "zh_Hans" else 1
    return WORDS[code][i].format(detail=detail) + (_INSTEAD[i].format(instead=instead) if instead else "")
