"""Kinds are found by scanning."""

from pathlib import Path

import pytest

from bulou.site.kinds import find_kinds


def test_kinds_are_found_by_their_folders_and_called_like_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, called in (("alpha", "alpha"), ("beta", "other")):
        folder = tmp_path / "zoo" / name
        folder.mkdir(parents=True)
        text = f"from bulou.records.kinds import Kind\nKIND = Kind({called!r}, 1, ('x',), ())\n"
        (folder / "kind.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ValueError, match="folder beta holds a kind called 'other'"):
        find_kinds(tmp_path / "zoo", "zoo")
    (tmp_path / "zoo" / "beta" / "kind.py").unlink()
    assert list(find_kinds(tmp_path / "zoo", "zoo")) == ["alpha"]
    assert find_kinds(tmp_path / "nothing") == {}
