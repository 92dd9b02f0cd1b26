"""Made-up people: names from common characters, ID numbers of a region that was never assigned.

A made-up number with a real region code could be a living person's; codes ending in 99 (GB/T 2260) are nobody's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from stdnum.iso7064 import mod_11_2

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何罗高林邹汪谭向覃冉彭"
GIVEN = "明华国建文平志海红丽英秀兰玉春梅桂芳军勇涛磊敏静燕霞娟强波辉刚健云龙凤林松柏德福贵清"
CLASSES = ("商业小区住户", "社区散户", "易迁小区住户", "单位职工住户")
AWAY_TO = ("武汉市", "十堰市竹溪县", "西安市", "安康市汉滨区", "重庆市城口县", "东莞市", "温州市")
RELATIONS = ("户主", "配偶", "子女", "父母", "孙子女")


@dataclass(frozen=True)
class Person:
    name: str
    sex: str
    birth: date
    id_number: str
    phone: str
    relation: str
    away_to: str = ""  # where the person lives for now, if not at home


@dataclass(frozen=True)
class Household:
    number: str
    area: int
    address: str
    household_class: str
    dwelling: str
    members: Sequence[Person] = field(default=())


def make_name(chance: Random, surname: str = "") -> str:
    return (surname or chance.choice(SURNAMES)) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2, 2))))


def make_id_number(chance: Random, region: str, birth: date, sex: str) -> str:
    """Return a number that passes GB 11643's check and belongs to nobody: its region ends in 99."""
    sequence = chance.randrange(0, 500) * 2 + (sex == "男")
    body = f"{region[:4]}99{birth:%Y%m%d}{sequence:03d}"
    return body + mod_11_2.calc_check_digit(body)


def _member(chance: Random, region: str, relation: str, surname: str, today: date) -> Person:
    age = {"户主": (35, 70), "配偶": (33, 68), "子女": (2, 34), "父母": (60, 90), "孙子女": (0, 12)}[relation]
    birth = today - timedelta(days=chance.randrange(age[0] * 365, age[1] * 365 + 300))
    sex = chance.choice("男女")
    phone = f"1{chance.choice('3578')}{chance.randrange(10**9):09d}" if (today - birth).days > 14 * 365 else ""
    away = chance.choice(AWAY_TO) if relation == "子女" and chance.random() < 0.12 else ""
    name = make_name(chance, surname if relation in ("户主", "子女", "孙子女") else "")
    return Person(name, sex, birth, make_id_number(chance, region, birth, sex), phone, relation, away)


def make_households(
    areas: Sequence[tuple[int, bool]], people: int, *, chance: Random, region: str, today: date
) -> Iterator[Household]:
    """Yield households for the areas (number, whether urban) until about `people` people live in them, area by area."""
    for i, (area, urban) in enumerate(areas):
        share = people * (i + 1) // len(areas) - people * i // len(areas)
        living, count = 0, 0
        while living < share:
            count += 1
            dwelling = chance.choices(("自住", "出租", "空置", "未分配"), (86, 6, 7, 1))[0]
            surname = chance.choice(SURNAMES)
            many = chance.choices((1, 2, 3, 4, 5), (10, 22, 30, 25, 13))[0]
            size = 0 if dwelling in ("空置", "未分配") else min(many, share - living)
            relations = ["户主", *chance.choices(RELATIONS[1:], (5, 8, 3, 2), k=size - 1)] if size else []
            members = [_member(chance, region, relation, surname, today) for relation in relations]
            living += size
            kind = chance.choice(CLASSES) if urban else "农户"
            door = f"{count // 4 + 1}号楼{count % 4 + 1}单元" if urban else f"{count}号"
            yield Household(f"{f'{area:018d}'[6:14]}-{count:04d}", area, door, kind, dwelling, members)
