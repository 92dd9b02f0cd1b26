"""The server's evaluator and ODK's own engine give the same answers, of every kind.

Bodies are drawn from each kind's declaration and examples; of each both must say the same is relevant, required, wrong
and worked out. What the phone then sends must be what the server would have kept. `AGREEMENT_BODIES` sets how many per
kind and rule set (default 16).
"""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bulou.core.moments import CHINA
from bulou.ledger.rules import Entry
from bulou.records.coercion import text_of_number, text_of_truth
from bulou.records.drawing import undrawable
from bulou.records.examples import entry_id
from bulou.records.kinds import Kind
from bulou.records.law import BoundKind, uses_rules
from bulou.records.places import Place
from bulou.records.rulebook import rulesets
from bulou.records.xforms import xform
from bulou.site.kinds import examples_of, find_kinds
from tests.agreement.asking import Ask, ask
from tests.agreement.bodies import asked, bodies, edged

KINDS = find_kinds()
RULES = rulesets()
NOW = datetime(2020, 2, 3, 12, 0, tzinfo=CHINA)
COUNT = int(os.environ.get("AGREEMENT_BODIES", "16"))
SEED = 20200203


pytestmark = pytest.mark.timeout(1500)  # a machine that does other work too


def rules_of(kind: Kind) -> list[str]:
    """Return the rule sets the kind's form is made under; one without a name if it speaks of no rule."""
    return sorted(RULES) if uses_rules(kind) else [""]


def form_of(kind: Kind, rules: str) -> str:
    return xform(kind, RULES[rules] if rules else None)


def bodies_of(kind: Kind, rules: str, count: int = COUNT) -> list[dict[str, Any]]:
    examples = [
        {name: each for name, each in entry.body.items() if name in {field.name for field in asked(kind.fields)}}
        for example in examples_of(kind.name)
        for entry in example.made()
        if entry.kind == kind.name
    ]
    return [*edged(kind.fields, examples), *bodies(kind.fields, examples, NOW, count, seed=SEED + len(rules))]


def disagreements(
    kind: Kind, law: BoundKind, rules: str, body: Mapping[str, Any], phone: Mapping[str, Any]
) -> list[str]:
    """Return where the phone and the server differ on a body; nothing if they agree."""
    if "broken" in phone:
        return [f"the phone broke: {phone['broken']}"]
    entry = Entry(entry_id(1), kind.name, f"{kind.subject[0]}:1", 610927100201000000, NOW, NOW, "x", body, rules=rules)
    server, found = law.asked(entry), []
    bodiless = {key for key, field in kind.keys().items() if field.type == "body"}
    hidden = {placed(key, row) for key, row in server.hidden if key not in bodiless}
    for key in phone["relevant"]:
        if key in hidden:
            found.append(f"{key}: asked on the phone, not relevant to the server")
    for key in phone["hidden"]:
        repeat = f"{key.partition('.')[0]} 0" if "." in key else ""
        if key not in hidden and repeat not in hidden and kind.keys()[key.split()[0]].relevant:
            found.append(f"{key}: relevant to the server, not asked on the phone")
    shown = set(phone["relevant"])
    required = {placed(key, row) for key, row in server.required} & shown
    if required != set(phone["required"]):
        found.append(f"required by one only: {sorted(required ^ set(phone['required']))}")
    worked = {placed(key, row): as_text(each) for (key, row), each in server.worked.items()}
    found += [
        f"{key}: {each!r} on the phone, {worked.get(key)!r} on the server"
        for key, each in phone["worked"].items()
        if worked.get(key) != each
    ]
    faults = {f"{placed(key, row)} {code}" for key, row, code, _ in _faults(law, entry) if key not in bodiless}
    if faults != set(phone["faults"]):
        found.append(f"wrong to one only: {sorted(faults ^ set(phone['faults']))}")
    sent = replace(entry, body=phone["body"])
    again = {f"{placed(key, row)} {code}" for key, row, code, _ in _faults(law, sent) if key not in bodiless}
    if again != faults:
        found.append(f"what the phone sends is judged otherwise: {sorted(again ^ faults)} in {phone['body']}")
    if not faults and not bodiless and law.answers(sent) != law.answers(entry):
        found.append(f"what the phone sends says something else: {phone['body']}")
    return found


def _faults(law: BoundKind, entry: Entry) -> list[Any]:
    """Return what a form must not be saved with: a soft question unanswered too, which the ledger takes."""
    return [*law.faults(entry), *law.unconfirmed(entry)]


def placed(key: str, row: Place) -> str:
    """Return a question's place as phone.mjs tells it: "homes.members.age 2.1"."""
    return f"{key} {'.'.join(map(str, row)) if isinstance(row, tuple) else row}"


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return text_of_truth(value)
    return value if isinstance(value, str) else text_of_number(value)


def agree(kind: Kind, form: str, rules: str, said: list[dict[str, Any]], way: str = "restore") -> list[str]:
    """Return every disagreement over the bodies, with the body."""
    return differences(kind, rules, said, ask({"it": form}, [Ask("it", body, NOW, way) for body in said]))


def differences(kind: Kind, rules: str, said: list[dict[str, Any]], answers: Sequence[Any]) -> list[str]:
    law = kind.law(RULES.__getitem__)
    return [
        f"{each}\n    {body}"
        for body, phone in zip(said, answers, strict=True)
        for each in disagreements(kind, law, rules, body, phone)
    ]


CASES = [(name, rules) for name in sorted(KINDS) for rules in rules_of(KINDS[name])]


@pytest.fixture(scope="module")
def answered() -> dict[tuple[str, str], list[Any]]:
    """What the phone makes of all the bodies of all the kinds: the engine is started once."""
    said = {case: bodies_of(KINDS[case[0]], case[1]) for case in CASES}
    forms = {"/".join(case): form_of(KINDS[case[0]], case[1]) for case in CASES}
    answers = iter(ask(forms, [Ask("/".join(case), body, NOW) for case in CASES for body in said[case]]))
    return {case: [next(answers) for _ in said[case]] for case in CASES}


@pytest.mark.parametrize(("name", "rules"), CASES)
def test_phone_and_server_agree(name: str, rules: str, answered: dict[tuple[str, str], list[Any]]) -> None:
    found = differences(KINDS[name], rules, bodies_of(KINDS[name], rules), answered[name, rules])
    assert not found, f"{len(found)} disagreements:\n" + "\n".join(found[:10])


def test_opening_a_form_as_the_phone_does_comes_to_the_same() -> None:
    kind, rules = KINDS["household_visit"], rules_of(KINDS["household_visit"])[0]
    assert not agree(kind, form_of(kind, rules), rules, bodies_of(kind, rules, 8), way="phone")


PLANTED = {
    "a constraint that no longer takes its own edge": ("&gt;= 34", "&gt; 34"),
    "something asked when it should not be": ("/data/outcome  = 'away' or", "/data/outcome  = 'refused' or"),
    "something worked out wrongly": ("../presence  = 'present', 1, 0)", "../presence  = 'away', 1, 0)"),
    "something no longer required": ('presence" type="string" required="true()"', 'presence" type="string"'),
}


def test_planted_differences_are_found() -> None:
    kind, rules = KINDS["household_visit"], rules_of(KINDS["household_visit"])[0]
    form, said, forms = form_of(kind, rules), bodies_of(kind, rules, 24), {}
    for what, (was, planted) in PLANTED.items():
        assert was in form, f"plant {what} where something is"
        forms[what] = form.replace(was, planted)
    answers = ask(forms, [Ask(what, body, NOW) for what in forms for body in said])
    for number, what in enumerate(forms):
        found = differences(kind, rules, said, answers[number * len(said) : (number + 1) * len(said)])
        assert found, f"not found: {what}"


def test_both_say_the_same_of_what_cannot_be_drawn() -> None:
    """The list is one, the walks through a form are two."""
    forms = {name: form_of(kind, rules_of(kind)[0]) for name, kind in KINDS.items()}
    base = forms["household_visit"]
    forms["line"] = base.replace('nodeset="/data/note" type="string"', 'nodeset="/data/note" type="geotrace"')
    note, film = '<input ref="/data/note">(.*?)</input>', r'<upload ref="/data/note" mediatype="video/*">\1</upload>'
    forms["film"] = re.sub(note, film, base, flags=re.DOTALL)
    forms["file"] = base.replace('<instance id="tried">', '<instance id="tried" src="jr://file-csv/x.csv">')
    forms["word"] = base.replace("count-selected(", "frobnicate(")
    answers = ask(forms, [Ask(name, {}, NOW, "undrawable") for name in forms])
    for name, phone in zip(forms, answers, strict=True):
        assert phone == [str(each) for each in undrawable(forms[name])], name
    assert not any(undrawable(forms[name]) for name in KINDS)
    assert all(undrawable(forms[name]) for name in ("line", "film", "file", "word"))
