"""Printed numbers."""

from hypothesis import given
from hypothesis import strategies as st

from sunmao.credentials import numbers

MADE = st.builds(numbers.fresh)


@given(MADE)
def test_a_number_is_read_however_it_is_typed(number):
    assert numbers.read(number) == number
    assert numbers.read(number.lower().replace("-", " ")) == number
    assert numbers.read(number.replace("0", "O").replace("1", "l")) == number


@given(MADE, st.integers(0, 7), st.sampled_from(numbers.ALPHABET))
def test_one_wrong_character_is_always_found(number, place, letter):
    letters = list(number.replace("-", ""))
    if letters[place] == letter:
        return
    letters[place] = letter
    assert numbers.read("".join(letters)) == ""


@given(MADE, st.integers(0, 7), st.integers(0, 7))
def test_two_exchanged_characters_are_always_found(number, one, other):
    letters = list(number.replace("-", ""))
    if letters[one] == letters[other]:
        return
    letters[one], letters[other] = letters[other], letters[one]
    assert numbers.read("".join(letters)) == ""


@given(st.text(max_size=20))
def test_any_text_is_read_without_breaking(text):
    assert numbers.read(text) in ("", numbers.read(numbers.read(text)))
