"""What was destroyed, as pages say it: on the entry itself, in the tray, and in numbers for whoever wants to check."""

import pytest

from bulou.core.divisions import code_of
from bulou.ledger import actions, queries
from bulou.ledger.rules import Fading
from bulou.office.tests.made import COUNTY, VILLAGE, County, write
from bulou.rosters.actions import add_post
from bulou.rosters.rules.registers import NewPost

pytestmark = pytest.mark.django_db
PASSED = {"vehicle": "car", "plate": "鄂A12345", "people": [{"temperature": 36.5}], "decision": "turn_back"}


@pytest.fixture
def post(made: County):
    return add_post(NewPost("东沟垭检查点", VILLAGE + 0), by="system:test", at=made.at)


@pytest.mark.parametrize(("language", "said", "basis"), [
    ("en", "was destroyed on", "rule set cn-2020-02-community, retention.pass_days: 14 days"),
    ("zh-hans", "涉及个人的内容已于", "规则集 cn-2020-02-community 的 retention.pass_days：14 天"),
])  # fmt: skip
def test_pages_say_what_was_destroyed_when_and_on_what_basis(signed_in, made, post, language, said, basis) -> None:
    done = write(made, "vehicle_pass", f"post:{post}", VILLAGE, made.at, PASSED)
    write(made, "vehicle_pass", f"post:{post}", VILLAGE, made.at, {**PASSED, "decision": "nothing"})
    (held,) = queries.held(COUNTY)
    due = [Fading(done.id, "vehicle_pass", made.at), Fading(held.id, "vehicle_pass", made.at, held=True)]
    assert actions.erase(made.county, due, left=lambda entry, fading: {}, hash_of=lambda link: "",
                         basis="cn-2020-02-community retention.pass_days 14", at=made.at) == 2  # fmt: skip
    client = signed_in("headquarters", language)
    for address in (f"/entry/{made.county}/{done.id}/", f"/held/{held.id}/"):
        page = client.get(address).content.decode()
        assert said in page and basis in page and "鄂A12345" not in page
    page = client.get(f"/records/{COUNTY}/destroyed/").content.decode()
    assert basis in page and page.count("<tr>") == 3
    assert f"/records/{code_of(COUNTY)}/destroyed/" in client.get(f"/records/{COUNTY}/").content.decode()
