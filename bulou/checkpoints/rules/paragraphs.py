"""A county's paragraph about its posts in our words: the published numbers, units and qualifiers, from what was recorded.

Every word that claims something (stood, at every hour, three shifts, party members) is worked out like a number.
The qualifier is worked out, never chosen: just under a round number is 近, exactly it is plain, a little over is 余.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil

from bulou.checkpoints.rules.counts import Daily
from bulou.core.quantities import Quantity, count

STEP = 100  # published daily means are round to the hundred
WORDS_EN = {"近": "almost ", "余": "over ", "": ""}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The paragraph in both languages, and every figure in it by name."""

    zh: str
    en: str
    figures: Mapping[str, Quantity]


def stated(value: Decimal, unit: str, step: int = STEP) -> Quantity:
    """Return the value as reports state it.

    近 the next round number if that is nearer and at most a tenth above, else the last one, with 余 unless it is exactly
    that. Below the first round number it stands as it is, rounded down.
    """
    down = int(value // step) * step
    if value == down and down:
        return count(down, unit)
    up = down + step
    almost = Quantity(Decimal(up), unit, "近")
    if almost.allows(value) and up - value <= value - down:
        return almost
    return Quantity(Decimal(down), unit, "余") if down else count(int(value), unit)


def _en(quantity: Quantity) -> str:
    return f"{WORDS_EN[quantity.word]}{quantity.value:,f}"


@dataclass(frozen=True, slots=True)
class Empty:
    """How many posts stood empty at some time, and for how many seconds in all."""

    posts: int = 0
    seconds: float = 0.0

    @property
    def minutes(self) -> int:
        """Minutes, rounded up: a second in which nobody was there is not nothing."""
        return ceil(self.seconds / 60)


CALLED = {"traffic": ("交通监测点", "monitoring posts")}  # of the other types all that is said is that they are posts
TEAMS = {"volunteer": ("志愿服务队", "volunteer teams"), "vanguard": ("先锋队", "vanguard teams")}


def _watch(posts: int, empty: Empty) -> tuple[str, str]:
    """Say whether somebody was at the posts all the time: of all of them, of so many, or of none."""
    whole = posts - empty.posts
    if not posts:
        return "", ""
    if not empty.posts:
        return ",24小时都有人在岗", ", somebody there at every hour"
    zh = f",其中{whole}个24小时都有人在岗" if whole else ""
    en = f", at {whole} of them at every hour" if whole else ""
    return (
        f"{zh},{empty.posts}个曾经无人在岗,共{empty.minutes:,}分钟",
        f"{en}; {empty.posts} stood empty at times, {empty.minutes:,} minutes in all",
    )


def monitoring(*, posts: int, staff: int, party: int, daily: Daily, empty: Empty, type: str = "traffic") -> Paragraph:
    """新县 0-16: who stood at how many posts of one type, whether all the time, what passed and what was turned back on a
    mean day. `party`: how many of the staff are party members, as far as the county keeps that."""
    figures = {
        "staff": count(staff, "名"),
        "posts": count(posts, "个"),
        "vehicles": stated(daily.vehicles.value, "辆"),
        "people": stated(daily.people.value, "人"),
        "vehicles_back": stated(daily.vehicles_back.value, "辆"),
        "people_back": stated(daily.people_back.value, "人"),
    }
    f = figures
    zh_posts, en_posts = CALLED.get(type, ("卡点", "posts"))
    zh_watch, en_watch = _watch(posts, empty)
    zh_party = "党员" if party and party == staff else "人员"
    zh_some = f"(党员{party}名)" if 0 < party < staff else ""
    en_party = f" ({party} of them party members)" if party else ""
    zh_stood = f"由{f['staff']}{zh_party}{zh_some}到岗值守" if staff else "没有人到岗的记录"
    en_stood = f"{staff} people{en_party} stood at" if staff else "nobody is on record as having stood at"
    zh = (
        f"{f['posts']}{zh_posts}{zh_stood}{zh_watch};平均每天检查车辆{f['vehicles']}、人员{f['people']},"
        f"劝返车辆{f['vehicles_back']}、人员{f['people_back']}"
    )
    en = (
        f"{en_stood} {posts} {en_posts}{en_watch}; on a mean day {_en(f['vehicles'])} vehicles and"
        f" {_en(f['people'])} people were checked, {_en(f['vehicles_back'])} vehicles and {_en(f['people_back'])}"
        " people turned back"
    )
    return Paragraph(zh, en, figures)


def round_the_clock(*, posts: int, teams: int, labels: Sequence[str], shifts: Sequence[int], empty: Empty) -> Paragraph:
    """威信 3-10 and 3-14: posts, teams, and the turns that were stood at each post (`shifts`). Three shifts are said only
    where three were stood at every post, round the clock only where nobody was ever missing."""
    figures = {"posts": count(posts, "个"), "teams": count(teams, "支"), "shifts": count(sum(shifts), "班次")}
    zh_watch, en_watch = _watch(posts, empty)
    zh = f"共有{figures['posts']}卡点,当天到岗{figures['shifts']}"
    en = f"{posts} posts, where {sum(shifts)} turns were stood on the day"
    if shifts and set(shifts) == {3}:
        zh, en = f"{zh},每个卡点三班轮换", f"{en}, three at each"
    zh, en = zh + zh_watch, en + en_watch
    if teams:
        zh += f";{'、'.join(TEAMS[one][0] for one in labels if one in TEAMS)}{figures['teams']}"
        en += f"; {teams} {' and '.join(TEAMS[one][1] for one in labels if one in TEAMS)}"
    return Paragraph(zh, en, figures)


def relief(*, post: str, asked_on: date, volunteers: int, first_relief_on: date | None) -> Paragraph:
    """镇坪 4-07: a post that called for help, who signed up, and when the first relief arrived."""
    figures = {"volunteers": count(volunteers, "名")}
    zh = f"{post}于{asked_on.month}月{asked_on.day}日请求支援,随后有{figures['volunteers']}报名参加预备队"
    en = f"{post} called for help on {asked_on:%Y-%m-%d}; {volunteers} volunteers signed up for the reserve"
    if first_relief_on is not None:
        zh += f",{first_relief_on.month}月{first_relief_on.day}日首批到岗"
        en += f", and the first relief arrived on {first_relief_on:%Y-%m-%d}"
    return Paragraph(zh, en, figures)
