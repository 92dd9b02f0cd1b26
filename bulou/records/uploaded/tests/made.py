"""Small forms made with pyxform from Markdown, for the tests."""

from pyxform.xls2xform import convert

DAILY = """
| survey  | | | | | | | | |
| | type | name | label::中文 (zh)  | label::English (en)  | relevant | constraint | calculation | required |
| | date | day | 日期 | Day | | | | yes |
| | select_one open | market | 集市是否开放 | Is the market open?  | | | | yes |
| | integer | stalls | 开放摊位数 | Stalls open | ${market} = 'yes' | . >= 0 | | yes |
| | calculate | half | | | | | ${stalls} div 2 | |
| | begin repeat | keepers | 摊主 | Stall keepers | ${market} = 'yes' | | | |
| | text | name | 姓名 | Name | | | | yes |
| | decimal | heat | 体温 | Temperature | | . < 43 | | |
| | end repeat | | | | | | | |
| choices | | | | |
| | list_name | name | label::中文 (zh)  | label::English (en)  |
| | open | yes | 开放 | Open |
| | open | no | 关闭 | Closed |
| settings |
| | form_title | form_id | version | default_language |
| | 集市日报 | market-daily | 2020020301 | 中文 (zh) |
"""
DAILY_2 = (
    DAILY.replace("| stalls ", "| pitches ").replace("${stalls}", "${pitches}").replace("2020020301", "2020020501")
)

# With a photograph, which no kind of the product asks for.
DOOR_NOTICE = """
| survey |
|        | type  | name  | label::中文 (zh) | label::English (en) | required |
|        | text  | where | 贴在哪里         | Where it hangs      | yes      |
|        | image | proof | 门上的告示       | The notice          | yes      |
| settings |
|          | form_title   | form_id     | version | default_language |
|          | 张贴告示拍照 | door-notice | 1       | 中文 (zh)        |
"""


def xform(markdown: str) -> str:
    """Return the XForm pyxform makes of the form."""
    made: str = convert(markdown, file_type=".md", warnings=[]).xform
    return made


# Lists beside the form, choices that depend on other answers, rows within rows.
GRID = """
| survey |
| | type | name | label::中文 (zh) | label::English (en) | relevant | constraint | calculation | choice_filter | required |
| | select_one towns | town | 乡镇 | Town | | | | | yes |
| | select_one_from_file stalls.csv | stall | 摊位 | Stall | | | | town = ${town} | |
| | calculate | keeper | | | | | pulldata('stalls', 'keeper', 'name', ${stall}) | | |
| | begin repeat | homes | 户 | Homes | | | | | |
| | text | door | 门牌 | Door | | | | | |
| | select_one quarters | quarter | 片区 | Quarter | | | | | |
| | select_one streets | street | 街 | Street | | | | quarter = ${quarter} | |
| | begin repeat | members | 成员 | Members | | | | | |
| | text | who | 姓名 | Name | | | | | yes |
| | integer | age | 年龄 | Age | | . <= 120 | | | |
| | text | school | 学校 | School | ${age} < 18 and ${door} != '' | | | | yes |
| | end repeat | | | | | | | | |
| | calculate | n | | | | | count(${members}) | | |
| | end repeat | | | | | | | | |
| | calculate | everybody | | | | | count(${members}) | | |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) | quarter |
| | towns | a | 甲镇 | Town A | |
| | towns | b | 乙镇 | Town B | |
| | quarters | a | 东片 | East | |
| | quarters | b | 西片 | West | |
| | streets | a1 | 东一街 | East 1 | a |
| | streets | a2 | 东二街 | East 2 | a |
| | streets | b1 | 西一街 | West 1 | b |
| settings |
| | form_title | form_id | version | default_language |
| | 网格摸底 | grid-survey | 1 | 中文 (zh) |
"""
GRID_LISTS = {"stalls.csv": "name,label,town,keeper\n1,一号摊,a,王\n2,二号摊,b,李\n3,三号摊,b,赵\n".encode()}

# One of everything that other people's forms hold and the office asks in a way of its own.
EVERYTHING_IN_IT = """
| survey |
| | type | name | label::中文 (zh) | label::English (en) | relevant | default | read_only | repeat_count | appearance | required | required_message::English (en) | parameters |
| | select_multiple things | what | 有什么 | What there is | | a c | | | | yes | Say what there is | |
| | select_one things | main | 主要 | Mainly | | b | yes | | | | | |
| | rank things | order | 排序 | In order | | | | | | | | |
| | range | grade | 评分 | Grade | | | | | | | | start=1 end=5 step=1 |
| | geotrace | line | 路线 | The way | | | | | | | | |
| | acknowledge | sure | 已核对 | I have checked | | | | | | | | |
| | hidden | source | | | | paper | | | | | | |
| | start | began | | | | | | | | | | |
| | begin group | more | 更多 | More | selected(${what}, 'a') | | | | | | | |
| | begin group | table | 一张表 | A table | | | | | table-list | | | |
| | select_one things | first | 第一 | The first | | | | | | | | |
| | end group | | | | | | | | | | | |
| | end group | | | | | | | | | | | |
| | integer | n | 几间 | How many rooms | | | | | | | | |
| | begin repeat | rooms | 房间 | Rooms | | | | ${n} | | | | |
| | text | room | 房号 | Room | | | | | | yes | | |
| | text | floor | 楼层 | Floor | | 1 | | | | | | |
| | end repeat | | | | | | | | | | | |
| choices |
| | list_name | name | label::中文 (zh) | label::English (en) |
| | things | a | **甲** | First thing |
| | things | b | 乙 | Second thing |
| | things | c | 丙 | Third thing |
| settings |
| | form_title | form_id | version | default_language | instance_name | style |
| | 什么都有 | everything | 7 | 中文 (zh) | concat('a', ${n}) | pages |
"""  # noqa: E501


def sheet(*rows, choices="", settings=""):
    """Return a form whose survey has the rows "type | name | label | …" under the first of them."""
    lines = ["| survey |", *(f"| | {row} |" for row in rows)]
    if choices:
        lines += ["| choices |", "| | list_name | name | label |", *(f"| | {row} |" for row in choices)]
    if settings:
        lines += ["| settings |", *(f"| | {row} |" for row in settings)]
    return "\n".join(lines)
