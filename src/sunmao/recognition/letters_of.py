"""Letters of one alphabet in another, for names: facts of public standards and of passports.

Cyrillic: ICAO Doc 9303-3 (8th edition, table of section 6), BGN/PCGN, ISO 9 without its marks, the Uzbek Latin alphabet
of 1995, and French usage on older passports. Chinese: Hanyu Pinyin, and Palladius' system for Russian. Arabic: consonants.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

from sunmao.directory import naming

SINGLE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ə": "a", "ß": "ss"}
)
PASSPORT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "ñ": "nxx", "þ": "th", "ß": "ss", "æ": "ae"}
)

_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіўғқҳңүұөһәї"
_ICAO = "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia e i u g k kh n u u o h a i"
_BGN = "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya yo i o gh q h ng u u o h a yi"
_ISO = "a b v g d e z z i j k l m n o p r s t u f h c c s sc - y - e ju ja e i u g k h n u u o h a i"
_UZBEK = "a b v g d e j z i y k l m n o p r s t u f x ts ch sh sh - i - e yu ya yo i o g q h ng u u o h a yi"
_FRENCH = "a b v g d e j z i i k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia io i ou g k h n u u o h a i"
CYRILLIC = {
    name: {c: "" if said == "-" else said for c, said in zip(_LETTERS, row.split(), strict=True)}
    for name, row in {"passport": _ICAO, "bgn": _BGN, "iso": _ISO, "uzbek": _UZBEK, "french": _FRENCH}.items()
}

SOFT = re.compile("(^|[аеёиоуыэюяўъь])е")  # where е is said ye
SIMPLIFIED = str.maketrans(
    "歐張陳劉楊趙吳孫馬鄭謝韓馮許鄧葉蘇盧蔣賈鐘譚陸龍萬錢湯嚴賴顧龔鄒陽單區馬魯倫諸長東獨軒轅偉麗華國",
    "欧张陈刘杨赵吴孙马郑谢韩冯许邓叶苏卢蒋贾钟谭陆龙万钱汤严赖顾龚邹阳单区马鲁伦诸长东独轩辕伟丽华国",
)

# Family names that are not read as the character usually is, and those of two characters.
FAMILY = {
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "朴": "piao", "查": "zha", "盖": "ge", "任": "ren",
    "华": "hua", "乐": "yue", "冼": "xian", "尉": "yu", "缪": "miao", "翟": "zhai", "卜": "bu", "员": "yun", "吕": "lv",
}  # fmt: skip
DOUBLE = frozenset(
    [
        "欧阳",
        "司马",
        "诸葛",
        "上官",
        "夏侯",
        "皇甫",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "长孙",
        "东方",
        "独孤",
        "南宫",
        "尉迟",
        "宇文",
        "端木",
        "百里",
        "呼延",
        "拓跋",
        "轩辕",
        "申屠",
    ]
)
_INITIALS = {
    "zh": "чж", "ch": "ч", "sh": "ш", "b": "б", "p": "п", "m": "м", "f": "ф", "d": "д", "t": "т", "n": "н", "l": "л",
    "g": "г", "k": "к", "h": "х", "j": "цз", "q": "ц", "x": "с", "r": "ж", "z": "цз", "c": "ц", "s": "с", "": "",
}  # fmt: skip
_FINALS = {
    "a": "а", "o": "о", "e": "э", "i": "и", "ai": "ай", "ei": "эй", "ao": "ао", "ou": "оу", "an": "ань", "en": "энь",
    "ang": "ан", "eng": "эн", "ong": "ун", "ia": "я", "ie": "е", "iao": "яо", "iu": "ю", "ian": "янь", "in": "инь",
    "iang": "ян", "ing": "ин", "iong": "юн", "u": "у", "ua": "уа", "uo": "о", "uai": "уай", "ui": "уй", "uan": "уань",
    "un": "унь", "uang": "уан", "v": "юй", "ve": "юэ", "ue": "юэ", "er": "эр",
}  # fmt: skip
_ALONE = {
    "yi": "и", "ya": "я", "ye": "е", "yao": "яо", "you": "ю", "yan": "янь", "yin": "инь", "yang": "ян", "ying": "ин",
    "yong": "юн", "yu": "юй", "yue": "юэ", "yuan": "юань", "yun": "юнь", "wu": "у", "wa": "ва", "wo": "во", "wai": "вай",
    "wei": "вэй", "wan": "вань", "wen": "вэнь", "wang": "ван", "weng": "вэн", "hui": "хуэй", "ju": "цзюй", "qu": "цюй",
    "xu": "сюй", "juan": "цзюань", "quan": "цюань", "xuan": "сюань", "jun": "цзюнь", "qun": "цюнь", "xun": "сюнь",
    "jue": "цзюэ", "que": "цюэ", "xue": "сюэ", "zi": "цзы", "ci": "цы", "si": "сы", "lvyu": "люй", "lyu": "люй", "nyu": "нюй",
}  # fmt: skip
PALLADIUS = {
    initial + final: russian + _FINALS[final]
    for initial, russian in _INITIALS.items() for final in _FINALS
    if not (initial in ("j", "q", "x") and final[0] in "uaoe") and not (initial in ("", "zh", "ch", "sh", "r") and final == "v")
} | _ALONE  # fmt: skip
_KNOWN = frozenset(naming.readings())
FROM_PALLADIUS = {
    russian: syllable for syllable, russian in sorted(PALLADIUS.items(), reverse=True) if syllable in _KNOWN or syllable == "lv"
}  # fmt: skip

PATRONYMIC = re.compile(r"(?:[oeyi]?[vw](?:ich|itch|ic|na)|[iy]ch|in[iy]chna|ichna)$")
SON_OF = frozenset(
    [
        "ogli",
        "ugli",
        "oglu",
        "ugly",
        "qizi",
        "kizi",
        "kyzy",
        "qyzy",
        "gyzy",
        "uulu",
        "uly",
        "uli",
        "ogly",
        "ogluy",
        "ougli",
    ]
)
PARTICLES = frozenset(
    ["al", "el", "ul", "ibn", "bin", "ben", "bint", "binti", "ould", "wuld", "بن", "ابن", "بنت", "ال"]
)

ARABIC = {
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "h", "د": "d", "ذ": "d", "ر": "r", "ز": "z", "س": "s",
    "ش": "s", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "غ": "g", "ف": "f", "ق": "k", "ك": "k", "ل": "l", "م": "m",
    "ن": "n", "ه": "h", "پ": "b", "چ": "j", "ژ": "j", "گ": "g", "ک": "k",
}  # fmt: skip


def reading(character: str) -> str:
    """Return the usual pinyin of a character without tone, ü as v; blank where it is not known."""
    return naming.reading(character)


def bones(word: str) -> str:
    """Return the consonants of a Latin word as the Arabic script writes them, doubled ones once."""
    plain = word
    for group, one in (
        ("kh", "h"),
        ("gh", "g"),
        ("sh", "s"),
        ("ch", "s"),
        ("th", "t"),
        ("dh", "d"),
        ("dj", "j"),
        ("ph", "f"),
    ):
        plain = plain.replace(group, one)
    plain = plain.translate(str.maketrans("qcpvx", "kkbfh"))
    return bare_bones(re.sub("[aeiouyw]+", "", plain))


def bare_bones(consonants: str) -> str:
    """Return consonants with doubled ones once, and without an h at the end, which often stands for a vowel."""
    once = re.sub(r"(.)\1+", r"\1", consonants)
    return once[:-1] if len(once) > 2 and once.endswith("h") else once


# What a group of Latin letters can stand for, the longest group first: one sign a sound.
_SOUNDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("shch", ("W",)), ("chtch", ("W",)), ("tch", ("C",)), ("sch", ("S", "W")), ("dzh", ("J",)), ("iou", ("Yu",)),
    ("iu", ("Yu",)), ("yu", ("Yu",)), ("ju", ("Yu", "Ju")), ("ia", ("Ya",)), ("ya", ("Ya",)), ("ja", ("Ya", "Ja")),
    ("io", ("Yo",)), ("yo", ("Yo",)), ("jo", ("Yo", "Jo")), ("ie", ("e",)), ("ye", ("e",)), ("je", ("e", "Je")),
    ("iy", ("i",)), ("ii", ("i",)), ("ij", ("i",)), ("yi", ("i",)), ("yy", ("i",)),
    ("sh", ("S",)), ("ch", ("C", "S", "h")), ("zh", ("J",)), ("dj", ("J",)), ("kh", ("h",)), ("gh", ("g",)), ("ts", ("T",)),
    ("tz", ("T",)), ("ph", ("f",)), ("ck", ("k",)), ("ou", ("u",)), ("oo", ("u",)), ("ks", ("X",)),
    ("x", ("h", "X")), ("h", ("h",)), ("j", ("J", "i")), ("y", ("i",)), ("q", ("k",)), ("w", ("v",)), ("c", ("k", "T")),
)  # fmt: skip


@lru_cache(maxsize=4096)
def sounds(word: str) -> frozenset[str]:
    """Return what a word in Latin letters can sound like in Cyrillic; letters that are no group stand for themselves."""
    choices: list[tuple[str, ...]] = []
    at = 0
    while at < len(word) and len(choices) < 40:
        group = next(((g, said) for g, said in _SOUNDS if word.startswith(g, at)), (word[at], (word[at],)))
        choices.append(group[1])
        at += len(group[0])
    found = itertools.islice(itertools.product(*choices), 64)
    return frozenset(re.sub(r"([a-z])\1+", r"\1", "".join(said)) for said in found)
