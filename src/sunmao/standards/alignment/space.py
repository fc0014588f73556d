"""A space of weighted terms: documents as sparse TF-IDF rows, and how near a query comes to each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Numbers = NDArray[np.float32]


class Space:
    """Documents by terms, each row of length one; term counts are damped by their logarithm.

    `least` leaves out terms that fewer documents hold (they cannot connect anything when they are grams of a
    long text, but a word in a single title still can). Terms that more than the share `common` of the documents
    hold weigh little and take most of the time: `near` passes them over, and `common` adds them for the few
    documents that are worth it.
    """

    def __init__(self, documents: Sequence[Sequence[str]], *, least: int = 1, common: float = 1.0) -> None:
        held = Counter(term for document in documents for term in set(document))
        terms = sorted(term for term, count in held.items() if count >= least)
        self.places = {term: place for place, term in enumerate(terms)}
        counts = np.array([held[term] for term in terms], dtype=np.float32)
        self.idf: Numbers = (np.log((1 + len(documents)) / (1 + counts)) + 1).astype(np.float32)
        self.size = len(documents)
        rows = self.rows([Counter(document) for document in documents])
        self.common_terms = np.flatnonzero(counts > common * len(documents))
        self.by_document = rows[:, self.common_terms].tocsr()
        rows.data[np.isin(rows.indices, self.common_terms)] = 0
        rows.eliminate_zeros()
        self.by_term = rows.T.tocsr()

    def rows(self, documents: Sequence[Mapping[str, float]]) -> sparse.csr_matrix:
        """Return documents given as term counts as rows of length one.

        Unknown terms have no place in a row, but they lengthen it as the rarest of terms: a document that
        shares one word in ten with another is not made its equal by the nine words nobody knows.
        """
        indices: list[int] = []
        values: list[float] = []
        ends = [0]
        unknown: list[float] = []
        rarest = (np.log(1 + self.size) + 1) ** 2
        for document in documents:
            known = [(place, count) for term, count in document.items() if (place := self.places.get(term)) is not None]
            indices.extend(place for place, count in known if count > 0)
            values.extend(count for _, count in known if count > 0)
            unknown.append(rarest * (len(document) - len(known)))
            ends.append(len(indices))
        where = np.asarray(indices, dtype=np.int32)
        data = np.asarray(values, dtype=np.float32)
        data = np.where(data > 1, 1 + np.log(np.maximum(data, 1)), data) * self.idf[where]
        spans = np.asarray(ends, dtype=np.int32)
        squares = np.concatenate(([0.0], np.cumsum(data.astype(np.float64) ** 2)))
        lengths = np.sqrt(squares[spans[1:]] - squares[spans[:-1]] + np.asarray(unknown))
        data = (data / np.repeat(np.maximum(lengths, 1e-9), np.diff(spans))).astype(np.float32)
        return sparse.csr_matrix((data, where, spans), shape=(len(documents), len(self.places)))

    def near(self, queries: Sequence[Mapping[str, float]]) -> Numbers:
        """Return the cosine of each query with each document: shape (queries, documents)."""
        return self.near_rows(self.rows(queries))

    def near_rows(self, rows: sparse.csr_matrix) -> Numbers:
        """Return the cosine of each query, given as a row, with each document, without what common terms add."""
        found = np.zeros((rows.shape[0], self.size), dtype=np.float32)
        if not self.places or not self.size:
            return found
        starts, holders, weights = self.by_term.indptr, self.by_term.indices, self.by_term.data
        for place in range(rows.shape[0]):
            inside = slice(rows.indptr[place], rows.indptr[place + 1])
            spans = [slice(starts[term], starts[term + 1]) for term in rows.indices[inside]]
            if spans:
                # One pass of additions over the documents that hold a term; a sparse product takes three.
                times = np.repeat(rows.data[inside], [span.stop - span.start for span in spans])
                added = np.concatenate([weights[span] for span in spans]) * times
                where = np.concatenate([holders[span] for span in spans])
                found[place] = np.bincount(where, weights=added, minlength=self.size)
        return found

    def common(self, rows: sparse.csr_matrix, documents: NDArray[np.intp]) -> Numbers:
        """Return what common terms add to the cosines with these documents: shape (queries, documents given)."""
        asked = rows[:, self.common_terms].toarray()
        return np.asarray((self.by_document[documents] @ asked.T).T, dtype=np.float32)


def best_by_owner(likeness: Numbers, starts: NDArray[np.intp]) -> Numbers:
    """Reduce likeness by title, shape (queries, titles), to the best title of each owner.

    `starts` holds the first title of every owner; the titles of an owner stand together.
    """
    return np.maximum.reduceat(likeness, starts, axis=1)
