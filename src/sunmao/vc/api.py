"""The questions of the VC-API, answered without a server: what is asked comes in as bytes, out comes an answer.

A verification that fails is 400 with its reasons, one that holds 200; what could not be found out stands in
``warnings``. No input ends in anything else. Problem types are those of VC Data Model 2.0 section 7.2,
Data Integrity section 4.7 and Bitstring Status List section 4.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sunmao.vc import strict_json
from sunmao.vc.checks import Asked, failed
from sunmao.vc.errors import VcError
from sunmao.vc.report import Check, State
from sunmao.vc.structure import types_of
from sunmao.vc.verify import verify_asked

_MODEL = "https://www.w3.org/TR/vc-data-model#"
_SECURITY = "https://w3id.org/security#"
_STATUS = "https://www.w3.org/ns/credentials/status-list#"
_PROBLEM_BY_CODE = {
    "term_undefined": _SECURITY + "DATA_LOSS_DETECTION_ERROR",
    "json_bad": _MODEL + "PARSING_ERROR",
    "json_not_object": _MODEL + "PARSING_ERROR",
    "json_not_utf8": _MODEL + "PARSING_ERROR",
    "proof_not_object": _MODEL + "PARSING_ERROR",
}
_PROBLEM_BY_CHECK = {
    "proof": _SECURITY + "PROOF_VERIFICATION_ERROR",
    "holder": _SECURITY + "PROOF_VERIFICATION_ERROR",
    "status": _STATUS + "STATUS_VERIFICATION_ERROR",
    "issuer": _MODEL + "CRYPTOGRAPHIC_SECURITY_ERROR",
}
# Checks that must be answered; the others may stay open and are told as warnings.
_MUST_HOLD = ("format", "structure", "schema")
_STATUS_CHECKS = ("status", "credentialStatus")


@dataclass(frozen=True)
class Answer:
    """An HTTP status and the JSON beside it; ``headers`` where they differ from the usual."""

    status: int
    document: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """The body of a question: its members and its options."""

    members: dict[str, Any]
    options: dict[str, Any]

    def need(self, name: str) -> dict[str, Any]:
        """Return a member that must be an object; raise VcError otherwise."""
        value = self.members.get(name)
        if not isinstance(value, dict):
            raise VcError("request_field", field=name)
        return value

    def text(self, name: str) -> str | None:
        """Return an option that is a text, nothing where it is absent; raise VcError for another kind."""
        value = self.options.get(name)
        if value is not None and not isinstance(value, str):
            raise VcError("field_kind", field=f"options.{name}", expected="text")
        return value


def read_request(body: bytes) -> Request:
    """Return the question of a body; raise VcError when it is not an object of JSON that means one thing."""
    members = strict_json.loads_object(body)
    options = members.get("options", {})
    if not isinstance(options, dict):
        raise VcError("field_kind", field="options", expected="an object")
    return Request(members, options)


def guarded(answer: Callable[[], Answer]) -> Answer:
    """Return the answer; whatever goes wrong on the way to it is a refusal that names its reason."""
    try:
        return answer()
    except VcError as error:
        return refusal([failed("structure", error)])
    except (Exception, RecursionError, MemoryError) as error:  # hostile input must end in an answer
        return refusal([Check("format", State.BAD, "internal", {"kind": type(error).__name__})])


def refusal(problems: list[Check], found: list[Check] | None = None) -> Answer:
    """Return 400 with each problem in words."""
    details = [
        {
            "type": _PROBLEM_BY_CODE.get(check.code)
            or _PROBLEM_BY_CHECK.get(check.name, _MODEL + "MALFORMED_VALUE_ERROR"),
            "title": check.code,
            "detail": check.sentence,
        }
        for check in problems
    ]
    document: dict[str, Any] = {
        "verified": False,
        "errors": [check.sentence for check in problems],
        "problemDetails": details,
    }
    if found:
        document["checks"] = [check.to_json() for check in found]
    return Answer(400, document)


class Judgement(Protocol):
    """What has been found out: a Report, or the same from a process of its own."""

    @property
    def verdict(self) -> Any:
        """The verdict, as text."""

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks of this document."""

    @property
    def parts(self) -> tuple[Any, ...]:
        """The judgements on what it carries."""


# Member that holds what is shown -> types that belong to the other question.
CREDENTIAL = "verifiableCredential"
PRESENTATION = "verifiablePresentation"
_OTHERS = {
    CREDENTIAL: ("VerifiablePresentation", "EnvelopedVerifiablePresentation"),
    PRESENTATION: ("VerifiableCredential", "EnvelopedVerifiableCredential"),
}


def verify_credential(body: bytes, asked: Asked) -> Answer:
    """Answer ``POST /credentials/verify``: {verifiableCredential, options: {checks}}."""
    return _verified(body, asked, CREDENTIAL)


def verify_presentation(body: bytes, asked: Asked) -> Answer:
    """Answer ``POST /presentations/verify``: {verifiablePresentation, options: {challenge, domain, checks}}."""
    return _verified(body, asked, PRESENTATION)


def _verified(body: bytes, asked: Asked, member: str) -> Answer:
    def answer() -> Answer:
        request = read_request(body)
        document = shown_in(request, member)
        more = replace(asked, live=True, challenge=request.text("challenge"), domain=request.text("domain"))
        return told(verify_asked(document, more), request)

    return guarded(answer)


def shown_in(request: Request, member: str) -> dict[str, Any]:
    """Return what a request shows under ``member``, unwrapped; raise VcError for what another question is about."""
    document = request.need(member)
    if document.keys() == {member}:
        document = Request(document, {}).need(member)
    for name in _OTHERS[member]:
        if name in types_of(document):
            raise VcError("type_unexpected", type=name)
    return document


def told(judgement: Judgement, request: Request) -> Answer:
    """Return the answer that a judgement amounts to: 200 when everything shown is verified, else 400."""
    groups = list(_all(judgement))
    problems = [found for group in groups for found in _problems(list(group.checks), request)]
    checks = [check for group in groups for check in group.checks]
    if problems:
        return refusal(problems, checks)
    return Answer(
        200,
        {
            "verified": True,
            "verdict": str(judgement.verdict),
            "warnings": [check.sentence for check in checks if check.state is State.UNKNOWN],
            "checks": [check.to_json() for check in checks],
        },
    )


def _all(judgement: Judgement) -> Iterator[Judgement]:
    yield judgement
    for part in judgement.parts:
        yield from _all(part)


def _problems(checks: list[Check], request: Request) -> list[Check]:
    """Return what keeps one signed document from counting as verified."""
    asked_for = request.options.get("checks", [])
    status_asked = isinstance(asked_for, list) and any(name in asked_for for name in _STATUS_CHECKS)
    needed = (*_MUST_HOLD, *(("status",) if status_asked else ()))
    found = [check for check in checks if check.state is State.BAD]
    found += [check for check in checks if check.state is State.UNKNOWN and check.name in needed]
    proofs = [check for check in checks if check.name == "proof"]
    if found or any(check.state is State.GOOD for check in proofs):
        return found
    return proofs or [Check("proof", State.BAD, "proof_missing", {})]
