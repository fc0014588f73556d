"""JSON-LD contexts, known by their SHA-256 and never fetched.

The texts come from installed packages (openbadgeslib ships them, PyLD ships those of the first data
model). A context that no package ships, such as the W3C examples context of the official test vectors,
is found in a folder the user names in ``SUNMAO_CONTEXTS``: a file there counts as the context whose hash
it has, whatever it is called.
"""

import hashlib
import importlib.util
import json
import os
import re
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sunmao.vc.errors import CannotCheck, VcError

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_ALIAS = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"
_PURL = "https://purl.imsglobal.org/spec/"
CLR = _PURL + "clr/v2p0/context-2.0.1.json"

_OPEN_BADGES_ALIAS_FIRST = OPEN_BADGES_ALIAS + "#first"
_BADGES = "openbadgeslib.ob3/contexts"
_PYLD = "pyld.documentloader/frozen/bundled"
# Where each register serves the terms of its crosswalk credentials; they are terms of that address. The text is one and
# the same but for the address, so it is known here whatever register a credential comes from, and never asked for.
CROSSWALK_PATH = "/contexts/crosswalk/v1"
_CROSSWALK = re.compile(rf"https?://[^\s?#<>\"\\]{{1,250}}{CROSSWALK_PATH}\Z")
_CROSSWALK_TEXT = "crosswalk-v1.jsonld"
_CROSSWALK_SHA256 = "3050f929679d110b38186abdc6f2e43479441ce689119278c14ce5a4d77d1c06"
# Where a shipped text lies: address -> package/folder, file, SHA-256.
SHIPPED: dict[str, tuple[str, str, str]] = {
    CREDENTIALS_V2: (
        _BADGES,
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    CREDENTIALS_V1: (
        _PYLD,
        "credentials-v1.jsonld",
        "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8",
    ),
    OPEN_BADGES: (
        _BADGES,
        "ob-v3p0-context-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    OPEN_BADGES_ALIAS: (
        _BADGES,
        "ob-v3p0-context-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    _PURL + "ob/v3p0/context-3.0.2.json": (
        _BADGES,
        "ob-v3p0-context-3.0.2.json",
        "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
    ),
    _PURL + "ob/v3p0/context-3.0.1.json": (
        _BADGES,
        "ob-v3p0-context-3.0.1.json",
        "5f3d9dd6288ef437ff8286cf95ffbff609c748a66f24a1e9450c45ca64be1571",
    ),
    _PURL + "ob/v3p0/extensions.json": (
        _BADGES,
        "ob-v3p0-extensions.json",
        "87c06c81bc2317663bf288d740d94fddd2818c4342b186270ff6371dfaa63f93",
    ),
    CLR: (
        _BADGES,
        "clr_context_2.0.1.json",
        "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",
    ),
    DATA_INTEGRITY: (
        _BADGES,
        "security-data-integrity-v2.json",
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
    ),
    "https://w3id.org/security/multikey/v1": (
        _BADGES,
        "security-multikey-v1.json",
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
    ),
    "https://w3id.org/security/suites/ed25519-2020/v1": (
        _PYLD,
        "security-ed25519-2020-v1.jsonld",
        "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
    ),
    "https://www.w3.org/ns/did/v1": (
        _PYLD,
        "did-v1.jsonld",
        "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f",
    ),
}
# Known by their hash, accepted from the user's folder only.
KNOWN_BY_HASH: dict[str, tuple[str, ...]] = {
    "https://www.w3.org/ns/credentials/examples/v2": (
        "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c",
    ),
    "https://www.w3.org/ns/credentials/undefined-terms/v2": (
        "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581",
    ),
    _OPEN_BADGES_ALIAS_FIRST: ("b077fa134d909d92c1dcd1c153f2af1b244aeb415967fdc1467d7fc5dd48ac10",),
}
# The first printing of the 3.0.3 context lacks endorsementJwt and jti and is equal otherwise, so whatever
# was signed under it has the same meaning under the printing shipped here.
OPEN_BADGES_FIRST_PRINTING = "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761"
# What the examples of the standards are written in. A catch-all vocabulary hides misspelt terms, so only
# what is for testing knows it by itself.
EXAMPLES: dict[str, Any] = {
    "https://www.w3.org/ns/credentials/examples/v2": {
        "@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
    }
}
MAX_CONTEXT_BYTES = 1024 * 1024
FOLDER_SETTING = "SUNMAO_CONTEXTS"


def _new_cache() -> MutableMapping[Any, Any]:
    from cachetools import LRUCache

    return LRUCache(maxsize=100)


@dataclass(frozen=True)
class Contexts:
    """The contexts one verification may use: what is shipped, and ``extra`` (address -> document)."""

    extra: Mapping[str, Any] = field(default_factory=dict)
    # What the expander has already worked out for these contexts; never shared between two sets.
    cache: MutableMapping[Any, Any] = field(default_factory=_new_cache, compare=False, repr=False)
    scopes: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def document(self, url: str) -> Any:
        """Return the context document of an address; raise CannotCheck naming an unknown one."""
        if self.extra.get(url) is not None:
            return self.extra[url]
        if url in SHIPPED and url not in self.extra:
            return _shipped(url)
        if is_crosswalk_context(url):
            return crosswalk_context(url)
        raise CannotCheck("context_unknown", url=url[:200])

    def for_document(self, document: Mapping[str, Any]) -> "Contexts":
        """Return the contexts as a document of its data model means them.

        The unversioned address of Open Badges moved on: badges of data model 1.1 mean its first text,
        which no package ships.
        """
        value = document.get("@context")
        first = value[0] if isinstance(value, list) and value else value
        if first != CREDENTIALS_V1 or self.extra.get(OPEN_BADGES_ALIAS) is not None:
            return self
        return Contexts({**self.extra, OPEN_BADGES_ALIAS: self.extra.get(_OPEN_BADGES_ALIAS_FIRST)})


def default_contexts() -> Contexts:
    """Return the shipped contexts and those of the folder named in SUNMAO_CONTEXTS."""
    folder = os.environ.get(FOLDER_SETTING, "")
    return contexts_with_folder(folder) if folder else _SHIPPED_ONLY


@cache
def testing_contexts() -> Contexts:
    """Return the default contexts and that of the standards' own examples."""
    return Contexts({**EXAMPLES, **default_contexts().extra})


@cache
def contexts_with_folder(folder: str) -> Contexts:
    """Return the shipped contexts and those files below ``folder`` whose SHA-256 is known."""
    wanted = {digest: url for url, digests in KNOWN_BY_HASH.items() for digest in digests}
    extra: dict[str, Any] = {}
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file() and path.stat().st_size <= MAX_CONTEXT_BYTES:
            data = path.read_bytes()
            url = wanted.get(hashlib.sha256(data).hexdigest())
            if url:
                extra[url] = json.loads(data)
    return Contexts(extra)


@cache
def _shipped(url: str) -> Any:
    return json.loads(shipped_text(url))


def is_crosswalk_context(url: str) -> bool:
    """Say whether an address is that of a register's terms for crosswalks."""
    return bool(_CROSSWALK.match(url))


@lru_cache(maxsize=64)
def crosswalk_context(url: str) -> dict[str, Any]:
    """Return the context a register serves at this address."""
    data = (Path(__file__).parent / _CROSSWALK_TEXT).read_bytes()
    if hashlib.sha256(data).hexdigest() != _CROSSWALK_SHA256:
        raise VcError("context_changed", url=url[:200])
    found: dict[str, Any] = json.loads(data.decode("utf-8").replace("{here}", url))
    return found


def shipped_text(url: str) -> bytes:
    """Return the text of a shipped context, whose hash is checked."""
    place, name, digest = SHIPPED[url]
    data = (_package_folder(place) / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise VcError("context_changed", url=url)
    return data


@cache
def _package_folder(place: str) -> Path:
    """Return a folder inside an installed package without importing the package (imports cost start-up)."""
    package, _, folder = place.partition("/")
    root, *inner = package.split(".")
    spec = importlib.util.find_spec(root)
    if spec is None or not spec.submodule_search_locations:
        raise VcError("context_package_missing", package=root)
    return Path(next(iter(spec.submodule_search_locations)), *inner, *folder.split("/"))


_SHIPPED_ONLY = Contexts()
