"""The index over all desks, on whichever database."""

import random

import pytest
from cast import TESTS

from sunmao.kernel import changes, search
from sunmao.kernel.desk import desk_of
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.sources.models import Document

pytestmark = pytest.mark.django_db


def document(title: str) -> Document:
    made = Document(title=Texts.of(title), outlet="A paper", published=When.read("2024"))
    return changes.save(made, by=TESTS)


def found(text: str) -> list[Document]:
    rows, _more = search.ranked(desk_of(Document), Document.objects.all(), text, 10)
    return rows


@pytest.mark.parametrize("letter", ["x", "ж", "ế", "\U00020bb7"])
def test_a_word_of_any_length_is_indexed_and_found(letter):
    short, long = document(letter * 80), document(letter * 70_000)
    assert found(letter * 80)[0] == short
    assert found(letter * 70_000) == [long]


def test_a_text_larger_than_an_index_takes_is_found_by_its_beginning():
    letters = random.Random(5)
    han = "".join(chr(letters.randrange(0x3400, 0x9FFF)) for _ in range(200_000))
    made = document(f"College of many words {han}")
    assert found(han[1000:1010]) == [made]
    assert found("college of many") == [made]


def test_a_hidden_record_does_not_stand_in_the_way_of_a_slip_of_the_pen():
    shown, hidden = document("Tashkent Chronicle of Railways"), document("Tashkent Chronicle of Airways")
    rows = Document.objects.exclude(pk=hidden.pk)
    with_hidden, _more = search.ranked(desk_of(Document), rows, "Tashkent Chronikle Airways", 10)
    changes.delete(hidden, by=TESTS)
    without, _more = search.ranked(desk_of(Document), rows, "Tashkent Chronikle Airways", 10)
    assert with_hidden == without == [shown]
