"""The spaces the engine compares texts in: what is worked out for few documents is what all of them would give."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sunmao.standards.alignment.space import Space

TEXTS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS, st.data())
def test_documents_that_share_a_term_are_as_near_as_among_all(documents, queries, data):
    owners = np.sort(data.draw(st.lists(st.integers(0, 3), min_size=len(documents), max_size=len(documents))))
    space = Space(documents)
    rows = space.rows([Counter(query) for query in queries])
    whole = (rows @ space.by_term).toarray()
    touched = space.touched(rows)
    assert np.allclose(space.near_rows(rows), whole, atol=1e-6)
    assert np.allclose(touched.of(np.arange(len(documents))), whole, atol=1e-6)
    best = np.zeros((len(queries), 4))
    for place, owner in enumerate(owners):
        best[:, owner] = np.maximum(best[:, owner], whole[:, place])
    assert np.allclose(touched.by_owner(owners, 4), best, atol=1e-6)
    assert np.allclose(touched.likeliest(len(queries)).by_owner(owners, 4), best.max(axis=0), atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS)
def test_what_common_terms_add_makes_the_cosine_whole(documents, queries):
    whole, cut = Space(documents), Space(documents, common=0.3)
    asked = [Counter(query) for query in queries]
    rows, places = cut.rows(asked), np.arange(len(documents))
    assert np.allclose(cut.near_rows(rows) + cut.common(rows, places), whole.near(asked), atol=1e-6)
