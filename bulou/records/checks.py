"""What is asked of all the kinds before the program starts. A fault here is a programmer's and said in English."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bulou.records.declaration import Declaration
from bulou.records.duties import Meets, Opens, Waives
from bulou.records.expressions import ExpressionError, parse
from bulou.records.fields import TYPED, Field, is_computed, walk
from bulou.records.judging import make_judge
from bulou.records.lanes import lane_faults
from bulou.records.law import rules_of
from bulou.records.rulesets import Rule, RuleSet
from bulou.records.scopes import FormScope, questions, repeats_around, text, truth
from bulou.records.words import BUILT_IN, LANGUAGES, Words

PERSONAL = ("name", "id_number", "phone", "address", "temperature", "symptoms")
"""A field of such a name, or whose name ends with one ("contact_phone"), names or describes a person."""


def faults_in(kinds: Sequence[Declaration], rulesets: Sequence[RuleSet] = ()) -> Iterator[str]:
    """Yield what is wrong with the kinds, each alone and all together."""
    names = [kind.name for kind in kinds]
    yield from (f"{name}: two kinds have this name" for name in sorted(set(names)) if names.count(name) > 1)
    for kind in kinds:
        for fault in (*_faults_of(kind, rulesets), *lane_faults(kind), *_words_faults(kind)):
            yield f"{kind.name}: {fault}"
    yield from _undischarged(kinds)


def _faults_of(kind: Declaration, rulesets: Sequence[RuleSet]) -> Iterator[str]:
    if not kind.subject:
        yield "say what it is about: subject is empty"
    if not kind.recorded_by and not kind.own:
        yield "say who records it: recorded_by is empty"
    keys = kind.keys()
    if kind.as_role and not (kind.as_role in keys and set(keys[kind.as_role].options) <= kind.recorded_by):
        yield f"as_role: {kind.as_role!r} is no question whose choices are roles that record it"
    if kind.own and not set(kind.subject) <= {"responder", "shift"}:
        yield "own: only of a responder or of a turn is it known whose it is"
    every = [key for key, _ in walk(kind.fields)]
    yield from (f"{key}: two fields have this name" for key in keys if every.count(key) > 1)
    yield from personal_faults(kind)
    for name in kind.summary:
        if name not in keys:
            yield f"summary: there is no field {name!r}"
    for key, field in keys.items():
        if field.name != field.name.lower():
            yield f"{key}: a kind's own fields are written in lower-case letters"
        if field.type == "calculate" and not field.calculation:
            yield f"{key}: a calculate needs a calculation"
        if field.type == "repeat" and any(one.type == "repeat" for _, one in walk(field.fields)):
            yield f"repeat {key}: a repeat within a repeat is not supported"
        if field.default and field.options and not is_computed(field.default) and field.default not in field.options:
            yield f"{key}: the default {field.default!r} is not among the choices"
    try:
        for ruleset in rulesets or [_any_rules(kind)]:
            make_judge(kind, ruleset)
        _check_unjudged(kind, rulesets[0] if rulesets else _any_rules(kind))
    except (ExpressionError, LookupError, ValueError) as error:
        yield str(error)


def personal_faults(kind: Declaration) -> Iterator[str]:
    """Yield every field about people that does not say why it is kept, for how many days and since which event."""
    keys = kind.keys()
    days = {(field.personal.keep_days, field.personal.starts) for field in keys.values() if field.personal}
    if len(days) > 1:
        yield f"answers are destroyed together: all have the same days and starting event, not {sorted(days)}"
    for key, field in keys.items():
        if field.personal is None and field.type not in ("note", "group", "repeat") and _is_personal(field.name):
            yield f"{key}: names or describes a person: say personal=Personal(purpose, keep_days, starts)"
        elif field.type in TYPED and not (field.personal or field.about_nobody or _is_reference(field)):
            yield f"{key}: anything can stand there: say personal=Personal(purpose, keep_days, starts) or about_nobody=why"


def _is_reference(field: Field) -> bool:
    """Tell whether the answer is an id or a code that nobody types."""
    return field.read_only or field.appearance == "hidden"


def _is_personal(name: str) -> bool:
    return any(name == word or name.endswith(f"_{word}") for word in PERSONAL)


def _check_unjudged(kind: Declaration, ruleset: RuleSet) -> None:
    """Raise ExpressionError for what no judge reads and makes no sense: a default, the condition of a note."""
    form = tuple(questions(kind.fields))
    for key, field in kind.keys().items():
        scope = FormScope(form, ruleset, repeats=repeats_around(form, key))
        if field.type == "note" and field.relevant:
            truth(parse(field.relevant), scope)
        if is_computed(field.default):
            text(parse(field.default), scope)


@dataclass(frozen=True)
class _AnyRules(RuleSet):
    """Stands in for a rule set where none is given: every rule is 1, every list of slots the whole day."""

    def get(self, path: str) -> str | int | float | bool | tuple[str, ...]:
        return self.values[path].value if path in self.values else 1


def _any_rules(kind: Declaration) -> RuleSet:
    slots = [duty.slots for duty in kind.duties if isinstance(duty, Opens) and duty.slots]
    values = {path: Rule(("00:00-24:00",) if path in slots else 1, "", "none") for path in rules_of(kind)}
    return _AnyRules("any", "any", "none", date(2000, 1, 1), values)


def _words_faults(kind: Declaration) -> Iterator[str]:
    for language in LANGUAGES:
        words = kind.words.get(language)
        if words is None:
            yield f"words/{language}.toml is missing"
        else:
            yield from (f"words/{language}.toml: {fault}" for fault in _missing_words(kind, words))


def _missing_words(kind: Declaration, words: Words) -> Iterator[str]:
    keys = kind.keys()
    for key, field in keys.items():
        said = words.fields.get(key)
        if said is None or not said.label.strip():
            yield f'[fields."{key}"] has no label'
        elif field.constraint and not said.constraint.strip():
            yield f'[fields."{key}"] does not say what its constraint asks'
        yield from (f'[choices."{key}"] has no {option!r}' for option in _unnamed(field, key, words))
    yield from (f'[fields."{key}"] is no field' for key in words.fields if key not in keys)
    for key, choices in words.choices.items():
        options = keys[key].options if key in keys else ()
        yield from (
            f'[choices."{key}"] names {value!r}, which cannot be chosen' for value in choices if value not in options
        )
    duties = {duty.duty for duty in kind.duties if isinstance(duty, Opens)}
    yield from (f"[duties] does not name {duty!r}" for duty in sorted(duties) if not words.duties.get(duty))
    yield from (f"[lanes] does not name {lane.name!r}" for lane in kind.lanes if not words.lanes.get(lane.name))
    yield from (f"[lanes] names {name!r}, which is no lane" for name in words.lanes if name not in _lanes(kind))


def _lanes(kind: Declaration) -> set[str]:
    return {lane.name for lane in kind.lanes}


def _unnamed(field: Field, key: str, words: Words) -> Iterator[str]:
    for option in field.options:
        if not words.choices.get(key, {}).get(option) and option not in BUILT_IN.get(words.language, {}):
            yield option


def _undischarged(kinds: Sequence[Declaration]) -> Iterator[str]:
    """Yield every duty that is opened and never met, or met and never opened. `${duty}` may be any of them."""
    opened = {duty.duty: kind.name for kind in kinds for duty in kind.duties if isinstance(duty, Opens)}
    met = {duty.duty: kind.name for kind in kinds for duty in kind.duties if isinstance(duty, Meets)}
    waived = {duty.duty: kind.name for kind in kinds for duty in kind.duties if isinstance(duty, Waives)}
    for duty, name in sorted(opened.items()):
        if duty not in met and not any("${" in other for other in met):
            yield f"{name}: opens the duty {duty!r}, which no kind meets"
    for duty, name in sorted({**waived, **met}.items()):
        if duty not in opened and "${" not in duty:
            yield f"{name}: meets the duty {duty!r}, which no kind opens"
