"""What a verification page shows of a credential: its contents, as far as the one who looks may know them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sunmao.credentials import pictures, queries, stating
from sunmao.credentials.document import kind_words, language_words
from sunmao.credentials.models import Credential, Issued
from sunmao.credentials.queries import CredentialFacts
from sunmao.kernel.text import Texts
from sunmao.keys.models import InstitutionKey
from sunmao.portal.judging import Judged
from sunmao.vc.crosswalks import is_crosswalk
from sunmao.vc.report import Verdict
from sunmao.vc.trust import credential_digest


@dataclass(frozen=True)
class Recognised:
    """One line of where it is recognised today: where and for what, what comes of it, on which basis, until when.

    Tone good: recognised; wait: with conditions; none: no instrument or not applicable, which is no refusal.
    """

    title: str
    says: str
    tone: str = "none"
    url: str = ""


# Filled by the assembly: each function tells what is recognised of a credential, and never decides.
RECOGNITION: list[Callable[[CredentialFacts], list[Recognised]]] = []
GENUINE = (Verdict.IN_FORCE, Verdict.NOT_IN_FORCE)
LOOKS = {"good": ("done", "good"), "wait": ("half", "wait"), "none": ("out", "")}


def recognised(credential: Credential | Issued | None) -> list[dict[str, Any]]:
    """Return the lines of all rooms that know something of recognition, with their looks."""
    if credential is None or credential.award.unit_id is not None:  # what is recognised is a programme
        return []
    found = queries.facts(credential)
    lines = [line for tell in RECOGNITION for line in tell(found)]
    return [{"line": line, "icon": LOOKS[line.tone][0], "look": LOOKS[line.tone][1]} for line in lines]


def institutions(document: dict[str, Any] | None) -> list[dict[str, Any]]:
    """Return the institutions a document names as issuers: id, name, and the register's page of those known here.

    The name is the register's own where it knows the identifier, since a document may call itself anything.
    """
    document = document or {}
    named = [document.get("issuer"), *_listed(document.get("jointIssuer"))]
    out = []
    for item in named:
        profile = item if isinstance(item, dict) else {"id": item}
        identifier = str(profile.get("id", ""))
        keys = InstitutionKey.objects.filter(controller=identifier)
        key = keys.select_related("organisation__merged_into").first()
        texts = key.organisation.title if key else _texts(profile, "name")
        # One that was merged keeps the name it signed under; its page is that of the institution it went into.
        url = f"/organisations/{(key.organisation.merged_into or key.organisation).code}/" if key else ""
        out.append({"id": identifier, "texts": texts, "url": url, "known": key is not None})
    return [row for row in out if row["id"]]


def copy_of(judged: Judged) -> Credential | Issued | None:
    """Return the register's own credential a judged file is a copy of, or shows a part of."""
    if not judged.document:
        return None
    if is_part(judged):
        # Anyone can write an identifier: only what the issuer signed, and the register's document says, belongs to a row.
        return queries.by_part(judged.document) if judged.verdict in GENUINE else None
    digest = credential_digest(judged.document)
    return queries.by_digest(digest) or queries.issued_by_digest(digest)


def is_part(judged: Judged) -> bool:
    """Say whether a file shows what its holder chose, as SD-JWT."""
    return any(check.name == "disclosure" for check in judged.checks)


def contents(
    document: dict[str, Any] | None, *, name: bool, results: bool, own: Credential | Issued | None, part: bool = False
) -> dict[str, Any]:
    """Return title, kind, dates and number; name and results only where they may be shown. Of a part (`part`) nothing is
    added by which the whole could be found. Never raises: a foreign document may hold anything anywhere."""
    document = document if isinstance(document, dict) else {}
    subjects = _listed(document.get("credentialSubject"))
    subject = subjects[0] if subjects and isinstance(subjects[0], dict) else {}
    held = subject.get("achievement")
    achievement: dict[str, Any] = held if isinstance(held, dict) else {}
    return {
        "title": own.award.title if own else _texts(achievement, "name") or _texts(document, "name"),
        "kind": kind_words(own.award) if own else _("Crosswalk between two standards") if is_crosswalk(document) else "",
        "awarded": _day(document.get("awardedDate") or document.get("validFrom") or document.get("issuanceDate")),
        "until": _day(document.get("validUntil") or document.get("expirationDate")),
        "number": own.number if own and not part else "",
        "registration": _short(subject.get("licenseNumber")) if name else "",
        "name": _name(subject) if name else "",
        "results": _results(subject, achievement) if results else [],
        "language": language_words(_short(achievement.get("inLanguage"))),
        "evidence": _evidence(document.get("evidence")) if results else [],
        "picture": _picture(achievement, own),
        "rows": stating.rows(document),
    }  # fmt: skip


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _short(value: Any) -> str:
    return str(value)[:400] if isinstance(value, str | int | float) else ""


def _day(value: Any) -> str:
    return value[:10] if isinstance(value, str) else ""


def _texts(holder: Any, name: str) -> Texts:
    if not isinstance(holder, dict):
        return Texts()
    more = holder.get(f"{name}In")
    held = {str(code)[:12]: _short(text) for code, text in more.items()} if isinstance(more, dict) else {}
    first = _short(holder.get(name))
    return Texts.of({"en" if "en" not in held else "und": first, **held}) if first else Texts.of(held)


def _name(subject: dict[str, Any]) -> str:
    for identity in _listed(subject.get("identifier")):
        if isinstance(identity, dict) and identity.get("identityType") == "name" and identity.get("hashed") is False:
            return _short(identity.get("identityHash"))
    return _short(subject.get("name"))


def _evidence(value: Any) -> list[tuple[str, str]]:
    """Return name and the rest of each piece of evidence."""
    out = []
    for row in _listed(value)[:200]:
        if isinstance(row, dict):
            more = [_short(row.get(name)) for name in ("description", "genre", "audience", "narrative", "id")]
            out.append((_short(row.get("name")) or _("Evidence"), " · ".join(text for text in more if text)))
    return out


def _picture(achievement: dict[str, Any], own: Credential | Issued | None) -> str:
    """Return where the picture is that an own credential names; one of elsewhere is not fetched or shown."""
    image = achievement.get("image")
    if (
        own is None
        or not isinstance(image, dict)
        or not own.award.picture
        or image.get("id") != pictures.address(own.award)
    ):
        return ""
    return pictures.path(own.award)


def _results(subject: dict[str, Any], achievement: dict[str, Any]) -> list[tuple[str, str]]:
    described = {
        row.get("id"): _short(row.get("name"))
        for row in _listed(achievement.get("resultDescription")) if isinstance(row, dict) and isinstance(row.get("id"), str)
    }  # fmt: skip
    words = {"Completed": _("passed"), "Failed": _("not passed")}
    out = []
    for row in _listed(subject.get("result"))[:200]:
        if isinstance(row, dict):
            described_id = row.get("resultDescription")
            label = described.get(described_id, "") if isinstance(described_id, str) else ""
            status = _short(row.get("status"))
            value = ", ".join(part for part in (_short(row.get("value")), words.get(status, status)) if part)
            out.append((label or _("result"), value))
    return out
