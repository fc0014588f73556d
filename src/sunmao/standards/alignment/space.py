"""A space of weighted terms: documents as sparse TF-IDF rows, and how near a query comes to each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
        """Return documents given as term counts, all above zero, as rows of length one.

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
            indices += [place for place, _ in known]
            values += [count for _, count in known]
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
        held, asked = self._asked(rows)
        return np.ascontiguousarray((held.T @ asked).T)

    def touched(self, rows: sparse.csr_matrix) -> Touched:
        """Return the same for the documents alone that share a term with one of the queries: of many titles, a few."""
        held, asked = self._asked(rows)
        shared = np.zeros(self.size, dtype=bool)
        shared[held.indices] = True
        documents = np.flatnonzero(shared)
        place = np.full(self.size, -1, dtype=np.int32)
        place[documents] = np.arange(len(documents), dtype=np.int32)
        few = sparse.csr_matrix(
            (held.data, place[held.indices], held.indptr), shape=(held.shape[0], len(documents)), copy=False
        )
        return Touched(documents, place, np.ascontiguousarray((few.T @ asked).T))

    def _asked(self, rows: sparse.csr_matrix) -> tuple[sparse.csr_matrix, Numbers]:
        """Return the terms that queries hold, by documents, and their weights there: shape (terms, queries)."""
        terms, where = np.unique(rows.indices, return_inverse=True)
        asked = np.zeros((len(terms), rows.shape[0]), dtype=np.float32)
        asked[where, np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))] = rows.data
        return self.by_term[terms], asked

    def common(self, rows: sparse.csr_matrix, documents: NDArray[np.intp]) -> Numbers:
        """Return what common terms add to the cosines with these documents: shape (queries, documents given)."""
        asked = np.zeros((len(self.common_terms), rows.shape[0]), dtype=np.float32)
        if len(self.common_terms):
            where = np.searchsorted(self.common_terms, rows.indices)
            found = self.common_terms[np.minimum(where, len(self.common_terms) - 1)] == rows.indices
            query = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
            asked[where[found], query[found]] = rows.data[found]
        return np.ascontiguousarray((self.by_document[documents] @ asked).T)


@dataclass(frozen=True)
class Touched:
    """The documents that share a term with one of the queries, in their order, and how near each comes to each query.

    `place` says for every document where it stands among them, -1 for the others, which are near to none.
    """

    documents: NDArray[np.intp]
    place: NDArray[np.int32]
    near: Numbers  # (queries, touched documents)

    def of(self, documents: NDArray[np.intp]) -> Numbers:
        """Return how near these documents come, touched or not: shape (queries, documents given)."""
        place = self.place[documents]
        held = np.flatnonzero(place >= 0)
        found = np.zeros((len(self.near), len(documents)), dtype=np.float32)
        found[:, held] = self.near[:, place[held]]
        return found

    def likeliest(self, count: int) -> Touched:
        """Return the same for the nearest of the first `count` queries, as one."""
        return Touched(self.documents, self.place, self.near[:count].max(axis=0, keepdims=True))

    def by_owner(self, owners: NDArray[np.intp], count: int) -> Numbers:
        """Return the nearest document of each of `count` owners to each query: shape (queries, owners).

        `owners` holds the owner of every document; the documents of an owner stand together.
        """
        best = np.zeros((len(self.near), count), dtype=np.float32)
        if len(self.documents):
            held = owners[self.documents]
            starts = np.flatnonzero(np.diff(held, prepend=-1))
            best[:, held[starts]] = np.maximum.reduceat(self.near, starts, axis=1)
        return best
