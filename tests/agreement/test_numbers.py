"""A number is read alike on the phone and on the server, whoever types it."""

import json
import random
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from bulou.core.reading import Unread, read_number, suggested
from tests.agreement.asking import NODE, ROOT, check_engine

TEXTS = (
    *(
        "36.5",
        "３６.５",
        "3６.５",
        "３６。５",
        "36,5",
        "365",
        "３６５",
        "340",
        "439",
        "440",
        "339",
        "",
        " ",
        "-",
        "+36.5",
    ),
    *(
        "－5",
        "1e3",
        "36.",
        ".5",
        "36..5",
        "三十六",
        "0x10",
        "1_0",
        "36.5℃",
        "９" * 16,
        "2147483647",
        "2147483648",
        "nan",
    ),
)
SIGNS = "0123456789０１２３４５６７８９.．。,，、·-－—+ 　eE"


def read(text: str, whole: bool) -> object:
    try:
        number = read_number(text, whole=whole)
    except Unread:
        return "none"
    return "nothing" if number is None else number


def meant(text: str) -> float | None:
    number = read(text, True)
    return suggested(number)


def test_numbers_are_read_alike() -> None:
    check_engine()
    chance = random.Random("numbers")
    drawn = ["".join(chance.choice(SIGNS) for _ in range(chance.randint(0, 6))) for _ in range(4000)]
    asked = [(text, whole) for text in (*TEXTS, *drawn) for whole in (False, True)]
    with TemporaryDirectory() as folder:
        said, answered = Path(folder, "asked.json"), Path(folder, "answered.json")
        said.write_text(json.dumps(asked), "utf-8")
        script = ROOT / "tests" / "agreement" / "numbers.mjs"
        done = subprocess.run([NODE, "--no-warnings", script, said, answered], capture_output=True, text=True, timeout=120,
                              check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        answers = json.loads(answered.read_text("utf-8"))
    wrong = [
        (text, whole, answer)
        for (text, whole), answer in zip(asked, answers, strict=True)
        if answer["number"] != read(text, whole) or answer["suggested"] != meant(text)
    ]
    assert not wrong, wrong[:20]
