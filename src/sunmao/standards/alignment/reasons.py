"""Why a target is proposed, in codes and values that a page can say in any language."""

from __future__ import annotations

import re
from collections import Counter

from .groups import likely_groups
from .items import Item, Reason
from .learned import Memory
from .marks import Targets
from .reading import Reading
from .space import Numbers
from .text import STOP, fold, stem, words

_WORDS_NAMED = 6
_LIKE_TITLE = 0.45
_LIKE_CONFIRMED = 0.5
_WORD = re.compile(r"[^\W\d_]{2,}")


def reasons_for(
    item: Item, reading: Reading, ready: Targets, place: int, memory: Memory, alike: Numbers
) -> tuple[Reason, ...]:
    """Return what speaks for the target at `place`, the strongest first; never empty.

    `alike` is the likeness of every confirmed row of `memory` to `item`.
    """
    found = [
        *_confirmed(ready, place, memory, alike),
        *_title(reading, ready, place),
        *_group(item, ready, place),
        *(Reason("rendered", {"term": term, "as": said}) for term, said in reading.rendered),
    ]
    shared = _shared_words(reading, ready.items[place])
    if shared:
        found.append(Reason("shared_words", {"words": ", ".join(shared)}))
    return tuple(found) or (Reason("shared_words", {"words": ""}),)


def _confirmed(ready: Targets, place: int, memory: Memory, alike: Numbers) -> list[Reason]:
    rows = [(float(alike[row]), row) for row, led_to in enumerate(memory.places) if led_to == place]
    if not rows or max(rows)[0] < _LIKE_CONFIRMED:
        return []
    likeness, row = max(rows)
    source = memory.rows[row][0].label
    values: dict[str, str | float] = {
        "source": source,
        "target": ready.items[place].label,
        "likeness": round(likeness, 2),
    }
    return [Reason("confirmed_before", values)]


def _title(reading: Reading, ready: Targets, place: int) -> list[Reason]:
    """Name the pair of titles that are most alike, where they are alike enough to be named."""
    start = int(ready.starts[place])
    end = int(ready.starts[place + 1]) if place + 1 < len(ready.starts) else len(ready.titles)
    said = [*reading.labels, *reading.alternates]
    space = ready.title_words
    mine, theirs = (space.rows([Counter(words(title)) for title in part]) for part in (said, ready.titles[start:end]))
    near = (mine @ theirs.T).toarray()
    row, column = divmod(int(near.argmax()), end - start)
    likeness = float(near[row, column])
    if likeness < _LIKE_TITLE:
        return []
    source, target = said[row], ready.titles[start + column]
    code = "same_title" if fold(source).strip() == fold(target).strip() else "like_title"
    return [Reason(code, {"source": source, "target": target, "likeness": round(likeness, 2)})]


def _group(item: Item, ready: Targets, place: int) -> list[Reason]:
    code = ready.codes[place]
    groups = likely_groups(item.codes, ready.scheme) if ready.scheme and code else ()
    if not any(code.startswith(group) for group in groups):
        return []
    source = next(iter(item.codes.values()))
    return [Reason("group", {"source": source, "target": code})]


def _shared_words(reading: Reading, target: Item) -> list[str]:
    """Return words of the target, as it writes them, that the query has too."""
    known = reading.terms(True)
    named: dict[str, str] = {}
    for word in _WORD.findall(" ".join((target.label, *target.alternates, target.description))):
        folded = fold(word)
        if folded not in STOP and stem(folded) in known:
            named.setdefault(stem(folded), word.lower())
    return list(named.values())[:_WORDS_NAMED]
