"""Documents that try what JSON-LD allows and what it forbids: real ones, and mutants of them."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sunmao.vc import keys
from sunmao.vc.contexts import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY, EXAMPLES, OPEN_BADGES
from tests.vc import shape_cast

KEY = keys.PrivateKey(bytes(range(32)))
CONTEXTS = (
    CREDENTIALS_V2, CREDENTIALS_V1, OPEN_BADGES, DATA_INTEGRITY, *EXAMPLES, "https://unknown.example/", "relative", None, [], {},
    {"@vocab": "https://example.org/v#"}, {"@vocab": ""}, {"@vocab": None}, {"@language": "de"}, {"@language": "EN-us"},
    {"@language": "no language"}, {"@language": None}, {"@version": 1.1}, {"@version": 1.0}, {"@base": "https://base.example/"},
    {"@base": None}, {"@direction": "rtl"}, {"@propagate": False}, {"@propagate": False, "note": "urn:x:note"},
    {"@import": CREDENTIALS_V2}, {"@protected": True, "note": "urn:x:note"}, {"note": "urn:x:other"}, {"name": "urn:x:name"},
    {"name": "https://schema.org/name"}, {"name": None}, {"note": None}, {"@context": {"note": "urn:x:note"}},
    {"x": "https://example.org/x#", "note": "x:note"}, {"x": {"@id": "urn:x:", "@prefix": True}}, {"did": "https://example.org/did/"},
    {"urn": "https://example.org/u/"}, {"note": {"@id": "urn:x:note", "@type": "@id"}}, {"note": {"@id": "urn:x:note", "@type": "@vocab"}},
    {"note": {"@id": "urn:x:note", "@type": "@json"}}, {"note": {"@id": "urn:x:note", "@type": "@none"}},
    {"note": {"@id": "urn:x:note", "@type": "http://www.w3.org/2001/XMLSchema#double"}},
    {"note": {"@id": "urn:x:note", "@type": "http://www.w3.org/2001/XMLSchema#string"}},
    {"note": {"@id": "urn:x:note", "@container": "@list"}}, {"note": {"@id": "urn:x:note", "@container": "@set"}},
    {"note": {"@id": "urn:x:note", "@container": "@language"}}, {"note": {"@id": "urn:x:note", "@container": "@index"}},
    {"note": {"@id": "urn:x:note", "@container": "@id"}}, {"note": {"@id": "urn:x:note", "@container": "@type"}},
    {"note": {"@id": "urn:x:note", "@container": "@graph"}}, {"note": {"@id": "urn:x:note", "@container": ["@graph", "@set"]}},
    {"note": {"@id": "urn:x:note", "@container": ["@language", "@set"]}}, {"note": {"@id": "urn:x:note", "@language": "fr"}},
    {"note": {"@id": "urn:x:note", "@language": None}}, {"note": {"@id": "urn:x:note", "@direction": "rtl"}},
    {"note": {"@reverse": "urn:x:note"}}, {"note": "@nest"}, {"note": {"@id": "urn:x:note", "@nest": "@nest"}},
    {"note": {"@id": "urn:x:note", "@context": {"name": "urn:x:inner", "id": "@id"}}},
    {"note": {"@id": "urn:x:note", "@context": None}}, {"note": {"@id": "urn:x:note", "@context": {"note": "urn:x:deep"}}},
    {"note": {"@id": "urn:x:note", "@context": {"note": {"@id": "urn:x:deep", "@type": "@id"}}}},
    {"note": {"@id": "urn:x:note", "@context": {"note": {"@id": "urn:x:deep", "@container": "@list"}}}},
    {"Kind": {"@id": "urn:x:Kind", "@context": {"note": "urn:x:ofKind", "word": "urn:x:word"}}},
    {"Kind": {"@id": "urn:x:Kind", "@context": {"type": "urn:x:type"}}}, {"Kind": {"@id": "urn:x:Kind", "@context": {"note": "@type"}}},
    {"Kind": {"@id": "urn:x:Kind", "@context": {"@propagate": True, "note": "urn:x:far"}}},
    {"Kind": {"@id": "urn:x:Kind", "@context": None}}, {"Kind": "urn:x:Kind"}, {"value": "@value"}, {"lang": "@language"},
    {"one": "@id", "two": "@type"}, {"note": "@graph"}, {"note": "@included"}, {"issuer": "urn:x:issuer"}, {"note": "cred:x"},
    {"Until": {"@id": "https://www.w3.org/2018/credentials#validUntil"}}, {"note": "_:note"}, {"a": "b", "b": "a"}, 7, "", [[]],
)  # fmt: skip
NAMES = (
    "note", "word", "name", "Kind", "id", "type", "@id", "@type", "@value", "@language", "@graph", "@list", "@set", "@reverse",
    "@included", "@nest", "@index", "@none", "@context", "issuer", "validUntil", "credentialStatus", "statusPurpose", "Until",
    "urn:x:p", "x:p", "schema:name", "https://schema.org/name", "https://www.w3.org/2018/credentials#validUntil", "proof",
    "achievement", "image", "endorsement", "alignment", "result", "creditsAvailable", "allowedValue", "resultDescription", "value",
    "lang", "one", "two", "_:p", "", "a b", "proofPurpose", "tag", "criteria", "address", "jsonSchema", "description", "@foo", ":",
)  # fmt: skip
SCALARS = (
    "", "text", "Kind", "Achievement", "urn:x:1", "https://example.org/a", "https://example.org/a b", "_:b0", "@id", "@type", "@none",
    "x:y", "did:key:z6Mk", "name", "a:b", ":", "://", "urn:", "relative/path", "\x00\x7f\"\\\n", "\ud800", "\ufffe", "é", "true", None, True,
    False, 0, 1, -1, 1.0, 1.5, 1e21, 1e-7, 2**53, 2**60, 1e300, 0.1, "1.5", "en", "EN-us", "assertionMethod",
)  # fmt: skip


def values(draw: random.Random) -> Any:
    """Return a value from anywhere."""
    scalar = draw.choice(SCALARS)
    return draw.choice((
        scalar, scalar, [], {}, [scalar, draw.choice(SCALARS)], [[scalar]], {"@value": scalar}, {"@value": "v", "@language": scalar},
        {"@value": "v", "@language": "ar", "@direction": draw.choice(("rtl", "ltr", "up", None))}, {"@value": "v", "@direction": "rtl"},
        {"@value": scalar, "@type": draw.choice(SCALARS)}, {"@value": "v", "type": "urn:x:t"}, {"@list": [scalar]}, {"@set": [scalar]},
        {"@id": "urn:x:1"}, {"id": scalar}, {"type": scalar}, {"type": ["Kind", scalar], "note": "n"}, {"name": scalar}, {"en": scalar, "zh": ["一", "二"]},
        {"note": scalar}, {"note": {"note": scalar}}, {"type": "Kind", "note": {"note": scalar, "name": "n"}}, {"id": "urn:x:same", "name": scalar},
        {"@context": copy.deepcopy(draw.choice(CONTEXTS)), "note": scalar}, {"@graph": [{"name": scalar}]}, {"issuer": scalar}, {"@type": "@json", "@value": {"a": [1]}},
        [{"id": "urn:x:1"}, {"id": "urn:x:1"}, scalar], {"type": "BitstringStatusListEntry", "statusPurpose": scalar, "id": "urn:x:e"},
        [{"name": "a"}, {"name": "a"}], {"@index": "i", "note": scalar}, {"value": scalar}, {"a": {"b": [scalar, 1.5, {}]}},
        {"type": ["Achievement", "Profile"], "name": scalar}, {"one": "urn:x:1", "two": "Kind"}, {"@value": "v", "@language": "de", "@type": "urn:x"},
    ))  # fmt: skip


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every container in a value with each of its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield value, key
        yield from places(inner)


def mutant(draw: random.Random, document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with one to three things changed in it."""
    result = copy.deepcopy(document)
    for _turn in range(draw.choice((1, 1, 1, 1, 2, 2, 3))):
        found = list(places(result))
        objects = [result, *(holder[key] for holder, key in found if isinstance(holder[key], dict))]
        how = draw.randrange(8)
        if how == 0:
            holder, key = draw.choice(found)
            del holder[key]
        elif how in (1, 2):
            holder, key = draw.choice(found)
            holder[key] = values(draw)
        elif how == 3:
            draw.choice(objects)[draw.choice(NAMES)] = values(draw)
        elif how == 4:
            context = result.get("@context")
            result["@context"] = [
                *(context if isinstance(context, list) else [context]),
                copy.deepcopy(draw.choice(CONTEXTS)),
            ]
            draw.choice(objects)[draw.choice(("note", "word", "name"))] = values(draw)
        elif how == 5:
            draw.choice(objects)["@context"] = copy.deepcopy(draw.choice(CONTEXTS))
        elif how == 6:
            holder, key = draw.choice(found)
            draw.choice(objects)[draw.choice(NAMES)] = copy.deepcopy(holder[key])
        else:
            one = draw.choice(objects)
            if one:
                key = draw.choice(list(one))
                one[draw.choice(NAMES)] = one.pop(key)
        result.setdefault("@context", [CREDENTIALS_V2])
        if len(json.dumps(result)) > 20_000:
            return copy.deepcopy(document)
    return result


def simple() -> dict[str, Any]:
    """Return a credential that needs few contexts."""
    return {"@context": [CREDENTIALS_V2], "type": "VerifiableCredential", "name": "n", "issuer": "urn:x:1"}


def made() -> list[dict[str, Any]]:
    """Return documents as they are issued here."""
    plain = shape_cast.sample()
    noted = plain | {
        "@context": [*plain["@context"], {"note": {"@id": "urn:x:note", "@container": "@list"}}],
        "note": ["a", 1],
    }
    return [plain, shape_cast.endorsed(plain, KEY), noted]  # fmt: skip


def read(folder: Path) -> list[dict[str, Any]]:
    """Return the documents with a context below a folder."""
    found = []
    for path in sorted([*folder.rglob("*.json"), *folder.rglob("*.jsonld")]):
        if path.stat().st_size < 200_000:
            try:
                value = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                continue
            if isinstance(value, dict) and "@context" in value:
                found.append(value)
    return found
