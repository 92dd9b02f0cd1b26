"""What nobody needs is gone: every public name, template, style and static file is used by the product itself.

A test is no user: what only a test calls is kept alive by the question whether it works. What a framework calls by its
name (a command, a filter, a hook of Django's) is used by being there.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT, at, parsed, python_files, tracked

# Decorators that leave a function what it is. Any other hands it to somebody: a registry, a command, a filter.
PLAIN = {
    "property",
    "cached_property",
    "staticmethod",
    "classmethod",
    "dataclass",
    "cache",
    "lru_cache",
    "contextmanager",
}
PLAIN |= {"total_ordering", "overload", "override", "final", "final_dataclass"}
# What Django, allauth and click look for by name, wherever it stands.
HOOKS = {"urlpatterns", "app_name", "handler400", "handler403", "handler404", "handler500", "SessionStore"}
CALLED = re.compile(r"__\w+__|clean_\w+|to_url|process_view")  # methods a framework calls
HOOK_FILES = {"settings", "apps", "models", "kind", "examples", "keeping", "parts"}
KEPT = {
    "faults_in": "what tests/kinds asks of every kind",
    "examples_of": "what tests/kinds, the agreement of phone and server and Collect's own engine play with every kind",
    "Table.level_of": "the desk's own reading of a table, held against the phone's in tests/agreement",
}
USERS = ("bulou", "docs", "setup")  # docs/made and make belong to the product


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def _users() -> dict[str, Path]:
    return {
        _module(path): path
        for path in tracked()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in USERS and "tests" not in path.parts
    }


def _used(node: ast.AST) -> Iterator[str]:
    """Yield every name that is read under a node, as a name, an attribute, a keyword or a dotted text."""
    if isinstance(node, ast.Assign) and "__all__" in _defined(node):
        return  # handing on is no use
    if isinstance(node, ast.Module):
        for each in node.body:
            yield from _used(each)
        return
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif isinstance(inner, ast.Attribute) and not isinstance(inner.ctx, ast.Store):
            yield inner.attr
        elif isinstance(inner, ast.keyword) and inner.arg:
            yield inner.arg
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and re.fullmatch(r"[\w.]+", inner.value):
            yield from inner.value.split(".")


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]


def _handed_over(node: ast.stmt) -> bool:
    names = {re.split(r"[(]", ast.unparse(d))[0].split(".")[-1] for d in getattr(node, "decorator_list", ())}
    return bool(names - PLAIN)


def _imports(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (module, name, what it is called here) of everything a file imports by name."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name, alias.asname or alias.name) for alias in node.names)


def unused(users: dict[str, Path], asked: Iterable[Path]) -> list[str]:
    """Return where a name of a module is defined that no other line of the product reads.

    A name is read by another statement of its module, by an import (through the `__init__` that hands it on), or as an
    attribute of its module. Recursion is no use, nor is being handed on.
    """
    wanted: set[tuple[str, str]] = set()
    handed: dict[tuple[str, str], tuple[str, str]] = {}
    for here, path in users.items():
        own = Counter(_used(parsed(path)))
        for source, name, called in _imports(path):
            if path.name == "__init__.py" and not own[called]:
                handed[here, called] = (source, name)
            else:
                wanted.add((source, name))
        modules = {(f"{s}.{name}", called) for s, name, called in _imports(path) if f"{s}.{name}" in users}
        for inner in ast.walk(parsed(path)):
            if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name | ast.Attribute):
                last = inner.value.id if isinstance(inner.value, ast.Name) else inner.value.attr
                wanted |= {(module, inner.attr) for module, called in modules if called == last}
            elif isinstance(inner, ast.Constant) and isinstance(inner.value, str) and inner.value.startswith("bulou."):
                wanted.add(tuple(inner.value.rpartition(".")[::2]))  # type: ignore[arg-type]
    for wish in list(wanted):
        seen = wish
        while seen in handed:
            seen = handed[seen]
            wanted.add(seen)
    dead = []
    for path in asked:
        body, module = parsed(path).body, _module(path)
        if path.stem in HOOK_FILES:
            continue
        uses = [Counter(_used(node)) for node in body]
        whole: Counter[str] = sum(uses, Counter())
        for node, own in zip(body, uses, strict=True):
            dead += [
                f"{at(path, node)} {name}"
                for name in _defined(node)
                if not (name in HOOKS or name in KEPT or name.startswith("__") or _handed_over(node))
                and (module, name) not in wanted
                and whole[name] <= own[name]
            ]
    return dead


def unread(users: dict[str, Path], asked: Iterable[Path]) -> list[str]:
    """Return the methods of our own classes whose name no line of the product and no template says.

    A class that stands on somebody else's is left out: what it overrides is called from there.
    """
    ours = {node.name for path in asked for node in parsed(path).body if isinstance(node, ast.ClassDef)}
    said = Counter(re.findall(r"\w+", " ".join(TAGS.findall(_templates()))))
    for path in users.values():
        said.update(_used(parsed(path)))
    dead = []
    for path in asked:
        for node in parsed(path).body:
            if not isinstance(node, ast.ClassDef) or any(
                ast.unparse(b).split("[")[0] not in ours | OWN for b in node.bases
            ):
                continue
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and not CALLED.fullmatch(method.name):
                    name = f"{node.name}.{method.name}"
                    alone = said[method.name] <= Counter(_used(method))[method.name]
                    dead += [f"{at(path, method)} {name}"] if alone and name not in KEPT else []
    return dead


TAGS = re.compile(r"{[{%].*?[%}]}", re.DOTALL)
OWN = {
    "Protocol",
    "StrEnum",
    "Enum",
    "IntEnum",
    "Struct",
    "NamedTuple",
    "TypedDict",
    "Exception",
    "ValueError",
    "object",
}


def _templates() -> str:
    return "\n".join(
        p.read_text("utf-8") for p in tracked() if "templates" in p.parts and p.suffix in (".html", ".txt")
    )


def test_every_name_is_used_by_the_product() -> None:
    assert unused(_users(), python_files()) == [], "only tests say these names, or nobody: remove them with their tests"


def test_every_method_is_used_by_the_product() -> None:
    assert unread(_users(), list(python_files())) == []


# allauth draws and says these by their own names.
OTHERS = re.compile(r"(account|mfa)/.*")
GIVEN = {"errorlist", "helptext", "htmx-request"}  # written by Django and htmx
CLASSES = re.compile(r"""\bclass(?:es)?=(?:"((?:[^"{]|{{.*?}}|{%.*?%})*)"|'([^']*)')""", re.DOTALL)
QUOTED = re.compile(r"""\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`""")
STYLE = re.compile(r"<style.*?</style>", re.DOTALL)


def _sources(*folders: str) -> list[Path]:
    """Return what may speak of a template, a file or a class: code, pages and scripts, tests and what was built left out."""
    return [
        p for p in tracked()
        if p.relative_to(ROOT).parts[0] in folders and "tests" not in p.parts
        and p.suffix in (".py", ".html", ".txt", ".js", ".mjs", ".ts", ".vue", ".css")
    ]  # fmt: skip


def test_every_template_is_drawn() -> None:
    said = "\n".join(path.read_text("utf-8") for path in _sources("bulou", "docs"))
    names = {
        path.as_posix().split("/templates/", 1)[1]
        for path in _sources("bulou")
        if "templates" in path.parts and path.suffix in (".html", ".txt")
    }
    assert [n for n in sorted(names) if f'"{n}"' not in said and f"'{n}'" not in said and not OTHERS.fullmatch(n)] == []


def test_every_static_file_is_asked_for() -> None:
    said = "\n".join(path.read_text("utf-8") for path in _sources("bulou", "web"))
    names = {
        p.as_posix().split("/static/", 1)[1] for p in tracked() if p.is_relative_to(PACKAGE) and "static" in p.parts
    }
    assert [name for name in sorted(names) if name not in said] == []


def _classes(style: str) -> set[str]:
    selectors = " ".join(re.findall(r"([^{};]+){", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


def _said_classes() -> set[str]:
    said = set(GIVEN)
    for path in _sources("bulou", "web"):
        text = path.read_text("utf-8")
        if path.suffix == ".html":
            said.update(w for found in CLASSES.findall(text) for w in re.findall(r"[\w-]+", "".join(found)))
            text = "\n".join(re.findall(r"{%.*?%}|<script.*?</script>", text, re.DOTALL))
        if path.suffix == ".css":
            continue
        text = STYLE.sub("", text)
        said.update(w for found in QUOTED.findall(text) for w in re.findall(r"[\w-]+", " ".join(found)))
        if path.suffix in (".vue", ".ts"):
            said.update(re.findall(r"([\w-]+):", text))  # an object of classes: { open: isOpen }
    return said


def test_every_style_is_worn() -> None:
    said, bare = _said_classes(), {}
    for path in tracked():
        if path.suffix in (".css", ".vue") and path.relative_to(ROOT).parts[0] in ("bulou", "web"):
            text = path.read_text("utf-8")
            style = "\n".join(STYLE.findall(text)) if path.suffix == ".vue" else text
            if left := _classes(style) - said:
                bare[str(path.relative_to(ROOT))] = sorted(left)
    assert bare == {}


def test_a_planted_style_is_seen() -> None:
    assert _classes("a.seen:hover { color: red } /* .said { } */ .lost > .b-c { top: .5rem; }") == {
        "seen",
        "lost",
        "b-c",
    }


def test_a_planted_name_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is only handed on, only recursive or only in `__all__` is dead; what is imported or asked of its module lives."""
    handing = 'from bulou.toy.queries.one import alive, asked, dead\n__all__ = ["alive", "dead"]\n'
    source = {
        "bulou/toy/queries/__init__.py": handing,
        "bulou/toy/queries/one.py": "def alive(): ...\ndef asked(): ...\ndef dead(): dead()\nLOST, READ = 1, 2\n",
        "bulou/toy/views.py": "from bulou.toy import queries\nfrom bulou.toy.queries import alive\nalive(queries.asked)\n",
    }
    for name, text in source.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr("tests.architecture.test_used.ROOT", tmp_path)
    monkeypatch.setattr("tests.architecture.tree.ROOT", tmp_path)
    files = {_module(tmp_path / name): tmp_path / name for name in source}
    assert [found.split()[-1] for found in unused(files, files.values())] == ["dead", "LOST", "READ"]
