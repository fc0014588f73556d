"""The tool that keeps the catalogues of translations finds every text and every fault."""

from __future__ import annotations

from pathlib import Path

import messages
import pytest
import words
from words import Word

RU = messages.LANGUAGES[1]


def test_texts_of_python_are_found_under_any_name_of_the_functions() -> None:
    source = """
from django.utils.translation import gettext as _, gettext_lazy as later, ngettext, pgettext
a = _("One " "sentence")
b = later("Later")
c = ngettext("%(count)s record", "%(count)s records", n)
d = pgettext("verb", "Sign")
e = other("not this")
f = _(variable)
g = Refusal(N_("Marked"))
"""
    assert set(words.of_python(source)) == {
        Word("One sentence"),
        Word("Later"),
        Word("%(count)s record", "%(count)s records"),
        Word("Sign", context="verb"),
        Word("Marked"),
    }


@pytest.mark.parametrize("piece", ['f"Add {kind}"', '"Add " + kind'])
def test_a_text_pieced_together_is_refused(piece: str) -> None:
    with pytest.raises(words.NotWhole, match="one literal"):
        list(words.of_python(f"from django.utils.translation import gettext as _\n_({piece})", "x.py"))


def test_texts_of_templates_get_the_ids_that_django_looks_up() -> None:
    source = (
        '{% translate "Plain" %}{% trans \'Single\' context "a place" %}{% translate variable %}{% translate "100%" %}'
        '{{ x|default:_("Nothing") }}{% include "a.html" with label=_("Label") %}'
        "{% blocktranslate with kind=desk.name %}Add {{ kind }}{% endblocktranslate %}"
        "{% blocktranslate count count=n trimmed %}\n  {{ count }} row\n{% plural %}\n  {{ count }} rows\n"
        '{% endblocktranslate %}{% comment %}{% translate "Hidden" %}{% endcomment %}'
    )
    assert set(words.of_template(source)) == {
        Word("Plain"),
        Word("Single", context="a place"),
        Word("100%%"),
        Word("Nothing"),
        Word("Label"),
        Word("Add %(kind)s"),
        Word("%(count)s row", "%(count)s rows"),
    }


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house of two rooms that share a text."""
    for name, text in (("first", "A shared text"), ("second", "Its own %(name)s")):
        room = tmp_path / name
        room.mkdir()
        (room / "__init__.py").write_text("")
        lines = f'from django.utils.translation import gettext as _\n_("A shared text")\n_("{text}")\n'
        (room / "words.py").write_text(lines)
    return tmp_path


def _translate(house: Path, room: str, known: messages.Translations, language: messages.Language = RU) -> None:
    messages.write(messages.place_of(house / room, language), set(known), known, language)


def test_collecting_keeps_translations_drops_stale_ones_and_takes_over_those_of_other_rooms(house: Path) -> None:
    _translate(house, "first", {Word("A shared text"): ("Общий текст",), Word("Gone"): ("Ушло",)})
    waiting = messages.collect(house)
    assert waiting == {"first zh_Hans": 1, "second zh_Hans": 2, "second ru": 1}
    assert messages.read(messages.place_of(house / "first", RU))[0] == {Word("A shared text"): ("Общий текст",)}
    assert messages.read(messages.place_of(house / "second", RU))[0] == {
        Word("A shared text"): ("Общий текст",),
        Word("Its own %(name)s"): ("",),
    }


def test_collecting_twice_changes_nothing(house: Path) -> None:
    messages.collect(house)
    before = {path: path.read_bytes() for path in house.rglob("*.po")}
    messages.collect(house)
    assert {path: path.read_bytes() for path in house.rglob("*.po")} == before


def test_each_kind_of_fault_is_named(house: Path) -> None:
    messages.collect(house)
    zh = messages.LANGUAGES[0]
    _translate(house, "first", {Word("A shared text"): ("共用文字",)}, zh)
    _translate(
        house, "second", {Word("A shared text"): ("共用文字",), Word("Its own %(name)s"): ("自己的 %(name)s",)}, zh
    )
    _translate(house, "first", {Word("A shared text"): ("Общий текст",), Word("Gone"): ("Ушло",)})
    _translate(house, "second", {Word("A shared text"): ("Иной текст",), Word("Its own %(name)s"): ("Своё",)})
    assert list(messages.faults(house)) == [
        "first ru: stale: 'Gone'",
        "second ru: said otherwise than in first ('Общий текст'): 'A shared text'",
        "second ru: placeholders differ (name): 'Its own %(name)s'",
    ]


def test_a_plural_has_as_many_forms_as_the_language() -> None:
    word = Word("%(count)s row", "%(count)s rows")
    assert messages.wrong(word, ("%(count)s строка", "%(count)s строки", "%(count)s строк"), RU) == ""
    assert messages.wrong(word, ("%(count)s строка",), RU) == "needs 3 plural forms, has 1"


def test_a_text_left_in_english_is_no_translation() -> None:
    assert messages.wrong(Word("Sign off"), ("Sign off",), RU) == "not in the letters of the language"
    assert messages.wrong(Word("CSV"), ("CSV",), RU) == ""
