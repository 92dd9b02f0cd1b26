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
