"""``verify``: any bytes in, a report out. It never raises, fetches nothing and judges offline.

The order of questions: what is it, is it well formed, whose proofs hold, is the issuer known, is it in
force, who endorses it. Verdicts are told in ``report``.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sunmao.vc import checks, clr, containers, crosswalks, jose, openbadges, presentations, sdjwt, strict_json
from sunmao.vc.checks import Asked, Signatures, failed
from sunmao.vc.contexts import Contexts, default_contexts
from sunmao.vc.endorsements import check_endorsements
from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.report import Check, Report, State, Verdict, verdict_of, worst
from sunmao.vc.structure import check_contexts, check_credential, types_of
from sunmao.vc.transcripts import finding
from sunmao.vc.trust import Trust

MAX_PARTS = 10_000
_KINDS = ("vc+jwt", "vc+sd-jwt", "dc+sd-jwt", "vp+jwt", "vp+sd-jwt", "jwt")
_ENVELOPES = tuple(f"data:application/{kind}," for kind in _KINDS)


def verify(
    data: bytes,
    *,
    trust: Trust | None = None,
    now: datetime | None = None,
    contexts: Contexts | None = None,
    name: str = "",
) -> Report:
    """Return the report on a credential given as JSON, JWT, PDF, PNG, SVG or a ZIP of such files.

    Without ``trust`` no issuer is known, so the best verdict is "genuine but issuer unknown". Whatever the
    bytes are, a report comes back: what this library cannot digest "cannot be checked".
    """
    return verify_file(data, Asked(trust or Trust(), now or checks.instant_now(), contexts or default_contexts()), name)


def verify_file(data: bytes, asked: Asked, name: str = "") -> Report:
    """Return the report as ``verify`` does, for one who says all that it rests on."""
    return _guarded(lambda: _verify_file(data, asked, name), asked, name)


def verify_document(
    document: dict[str, Any],
    *,
    trust: Trust | None = None,
    now: datetime | None = None,
    contexts: Contexts | None = None,
) -> Report:
    """Return the report on a credential already parsed by ``strict_json`` or built here."""
    return verify_asked(document, Asked(trust or Trust(), now or checks.instant_now(), contexts or default_contexts()))


def verify_asked(document: dict[str, Any], asked: Asked) -> Report:
    """Return the report on a parsed credential or presentation, for one who says all that it rests on."""

    def judge() -> Report:
        strict_json.check_value(document)
        return _verify_json(document, asked, "json", "")

    return _guarded(judge, asked, "")


def _guarded(judge: Callable[[], Report], asked: Asked, name: str) -> Report:
    try:
        return judge()
    except VcError as error:
        question = "disclosure" if error.code.startswith("sd_") else "structure"
        return _report([failed(question, error)], asked, name=name)
    except (Exception, RecursionError, MemoryError) as error:  # hostile bytes must end in a report
        check = Check("format", State.BAD, "internal", {"kind": type(error).__name__})
        return _report([check], asked, name=name)


def _verify_file(data: bytes, asked: Asked, name: str) -> Report:
    try:
        if (said := finding.find(data)) is not None:
            return finding.report(said, now=asked.now, name=name)
        if containers.kind_of(data) == "zip":
            return _verify_zip(data, asked, name)
        payload = containers.extract(data)
    except VcError as error:
        check = Check("format", State.BAD, error.code, dict(error.params))
        return _report([check], asked, name=name)
    text = payload.text.strip()
    if payload.format == "jwt" or text.startswith(b"eyJ"):
        return _verify_jwt(_ascii(text), asked, payload.format, name)
    return _verify_json(strict_json.loads(payload.text), asked, payload.format, name)


def _verify_zip(data: bytes, asked: Asked, name: str) -> Report:
    parts = tuple(
        _guarded(partial(_verify_file_in_zip, content, asked, inner), asked, inner)
        for inner, content in containers.entries(data)
    )
    return _bundle_of(parts, asked, "zip", name)


def _verify_file_in_zip(content: bytes, asked: Asked, name: str) -> Report:
    if content.startswith(b"PK\x03\x04"):
        raise VcError("zip_inside")
    return _verify_file(content, asked, name)


def _bundle_of(parts: tuple[Report, ...], asked: Asked, kind: str, name: str, own: tuple[Check, ...] = ()) -> Report:
    found = Check("format", State.GOOD, "format_many", {"count": len(parts)})
    verdicts = [part.verdict for part in parts]
    if any(check.state is State.BAD for check in own):
        verdicts.append(Verdict.NOT_GENUINE)
    return Report(
        worst(verdicts),
        (found, *own),
        format=kind,
        name=name,
        trust_age_days=asked.trust.age_days(asked.now),
        test=any(part.test for part in parts),
        parts=parts,
    )


def _verify_json(value: Any, asked: Asked, kind: str, name: str) -> Report:
    if isinstance(value, list):
        if not value or len(value) > MAX_PARTS:
            raise VcError("json_not_object")
        return _verify_several(value, asked, kind, name)
    if not isinstance(value, dict):
        raise VcError("json_not_object")
    if value.keys() == {"verifiableCredential"}:
        return _verify_json(value["verifiableCredential"], asked, kind, name)
    if "payload" in value and not value.keys().isdisjoint(("signature", "signatures")):
        return _verify_envelopes(jose.open_json(value), asked, kind, name)
    types = types_of(value)
    if "EnvelopedVerifiableCredential" in types or "EnvelopedVerifiablePresentation" in types:
        check_contexts(value)
        return _verify_jwt(_unwrap(value), asked, kind, name)
    if "VerifiablePresentation" in types:
        own = tuple(presentations.check_showing(value, asked)) if "proof" in value else ()
        return _verify_presentation(value, asked, kind, name, own)
    found = [Check("format", State.GOOD, "format_found", {"format": kind.upper()})]
    return _judge(value, found, lambda: checks.check_proofs(value, asked), asked, kind, name)


def _verify_presentation(value: dict[str, Any], asked: Asked, kind: str, name: str, own: tuple[Check, ...]) -> Report:
    """Judge the credentials a presentation carries; ``own`` says who shows them."""
    items = presentations.check_presentation(value)
    if len(items) > MAX_PARTS:
        raise VcError("json_too_many", limit=MAX_PARTS)
    return _verify_several(items, asked, kind, name, own)


def _verify_several(items: list[Any], asked: Asked, kind: str, name: str, own: tuple[Check, ...] = ()) -> Report:
    parts = tuple(_guarded(partial(_verify_json, item, asked, kind, ""), asked, "") for item in items)
    return _bundle_of(parts, asked, kind, name, own)


def _unwrap(value: dict[str, Any]) -> str:
    """Return the token of an enveloped credential or presentation (VC Data Model 2.0 section 4.13)."""
    text = str(value.get("id"))
    start = next((start for start in _ENVELOPES if text.startswith(start)), None)
    if start is None and text.startswith("data:application/vc+cose"):
        raise CannotCheck("envelope_cose")
    if start is None:
        raise VcError("envelope_bad")
    return text.removeprefix(start)


def _verify_jwt(text: str, asked: Asked, kind: str, name: str) -> Report:
    return _verify_envelopes([jose.open_envelope(text)], asked, kind, name)


def _verify_envelopes(envelopes: list[jose.Envelope], asked: Asked, kind: str, name: str) -> Report:
    """Judge what one payload carries under each of its signatures."""
    envelope = envelopes[0]
    shown = checks.check_disclosures(envelope, asked)
    if any(other.presentation for other in envelopes):
        own = [presentations.check_jwt_showing(other, asked) for other in envelopes]
        return _verify_presentation(envelope.document, asked, kind, name, (*own, *shown))
    told = "SD-JWT" if envelope.revealed is not None else "JWT" if kind == "jwt" else kind.upper()
    found = [Check("format", State.GOOD, "format_found", {"format": told}), *shown]
    plain = [other.header.get("typ") == jose.PLAIN_TYPE for other in envelopes]
    if any(plain):
        return _judge_plain(envelopes, found, asked, kind, name)
    return _judge(envelope.document, found, lambda: checks.check_jwts(envelopes, asked), asked, kind, name)


def _judge_plain(envelopes: list[jose.Envelope], told: list[Check], asked: Asked, kind: str, name: str) -> Report:
    """Judge an SD-JWT VC, whose claims are no JSON-LD: who signed it, whether he is known, its dates and status."""
    document = sdjwt.as_credential(envelopes[0].claims)
    read = [replace(envelope, document=document) for envelope in envelopes]
    told += [Check("structure", State.GOOD, "sd_structure", {"type": document["vct"][:200]})]
    told += [Check("schema", State.NOT_ASKED, "schema_none", {})]
    return _judge_rest(document, told, checks.check_jwts(read, asked), asked, kind, name)


def _judge(
    document: dict[str, Any],
    told: list[Check],
    proofs: Callable[[], Signatures],
    asked: Asked,
    kind: str,
    name: str,
) -> Report:
    """Ask all questions of one credential; when its form is wrong the proofs are still told."""
    form = _check_form(document)
    told.extend(form)
    if form[0].state is State.BAD:
        return _report(told, asked, document=document, kind=kind, name=name)
    return _judge_rest(document, told, proofs(), asked, kind, name)


def _judge_rest(
    document: dict[str, Any], told: list[Check], signatures: Signatures, asked: Asked, kind: str, name: str
) -> Report:
    told.extend(signatures.checks)
    issuer = checks.check_issuer(document, signatures, asked)
    told.append(issuer)
    told.extend(checks.check_joint(document, signatures))
    told.append(checks.check_validity(document, asked.now))
    told.extend(checks.check_status(document, asked))
    told.extend(check_endorsements(document, asked))
    report = _report(told, asked, document=document, kind=kind, name=name)
    return _with_embedded(report, document, asked) if any(one.code == clr.GOOD for one in told) else report


def _with_embedded(report: Report, document: dict[str, Any], asked: Asked) -> Report:
    """Judge each credential that a learner record holds; the record is as good as the worst of them."""
    items = clr.embedded(document)
    parts = tuple(_guarded(partial(_verify_json, item, asked, "json", ""), asked, "") for item in items)
    told = clr.check_embedded(document, parts)
    verdict = worst([report.verdict, *(part.verdict for part in parts)])
    return replace(report, verdict=verdict, checks=(*report.checks, *told), parts=parts)


def _check_form(document: dict[str, Any]) -> list[Check]:
    try:
        check_credential(document)
    except VcError as error:
        return [failed("structure", error)]
    told = [Check("structure", State.GOOD, "structure_good", {})]
    try:
        if clr.is_record(document):
            told.append(Check("schema", State.GOOD, clr.GOOD, {"count": clr.check_record(document)}))
        elif openbadges.is_badge(document):
            openbadges.check_badge(document)
            told.append(Check("schema", State.GOOD, "schema_good", {}))
        elif crosswalks.is_crosswalk(document):
            told.append(Check("schema", State.GOOD, "crosswalk_good", {"count": crosswalks.check_crosswalk(document)}))
        else:
            told.append(Check("schema", State.NOT_ASKED, "schema_none", {}))
    except VcError as error:
        told.append(failed("schema", error))
    return told


def _report(
    told: list[Check],
    asked: Asked,
    *,
    document: dict[str, Any] | None = None,
    kind: str = "",
    name: str = "",
) -> Report:
    issuer = next((check for check in told if check.name == "issuer"), None)
    params = issuer.params if issuer else {}
    return Report(
        verdict_of(told),
        tuple(told),
        format=kind,
        name=name,
        document=document,
        issuer_id=str(params.get("id", "")),
        issuer_names=dict(params.get("names", {})),
        test=bool(issuer and issuer.code == "issuer_test"),
        trust_age_days=asked.trust.age_days(asked.now),
    )


def _ascii(text: bytes) -> str:
    try:
        return text.decode("ascii")
    except UnicodeDecodeError:
        raise VcError("encoding_bad", kind="JWT") from None
