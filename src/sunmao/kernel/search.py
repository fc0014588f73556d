"""One index over all desks: own tokens, so that SQLite and PostgreSQL find the same.

Texts are folded (NFKC, case, Latin and Cyrillic marks); words give themselves and their prefixes by the
query's wildcard, Chinese gives single characters and bigrams. A token outside ASCII is written in hex, so that
neither engine's own word rules take part. PostgreSQL refuses words over 2,047 bytes and texts over a megabyte: a
longer word is indexed and asked for by its first letters, a longer text by its first tokens.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, models
from django.utils import translation

from sunmao.kernel.models import SearchEntry

if TYPE_CHECKING:
    from sunmao.kernel.desk import Desk

NEAR = 2000  # at most so many hits are ranked
SHORTLIST = 300  # and so many are compared letter by letter
LONGEST = 200  # letters of a word that count: in hex at most 1,601 bytes
LARGEST = 1_000_000  # bytes of all tokens of a record
ALIKE = 75  # how like two words must be to pass for a slip of the pen, of 100
_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+", re.UNICODE)


def fold(text: str) -> str:
    """Return a text for comparing: compatibility forms, case and combining marks folded (ё as е)."""
    if text.isascii():
        return text.casefold()
    flat = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in flat if not unicodedata.combining(c) or c == "\u0306"))


def _is_han(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff" or "\uf900" <= run[0] <= "\ufaff"


def _runs(text: str) -> list[str]:
    """Return the words of a text, folded, and its stretches of Chinese."""
    return [run if _is_han(run) else run[:LONGEST] for run in _RUNS.findall(fold(text))]


def _safe(token: str) -> str:
    return token if token.isascii() else "x" + token.encode().hex()


def tokens(text: str) -> list[str]:
    """Return the tokens a text is found by."""
    out: list[str] = []
    for run in _runs(text):
        if _is_han(run):
            out += list(run) + [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            out.append(run)
    return [_safe(token) for token in out]


def asked(text: str) -> list[str]:
    """Return the tokens a query must all match: for Chinese the bigrams (one character alone is itself)."""
    out: list[str] = []
    for run in _runs(text):
        if _is_han(run):
            out += [_safe(run[i : i + 2]) for i in range(len(run) - 1)] or [_safe(run)]
        else:
            out.append(_safe(run) + "*")
    return out


def trigrams(text: str) -> list[str]:
    """Return the letter triples of the longer words of a text, by which a misspelling is found."""
    out: list[str] = []
    for run in _runs(text):
        if len(run) >= 4 and not _is_han(run) and not run.isdigit():
            padded = f" {run} "
            out += ["qq" + _safe(padded[i : i + 3].replace(" ", "0")) for i in range(len(padded) - 2)]
    return out


def entry(desk: Desk, record: Any) -> SearchEntry:
    """Return the index entry of one record."""
    with translation.override(settings.LANGUAGE_CODE):  # the same whoever writes, in whatever language
        texts = [record.code, *desk.texts(record)]
        label = " · ".join(texts[1:6]) or str(record)
    words = dict.fromkeys(token for text in texts for token in tokens(text))
    triples = dict.fromkeys(triple for text in texts for triple in trigrams(text))
    return SearchEntry(desk=desk.slug, record=record.pk, label=label, tokens=_fitting([*words, *triples]))


def _fitting(found: list[str]) -> str:
    """Join tokens as far as an index takes them."""
    joined = " ".join(found)
    return joined if len(joined) <= LARGEST else joined[:LARGEST].rpartition(" ")[0]


def put(desk: Desk, records: Iterable[Any]) -> None:
    """Index records anew; called inside the door's transaction."""
    SearchEntry.objects.bulk_create(
        [entry(desk, record) for record in records],
        update_conflicts=True, unique_fields=["desk", "record"], update_fields=["label", "tokens"], batch_size=2000,
    )  # fmt: skip


def drop(desk: Desk, record: Any) -> None:
    SearchEntry.objects.filter(desk=desk.slug, record=record.pk).delete()


def purge() -> None:
    """Drop from the index what was taken out of it: FTS5 keeps deleted words in its segments until they are merged.
    Rewrites the index (seconds for a large one), so it is done where a name must be gone."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO kernel_search(kernel_search) VALUES ('optimize')")


def _terms(every: Sequence[str], one: Sequence[str] = ()) -> str:
    """Return a query in the engine's own words: all of the tokens and, if any are given, one of the others at least."""
    lite = connection.vendor == "sqlite"
    mark, all_of, any_of = ('"', " AND ", " OR ") if lite else ("'", " & ", " | ")
    star = "*" if lite else ":*"
    said = [f"{mark}{t.removesuffix('*')}{mark}{star if t.endswith('*') else ''}" for t in every]
    return all_of.join([*said, *([f"({any_of.join(f'{mark}{t}{mark}' for t in one)})"] if one else [])])


def _matching(wanted: Sequence[str]) -> models.QuerySet[SearchEntry]:
    """Return the entries that hold all the tokens."""
    if not wanted:
        return SearchEntry.objects.none()
    if connection.vendor == "sqlite":
        sql = "id IN (SELECT rowid FROM kernel_search WHERE kernel_search MATCH %s)"
    else:
        sql = "array_to_tsvector(string_to_array(tokens, ' ')) @@ %s::tsquery"
    # Neither engine's index is within the ORM's reach; the SQL is constant, the words go in as a parameter.
    return SearchEntry.objects.extra(where=[sql], params=[_terms(wanted)])  # noqa: S610


def within(desk: Desk, text: str) -> Any:
    """Return the ids of a desk's records that hold every word (visibility is the caller's business)."""
    return _matching(asked(text)).filter(desk=desk.slug).values("record")


def everywhere(desks: Sequence[Desk], user: Any, text: str, limit: int) -> list[tuple[Desk, list[Any], bool]]:
    """Return per desk the best records this person may see, likest first, and whether there are more. Desks without
    any are left out.

    Where no record of any desk holds every word, those spelt nearly so are returned.
    """
    wanted = asked(text)
    holding = set(_matching(wanted).order_by().values_list("desk", flat=True).distinct())
    found = [(desk, *_exact(desk, desk.rows(user), text, limit)) for desk in desks if desk.slug in holding]
    if not any(rows for _desk, rows, _more in found):
        seen = {desk.slug: desk.rows(user) for desk in desks}
        near = _likest(seen, text)
        found = [(desk, *_best(seen[desk.slug], near[desk.slug], text, limit)) for desk in desks if desk.slug in near]
    return [item for item in found if item[1]]


def ranked(desk: Desk, rows: models.QuerySet[Any], text: str, limit: int) -> tuple[list[Any], bool]:
    """Return the best of one desk's `rows` (those the person may see) as `everywhere` does."""
    found = _exact(desk, rows, text, limit)
    return found if found[0] else _best(rows, _likest({desk.slug: rows}, text).get(desk.slug, ()), text, limit)


def _exact(desk: Desk, rows: models.QuerySet[Any], text: str, limit: int) -> tuple[list[Any], bool]:
    """Return the best of the rows that hold every word."""
    hits = _matching(asked(text)).filter(desk=desk.slug, record__in=rows.order_by().values("pk"))
    return _best(rows, list(hits[:NEAR]), text, limit)


def _likest(seen: Mapping[str, models.QuerySet[Any]], text: str) -> dict[str, list[SearchEntry]]:
    """Return by desk the entries spelt nearly as the text, of the rows that the person may see.

    Words that some entry holds are taken as they are, and only the others for misspelt; where that finds nothing to
    be seen, every word may be: what is hidden must not stand in the way of what is not.
    """
    words = {run: _safe(run) + "*" for run in _runs(text) if not _is_han(run)}
    held = [token for token in words.values() if _matching([token]).exists()]
    strange = trigrams(" ".join(run for run, token in words.items() if token not in held))
    near = _near_of(seen, _terms(held, strange), text) if strange else {}
    if not near and (triples := trigrams(text)) and triples != strange:
        near = _near_of(seen, _terms((), triples), text)
    return near


def _near_of(seen: Mapping[str, models.QuerySet[Any]], terms: str, text: str) -> dict[str, list[SearchEntry]]:
    """Return by desk those of the shortlist for `terms` that are near the text and seen."""
    by_desk: dict[str, list[SearchEntry]] = {}
    for hit in _shortlist(seen.keys(), terms):
        if _near(hit.label, text):
            by_desk.setdefault(hit.desk, []).append(hit)
    for slug, hits in list(by_desk.items()):
        kept = set(seen[slug].filter(pk__in=[hit.record for hit in hits]).order_by().values_list("pk", flat=True))
        by_desk[slug] = [hit for hit in hits if hit.record in kept]
    return {slug: hits for slug, hits in by_desk.items() if hits}


def _shortlist(slugs: Set[str], terms: str) -> list[SearchEntry]:
    """Return the entries of some desks that share most with a query, the database's own ranking first."""
    asked_for: Any = sorted(slugs)
    if connection.vendor == "sqlite":
        sql = (
            "SELECT e.* FROM kernel_search s JOIN kernel_searchentry e ON e.id = s.rowid"
            " WHERE kernel_search MATCH %s AND e.desk IN (SELECT value FROM json_each(%s)) ORDER BY s.rank LIMIT %s"
        )
        asked_for = json.dumps(asked_for)
    else:
        sql = (
            "SELECT * FROM kernel_searchentry e, (SELECT %s::tsquery AS q) asked WHERE"
            " array_to_tsvector(string_to_array(tokens, ' ')) @@ q AND desk = ANY(%s)"
            " ORDER BY ts_rank(array_to_tsvector(string_to_array(tokens, ' ')), q) DESC LIMIT %s"
        )
    return list(SearchEntry.objects.raw(sql, [terms, asked_for, SHORTLIST]))


def _best(rows: models.QuerySet[Any], hits: Iterable[SearchEntry], text: str, limit: int) -> tuple[list[Any], bool]:
    """Return the likest of the hits that are among `rows`, and whether there are more."""
    from rapidfuzz import fuzz, process

    labels = {hit.record: fold(hit.label)[:300] for hit in hits}
    if not labels:
        return [], False
    seen = set(rows.filter(pk__in=list(labels)).order_by().values_list("pk", flat=True))
    likeness = process.extract(fold(text), {pk: labels[pk] for pk in seen}, scorer=fuzz.WRatio, limit=None)
    order = [pk for label, like, pk in sorted(likeness, key=lambda found: (-found[1], len(found[0]), found[2]))]
    kept = {row.pk: row for row in rows.filter(pk__in=order[:limit])}
    return [kept[pk] for pk in order[:limit]], len(order) > limit


def _near(label: str, text: str) -> bool:
    """True where every longer word of the query stands in the label with few slips of the pen."""
    from rapidfuzz import fuzz, process

    words = _runs(label)
    wanted = [run for run in _runs(text) if len(run) >= 4]
    return all(process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=ALIKE) for word in wanted)
