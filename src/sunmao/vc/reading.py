"""What the JSON seems to say must be what was signed.

An RDF proof covers statements, not spellings: a holder could spell ``validUntil`` by its full address, by a
term of his own context, or inside another object with the same id, and the proof would still hold while a
reader of the JSON sees no end date. Dates, status, issuer and subject must therefore stand in the JSON
under their usual names, exactly as often and in the same place as in the signed statements.
"""

from collections import Counter
from typing import Any

from sunmao.vc.errors import VcError

_CREDENTIALS = "https://www.w3.org/2018/credentials#"
_STATUS = "https://www.w3.org/ns/credentials/status#"
LIFECYCLE = {
    _CREDENTIALS + name: name
    for name in (
        "validFrom",
        "validUntil",
        "issuanceDate",
        "expirationDate",
        "credentialStatus",
        "credentialSubject",
        "issuer",
    )
}
STATUS = {
    _STATUS + name: name
    for name in ("statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "encodedList")
}
USUAL = LIFECYCLE | STATUS
USUAL_NAMES = frozenset(USUAL.values())
STATUS_NAMES = frozenset(STATUS.values())
# Value objects keep their keywords; every other keyword has a plain name.
_JSON_KEYWORDS = {"@context", "@value", "@language", "@direction"}


def check_reading(document: dict[str, Any], expanded: list[Any]) -> None:
    """Raise VcError when a decisive term is spelled or placed so that plain readers of the JSON miss it."""
    named = _named(document)
    meant: Counter[str] = Counter()
    status_ids: list[str] = []
    root_id = expanded[0].get("@id") if expanded and isinstance(expanded[0], dict) else None
    for node, is_root in _nodes(expanded):
        held = [address for address in node if address in USUAL]
        meant.update(USUAL[address] for address in held)
        if not held:
            continue
        if not is_root and root_id is not None and node.get("@id") == root_id:
            raise VcError("meaning_hidden", term=USUAL[held[0]])
        if "@id" in node and any(address in STATUS for address in held):
            status_ids.append(node["@id"])
    for term in sorted(meant.keys() | named.keys()):
        if meant[term] != named[term]:
            raise VcError("meaning_hidden", term=term)
    if len(set(status_ids)) != len(status_ids):
        raise VcError("meaning_hidden", term="credentialStatus")


def _named(document: dict[str, Any]) -> Counter[str]:
    """Count the usual names among the JSON keys outside contexts; refuse keywords in place of names."""
    found: Counter[str] = Counter()
    open_values: list[Any] = [document]
    while open_values:
        value = open_values.pop()
        if isinstance(value, list):
            open_values.extend(value)
        elif isinstance(value, dict):
            for key, inner in value.items():
                typed_value = key == "@type" and "@value" in value
                if key.startswith("@") and key not in _JSON_KEYWORDS and not typed_value:
                    raise VcError("jsonld_keyword", term=key[:60])
                if key in USUAL_NAMES:
                    found[key] += 1
                if key != "@context":
                    open_values.append(inner)
    return found


def _nodes(expanded: list[Any]) -> list[tuple[dict[str, Any], bool]]:
    """Return every node of the expanded tree, and whether it is the document itself."""
    nodes: list[tuple[dict[str, Any], bool]] = []
    open_values: list[tuple[Any, bool]] = [(item, True) for item in expanded]
    while open_values:
        value, is_root = open_values.pop()
        if isinstance(value, list):
            open_values.extend((item, False) for item in value)
        elif isinstance(value, dict) and "@value" not in value:
            nodes.append((value, is_root))
            open_values.extend((inner, False) for inner in value.values())
    return nodes
