"""Possible duplicates are pointed out with their reasons, and unlike institutions are left alone."""

import importlib.util
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from sunmao.directory.comparing import REASONS, kilometres
from sunmao.directory.matching import CERTAIN, POSSIBLE, Candidate, Index, duplicates_within
from sunmao.directory.naming import fold, fold_place, read_name

ROOT = Path(__file__).parents[2]


def load_benchmark():
    spec = importlib.util.spec_from_file_location(
        "duplicates_measure", ROOT / "benchmarks" / "duplicates" / "measure.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BENCHMARK = load_benchmark()
SHARED = BENCHMARK.shared_folder()
needs_shared = pytest.mark.skipif(SHARED is None, reason="the reference data beside the project is absent")

# A register in which the usual words are usual, so that weights behave as they do in a real one.
CITIES = {
    "天津市": "天津", "重庆市": "重庆", "长沙市": "湖南", "郑州市": "河南", "苏州市": "苏州",
    "温州市": "温州", "南京市": "南京", "济南市": "山东", "成都市": "成都", "咸阳市": "陕西",
}  # fmt: skip
SUBJECTS = ("铁道", "轻工", "机电", "交通", "农业", "旅游", "商务")
REGISTER = [
    Candidate(f"moe:{city}{subject}", (f"{stem}{subject}职业技术学院",), "CN", city)
    for city, stem in CITIES.items()
    for subject in SUBJECTS
]


def register_with(*more: Candidate) -> Index:
    return Index([*REGISTER, *more])


def keys(index: Index, candidate: Candidate) -> list[str]:
    return [match.key for match in index.matches(candidate)]


def codes(index: Index, candidate: Candidate, key: str) -> set[str]:
    return {reason.code for reason in index.score(candidate, key).reasons}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Xi’an Jiaotong University", "XI'AN JIAOTONG UNIVERSITY"),
        ("Université Félix Houphouët-Boigny", "Universite Felix Houphouet Boigny"),
        ("Политехнический колледж имени Королёва", "Политехнический колледж имени Королева"),
        ("中国矿业大学（北京）", "中国矿业大学(北京)"),
        ("北京科技職業大學", "北京科技职业大学"),
        ("ＡＢＣ　College", "ABC College"),
        ("Politechnika Łódzka", "Politechnika Lodzka"),
    ],
)
def test_spelling_that_says_the_same_folds_to_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("chinese", "latin"),
    [
        ("天津市", "Tianjin"),
        ("马鞍山市", "Ma'anshan City"),
        ("大连市", "Dalian Shi"),
        ("德宏傣族景颇族自治州", "Dehong"),
        ("哈尔滨市", "Harbin"),
        ("重庆市", "Chongqing"),
        ("佛山市", "Foshan"),
        ("喀什地区", "Kashgar"),
    ],
)
def test_a_chinese_city_is_the_same_as_its_latin_spelling(chinese, latin):
    assert fold_place(chinese) == fold_place(latin)


def test_initials_with_and_without_dots_are_one_word():
    assert read_name("E. S KINAZI TVET").key == read_name("ES Kinazi TVET").key


def test_the_same_name_among_the_aliases_is_certain():
    index = register_with(Candidate("ror:a", ("Tianjin Maritime College", "天津海运职业学院"), "CN", "Tianjin"))
    [match] = index.matches(Candidate("x", ("天津海运职业学院",), "CN", "天津市"))
    assert match.key == "ror:a"
    assert match.score >= CERTAIN
    assert [reason.code for reason in match.reasons] == ["same_name", "same_city"]


@pytest.mark.parametrize(
    ("english", "key"),
    [
        ("Tianjin Railway Technical and Vocational College", "moe:天津市铁道"),
        ("Tianjin Light Industry Vocational Technical College", "moe:天津市轻工"),
        ("Chongqing Vocational College of Transportation", "moe:重庆市交通"),
        ("Hunan Agricultural Technical College", "moe:长沙市农业"),
    ],
)
def test_an_english_name_finds_the_chinese_one_but_never_with_certainty(english, key):
    [match, *_] = register_with().matches(Candidate("x", (english,), "CN"))
    assert match.key == key
    assert POSSIBLE <= match.score < CERTAIN
    assert match.reasons[0].code == "same_in_translation"


def test_a_name_outside_the_glossary_is_recognised_by_its_pinyin():
    bohai = Candidate("moe:b", ("天津渤海职业技术学院",), "CN", "天津市")
    shunde = Candidate("moe:s", ("顺德职业技术学院",), "CN", "佛山市")
    shangqiu = Candidate("moe:q", ("商丘职业技术学院",), "CN", "商丘市")
    index = register_with(bohai, shunde, shangqiu)
    assert keys(index, Candidate("x", ("Shangqiu Polytechnic",), "CN", "Shangqiu")) == ["moe:q"]
    assert keys(index, Candidate("x", ("Shunde Polytechnic",), "CN", "Foshan")) == ["moe:s"]
    assert keys(index, Candidate("x", ("Tianjin Bohai Vocational College",), "CN"))[0] == "moe:b"


def test_the_same_words_of_another_city_are_not_the_same():
    assert "moe:重庆市铁道" not in keys(register_with(), Candidate("x", ("天津铁道职业技术学院",), "CN", "天津市"))
    assert keys(register_with(), Candidate("x", ("西安铁道职业技术学院",), "CN", "西安市")) == []


def test_homonyms_in_two_countries_are_not_the_same():
    index = register_with(Candidate("iq", ("National University of Science and Technology",), "IQ", "Nasiriyah"))
    same_name = Candidate("om", ("National University of Science and Technology",), "OM", "Muscat")
    assert keys(index, replace(same_name, country="IQ", city="Nasiriyah")) == ["iq"]
    assert keys(index, same_name) == []
    assert "other_country" in codes(index, same_name, "iq")


def test_homonyms_far_apart_in_one_country_are_not_the_same():
    mumbai = Candidate("m", ("Don Bosco Institute",), "IN", "Mumbai", lat=19.07, lng=72.88)
    bengaluru = Candidate("b", ("Don Bosco Institute",), "IN", "Bengaluru", lat=12.97, lng=77.59)
    index = register_with(mumbai)
    assert keys(index, replace(mumbai, key="x")) == ["m"]
    assert keys(index, bengaluru) == []
    assert {"far_apart", "other_city"} <= codes(index, bengaluru, "m")


def test_cities_spelled_alike_but_written_otherwise_are_two_cities():
    index = register_with(Candidate("a", ("现代旅游学院",), "CN", "苏州市"))
    assert "same_city" in codes(index, Candidate("x", ("现代旅游学院",), "CN", "Suzhou"), "a")
    assert "other_city" in codes(index, Candidate("x", ("现代旅游学院",), "CN", "宿州市"), "a")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Kisumu Technical School No. 1", "Kisumu Technical School No. 2"),
        ("Kisumu First Technical School", "Kisumu Second Technical School"),
        ("重庆第一职业学院", "重庆第二职业学院"),
        ("Gisenyi TVET School", "Gisenyi TVET School II"),
    ],
)
def test_names_that_differ_in_their_number_are_not_the_same(one, two):
    index = register_with(Candidate("one", (one,), "KE", "Kisumu"))
    assert keys(index, Candidate("x", (one,), "KE", "Kisumu")) == ["one"]
    assert keys(index, Candidate("x", (two,), "KE", "Kisumu")) == []


def test_a_shared_acronym_alone_says_little():
    index = register_with(Candidate("a", ("Harbin Institute of Technology", "HIT"), "CN", "Harbin"))
    assert keys(index, Candidate("x", ("Huaiyin Insurance Training", "HIT"), "CN", "Harbin")) == []


def test_where_an_acronym_is_all_there_is_it_is_the_name():
    index = register_with(Candidate("a", ("CEPEM TVET SCHOOL",), "RW", "Burera"))
    assert keys(index, Candidate("x", ("CEPEM",), "RW", "Burera")) == ["a"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("苏州职业技术学院", "苏州职业技术大学"),
        ("Machakos Technical College", "Machakos Technical University"),
    ],
)
def test_another_level_word_is_a_hint_at_renaming_not_sameness(before, after):
    index = register_with(Candidate("before", (before,), "CN", "Suzhou"))
    [match] = index.matches(Candidate("x", (after,), "CN", "Suzhou"))
    assert POSSIBLE <= match.score < CERTAIN
    assert "maybe_renamed" in {reason.code for reason in match.reasons}


def test_a_vocational_college_is_not_the_university_of_the_same_words():
    index = register_with(Candidate("a", ("重庆科技大学",), "CN", "重庆市"))
    assert keys(index, Candidate("x", ("重庆科技职业大学",), "CN", "重庆市")) == []


def test_a_college_inside_a_university_is_not_the_university():
    university = Candidate("u", ("大连理工大学",), "CN", "大连市")
    college = Candidate("c", ("大连理工大学城市学院",), "CN", "大连市")
    index = register_with(university)
    assert keys(index, college) == []
    assert "part_of" in codes(index, college, "u")
    index = register_with(Candidate("u", ("Kisumu University",), "KE", "Kisumu"))
    assert keys(index, Candidate("c", ("Kisumu University, School",), "KE", "Kisumu")) == []


def test_a_missing_blank_and_a_slip_of_the_pen_are_forgiven_in_one_place_only():
    index = register_with(
        Candidate("a", ("GIKONKO TVET SCHOOL",), "RW", "Gisagara"),
        Candidate("b", ("BULINGA TVET SCHOOL",), "RW", "Muhanga"),
    )
    assert keys(index, Candidate("x", ("Gikonko TVETschool",), "RW", "Gisagara")) == ["a"]
    [match] = index.matches(Candidate("x", ("BURINGA TVET School",), "RW", "Muhanga"))
    assert (match.key, match.reasons[0].code) == ("b", "near_spelling")


def test_an_equal_outside_identifier_is_enough_and_an_unequal_one_speaks_against():
    index = register_with(Candidate("a", ("Ajman University",), "AE", "Ajman", {"ror": "01j1rma10"}))
    renamed = Candidate("x", ("Another Name Altogether",), "AE", None, {"ror": "01J1RMA10 "})
    assert [(m.key, m.reasons[0].code) for m in index.matches(renamed)] == [("a", "same_id")]
    other = Candidate("x", ("Ajman University",), "AE", "Ajman", {"ror": "zzz"})
    without = replace(other, ids={})
    assert index.score(other, "a").score < CERTAIN <= index.score(without, "a").score
    assert "other_id" in codes(index, other, "a")


def test_a_shared_website_raises_the_score_and_is_named():
    held = Candidate("a", ("Kigali Leather Institute",), "RW", website="https://www.kli.ac.rw/home")
    index = register_with(held)
    asked = Candidate("x", ("Kigali Leather Academy",), "RW", website="http://kli.ac.rw")
    assert index.score(asked, "a").score > index.score(replace(asked, website=None), "a").score
    assert "same_website" in codes(index, asked, "a")


def test_distance_is_great_circle_in_kilometres():
    assert kilometres((39.09, 117.2), (39.09, 117.2)) == 0
    assert kilometres((0, 0), (0, 90)) == pytest.approx(10007.5, abs=1)


def test_comparing_does_not_depend_on_the_side():
    rows = [*REGISTER[:12], Candidate("l", ("Tianjin Railway College", "天津铁路学校"), "CN", "Tianjin")]
    index = Index(rows)
    for left in rows:
        for right in rows:
            assert index.score(left, right.key).score == index.score(right, left.key).score


def test_an_organisation_is_not_its_own_duplicate():
    index = register_with()
    assert all(row.key not in keys(index, row) for row in REGISTER)


def test_a_key_is_taken_once():
    with pytest.raises(ValueError, match="taken"):
        register_with(REGISTER[0])


def test_duplicates_within_a_file_name_each_pair_once_and_the_later_row_first():
    rows = [*REGISTER, replace(REGISTER[3], key="again")]
    assert [(key, match.key) for key, match in duplicates_within(rows)] == [("again", REGISTER[3].key)]


def test_a_slip_of_the_pen_is_found_within_a_file_too():
    rows = [
        Candidate("a", ("BULINGA TVET SCHOOL",), "RW", "Muhanga"),
        Candidate("b", ("BURINGA TVET School",), "RW", "Muhanga"),
    ]
    assert [(key, match.key) for key, match in duplicates_within([*REGISTER, *rows])] == [("b", "a")]


def test_beside_a_certain_row_of_the_file_a_merely_possible_one_is_dropped():
    register = Index([Candidate("a", ("Wenzhou University of Technology", "温州理工学院"), "CN", "Wenzhou")])
    certain = Candidate("1", ("温州理工学院",), "CN", "温州市")
    possible = Candidate("2", ("Wenzhou Institute of Technology",), "CN", "Wenzhou")
    assert keys(register, possible) == ["a"]
    found = register.match_file([certain, possible])
    assert {key: [match.key for match in matches] for key, matches in found.items()} == {"1": ["a"], "2": []}


def test_empty_and_strange_names_match_nothing():
    index = register_with(Candidate("empty", ("", " — ")))
    for names in ((), ("",), ("…",), ("\x00",), ("大学",), ("University",)):
        assert keys(index, Candidate("x", names, "CN")) == []


def test_the_labelled_pairs_are_200_distinct_ones_half_of_them_true():
    pairs = BENCHMARK._rows(BENCHMARK.PAIRS)
    ends = [frozenset([(p["left_source"], p["left_id"]), (p["right_source"], p["right_id"])]) for p in pairs]
    assert len(pairs) == len(set(ends)) == 200
    assert sum(p["same"] == "yes" for p in pairs) == 100
    assert 95 <= sum(p["part"] == "tune" for p in pairs) <= 105
    assert all(p["why"] for p in pairs)


@pytest.fixture(scope="module")
def measured():
    """What the benchmark says of the whole files, searched once for all."""
    return BENCHMARK.measure(SHARED)


@needs_shared
@pytest.mark.shared
def test_all_chinese_rows_of_ror_that_carry_a_name_of_the_ministry_are_found(measured):
    ror, moe = BENCHMARK.ror_candidates(SHARED), BENCHMARK.moe_candidates(SHARED)
    exact = BENCHMARK.exact_chinese_names(ror, moe)
    assert (len(exact), measured["exact_names"], measured["exact_names_found"]) == (189, 189, 189)
    into_ministry = Index(moe).match_file([row for row in ror if row.country == "CN"])
    for row, key in exact:
        assert key in {match.key for match in into_ministry[row.key]}, row.names


@needs_shared
@pytest.mark.shared
def test_the_hard_pairs_are_told_apart_better_than_by_plain_token_sets(measured):
    for part in ("tune", "holdout"):
        assert measured[part]["ours"]["precision"] >= 0.9
        assert measured[part]["ours"]["recall"] >= 0.9
        assert measured[part]["ours"]["f1"] > measured[part]["peer"]["f1"]


@needs_shared
@pytest.mark.shared
def test_two_real_files_are_searched_in_seconds_and_little_memory(measured):
    ror = BENCHMARK.ror_candidates(SHARED)
    assert measured["seconds"] < 20
    tracemalloc.start()
    index = Index(ror)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(index) == 2247
    assert peak < 60_000_000


@needs_shared
@pytest.mark.shared
def test_every_reason_given_is_declared_with_its_values():
    ror, moe = BENCHMARK.ror_candidates(SHARED), BENCHMARK.moe_candidates(SHARED)
    index, seen = Index(ror), set()
    rows = {row.key: row for row in (*ror, *moe)}
    for pair in BENCHMARK._rows(BENCHMARK.PAIRS):
        ends = [f"{pair['left_source']}:{pair['left_id']}", f"{pair['right_source']}:{pair['right_id']}"]
        ror_ends = [end for end in ends if end.startswith("ror:")]
        if ror_ends and all(end in rows for end in ends):
            other = next((end for end in ends if end != ror_ends[0]), ends[0])
            for reason in index.score(rows[other], ror_ends[0]).reasons:
                seen.add(reason.code)
                assert tuple(reason.params) == REASONS[reason.code]
    assert {"same_in_translation", "maybe_renamed", "part_of", "same_city", "other_country"} <= seen
