"""A county's paragraph about its posts, as it was published: the same numbers, units and qualifiers, from counts.

The qualifier is worked out, never chosen: just under a round number is 近, exactly it is plain, a little over is 余.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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


def monitoring(*, posts: int, staff: int, daily: Daily) -> Paragraph:
    """新县 0-16: who stands at how many posts of one type, what passes and what is turned back on a mean day."""
    figures = {
        "staff": count(staff, "名"),
        "posts": count(posts, "个"),
        "vehicles": stated(daily.vehicles.value, "辆"),
        "people": stated(daily.people.value, "人"),
        "vehicles_back": stated(daily.vehicles_back.value, "辆"),
        "people_back": stated(daily.people_back.value, "人"),
    }
    f = figures
    zh = (
        f"{f['staff']}党员干部24小时坚守在{f['posts']}交通监测点,日均排查车辆达{f['vehicles']}、人员{f['people']},"
        f"日均劝返车辆{f['vehicles_back']}、人员{f['people_back']}"
    )
    en = (
        f"{staff} people stand round the clock at {posts} monitoring posts; on a mean day they check"
        f" {_en(f['vehicles'])} vehicles and {_en(f['people'])} people and turn back {_en(f['vehicles_back'])} vehicles"
        f" and {_en(f['people_back'])} people"
    )
    return Paragraph(zh, en, figures)


def round_the_clock(*, posts: int, teams: int, shifts_a_day: int, gaps: int) -> Paragraph:
    """威信 3-10 and 3-14: posts, teams, and three shifts round the clock, which is said only if no minute is bare."""
    figures = {"posts": count(posts, "个"), "teams": count(teams, "支"), "shifts": count(shifts_a_day, "班次")}
    each = Decimal(shifts_a_day) / posts if posts else Decimal(0)
    whole = gaps == 0 and each == 3
    zh = f"在全县设立{figures['posts']}卡点,成立党员志愿服务队、党员先锋队{figures['teams']};"
    en = f"{posts} posts were set up and {teams} teams formed; "
    if whole:
        zh += f"在全县{figures['posts']}卡点实行全天24小时、三班倒联防联控值守"
        en += f"all {posts} posts are manned 24 hours a day in three shifts"
    else:
        zh += f"一天排班{figures['shifts']},尚有{gaps}处空档"
        en += f"{shifts_a_day} shifts a day are set out, with {gaps} gaps left"
    return Paragraph(zh, en, figures)


def relief(*, post: str, asked_on: date, volunteers: int, first_relief_on: date | None) -> Paragraph:
    """镇坪 4-07: a post that called for help, who signed up, and when the first relief arrived."""
    figures = {"volunteers": count(volunteers, "名")}
    zh = (
        f"{asked_on.month}月{asked_on.day}日接到{post}需要支援的情况后,组建党员疫情防控预备队,"
        f"{figures['volunteers']}党员干部先后自愿报名加入"
    )
    en = f"{post} called for help on {asked_on:%Y-%m-%d}; {volunteers} volunteers joined the reserve"
    if first_relief_on is not None:
        zh += f",{first_relief_on.month}月{first_relief_on.day}日首批到岗"
        en += f", and the first relief arrived on {first_relief_on:%Y-%m-%d}"
    return Paragraph(zh, en, figures)
