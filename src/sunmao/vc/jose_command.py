"""``sunmao jose issue|verify``: put a credential or presentation into a JWT, or open one (VC-JOSE-COSE 1.0).

The result is a JSON file: ``result`` is success or failure, ``data`` the JWT or the document inside it,
``reason`` why not, ``warnings`` what a reader must judge himself. Exit: 0 success, 1 failure.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sunmao.vc import jose, strict_json
from sunmao.vc.contexts import Contexts, testing_contexts
from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.keys import read_multikey, read_secret
from sunmao.vc.presentations import check_envelope, check_presentation, holder_id
from sunmao.vc.structure import check_credential, issuer_id, types_of

PRESENTATION = "VerifiablePresentation"
FEATURES = ("credential_jose", "presentation_jose")


def main(argv: list[str]) -> int:
    """Do what ``argv`` asks and return the exit code."""
    options = _parser().parse_args(argv)
    try:
        key = _Key(strict_json.loads_object(options.key.read_bytes()))
        text = options.input.read_bytes()
        if options.deed == "issue":
            outcome: dict[str, Any] = {"result": "success", "data": issue(text, key, feature=options.feature)}
        else:
            document, warnings = read(text, key, feature=options.feature, now=datetime.now(UTC))
            outcome = {"result": "success", "data": document, "warnings": warnings}
    except VcError as error:
        outcome = {"result": "failure", "reason": str(error)}
    except OSError as error:
        outcome = {"result": "failure", "reason": f"{error.filename}: {error.strerror}"}
    options.output.write_text(json.dumps(outcome, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{outcome['result']}{': ' + outcome['reason'] if 'reason' in outcome else ''}")
    return 0 if outcome["result"] == "success" else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sunmao jose",
        description="Sign a credential or presentation as a JWT, or check one (EdDSA, ES256, ES384, ES512, RS256).",
    )
    parser.add_argument("deed", choices=("issue", "verify"), help="sign, or check")
    parser.add_argument("--input", type=Path, required=True, metavar="FILE", help="the document, or the JWT")
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="a JWK, or a verification method")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="where the result goes, as JSON")
    parser.add_argument("--feature", choices=FEATURES, help="what it must be; else what its type says")
    return parser


class _Key:
    """A key file: a JWK, or a verification method with ``secretKeyJwk``, ``publicKeyJwk`` or multikeys."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.controller = str(document.get("controller", ""))
        held = next((document[name] for name in ("secretKeyJwk", "publicKeyJwk") if name in document), document)
        if isinstance(document.get("secretKeyMultibase"), str):
            held = read_secret(document["secretKeyMultibase"]).jwk
        elif isinstance(document.get("publicKeyMultibase"), str):
            held = read_multikey(document["publicKeyMultibase"]).jwk
        if not isinstance(held, dict) or "kty" not in held:
            raise VcError("key_form")
        self.jwk: dict[str, Any] = held
        named = held.get("alg", jose.algorithm_of(held))
        if named not in (jose.algorithm_of(held), "EdDSA"):
            raise VcError("jwt_algorithm", named=str(named)[:40], expected=jose.algorithm_of(held))
        self.kid = str(document.get("id") or held.get("kid") or "")


def issue(text: bytes, key: _Key, *, feature: str | None = None, contexts: Contexts | None = None) -> str:
    """Return the JWT of a credential or presentation; its issuer or holder must be the key's controller."""
    document = strict_json.loads_object(text)
    presentation = _is_presentation(document, feature)
    if presentation:
        for item in check_presentation(document):
            check_envelope(item)
        speaker = holder_id(document) or key.controller
    else:
        check_credential(document)
        speaker = issuer_id(document)
    check_members(document, contexts or testing_contexts())
    if key.controller and speaker != key.controller:
        raise VcError("issuer_not_mine", found=speaker[:200], own=key.controller[:200])
    return jose.sign_jwt(document, key.jwk, kid=key.kid or speaker, presentation=presentation)


def read(text: bytes, key: _Key, *, now: datetime, feature: str | None = None) -> tuple[dict[str, Any], list[str]]:
    """Return the document of a JWT that holds under the key, and what its reader must judge himself.

    The credentials in a presentation must each be secured in an envelope; they have keys of their own, which
    this question does not ask (``sunmao verify`` does).
    """
    envelope = jose.open_envelope(_ascii(text))
    document = envelope.document
    presentation = _is_presentation(document, feature)
    if presentation != envelope.presentation:
        raise VcError("type_missing", field="typ", expected="vp+jwt" if presentation else "vc+jwt")
    jose.verify_envelope(envelope, key.jwk)
    if presentation:
        items = check_presentation(document)
        for item in items:
            check_envelope(item)
        speaker = holder_id(document) or str(envelope.claims.get("iss", ""))
        warnings = [f"{len(items)} credentials inside have keys of their own and were not asked."] if items else []
    else:
        check_credential(document)
        speaker, warnings = issuer_id(document), []
    jose.check_claims(envelope, speaker)
    try:
        jose.check_times(envelope, now)
    except VcError as error:
        warnings.append(str(error))
    return document, warnings


def check_members(document: dict[str, Any], contexts: Contexts) -> None:
    """Refuse a member of the document itself that no context defines by name.

    A JWT signs spellings and needs no contexts, so a misspelt member would be signed in silence. A catch-all
    vocabulary does not count; where a context is unknown here nothing can be said.
    """
    value = document["@context"]
    types = set(types_of(document))
    known = {"@context", "id", "type", "proof"}
    try:
        for item in value if isinstance(value, list) else [value]:
            terms = contexts.document(item)["@context"] if isinstance(item, str) else item
            for held in terms if isinstance(terms, list) else [terms]:
                known |= _defined(held, types)
    except CannotCheck:
        return
    unknown = sorted(document.keys() - known)
    if unknown:
        raise VcError("term_undefined", term=unknown[0][:120])


def _defined(terms: Any, types: set[str]) -> set[str]:
    if not isinstance(terms, dict):
        return set()
    names = set(terms)
    for name in types & names:
        inner = terms[name].get("@context") if isinstance(terms[name], dict) else None
        names |= set(inner) if isinstance(inner, dict) else set()
    return names


def _is_presentation(document: dict[str, Any], feature: str | None) -> bool:
    found = PRESENTATION in types_of(document)
    if feature is not None and found != (feature == "presentation_jose"):
        raise VcError("type_missing", field="type", expected="Verifiable" + feature.partition("_")[0].capitalize())
    return found


def _ascii(text: bytes) -> str:
    try:
        return text.strip().decode("ascii")
    except UnicodeDecodeError:
        raise VcError("encoding_bad", kind="JWT") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
