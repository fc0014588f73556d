"""One text in several languages: {language: {"text": ..., "state": draft | machine | accepted}}."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

STATES = ("draft", "machine", "accepted")
_CLOSE = {"zh-hans": "zh", "zh-hant": "zh", "zh-cn": "zh", "uz-cyrl": "uz"}
_FALLBACK = ("en", "und", "zh", "ru")
# The controls C0 and C1, and what turns round the letters after it (embeddings, overrides, isolates). The marks of
# direction U+200E and U+200F turn nothing that comes later and may stand.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def N_(text: str) -> str:
    """Mark a text to be translated by whoever shows it, where no language is known yet."""
    return text


def short(language: str | None) -> str:
    """Return the code texts are held under: `zh` for `zh-hans`, `ru` for `ru-RU`."""
    code = (language or settings.LANGUAGE_CODE).lower()
    return _CLOSE.get(code, code.split("-")[0] if code != "uz-cyrl" else code)


def storable(value: Any) -> bool:
    """True where every text inside a JSON value can be kept: no null character and no half of a surrogate pair."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, Mapping):
        return all(storable(name) and storable(item) for name, item in value.items())
    return all(storable(item) for item in value) if isinstance(value, list | tuple) else True


def steers(value: Any) -> bool:
    """True where a text of one line, or one of `Texts`, holds a control character: nobody sees it, and it can make a
    name read as another."""
    if isinstance(value, Mapping):
        return any(steers(entry["text"] if isinstance(entry, Mapping) else entry) for entry in value.values())
    return isinstance(value, str) and bool(_STEERING.search(value))


def plain_line(value: Any, longest: int = 500) -> str:
    """Return what somebody wrote into a plain field as one text that can be kept, cut to `longest` letters."""
    return "".join(letter for letter in str(value or "") if storable(letter)).strip()[:longest]


class Texts(dict[str, dict[str, str]]):
    """A mapping of language code to text and state; falsy when no language has any text."""

    @classmethod
    def of(cls, mapping: Mapping[str, Any] | str | None = None, /, **texts: str) -> "Texts":
        """Build from {"en": "..."} or {"en": {"text": ..., "state": ...}}; blank texts are left out. Languages come in
        the order of their codes, whichever order the database gives them back in."""
        if isinstance(mapping, str):
            mapping = {"en": mapping}
        out = cls()
        for language, value in sorted({**(mapping or {}), **texts}.items()):
            entry = value if isinstance(value, Mapping) else {"text": value}
            if str(entry.get("text") or "").strip():
                out[language] = {
                    "text": str(entry["text"]).strip(),
                    "state": entry.get("state") or "accepted",
                }
        return out

    @classmethod
    def kept(cls, mapping: Mapping[str, Any] | None) -> "Texts":
        """Return what `of` makes of a mapping that was kept as one made it: its texts are not looked at again."""
        for entry in (mapping or {}).values():
            if type(entry) is not dict or len(entry) != 2:
                return cls.of(mapping)
        if not mapping:
            return cls()
        return cls(mapping if len(mapping) == 1 else sorted(mapping.items()))

    def best(self, language: str | None = None) -> tuple[str, str]:
        """Return (text, its language): the reader's language, then English, Chinese, Russian, then any."""
        if not self:
            return "", ""
        wanted = short(language or get_language())
        for code in (wanted, *_FALLBACK, next(iter(self))):
            if code in self:
                return self[code]["text"], code
        raise AssertionError("unreachable: the first key is always found")

    def others(self, language: str | None = None) -> list[tuple[str, str]]:
        """Return the remaining (text, language) pairs that differ from the best one."""
        text, code = self.best(language)
        return [(entry["text"], key) for key, entry in self.items() if key != code and entry["text"] != text]

    def __str__(self) -> str:
        return self.best()[0]
