"""How people meet awards, conferrals, credentials and status lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sunmao.cohorts import sights
from sunmao.credentials import actions, copying, deed_forms, handing, parts, sharing
from sunmao.credentials.models import (
    FORMAL,
    Award,
    AwardEvidence,
    AwardIssuer,
    Conferral,
    ConferralState,
    Credential,
    CredentialState,
    Endorsement,
    EndorsementState,
    Remark,
    Signing,
    StatusList,
)
from sunmao.credentials.policy import (
    READERS,
    AwardEvidencePolicy,
    AwardIssuerPolicy,
    AwardPolicy,
    ConferralPolicy,
    CredentialPolicy,
    EndorsementPolicy,
    SigningPolicy,
    StatusListPolicy,
    issues,
)
from sunmao.kernel import clock
from sunmao.kernel.cells import Tag, listed, tag_of
from sunmao.kernel.desk import Deed, Desk, Part, shows

ENDORSING = gettext_lazy(
    "Your institution's key signs these words. They stand in the credentials conferred after an issuing institution took them up, and everybody can read them. You can withdraw them."
)


class AwardDesk(Desk):
    model = Award
    policy = AwardPolicy()
    columns = ("title", "kind", "programme", "given_by", "months")
    filters = ("kind",)
    form = ("title", "kind", "programme", "unit", "criteria", "months", "days_to_sign", "language", "picture")
    facts = (
        "kind", "formal", "programme", "covers", "given_by", "criteria", "months", "days_to_sign", "language", "picture",
    )  # fmt: skip
    parts = (
        Part("issuers", gettext_lazy("issuing institutions"), desk="award-issuers", link="award", columns=("number", "organisation")),
        Part("evidence", gettext_lazy("evidence"), desk="award-evidences", link="award", columns=("title", "outcome", "genre")),
        Part("endorsements", gettext_lazy("endorsements"), desk="endorsements", link="award", columns=("title", "speaks_of", "words", "state")),
        Part("preview", gettext_lazy("preview"), template="credentials/preview.html", context=parts.preview),
    )  # fmt: skip
    deeds = (
        Deed(
            "award", gettext_lazy("Award to a cohort"), actions.confer, deed_forms.AwardForm, binding=True,
            tells=gettext_lazy("Every learner of the cohort who completed the programme gets a credential signed with your institution's key. The other institutions are asked to sign. Above 30 learners a second person of your institution confirms first."),
        ),
        Deed("endorse", gettext_lazy("Endorse"), actions.endorse, deed_forms.EndorseForm, binding=True, stays=True, tells=ENDORSING),
    )  # fmt: skip
    search = ("title",)
    order = ("sort",)

    @shows(gettext_lazy("given by"))
    def given_by(self, award: Award) -> Any:
        return [row.organisation for row in sorted(award.issuers.all(), key=lambda row: row.number)]

    @shows(gettext_lazy("covers"))
    def covers(self, award: Award) -> Any:
        return award.unit or _("the whole programme")

    @shows(gettext_lazy("formal education"))
    def formal(self, award: Award) -> Any:
        return _("yes") if award.kind in FORMAL else _("no; it is no diploma and gives no degree")

    def rows(self, user: Any) -> QuerySet[Any]:
        return super().rows(user).select_related("programme__programme").prefetch_related("issuers__organisation")

    def where(self, record: Award, user: Any) -> Any:
        if not record.issuers.exists():
            return _("The issuing institutions are still to be named.")
        if not (
            user.is_authenticated and user.second_factor and (user.holds("auditor") or issues(user, record, *READERS))
        ):
            return ""  # a number of persons, small at times, is for those who know them
        given = record.credentials.filter(state=CredentialState.ISSUED).count()
        return ngettext("%(n)s credential of it is in force.", "%(n)s credentials of it are in force.", given) % {
            "n": given
        }

    def tags(self, record: Award) -> Sequence[Any]:
        return [Tag(_("Demonstration"), "wait")] if record.demo else []


class AwardIssuerDesk(Desk):
    model = AwardIssuer
    policy = AwardIssuerPolicy()
    columns = ("title", "award", "number", "organisation")
    form = ("award", "number", "organisation")
    facts = ("award", "number", "organisation")
    deeds = (
        Deed("endorse", gettext_lazy("Endorse"), actions.endorse_issuer, deed_forms.EndorseForm, binding=True, stays=True, tells=ENDORSING),
    )  # fmt: skip
    order = ("number",)


class AwardEvidenceDesk(Desk):
    model = AwardEvidence
    policy = AwardEvidencePolicy()
    columns = ("title", "award", "outcome", "genre")
    form = ("award", "outcome", "title", "narrative", "genre", "audience", "document", "sha256")
    facts = form
    order = ("id",)

    def rows(self, user: Any) -> QuerySet[Any]:
        return super().rows(user).select_related("award", "outcome", "document")


def _in(*states: EndorsementState) -> Any:
    return lambda endorsement: endorsement.state in states


class EndorsementDesk(Desk):
    model = Endorsement
    policy = EndorsementPolicy()
    columns = ("title", "award", "speaks_of", "until", "state")
    filters = ("state", "award")
    facts = ("award", "speaks_of", "organisation", "words", "until", "signer", "signed_at", "key_used")
    deeds = (
        Deed("take_up", gettext_lazy("Take up"), actions.take_up, deed_forms.SignForm, when=_in(EndorsementState.GIVEN),
             tells=gettext_lazy("It stands in every credential of this award that is conferred from now on, signed by who endorses it. Everybody can read it.")),
        Deed("leave_out", gettext_lazy("Leave out"), actions.leave_out, deed_forms.WhyForm, when=_in(EndorsementState.TAKEN),
             tells=gettext_lazy("It stands in no credential that is conferred from now on. Where it stands already it stays.")),
        Deed("withdraw", gettext_lazy("Withdraw"), actions.withdraw, deed_forms.WhyForm, binding=True, danger=True,
             when=_in(EndorsementState.GIVEN, EndorsementState.TAKEN),
             tells=gettext_lazy("Every verifier anywhere sees at once that your institution has taken its word back, in every credential it stands in.")),
    )  # fmt: skip
    order = ("-code",)

    @shows(gettext_lazy("speaks of"))
    def speaks_of(self, endorsement: Endorsement) -> Any:
        return endorsement.about or _("the award itself")

    @shows(gettext_lazy("valid until"), order="valid_until")
    def until(self, endorsement: Endorsement) -> Any:
        return endorsement.valid_until or _("no last day")

    def rows(self, user: Any) -> QuerySet[Any]:
        return super().rows(user).select_related("award", "about", "organisation")

    def where(self, record: Endorsement, user: Any) -> Any:
        if record.state == EndorsementState.GIVEN:
            names = listed(record.award.organisations)
            return _("It stands in nothing yet: %(names)s may take it up.") % {"names": names}
        if record.state == EndorsementState.WITHDRAWN:
            day = date_format(record.state_since)
            return _("Withdrawn on %(day)s: %(why)s") % {"day": day, "why": record.reason}
        return ""

    def tags(self, record: Endorsement) -> Sequence[Any]:
        tags = [tag_of(EndorsementState(record.state))]
        return [*tags, Tag(_("Demonstration"), "wait")] if record.award.demo else tags


def _open(conferral: Conferral) -> bool:
    return conferral.state in (ConferralState.PROPOSED, ConferralState.SIGNING)


def _proposed(conferral: Conferral) -> bool:
    return conferral.state == ConferralState.PROPOSED


def _signing(conferral: Conferral) -> bool:
    return conferral.state == ConferralState.SIGNING


class ConferralDesk(Desk):
    model = Conferral
    policy = ConferralPolicy()
    columns = ("title", "cohort", "awarded_on", "count", "state")
    filters = ("state",)
    facts = ("award", "cohort", "awarded_on", "count", "sign_by", "proposed_by", "has_signed", "is_missing")
    parts = (
        Part("signatures", gettext_lazy("signatures"), desk="signings", link="conferral"),
        Part("credentials", gettext_lazy("credentials"), desk="credentials", link="conferral"),
        Part("papers", gettext_lazy("papers"), template="credentials/papers.html", context=handing.part),
    )
    deeds = (
        Deed(
            "confirm", gettext_lazy("Confirm and sign"), actions.sign, deed_forms.SignForm, when=_proposed, binding=True,
            tells=gettext_lazy("You are the second person: look at the learners first. Your institution's key then signs every credential of this conferral."),
        ),
        Deed(
            "sign", gettext_lazy("Sign for my institution"), actions.sign, deed_forms.SignForm, when=_signing, binding=True,
            tells=gettext_lazy("Your institution's key signs every credential of this conferral. Once nobody is missing they are issued."),
        ),
        Deed("extend", gettext_lazy("Extend the days to sign"), actions.extend, deed_forms.ExtendForm, when=_open),
        Deed(
            "drop", gettext_lazy("Drop"), actions.drop, deed_forms.WhyForm, when=_open, binding=True, danger=True,
            tells=gettext_lazy("No credential of this conferral will ever count, whoever has signed so far."),
        ),
    )  # fmt: skip
    order = ("-code",)

    @shows(gettext_lazy("has signed"))
    def has_signed(self, conferral: Conferral) -> Any:
        return conferral.signed or _("nobody yet")

    @shows(gettext_lazy("still to sign"))
    def is_missing(self, conferral: Conferral) -> Any:
        return conferral.missing or _("nobody")

    def rows(self, user: Any) -> QuerySet[Any]:
        return super().rows(user).select_related("award", "cohort")

    def where(self, record: Conferral, user: Any) -> Any:
        if record.state == ConferralState.PROPOSED:
            return _("%(n)s credentials wait for a second person of %(name)s.") % {
                "n": record.count,
                "name": record.proposed_for,
            }
        if record.state == ConferralState.SIGNING:
            names = listed(record.missing)
            late = clock.today() > record.sign_by
            says = (
                _("The days to sign ended on %(day)s; missing: %(names)s.")
                if late
                else _("To be signed until %(day)s by %(names)s.")
            )
            return says % {"day": date_format(record.sign_by), "names": names}
        return ""

    def tags(self, record: Conferral) -> Sequence[Any]:
        return [tag_of(ConferralState(record.state))]


class SigningDesk(Desk):
    model = Signing
    policy = SigningPolicy()
    columns = ("title", "conferral", "organisation", "signer", "signed_at", "count")
    facts = ("conferral", "organisation", "signer", "key_used", "signed_at", "count")
    order = ("-signed_at",)

    def rows(self, user: Any) -> QuerySet[Any]:
        return super().rows(user).select_related("conferral__award", "organisation")


def _is(*states: CredentialState) -> Any:
    return lambda credential: credential.state in states


class CredentialDesk(Desk):
    model = Credential
    policy = CredentialPolicy()
    columns = ("title", "learner", "awarded_on", "holds_until", "state")
    filters = ("number", "state", "award")
    facts = ("number", "learner", "award", "conferral", "issuer", "awarded_on", "holds_until", "remark", "successor")
    parts = (Part("faces", gettext_lazy("the credential"), template="credentials/faces.html", context=parts.faces),
             Part("sharing", gettext_lazy("sharing"), template="credentials/sharing.html", context=sharing.part),
             Part("copies", gettext_lazy("unsigned copies"), template="credentials/copies.html", context=copying.part))  # fmt: skip
    deeds = (
        Deed(
            "release", gettext_lazy("Say what the link shows"), actions.release, deed_forms.ReleaseForm,
            when=_is(CredentialState.ISSUED, CredentialState.SUSPENDED),
            tells=gettext_lazy("Whoever has the link or scans the code sees what you switch on here. Switching it off works at once."),
        ),
        Deed("remark", gettext_lazy("Tell verifiers"), actions.remark, deed_forms.RemarkForm, binding=True,
             when=_is(CredentialState.ISSUED, CredentialState.SUSPENDED),
             tells=gettext_lazy("Every verifier sees the remark at once. The credential holds as before.")),
        Deed("suspend", gettext_lazy("Suspend"), actions.suspend, deed_forms.WhyForm, when=_is(CredentialState.ISSUED), binding=True,
             tells=gettext_lazy("Every verifier sees at once that it is suspended. It can be restored.")),
        Deed("restore", gettext_lazy("Restore"), actions.restore, deed_forms.WhyForm, when=_is(CredentialState.SUSPENDED), binding=True),
        Deed("supersede", gettext_lazy("Replace"), actions.supersede, deed_forms.WhyForm, binding=True,
             when=_is(CredentialState.ISSUED, CredentialState.SUSPENDED),
             tells=gettext_lazy("A new credential is written from the records as they stand now. This one no longer holds.")),
        Deed("revoke", gettext_lazy("Revoke"), actions.revoke, deed_forms.WhyForm, binding=True, danger=True,
             when=_is(CredentialState.ISSUED, CredentialState.SUSPENDED),
             tells=gettext_lazy("Every verifier anywhere sees at once that it is revoked, and the verification page says why. This cannot be undone.")),
    )  # fmt: skip
    order = ("-code",)

    @shows(gettext_lazy("valid until"), order="valid_until")
    def holds_until(self, credential: Credential) -> Any:
        return credential.valid_until or _("no last day")

    @shows(gettext_lazy("superseded by"))
    def successor(self, credential: Credential) -> Any:
        return credential.superseded_by or _("none")

    def rows(self, user: Any) -> QuerySet[Any]:
        return super().rows(user).select_related("award", "learner")

    def seen(self, user: Any, rows: Sequence[Any], face: str, names: Sequence[str] = ()) -> None:
        sights.note(user, [row.learner for row in rows if row.learner is not None], face, names)

    def where(self, record: Credential, user: Any) -> Any:
        return parts.where(record)

    def tags(self, record: Credential) -> Sequence[Any]:
        tags = [tag_of(CredentialState(record.state))]
        return [*tags, tag_of(Remark(record.remark))] if record.remark != Remark.NONE else tags


class StatusListDesk(Desk):
    model = StatusList
    policy = StatusListPolicy()
    columns = ("title", "organisation", "number")
    facts = ("organisation", "controller", "number", "address")
    order = ("address",)
