"""Words, Chinese pieces, tables and slices: the parts the engine rests on."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sunmao.standards.alignment.chinese import Chinese, dictionary, glossary
from sunmao.standards.alignment.confidence import calibrated, expected_error, measured, slices
from sunmao.standards.alignment.fitting import fit_certainty
from sunmao.standards.alignment.groups import _table, likely_groups, scheme_of
from sunmao.standards.alignment.text import fold, grams, script_of, stem, stem_uzbek, words

OWN = Chinese(
    {"焊工": ("welder",), "机床": ("machine tool",), "的": ()}, {"机": ("machine",), "操作": ("operate", "run")}
)


@pytest.mark.parametrize(
    ("text", "script"),
    [("焊工 CNC", "zh"), ("Сварщик", "cyrillic"), ("welder", "latin"), ("payvandchi", "latin"), ("", "latin")],
)
def test_the_script_of_a_text_is_the_one_most_of_it_is_written_in(text, script):
    assert script_of(text) == script


@pytest.mark.parametrize(
    "forms",
    [
        ("weld", "welder", "welders", "welding"),
        ("manage", "manager", "management"),
        ("technician", "technicians"),
        ("сварщик", "сварщика", "сварщиком"),
    ],
)
def test_the_forms_of_one_word_share_a_stem(forms):
    assert len({stem(fold(form)) for form in forms}) == 1


def test_uzbek_case_endings_and_apostrophes_fall_away():
    assert {stem_uzbek(fold(form)) for form in ("o‘qituvchi", "oʻqituvchining", "o'qituvchilar")} == {"oqituv"}


def test_stop_words_are_left_out_and_chinese_becomes_pairs():
    assert words("The maker of bread") == [stem("maker"), stem("bread")]
    assert words("焊接工") == ["焊接", "接工"]


@given(st.text(max_size=80))
def test_words_and_grams_are_the_same_for_any_case_of_ascii(text):
    plain = "".join(character for character in text if character.isascii())
    assert words(plain.upper()) == words(plain.lower())
    assert grams(plain.upper()) == grams(plain.lower())


def test_the_longest_known_term_is_cut_and_spaces_inside_do_not_matter():
    assert [piece.text for piece in OWN.cut("操 作机床的焊工")] == ["操作", "机床", "的", "焊工"]


def test_a_lone_character_of_the_dictionary_says_nothing():
    assert OWN.gist("机") == ""
    assert OWN.gist("操作机") == "operate run"


def test_titles_begin_with_the_commonest_renderings_and_are_bounded():
    chinese = Chinese({"甲": ("a1", "a2", "a3"), "乙": ("b1", "b2", "b3")}, {})
    said = chinese.titles("甲乙", most=4)
    assert said[0] == "a1 b1"
    assert len(said) == 4
    assert set(said[1:3]) == {"a2 b1", "a1 b2"}


@given(st.text(alphabet="焊工机床的操作中国人", min_size=1, max_size=30))
def test_cutting_loses_no_character(text):
    assert "".join(piece.text for piece in OWN.cut(text)) == text


def test_every_glossary_term_is_chinese_with_latin_renderings():
    assert len(glossary()) > 2000
    for term, renderings in glossary().items():
        assert script_of(term) == "zh", term
        assert all(script_of(said) == "latin" and said == said.strip() and said for said in renderings), term


def test_the_dictionary_keeps_meanings_and_drops_names_and_remarks():
    known = dictionary()
    assert "to" not in known["焊接"][0].split()
    assert not any("(" in said or said.startswith(("CL:", "surname")) for said in known["机器"])


def test_every_group_in_the_tables_has_the_shape_of_its_classification():
    for isco, groups in _table("isco_soc.tsv").items():
        assert len(isco) == 4
        assert isco.isdigit()
        assert groups
        assert all(group[:2].isdigit() and group[2:3] in ("", "-") for group in groups), isco
    for gbm, groups in _table("gbm_isco.tsv").items():
        assert groups
        assert all(group.isdigit() and len(group) <= 4 for group in groups), gbm


def test_an_occupation_falls_back_to_the_class_above_it():
    assert likely_groups({"gbm": "6-18-02-04"}, "isco08") == likely_groups({"gbm": "6-18-02"}, "isco08")
    assert likely_groups({"gbm": "9-99-99-99"}, "isco08") == ()
    assert likely_groups({"isco08": "7212"}, "isco08") == ("7212",)
    assert "51-4121" in likely_groups({"gbm": "6-18-02-04"}, "soc")


@pytest.mark.parametrize(
    ("code", "scheme"),
    [("2-02-07-01", "gbm"), ("51-4121.00", "soc"), ("2654.1.7", "isco08"), ("460702", ""), ("a-uuid", "")],
)
def test_a_code_is_recognised_by_its_shape_only_where_that_is_certain(code, scheme):
    assert scheme_of(code) == scheme


judgements = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=80)


@given(judgements)
def test_slices_count_every_row_once_and_rise(judged):
    bands = slices(judged)
    assert sum(band.count for band in bands) == len(judged)
    assert sum(band.right_count for band in bands) == sum(right for _, right in judged)
    assert all(a.precision <= b.precision and a.high == b.low for a, b in pairwise(bands))


@given(judgements.filter(bool), st.floats(0, 1), st.floats(0, 1))
def test_more_certainty_never_means_less_measured_precision(judged, one, other):
    bands = slices(judged)
    low, high = sorted((one, other))
    assert measured(low, bands) <= measured(high, bands)


def test_without_judged_rows_the_certainty_stands_for_itself():
    assert measured(0.37, slices([])) == 0.37


def test_calibration_error_is_the_distance_of_certainty_from_the_share_that_was_right():
    assert expected_error([]) == 0
    assert expected_error([(1.0, True), (0.0, False)]) == 0
    assert expected_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == 0
    assert expected_error([(0.9, False), (0.9, False), (0.1, False), (0.1, False)]) == pytest.approx(0.5)


def test_chances_that_promise_too_much_are_brought_down_to_what_was_right():
    """Of rows with a chance of .9 six in ten are right, of those with .5 four, of those with .1 two."""
    judged = [(chance, at < right) for chance, right in ((0.9, 6), (0.5, 4), (0.1, 2)) for at in range(10)] * 30
    line = fit_certainty(judged)
    said = calibrated(np.array([0.1, 0.5, 0.9]), line)
    assert said == pytest.approx([0.2, 0.4, 0.6], abs=0.02)
    assert expected_error([(float(calibrated(np.array([one]), line)[0]), right) for one, right in judged]) < 0.02
    assert expected_error(judged) > 0.1


@given(st.lists(st.floats(0, 1), min_size=2, max_size=8))
def test_calibration_keeps_the_order_and_stays_between_0_and_1(chances):
    said = calibrated(np.sort(np.array(chances)), (0.8, -0.2))
    assert (np.diff(said) >= 0).all()
    assert (said > 0).all()
    assert (said < 1).all()
