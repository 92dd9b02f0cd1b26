"""What must never be in the repository, and what every dependency owes: a reason."""

import re
import tomllib

from tests.architecture.tree import ROOT, tracked

# Written in two halves, so that this file passes its own question.
ADDRESSES = ["pypi." + "org", "files.python" + "hosted.org", "registry." + "npmjs.org", "registry." + "yarnpkg.com"]
MACHINE = re.compile(r"(?<![\w.])/" + r"(?:work|root|opt/pypi|home/\w+)/")
SECRETS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}")
BINARY = {".png", ".jpg", ".woff2", ".ico", ".xlsx", ".xls", ".ods", ".zip", ".gz", ".mo", ".xlsm", ".pdf"}


def _texts() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text("utf-8") for path in tracked() if path.suffix.lower() not in BINARY
    }


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = []
    for name, text in _texts().items():
        for number, line in enumerate(text.splitlines(), 1):
            if any(address in line for address in ADDRESSES) or MACHINE.search(line) or SECRETS.search(line):
                found.append(f"{name}:{number}")
    assert found == []


def test_every_dependency_has_a_reason() -> None:
    source = (ROOT / "pyproject.toml").read_text("utf-8")
    config = tomllib.loads(source)
    wanted = [*config["project"]["dependencies"], *(d for group in config["dependency-groups"].values() for d in group)]
    lines = source.splitlines()
    silent = []
    for dependency in wanted:
        number = next(i for i, line in enumerate(lines) if line.startswith(" ") and f'"{dependency}"' in line)
        if not re.search(r"#\s*\w", lines[number]) and not dependency.startswith("types-"):
            silent.append(dependency)
    assert silent == []


def test_locks_pin_every_package_by_hash() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=[A-Za-z])", lock.read_text("utf-8"))
        assert len(blocks) > 1, lock.name
        assert [b.split("\n")[0] for b in blocks if "==" not in b or "--hash=sha256:" not in b] == [], lock.name


def test_locks_hold_what_is_declared() -> None:
    """A dependency added without `make lock` would be missing on a fresh machine, and only there."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = {"run": config["project"]["dependencies"], **config["dependency-groups"]}
    missing = []
    for lock, wanted in groups.items():
        pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE))
        for dependency in wanted:
            name = re.split(r"[\[<>=!~; ]", dependency)[0].lower().replace("_", "-")
            if name not in pinned:
                missing.append(f"{dependency} in requirements/{lock}.txt")
    assert missing == []
