"""Whoever finds no turn to write is told so in words, everywhere, and nothing of the deed is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from separate import forks, surroundings

SAYS = {
    "en": "The register is busy. Nothing was kept; try again.",
    "zh-hans": "登记册正忙，没有保存任何内容，请再试一次。",
    "ru": "Реестр занят. Ничего не сохранено; попробуйте ещё раз.",
}


def _told(around: dict[str, str]) -> dict[str, Any]:
    with forks(around) as beside:
        beside.whole("tables")
        return json.loads(beside.whole("busy_child")[-1])


def test_who_finds_no_turn_is_told_in_words(tmp_path: Path, own: tuple[str, str]) -> None:
    found = _told(surroundings(tmp_path, own[1]) | {"PGOPTIONS": "-c lock_timeout=300"})
    for language, (page, rest) in found["told"].items():
        assert page[:2] == rest[:2] == [503, "10"], page[2]
        assert SAYS[language] in page[2]
        assert rest[2] == {"error": {"code": "busy", "message": SAYS[language], "fields": {}}}
    assert found["command"] == [75, f"sunmao records: {SAYS['en']}"]
    assert found["held"] == ["Tashkent", 0]
    assert found["again"] == 200
    assert found["after"] == "The register is busy. Part of this may have been kept: look before you try again."
