"""Words out of any text: which script it is written in, folded, cut and stemmed.

Everything here is a pure function of its text. Latin and Cyrillic words are folded (case, accents, the
Uzbek apostrophes) and cut back to stems by short suffix lists: the stems need not be words, only the same
for the forms of one word. Chinese is cut by `chinese.py` where a dictionary is at hand, else into character
bigrams, as in the search of the register.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

HAN = re.compile(r"[\u3400-\u9fff]+")
_HAN_OR_WORD = re.compile(r"[\u3400-\u9fff]+|[a-z0-9\u0400-\u04ff]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_APOSTROPHES = re.compile(r"[ʻʼ‘’'`´ʹ]")
_PARENTHESIS = re.compile(r"\([^)]*\)")

# Words that carry no subject, in the languages the register is used in.
_STOP_WORDS = """
    a an the of and or to in on for with by at from as is are be been being they them their it its this that
    these those which who whom such other others all any each may can will would should also including include
    includes etc not than into per using use used within between through during while under over
    according based about well both more most some various ensure ensuring perform performing
    de la le les des du et en un une dans pour par au aux sur leurs leur ils elles qui que
    el los las y con para por del una sus su al se
    и в на с по для из к от до при или не что как их его она они это
    va bilan uchun ham bu boyicha hamda yoki
"""
STOP = frozenset(_STOP_WORDS.split())

_ENGLISH_ENDINGS = (
    "izations", "isations", "ization", "isation", "ationally", "ational", "ations", "ation", "ators", "ator",
    "ements", "ement", "ments", "ment", "icians", "ician", "ically", "ical", "ists", "ist", "ities", "ity",
    "nesses", "ness", "ances", "ance", "ences", "ence", "ings", "ing", "ors", "or", "ers", "er", "ies", "ied",
    "ives", "ive", "ated", "ates", "ate", "ial", "al", "ics", "ic", "ions", "ion", "ed", "es", "ly", "s", "e",
    "y",
)  # fmt: skip
_RUSSIAN_ENDINGS = (
    "иями", "ями", "ами", "ого", "его", "ому", "ему", "ыми", "ими", "иях", "ией", "иям", "ость", "ости",
    "ение", "ения", "ении", "ению", "ением", "ание", "ания", "ании", "анию", "анием", "овать", "ать", "ять",
    "ить", "еть", "ный", "ная", "ное", "ные", "ных", "ной", "ном", "ский", "ская", "ское", "ские", "ских",
    "ской", "щик", "чик", "ник", "тель", "ах", "ях", "ов", "ев", "ей", "ой", "ый", "ий", "ая", "яя", "ое", "ее",
    "ые", "ие", "ых", "их", "ом", "ем", "ам", "ям", "ую", "юю", "ия", "ию", "ии", "а", "я", "о", "е", "ы", "и",
    "у", "ю", "ь", "й",
)  # fmt: skip
_UZBEK_ENDINGS = (
    "larining", "larning", "lariga", "larini", "lardan", "larda", "larga", "larni", "lari", "lar", "ning",
    "chilik", "chisi", "chi", "lash", "lik", "ligi", "lari", "dan", "ga", "ni", "da", "si", "i",
)  # fmt: skip
_SHORTEST_STEM = 4


def script_of(text: str) -> str:
    """Say in which script most of `text` is written: "zh", "cyrillic" or "latin"."""
    han = sum(len(run) for run in HAN.findall(text))
    # A Chinese character says as much as a few letters: a brand or an abbreviation beside it weighs less.
    if han and han * 3 >= sum(character.isalpha() for character in text):
        return "zh"
    cyrillic = len(_CYRILLIC.findall(text))
    return "cyrillic" if cyrillic * 2 > sum(character.isalpha() for character in text) else "latin"


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, apostrophes or compatibility forms."""
    text = unicodedata.normalize("NFKC", text).lower().replace("ё", "е").replace("&", " and ")
    text = _APOSTROPHES.sub("", text)
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    # й is a letter of its own, not an accented и: it keeps its mark.
    kept = [c for c in decomposed if not unicodedata.combining(c) or c == "\u0306"]
    return unicodedata.normalize("NFC", "".join(kept))


def _cut_ending(word: str, endings: tuple[str, ...], shortest: int = _SHORTEST_STEM) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Cut a folded word back to what its forms have in common (welder, welding, welds → weld)."""
    if _CYRILLIC.search(word):
        return _cut_ending(_cut_ending(word, _RUSSIAN_ENDINGS), _RUSSIAN_ENDINGS)
    if not word.isalpha() or len(word) <= _SHORTEST_STEM:
        return word[:-1] if len(word) == _SHORTEST_STEM and word[-1] == "s" and word[-2] != "s" else word
    cut = _cut_ending(word, _ENGLISH_ENDINGS)
    if cut == word or len(cut) > _SHORTEST_STEM:
        cut = _cut_ending(cut, _ENGLISH_ENDINGS, _SHORTEST_STEM) if cut != word else cut
    if len(cut) > _SHORTEST_STEM and cut[-1] == cut[-2] and cut[-1] not in "aeiou":
        return cut[:-1]
    return cut


@lru_cache(maxsize=100_000)
def stem_uzbek(word: str) -> str:
    """Cut a folded Uzbek word (Latin letters) back to its root by the commonest case and trade endings."""
    for _ in range(2):
        word = _cut_ending(word, _UZBEK_ENDINGS)
    return word


def bigrams(run: str) -> list[str]:
    """Cut a run of Chinese characters into overlapping pairs; a lone character stands for itself."""
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def words(text: str, language: str = "") -> list[str]:
    """Return the stems of `text` in order, without stop words; Chinese runs become bigrams.

    `language` "uz" asks for Uzbek endings where the letters are Latin.
    """
    found: list[str] = []
    cut = stem_uzbek if language == "uz" else stem
    for token in _HAN_OR_WORD.findall(fold(text)):
        if "\u3400" <= token[0] <= "\u9fff":
            found.extend(bigrams(token))
        elif token not in STOP and (len(token) > 1 or token.isdigit()):
            found.append(cut(token))
    return found


@lru_cache(maxsize=200_000)
def _grams_of(token: str) -> tuple[str, ...]:
    marked = f" {token} "
    sizes = (3, 4)
    return tuple(marked[i : i + size] for size in sizes for i in range(max(1, len(marked) - size + 1)))


def grams(text: str) -> list[str]:
    """Return the runs of three and four characters in each folded word of `text`, with marks at its ends."""
    found: list[str] = []
    for token in _HAN_OR_WORD.findall(fold(text)):
        if token not in STOP:
            found.extend(_grams_of(token))
    return found


def plain_title(title: str) -> str:
    """Return a title without what stands in brackets (an abbreviation, a remark)."""
    return _PARENTHESIS.sub(" ", title).strip() or title
