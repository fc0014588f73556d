"""`sunmao align-eval`: files of many shapes in, one line of figures out, nothing learned from the gold."""

import re

import pytest

from sunmao.standards.align_command import item_of, main

LAST_LINE = re.compile(r"top1 \d\.\d{3} top5 \d\.\d{3} mrr \d\.\d{3} ms_per_query \d+\.\d")
TARGETS = """code,title,description,alternate_titles
51-3011.00,Bakers,Mix and bake bread.,Bread Maker|Pastry Baker
51-4121.00,Welders,Join metal by welding.,Gas Welder
29-1141.00,Registered Nurses,Care for patients.,Ward Nurse
"""
QUERIES = """uri,label,alternate_labels,description,isco08,onet_code,confidence
e:1,welder,oxy fuel welder,Welders join metal.,7212,51-4121.00,1.0
e:2,baker,bread baker,Bakers make bread.,7512,51-3011.00,1.0
"""


@pytest.fixture
def run(tmp_path, capsys):
    """Write the files, run the command, and return its status and the lines it printed."""

    def run(queries, targets=TARGETS, gold=None):
        argv = []
        for name, text in (("queries", queries), ("targets", targets), ("gold", gold)):
            if text is not None:
                path = tmp_path / f"{name}.csv"
                path.write_text(text, encoding="utf-8")
                argv += [f"--{name}", str(path)]
        status = main(argv)
        printed = capsys.readouterr()
        return status, printed.out.splitlines() or printed.err.splitlines()

    return run


def figures(lines):
    """Return what the last line says, without the time."""
    assert LAST_LINE.fullmatch(lines[-1])
    return lines[-1].split(" ms_per_query")[0]


def test_gold_in_the_queries_is_used_and_the_last_line_has_its_form(run):
    status, lines = run(QUERIES)
    assert status == 0
    assert figures(lines) == "top1 1.000 top5 1.000 mrr 1.000"


def test_the_line_before_says_how_far_certainty_lies_from_what_was_right(run):
    right, wrong = (run(QUERIES, gold=gold)[1] for gold in (None, "query,target\ne:1,51-3011.00\ne:2,29-1141.00\n"))
    apart = [float(lines[-2].removeprefix("expected calibration error ")) for lines in (right, wrong)]
    assert apart[0] < 0.5 < apart[1], "sure of itself: near the truth where it is right, far from it where it is not"


def test_wrong_gold_gives_wrong_answers_so_the_gold_is_not_learned(run):
    swapped = "query,target\ne:1,51-3011.00\ne:2,29-1141.00\n"
    _, lines = run(QUERIES, gold=swapped)
    assert figures(lines).startswith("top1 0.000")


def test_one_of_several_right_targets_is_enough(run):
    both = "query,target\ne:1,29-1141.00\ne:1,51-4121.00\ne:2,51-3011.00\n"
    _, lines = run(QUERIES, gold=both)
    assert figures(lines) == "top1 1.000 top5 1.000 mrr 1.000"


def test_a_right_target_that_is_not_among_the_targets_counts_as_not_found(run):
    _, lines = run(QUERIES, gold="query,target\ne:1,51-4121.00\ne:2,99-9999.00\n")
    assert figures(lines) == "top1 0.500 top5 0.500 mrr 0.500"


def test_equal_scores_count_against_the_engine(run):
    twins = "code,title\nA,Welder\nB,Welder\n"
    _, lines = run("id,label\nq,welder\n", twins, "query,target\nq,A\n")
    assert figures(lines) == "top1 0.000 top5 1.000 mrr 0.500"


def test_chinese_queries_find_english_targets(run):
    queries = "code,name,definition,tasks\n6-18-02-04,焊 工L/S,操作焊接设备的人员。,焊接金属|检查焊缝\n"
    targets = "occupation_id,code,isco08,label_en,alt_labels_en,description_en\n" + (
        "u1,7212.1,7212,welder,gas welder,Welds metal.\nu2,7512.1,7512,baker,,Bakes bread.\n"
    )
    _, lines = run(queries, targets, "zh_code,esco_occupation_id,relation\n6-18-02-04,u1,exact\n")
    assert figures(lines).startswith("top1 1.000")


def test_columns_both_files_share_are_the_key(run):
    queries = "major_code,ability_index,label\n1,0,bake bread\n1,1,weld metal\n"
    gold = "major_code,ability_index,esco_skill_id,relation\n1,1,51-4121.00,exact\n1,0,51-3011.00,close\n"
    _, lines = run(queries, gold=gold)
    assert figures(lines).startswith("top1 1.000")


def test_other_languages_of_a_label_become_alternates_and_marks_after_a_name_fall():
    columns = ["occupation_id", "label_en", "alt_labels_en", "label_fr"]
    row = {"occupation_id": "x", "label_en": "baker", "alt_labels_en": "bread maker", "label_fr": "boulanger"}
    item = item_of(row, columns)
    assert (item.label, set(item.alternates)) == ("baker", {"boulanger", "bread maker"})
    assert item_of({"code": "1", "name": "化工总控工S"}, ["code", "name"]).label == "化工总控工"


def test_the_gold_column_is_never_read_as_a_code_of_the_query():
    columns = ["uri", "label", "onet_code"]
    assert item_of({"uri": "e:1", "label": "welder", "onet_code": "51-4121.00"}, columns).codes == {}


@pytest.mark.parametrize(
    ("queries", "gold"),
    [("uri,label\n", None), ("uri,label\ne:1,welder\n", None), (QUERIES, "query\ne:1\n"), (QUERIES, "q,t\nz,z\n")],
)
def test_files_that_cannot_be_used_end_with_status_2_and_a_sentence(run, queries, gold):
    status, lines = run(queries, gold=gold)
    assert status == 2
    assert lines[0]


@pytest.mark.shared
def test_on_the_judged_pairs_the_engine_beats_the_figures_measured_elsewhere(shared, capsys):
    folder = shared / "data" / "crosswalks"
    main(["--queries", str(folder / "esco_onet_dev.csv"), "--targets", str(folder / "onet_occupations.csv")])
    last = capsys.readouterr().out.splitlines()[-1].split()
    top1, top5, mrr = (float(last[place]) for place in (1, 3, 5))
    assert top1 > 0.603
    assert top5 > 0.880
    assert mrr > 0.725
