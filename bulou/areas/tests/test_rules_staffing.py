import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.areas.queries import grid_templates
from bulou.areas.rules.staffing import Finding, Shortfall, Staff, check_staffing, parse_templates
from bulou.areas.words import describe_finding

WEIXIN = ["乡镇领导", "乡镇工作人员", "乡镇工作人员", "驻村工作队员", "村(社区)干部", "乡村医生", "小组长",
          "发展议事会成员", "党员", "党员"]  # fmt: skip


def staff(roles):
    return [Staff(role, f"安娜{i}") for i, role in enumerate(roles)]


def findings(template, roles):
    return check_staffing(grid_templates()[template], staff(roles))


def test_the_seven_templates_are_there():
    assert set(grid_templates()) == {
        "weixin_group", "zhenping_rural", "zhenping_urban", "zhenping_dam", "xinxian_urban", "xinxian_rural",
        "xinyang_urban",
    }  # fmt: skip
    assert (grid_templates()["weixin_group"].least, grid_templates()["weixin_group"].most) == (10, 14)
    assert (grid_templates()["zhenping_rural"].least, grid_templates()["zhenping_rural"].most) == (4, 4)


def test_ten_and_fourteen_pass_weixins():
    assert len(WEIXIN) == 10
    assert findings("weixin_group", WEIXIN) == []
    fourteen = [*WEIXIN, "乡镇工作人员", "党员", "党员", "党员"]
    assert len(fourteen) == 14
    assert findings("weixin_group", fourteen) == []


def test_nine_fifteen_or_no_village_doctor_fail_with_the_role_named():
    assert findings("weixin_group", WEIXIN[:-1]) == [Finding(Shortfall.TOO_FEW, "党员", 1, 2)]
    fifteen = [*WEIXIN, "乡镇工作人员", *["党员"] * 4]
    assert len(fifteen) == 15
    assert findings("weixin_group", fifteen) == [Finding(Shortfall.TOO_MANY, "党员", 6, 5)]
    without = [role for role in WEIXIN if role != "乡村医生"]
    assert findings("weixin_group", without) == [Finding(Shortfall.TOO_FEW, "乡村医生", 0, 1)]
    assert findings("weixin_group", [*without, "党员"]) == [Finding(Shortfall.TOO_FEW, "乡村医生", 0, 1)], (
        "ten people are not enough when the doctor is not among them"
    )


def test_the_doctor_of_the_village_is_the_doctor_of_each_of_its_grids():
    template, without = grid_templates()["weixin_group"], staff([role for role in WEIXIN if role != "乡村医生"])
    assert check_staffing(template, without, [Staff("乡村医生", "安娜")]) == []
    village = [*staff(["党员"] * 9), Staff("村支书", "巴勇")]  # enough for one place, no place at all, never too many
    assert check_staffing(template, staff(WEIXIN[:-1]), village) == []
    assert check_staffing(template, without, village) == [Finding(Shortfall.TOO_FEW, "乡村医生", 0, 1)]


@given(st.lists(st.sampled_from(sorted(set(WEIXIN))), max_size=20))
def test_what_passes_weixins_is_between_ten_and_fourteen_people(roles):
    if not findings("weixin_group", roles):
        assert 10 <= len(roles) <= 14
        assert "乡村医生" in roles


@pytest.mark.parametrize("official", ["村干部", "驻村帮扶干部"])
@pytest.mark.parametrize("pair", [("党员", "党员"), ("党员", "村民代表"), ("村民代表", "村民代表")])
def test_zhenping_takes_one_or_the_other(official, pair):
    assert findings("zhenping_rural", [official, "小组长", *pair]) == []


def test_either_or_is_not_both():
    assert findings("zhenping_rural", ["村干部", "驻村帮扶干部", "小组长", "党员", "党员"]) == [
        Finding(Shortfall.TOO_MANY, "村干部/驻村帮扶干部", 2, 1)
    ]
    assert findings("zhenping_rural", ["村干部", "小组长", "党员"]) == [
        Finding(Shortfall.TOO_FEW, "党员/村民代表", 1, 2)
    ]


def test_at_least_has_no_upper_end():
    assert findings("zhenping_urban", ["党员网格长", *["楼长"] * 12, "中心户长"]) == []
    assert findings("zhenping_urban", ["党员网格长", "中心户长"]) == [Finding(Shortfall.TOO_FEW, "楼长", 0, 1)]


NAMED = {
    "zhenping_dam": ["村干部", "党员", "村民代表"],
    "xinxian_rural": ["乡镇班子成员", "第一书记", "村两委干部", "村民组长"],
    "xinxian_urban": ["县处级领导", "驻区单位党组织", "社区", "在职党员"],
    "xinyang_urban": ["网格长", "网格员", "楼栋长", "志愿者"],
}


@pytest.mark.parametrize("name", NAMED)
def test_a_number_the_source_does_not_give_is_not_invented_but_a_named_role_is_asked_for(name):
    template, roles = grid_templates()[name], NAMED[name]
    assert template.least is None
    assert findings(name, roles) == []
    assert findings(name, [role for role in roles for _ in range(30) if role != "县处级领导"] + roles[:1]) == []
    for missing in roles:
        left = [role for role in roles if role != missing]
        assert findings(name, left) == [Finding(Shortfall.TOO_FEW, missing, 0, 1)]


@pytest.mark.parametrize("name", grid_templates())
def test_no_template_is_content_with_a_role_missing(name):
    for slot in grid_templates()[name].slots:
        others = [s for s in grid_templates()[name].slots if s is not slot]
        enough = [s.roles[0] for s in others for _ in range(s.least)]
        assert [f.role for f in findings(name, enough)] == ([slot.name] if slot.least else [])


def test_a_template_may_say_that_a_role_is_not_needed():
    said = "[template.x]\ntitle='x'\nunit='u'\nsource='s'\nslots=[{roles=['甲']},{roles=['乙'],optional=true}]"
    template = parse_templates(said)["x"]
    assert check_staffing(template, staff(["甲"])) == []
    assert check_staffing(template, staff(["乙"])) == [Finding(Shortfall.TOO_FEW, "甲", 0, 1)]


def test_a_role_of_another_county_is_named():
    found = findings("zhenping_rural", ["村干部", "小组长", "党员", "党员", "志愿者"])
    assert found == [Finding(Shortfall.NOT_IN_TEMPLATE, "志愿者", 1)]
    assert "志愿者" in describe_finding(found[0], grid_templates()["zhenping_rural"])


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[template.x]\ntitle = 'x'", "slots, source, unit is missing"),
        ("[template.x]\ntitle='x'\nunit='u'\nsource='s'\nslots=[{least=1}]", "needs its roles"),
        ("[template.x]\ntitle='x'\nunit='u'\nsource='s'\nslots=[{roles=['a'],least=2,most=1}]", "more than at most"),
        ("[template.x]\ntitle='x'\nunit='u'\nsource='s'\nslots=[{roles=['a'],least=-1}]", "not a number of people"),
        (
            "[template.x]\ntitle='x'\nunit='u'\nsource='s'\nslots=[{roles=['a'],least=1,optional=true}]",
            "optional is true",
        ),
        ("[template.x]\ntitle='x'\nunit='u'\nsource='s'\nslots=[{roles=['a']},{roles=['a']}]", "stands in two slots"),
        ("[template.x]\ntitle='x'\nunit='u'\nsource='s'\nleast=3\nslots=[{roles=['a'],least=2}]", "add up to least 2"),
    ],
)
def test_a_template_that_cannot_be_meant_is_refused_with_the_place(toml, said):
    with pytest.raises(ValueError, match=said) as caught:
        parse_templates(toml)
    assert "grid template x" in str(caught.value)
