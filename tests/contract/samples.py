"""One sample per desk, made through the rooms' own deeds: owned by the home college, in the least public state the
room knows, a canary word in every text.

A new desk needs one builder here (or in a neighbour `samples_*.py`): `@sample("slug")` over a function
`(world, word, n, parent) -> record`, where `word` is the canary, `n` its number, and `parent` the record of the desk
named in `under` that it shall hang on, or None to make one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any

import cast

from sunmao.directory import actions as directory
from sunmao.directory.countries import codes
from sunmao.directory.models import (
    Bloc,
    BlocMember,
    Context,
    ContextCitation,
    CountryName,
    Doubt,
    Merge,
    Organisation,
    OrganisationName,
    OutsideId,
)
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.people.models import Membership, Person
from sunmao.sources.models import Document

CANARY = re.compile(r"kq[a-z]{8}\d{3}z")
NEIGHBOURS = (
    "contract.samples_cooperation",
    "contract.samples_figures",
    "contract.samples_building",
    "contract.samples_awards",
    "contract.samples_learners",
    "contract.samples_recognition",
)


@dataclass(frozen=True)
class Sample:
    """How the sample of a desk is made, and the desk whose records it hangs on."""

    make: Callable[..., Any]
    under: str = ""


SAMPLES: dict[str, Sample] = {}


def sample(slug: str, *, under: str = "") -> Callable[[Any], Any]:
    """Name a function as the builder of a desk's samples."""

    def keep(make: Any) -> Any:
        SAMPLES[slug] = Sample(make, under)
        return make

    return keep


def canary(slug: str, n: int = 1) -> str:
    """Return the word that stands in every text of a desk's n-th sample and nowhere else. The words of two desks
    are nothing like each other, so that a search which forgives slips of the pen does not take one for the other."""
    return f"{_letters(slug)}{n:03d}"


def _letters(text: str) -> str:
    return "".join(chr(ord("a") + byte % 26) for byte in sha256(text.encode()).digest()[:11])


def build(world: Any, slug: str, n: int = 1, parent: Any = None) -> Any:
    """Return the n-th sample of a desk, newly made."""
    return SAMPLES[slug].make(world, canary(slug, n), n, parent)


def words(word: str) -> Texts:
    return Texts.of({"en": f"{word} in English", "zh": f"{word} 中文", "ru": f"{word} по-русски"})


def above(word: str) -> str:
    """Return the word for what a sample hangs on, which others may see although the sample is hidden. It is nothing like
    the sample's own, nor is the word for what stands above that."""
    return f"above{_letters(word)}"


def keep(record: Any, world: Any, role: str = "officer") -> Any:
    return changes.save(record, by=world.actor(role))


def document(world: Any, word: str) -> Document:
    made = Document(
        title=words(word), outlet=f"{word} daily", published=When.read("2024-05"), language="en", note=words(word),
        address=f"https://{word}.example.org/page",
    )  # fmt: skip
    return keep(made, world)


@sample("documents")
def _document(world: Any, word: str, n: int, parent: Any) -> Any:
    return document(world, word)


# The directory. The first sample of an organisation is the home college itself.


@sample("organisations")
def _organisation(world: Any, word: str, n: int, parent: Any) -> Any:
    if n > 1:
        return cast.organisation(
            f"{word} college", country=codes()[n % 40], city=word, website=f"https://{word}.example.org"
        )
    found = Organisation.objects.get(pk=world.home.pk)
    found.city, found.website, found.level = word, f"https://{word}.example.org", word
    return directory.keep(found, by=world.actor("officer"))


def _house(world: Any, word: str, n: int) -> Any:
    return world.home if n == 1 else cast.organisation(f"House of {above(word)}", country="CN")


@sample("organisation-names", under="organisations")
def _name(world: Any, word: str, n: int, parent: Any) -> Any:
    made = OrganisationName(
        organisation=parent or _house(world, word, n), text=f"{word} academy", language="en", used=When.read("2010")
    )
    return keep(made, world)


@sample("outside-ids", under="organisations")
def _outside_id(world: Any, word: str, n: int, parent: Any) -> Any:
    return keep(OutsideId(organisation=parent or _house(world, word, n), scheme="other", value=word), world)


@sample("doubts")
def _doubt(world: Any, word: str, n: int, parent: Any) -> Any:
    held = {
        "number": n, "fields": {"city": word, "country": "CN"}, "title": {"en": f"{word} college"},
        "names": [["en", "official", f"{word} college"]], "ids": {"other": f"{word}-id"},
    }  # fmt: skip
    made = Doubt(
        organisation=_house(world, word, n), held=held, score=0.9 - n / 1000, reasons=[["same_city", {"city": word}]]
    )
    return keep(made, world, "secretariat")


@sample("merges")
def _merge(world: Any, word: str, n: int, parent: Any) -> Any:
    gone = cast.organisation(f"{above(word)} twin", country="CN")
    directory.merge(gone, into=_house(world, word, n), why=word, by=world.actor("secretariat"))
    return Merge.objects.get(gone=gone)


@sample("blocs")
def _bloc(world: Any, word: str, n: int, parent: Any) -> Any:
    return keep(Bloc(title=words(word), acronym=word[-20:], source=word), world, "secretariat")


@sample("bloc-members", under="blocs")
def _bloc_member(world: Any, word: str, n: int, parent: Any) -> Any:
    bloc = parent or _bloc(world, above(word), n, None)
    return keep(BlocMember(bloc=bloc, country=codes()[n % len(codes())], since=When.read("2001")), world, "secretariat")


@sample("country-names")
def _country_name(world: Any, word: str, n: int, parent: Any) -> Any:
    return keep(CountryName(country=codes()[(n + 60) % len(codes())], title=words(word)), world, "secretariat")


@sample("contexts")
def context(world: Any, word: str, n: int, parent: Any = None) -> Any:
    made = Context(
        title=words(word), kind="reform", text=words(word), country=codes()[n % len(codes())], organisation=parent,
        as_of=When.read("2024"),
    )  # fmt: skip
    return keep(made, world, "secretariat")


@sample("context-citations", under="contexts")
def _context_citation(world: Any, word: str, n: int, parent: Any) -> Any:
    above_it = parent or context(world, above(word), n)
    made = ContextCitation(
        record=above_it, document=document(world, above(word).replace(" ", "")), passage=word, as_said=word,
        says=words(word),
    )  # fmt: skip
    return keep(made, world, "secretariat")


# People. The sample is a teacher of the home college.


@sample("people")
def _person(world: Any, word: str, n: int, parent: Any) -> Any:
    made = keep(Person(name=words(word), email=f"{word}@example.org", post=words(word)), world, "secretariat")
    keep(Membership(person=made, organisation=world.home, role="teacher"), world, "secretariat")
    return made


@sample("memberships", under="people")
def _membership(world: Any, word: str, n: int, parent: Any) -> Any:
    held = parent or keep(Person(name=words(word)), world, "secretariat")
    role = "director" if parent is None else "teacher"
    return keep(Membership(person=held, organisation=_house(world, word, n), role=role), world, "secretariat")


for neighbour in NEIGHBOURS:
    import_module(neighbour)
