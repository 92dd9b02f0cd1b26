"""What is shown of a body after its days: no answer about a person, every row and number."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bulou.kinds.vehicle_pass.kind import KIND
from bulou.records.keeping import has_expired, kept, left_of, left_unjudged

DAY = timedelta(days=1)
BODY = {"vehicle": "car", "plate": "鄂A12345", "decision": "pass", "destination": "610927100005",
        "destination_address": "一组3号", "note": "安娜的车", "people": [
            {"name": "安娜", "id_number": "11010519491231002X", "phone": "13800138000", "temperature": 36.5, "card": "7"},
            {"name": "巴勇", "temperature": 36.6}]}  # fmt: skip
SECRETS = ("安娜", "巴勇", "11010519491231002X", "13800138000", "鄂A12345", "一组3号", "36.5")


def test_the_day_before_all_is_there_and_on_the_day_nothing_of_a_person() -> None:
    assert kept(KIND.fields, BODY, age=14 * DAY - timedelta(seconds=1), pass_days=14) == BODY
    gone = kept(KIND.fields, BODY, age=14 * DAY, pass_days=14)
    assert not any(secret in str(gone) for secret in SECRETS)
    assert gone == {"vehicle": "car", "decision": "pass", "destination": "610927100005",
                    "people": [{}, {}]}  # that somebody was in it, and was let in to where, still counts  # fmt: skip
    assert left_of(KIND.fields, BODY) == gone


def test_of_what_nobody_accepted_only_sound_numbers_and_choices_stay() -> None:
    typed = {**BODY, "nmae": "安娜", "plate_kind": "鄂A12345", "region": "low", "travel_minutes": 60, "card": "安娜",
             "people": [{"name": "安娜", "refused": "no", "who": "巴勇"}, "巴勇"]}  # fmt: skip
    left = left_unjudged(KIND.fields, typed)
    assert left == {"vehicle": "car", "decision": "pass", "region": "low", "travel_minutes": 60,
                    "people": [{"refused": "no"}, {}]}  # fmt: skip
    assert left_unjudged(KIND.fields, "安娜") == {}


@given(st.integers(0, 60), st.integers(1, 60))
def test_the_fewer_days_of_field_and_rule_set_win(age: int, allowed: int) -> None:
    expired = age >= min(14, allowed)
    assert has_expired(KIND.fields, age=age * DAY, pass_days=allowed) is expired
    shown = str(kept(KIND.fields, BODY, age=age * DAY, pass_days=allowed))
    assert all((secret in shown) is not expired for secret in SECRETS)


def test_what_was_changed_is_a_copy() -> None:
    kept(KIND.fields, BODY, age=99 * DAY, pass_days=14)
    assert BODY["people"][0]["name"] == "安娜"
