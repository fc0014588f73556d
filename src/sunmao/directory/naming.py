"""How names of institutions are read before they are compared.

A name is folded (case, width, diacritics, punctuation, traditional characters), cut into words, and its
words are sorted into what they say: the level (college, university), a number (No. 2, 第二), generic words
that many names share, and the rest, which tells one institution from another. Chinese names are cut by the
glossary `chinese_terms.csv`; characters outside it are kept one by one and can be spelled in pinyin.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent

_SPECIAL = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ə": "a",
        "&": " and ",
    }
)
_TRADITIONAL = str.maketrans(
    "學業術職華國電東廣蘇濟陽寧龍遠慶貴雲陝肅臺灣師範醫藥農機車輛鐵運輸郵紡織藝體語環資設計軟體訊"
    "應與際經貿財務會統計審計關稅檢驗檢測護理現聯長門島漢關營錦遼滬閩贛魯晉黃衛飛橋場專傳媒鄉鎮縣區",
    "学业术职华国电东广苏济阳宁龙远庆贵云陕肃台湾师范医药农机车辆铁运输邮纺织艺体语环资设计软体讯"
    "应与际经贸财务会统计审计关税检验检测护理现联长门岛汉关营锦辽沪闽赣鲁晋黄卫飞桥场专传媒乡镇县区",
)
_COMBINING = re.compile("[\u0300-\u036f\u064b-\u0652\u0640]")
_JOINERS = re.compile("['’‘ʻʼ`´ʹ\u200b-\u200f\ufeff]")
_HAN = re.compile("[\u3400-\u9fff]+")
# A mark of a vowel sign belongs to its word in the scripts of India, so `\w` alone would cut words apart.
_WORD = re.compile(r"[\u3400-\u9fff]+|(?:(?![\u3400-\u9fff])[\w\u0900-\u0dff\u0e00-\u0eff\u1000-\u109f])+")


def _table(name: str) -> list[dict[str, str]]:
    with open(_HERE / name, encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


_WORDS = _table("name_words.csv")


def _words_of(kind: str) -> dict[str, str]:
    return {word: row["meaning"] for row in _WORDS if row["kind"] == kind for word in row["words"].split()}


_STOP = frozenset(_words_of("ignored"))
_SAME_WORD = _words_of("same")
_ORDINALS = _words_of("number")
LEVELS = frozenset(_words_of("level"))
GENERIC = LEVELS | frozenset(_words_of("generic"))
_NAMED_AFTER = frozenset({"named", "imeni", "имени", "им"})
_DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")}
_PLACE_ENDING = re.compile(
    "(?<=..)(?:特别行政区|(?:(?:壮|回|藏|苗|彝|傣|黎|羌|侗|白|哈尼|布依|土家|朝鲜|蒙古|哈萨克|柯尔克孜|景颇|傈僳)族?)*"
    "自治[州县区]|地区|[省市州盟县])$"
)
_PLACE_WORDS = frozenset({"city", "shi", "municipality", "district", "province", "kabupaten", "kota"})
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya", "қ": "q", "ғ": "gh", "ң": "ng", "ү": "u", "ұ": "u", "ө": "o", "һ": "h", "і": "i",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a Chinese name: its kind, the English words that may stand for it, the usual one."""

    text: str
    kind: str
    english: frozenset[str]
    usual: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """A name ready to be compared.

    `key` joins all words, so it is equal for spellings that differ in case, width, accents or blanks.
    `words` are the comparable words of the name (for Chinese: glossary terms and single characters),
    `content` those that tell it from others. `terms` and `syllables` serve Chinese names only.
    """

    text: str
    key: str
    han: bool
    acronym: bool
    words: frozenset[str]
    content: frozenset[str]
    levels: tuple[str, ...]
    numbers: frozenset[str]
    vocational: bool
    terms: tuple[Term, ...] = ()
    syllables: tuple[str, ...] = ()

    @property
    def level(self) -> str | None:
        """The level word that names the body itself: the last one in Chinese, else the only one."""
        if self.han:
            return self.levels[-1] if self.levels else None
        return self.levels[0] if len(self.levels) == 1 else None

    @property
    def inside_another(self) -> bool:
        """Whether the name also names the body it belongs to (理工大学城市学院, Institute, X University)."""
        return len(self.levels) > 1


@lru_cache(maxsize=1)
def glossary() -> dict[str, Term]:
    """Chinese words of names by their text, as written in `chinese_terms.csv`."""
    return {
        row["term"]: Term(
            row["term"],
            row["kind"],
            frozenset(_SAME_WORD.get(word, word) for word in row["english"].split("|")),
            _SAME_WORD.get(usual := row["english"].split("|")[0], usual),
        )
        for row in _table("chinese_terms.csv")
    }


GENERIC_TERMS = GENERIC | {t.text for t in glossary().values() if t.kind in ("generic", "level")}
PLACES = frozenset(word for t in glossary().values() if t.kind == "place" for word in t.english)


@lru_cache(maxsize=1)
def _pinyin() -> dict[str, str]:
    readings: dict[str, str] = {}
    for line in (_HERE / "pinyin.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        syllable, characters = line.split(" ", 1)
        readings.update(dict.fromkeys(characters, syllable))
    return readings


def reading(character: str) -> str:
    """Return the usual Mandarin reading of a character without tone, ü as v; blank where it is not known."""
    return _pinyin().get(character.translate(_TRADITIONAL), "")


def readings() -> frozenset[str]:
    """Return all syllables that characters are read by here."""
    return frozenset(_pinyin().values())


def fold(text: str) -> str:
    """Lower-case, narrow, accent-free text with single blanks; simplified characters for traditional.

    >>> fold("Xi’an  Jiāotōng（北京）大學")
    'xian jiaotong 北京 大学'
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = _JOINERS.sub("", _COMBINING.sub("", folded))
    folded = unicodedata.normalize("NFC", folded).translate(_SPECIAL).translate(_TRADITIONAL)
    return " ".join(_WORD.findall(folded))


def chinese_place(place: str | None) -> str | None:
    """A city in Chinese characters without the ending of its rank (天津 of 天津市); else None.

    Two cities may be spelled alike (苏州 and 宿州 are both Suzhou), so characters decide where known.
    """
    folded = fold(place or "")
    return _PLACE_ENDING.sub("", folded) if _HAN.fullmatch(folded) else None


def fold_place(place: str | None) -> str | None:
    """A city in plain Latin letters, so that 天津市, Tianjin Shi and Тяньцзинь's Latin form can meet.

    Chinese names lose the ending of their rank and are spelled in pinyin; other scripts that cannot be
    spelled here are kept folded. None where nothing is said.
    """
    folded = fold(place or "")
    if not folded:
        return None
    if _HAN.fullmatch(folded):
        stem = _PLACE_ENDING.sub("", folded)
        term = glossary().get(stem)
        if term is not None:
            return term.usual
        return "".join(_pinyin().get(character, character) for character in stem)
    words = [w for w in folded.split() if w not in _PLACE_WORDS] or folded.split()
    return "".join(_CYRILLIC.get(c, c) for c in "".join(words))


def _cut(run: str) -> Iterator[Term]:
    """The longest glossary terms of a run of Chinese characters; other characters one by one."""
    terms = glossary()
    at = 0
    while at < len(run):
        for length in range(min(5, len(run) - at), 0, -1):
            term = terms.get(run[at : at + length])
            if term is not None:
                yield term
                at += length
                break
        else:
            yield Term(run[at], "sign", frozenset())
            at += 1


@lru_cache(maxsize=65536)
def read_name(text: str) -> Name:
    """Fold a name and sort its words; see `Name` for what each part means."""
    folded = fold(text)
    if _HAN.search(folded):
        return _read_chinese(text, folded)
    return _read_words(text, folded)


def _read_chinese(text: str, folded: str) -> Name:
    runs = "".join(folded.split())
    terms = tuple(term for run in _HAN.findall(runs) for term in _cut(run))
    others = {word for word in re.sub(_HAN, " ", folded).split() if word not in _STOP}
    numbers = {next(iter(t.english)) for t in terms if t.kind == "number"}
    numbers |= {_DIGITS[t.text] for t in terms if t.text in _DIGITS} | {w for w in others if w.isdigit()}
    content = {t.text for t in terms if t.kind in ("place", "subject", "sign", "number")} | others
    return Name(
        text=text,
        key="".join(t.text for t in terms if t.text not in "市省") + "".join(sorted(others)),
        han=True,
        acronym=False,
        words=frozenset(t.text for t in terms) | others,
        content=frozenset(content),
        levels=tuple(_chinese_level(t.text) for t in terms if t.kind == "level"),
        numbers=frozenset(numbers),
        vocational=any(t.text in ("职业", "职院", "职教") for t in terms),
        terms=terms,
        # A single sign may be a word (商, commerce) or part of a proper name (商丘, Shangqiu).
        syllables=tuple(_pinyin().get(t.text, "") for t in terms),
    )


def _chinese_level(text: str) -> str:
    if text == "大学":
        return "university"
    if text in ("研究院", "研究所", "科学院"):
        return "academy"
    if text in ("中学", "学校"):
        return "school"
    if text == "中心":
        return "centre"
    return "branch" if text in ("校区", "分校") else "college"


def _read_words(text: str, folded: str) -> Name:
    raw = _without_patron(_join_initials(folded.split()))
    words = [_SAME_WORD.get(w, w) for w in raw if w not in _STOP] or raw
    numbers = {_ORDINALS[w] for w in words if w in _ORDINALS} | {w for w in words if w.isdigit()}
    levels: list[str] = []
    for place, word in enumerate(words):
        # "University College" is one level, not a college inside a university.
        one_level = word == "university" and words[place + 1 : place + 2] == ["college"]
        if word in LEVELS and word not in levels and not one_level:
            levels.append(word)
    letters = "".join(raw)
    return Name(
        text=text,
        key="".join(words),
        han=False,
        acronym=len(raw) == 1 and len(letters) <= 7 and sum(c.isupper() for c in text) >= 2,
        words=frozenset(words),
        content=frozenset(w for w in words if w not in GENERIC),
        levels=tuple(levels),
        numbers=frozenset(numbers),
        vocational="vocational" in words,
    )


def _without_patron(words: list[str]) -> list[str]:
    """The words before "named after", which many files leave out with the person that follows."""
    for place, word in enumerate(words):
        if place > 1 and word in _NAMED_AFTER:
            return words[:place]
    return words


def _join_initials(words: list[str]) -> list[str]:
    """Single letters that follow each other are one word: E. S. Kinazi is ES Kinazi."""
    joined: list[str] = []
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(word)
    return [*joined, run] if run else joined
