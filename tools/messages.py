"""The catalogues of translations, one per room and language, without GNU gettext.

  python tools/messages.py collect [ROOM…]   write what is to be translated, keeping translations
  python tools/messages.py check             fail on what is missing, stale, fuzzy or loses a placeholder
  python tools/messages.py compile           make the form Django reads

Entries are sorted and carry neither line numbers nor dates, so that a catalogue changes only when its words do.
A text that another room has translated already takes over that translation.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, normalize, read_po
from words import NotWhole, Word, of_room

from sunmao.site.catalogues import compile_all

LOWEST = "kernel sources directory people"
ROOMS = Path(__file__).resolve().parents[1] / "src" / "sunmao"


@dataclass(frozen=True)
class Language:
    """A language of the interface: its plural rule, how many forms that has, the letters it is written in."""

    code: str
    forms: int
    rule: str
    letters: str


LANGUAGES = (
    Language("zh_Hans", 1, "nplurals=1; plural=0;", r"[\u3400-\u9fff]"),
    Language(
        "ru",
        3,
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
        r"[\u0400-\u04ff]",
    ),
)
_PLACEHOLDER = re.compile(r"%\(([^)]*)\)[sd]|\{(\w*)\}")

Translations = dict[Word, tuple[str, ...]]


def rooms(root: Path = ROOMS) -> list[Path]:
    """Return the rooms, the lowest first: where two say the same text, the lower one's words hold (LOCALE_PATHS)."""
    found = [path for path in root.iterdir() if (path / "__init__.py").exists()]
    return sorted(found, key=lambda path: (path.name not in LOWEST, LOWEST.find(path.name), path.name))


def place_of(room: Path, language: Language) -> Path:
    return room / "locale" / language.code / "LC_MESSAGES" / "django.po"


def _entries(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def read(place: Path) -> tuple[Translations, set[Word]]:
    """Return a catalogue's translations and those of its words marked fuzzy; both empty where there is no file."""
    if not place.exists():
        return {}, set()
    with place.open("rb") as given:
        catalogue = read_po(given, abort_invalid=True)
    found: Translations = {}
    fuzzy = set()
    for message in _entries(catalogue):
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        word = Word(*ids, context=message.context or "")
        found[word] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        if message.fuzzy:
            fuzzy.add(word)
    return found, fuzzy


def write(place: Path, words: set[Word], known: Translations, language: Language) -> None:
    """Write a catalogue of these words with the translations known, sorted by text."""
    lines = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {language.code}\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        f'"Plural-Forms: {language.rule}\\n"',
    ]
    for word in sorted(words):
        lines.append("")
        if word.context:
            lines.append(f"msgctxt {normalize(word.context, width=0)}")
        lines.append(f"msgid {normalize(word.text, width=0)}")
        said = known.get(word, ())
        if word.plural:
            lines.append(f"msgid_plural {normalize(word.plural, width=0)}")
            said = (*said, *[""] * language.forms)[: language.forms]
            lines += [f"msgstr[{number}] {normalize(text, width=0)}" for number, text in enumerate(said)]
        else:
            lines.append(f"msgstr {normalize(said[0] if said else '', width=0)}")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("\n".join(lines) + "\n", encoding="utf-8")


def collect(root: Path = ROOMS, only: tuple[str, ...] = ()) -> dict[str, int]:
    """Bring all catalogues (or only those of some rooms) in step with the code.

    Return per catalogue how many words wait for a translation.
    """
    waiting = {}
    for language in LANGUAGES:
        elsewhere: Translations = {}
        own = {}
        for room in rooms(root):
            own[room] = read(place_of(room, language))[0]
            elsewhere |= {word: said for word, said in own[room].items() if all(said)}
        for room in rooms(root):
            if only and room.name not in only:
                continue
            words, place = of_room(room), place_of(room, language)
            if not words:
                place.unlink(missing_ok=True)
                continue
            known = elsewhere | {word: said for word, said in own[room].items() if all(said)}
            write(place, words, known, language)
            count = sum(not all(known.get(word, ("",))) for word in words)
            if count:
                waiting[f"{room.name} {language.code}"] = count
    return waiting


def faults(root: Path = ROOMS) -> Iterator[str]:
    """Yield in words what is wrong with the catalogues."""
    for language in LANGUAGES:
        first: dict[Word, tuple[str, tuple[str, ...]]] = {}
        for room in rooms(root):
            where = f"{room.name} {language.code}"
            try:
                words, (said, fuzzy) = of_room(room), read(place_of(room, language))
            except (NotWhole, PoFileError) as error:
                yield f"{where}: {error}"
                continue
            yield from (f"{where}: not in the catalogue: {word.text!r}" for word in sorted(words - said.keys()))
            yield from (f"{where}: stale: {word.text!r}" for word in sorted(said.keys() - words))
            yield from (f"{where}: fuzzy: {word.text!r}" for word in sorted(fuzzy))
            for word in sorted(words & said.keys()):
                fault = wrong(word, said[word], language)
                if fault:
                    yield f"{where}: {fault}: {word.text!r}"
                if not all(said[word]):
                    continue
                other, before = first.setdefault(word, (room.name, said[word]))
                if before != said[word]:
                    yield f"{where}: said otherwise than in {other} ({before[0]!r}): {word.text!r}"


def wrong(word: Word, said: tuple[str, ...], language: Language) -> str:
    """Return what is wrong with one translation, or nothing."""
    if not all(said):
        return "not translated"
    if word.plural and len(said) != language.forms:
        return f"needs {language.forms} plural forms, has {len(said)}"
    asked = _placeholders(word.text) | _placeholders(word.plural)
    for text in said:
        given = _placeholders(text)
        # One form of a plural may say its number in words, as English does in "one record".
        if given - asked or (asked - given and not (word.plural and asked - given <= {"count"})):
            return f"placeholders differ ({', '.join(sorted(given ^ asked))})"
    plain = _PLACEHOLDER.sub("", word.text)
    if re.search(r"[a-z]{3}", plain) and not any(re.search(language.letters, text) for text in said):
        return "not in the letters of the language"
    return ""


def _placeholders(text: str) -> set[str]:
    return {named or f"{{{braced}}}" for named, braced in _PLACEHOLDER.findall(text)}


def main(words: list[str]) -> int:
    match words:
        case ["collect", *only]:
            waiting = collect(only=tuple(only))
            for name, count in waiting.items():
                print(f"{name}: {count} to translate")
            return 0
        case ["check"]:
            found = list(faults())
            print("\n".join(found) if found else "catalogues: whole")
            return 1 if found else 0
        case ["compile"]:
            print(f"{compile_all()} catalogues compiled")
            return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
