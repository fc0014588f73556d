"""How people meet cases, what is laid before the authority, decisions and appeals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from sunmao.cohorts import sights
from sunmao.cohorts.models import Learner
from sunmao.kernel import clock
from sunmao.kernel.cells import Tag, tag_of
from sunmao.kernel.desk import Deed, Desk, Part, own_place, shows
from sunmao.recognition import actions, asks, filed, letters, names, parts, sentences, timing
from sunmao.recognition.models import (
    Appeal,
    AppealState,
    Applicant,
    Case,
    CaseState,
    Decision,
    DecisionState,
    LanguageCertificate,
    PriorLearning,
    Qualification,
    Result,
    ReviewRound,
    Standing,
    Step,
)
from sunmao.recognition.policy import (
    AppealPolicy,
    ApplicantPolicy,
    CasePolicy,
    DecisionPolicy,
    EvidencePolicy,
    ReviewRoundPolicy,
    StepPolicy,
)
from sunmao.recognition.queries.impact import looking

_EXAMINING = (CaseState.INTAKE, CaseState.EXAMINED)
_AWAITED = (CaseState.EXAMINED, CaseState.PROPOSED)
_LIVE = (DecisionState.ISSUED, DecisionState.REVIEW_DUE)


def _fee_open(case: Case) -> bool:
    return case.state != CaseState.CLOSED and not case.fee_settled


class RecognitionCaseDesk(Desk):
    model = Case
    policy = CasePolicy()
    columns = ("title", "purpose", "authority", "applied_on", "time", "state")
    filters = ("state", "purpose")
    form = ("authority", "target", "purpose", "applied_on", "fee_paid_on", "letter_in")
    facts = (
        "holder", "authority", "target", "purpose", "applied_on", "fee_paid_on", "fee_receipt", "fee_waived", "complete_on",
        "runs_from", "days_to_decide", "due_on", "stands_since", "days_left",
    )  # fmt: skip
    parts = (
        Part("decisions", _("decisions"), desk="decisions", link="case"),
        Part("clock", _("time to decide"), template="recognition/clock.html", context=timing.part),
        Part("applicant", _("applicant"), desk="applicants", link="case"),
        Part("qualifications", _("qualifications"), desk="qualifications", link="case"),
        Part("prior", _("prior learning"), desk="prior-learnings", link="case"),
        Part("languages", _("language certificates"), desk="language-certificates", link="case"),
        Part("steps", _("steps"), desk="steps", link="case"),
        Part(
            "precedents",
            _("precedents"),
            template="recognition/resting.html",
            context=parts.precedents,
            hint=_("Decided before towards the same target, for holders of the same programme."),
        ),
    )
    deeds = (
        Deed("complete_intake", _("Complete the intake"), actions.complete_intake, asks.CompleteForm,
             when=lambda r: r.state == CaseState.INTAKE,
             tells=_("All papers are there: the time to decide begins to run.")),
        Deed("indicate", _("Compute an indication"), actions.indicate,
             when=lambda r: r.complete_on is not None and r.state in (CaseState.EXAMINED, CaseState.DECIDED),
             tells=_("The machine compares and keeps what it found with its reasons. It decides nothing.")),
        Deed("ask_applicant", _("Ask the applicant for a paper"), actions.ask_applicant, asks.PaperForm,
             when=lambda r: r.state in _EXAMINING,
             tells=_("The applicant sees what is asked. The file is not complete until it is there, and the time to "
                     "decide stands still.")),
        Deed("query_issuer", _("Ask the issuer"), actions.query_issuer, asks.QueryForm,
             when=lambda r: r.state in _EXAMINING,
             tells=_("The question is kept in the case. The time to decide stands still until the answer.")),
        Deed("record_answer", _("Record the issuer's answer"), actions.record_answer, asks.AnswerForm,
             when=lambda r: r.state in _EXAMINING),
        Deed("receive_fee", _("Record that the fee was paid"), actions.receive_fee, asks.FeeForm, when=_fee_open,
             tells=_("Where the law lets the time to decide wait for the fee, it begins to run.")),
        Deed("waive_fee", _("Waive the fee"), actions.waive_fee, asks.WaiveForm, when=_fee_open,
             tells=_("The case goes on as if the fee were paid.")),
        Deed("close", _("Close without a decision"), actions.close, asks.WhyForm, danger=True,
             when=lambda r: r.state in _EXAMINING),
        Deed("erase", _("Erase personal data"), actions.erase, asks.WhyForm, danger=True, binding=True,
             when=lambda r: r.state in (CaseState.DECIDED, CaseState.CLOSED),
             tells=_("Names, numbers and scans are erased for good. Decisions stay and name nobody.")),
    )  # fmt: skip
    search = ("code", "holder")

    def begin(self, user: Any, given: Mapping[str, str]) -> Mapping[str, Any]:
        return {**own_place(user, "authority", "authority"), "applied_on": clock.today()}

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("target__programme")

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.open_case(record, by=by, why=why, seen=seen)

    @shows(_("to be decided by"))
    def time(self, record: Case) -> Any:
        if record.stands_since is not None and record.state in _AWAITED:
            return Tag(_("stands still"), "go", "stands_still")
        if record.due_on is None and record.state in _EXAMINING:
            return Tag(_("does not run yet"), "none", "not_yet")
        return record.due_on

    def tags(self, record: Case) -> Sequence[Any]:
        still = [Tag(_("the time stands still"), "go")] if record.stands_since and record.state in _AWAITED else []
        return [tag_of(CaseState(record.state)), *still, *_late(record)]

    def where(self, record: Case, user: Any) -> Any:
        return sentences.where_case(record)


def _late(record: Case) -> list[Tag]:
    if record.state not in _AWAITED or record.due_on is None or record.due_on >= clock.today():
        return []
    days = (clock.today() - record.due_on).days
    return [Tag(ngettext("Late, %(n)s day", "Late, %(n)s days", days) % {"n": days}, "bad")]


class ApplicantDesk(Desk):
    model = Applicant
    policy = ApplicantPolicy()
    columns = ("name", "variants", "birth_year", "case")
    form = ("case", "name", "passport_name", "certificate_name", "variants", "birth_year", "person")
    facts = (
        "name", "passport_name", "certificate_name", "variants", "birth_year", "person", "case", "erased_at",
    )  # fmt: skip
    parts = (
        Part("spellings", _("spellings side by side"), template="recognition/spellings.html", context=names.side_by_side,
             hint=_("An indication by the letters alone; a person of the authority judges.")),
    )  # fmt: skip
    order = ("uid",)

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("case__target__programme")

    def seen(self, user: Any, rows: Sequence[Any], face: str, names: Sequence[str] = ()) -> None:
        """Write down that somebody saw the names of learners of this register who apply."""
        held = Learner.objects.filter(
            credentials__in=Qualification.objects.filter(case__in=[row.case_id for row in rows]).values("credential")
        )
        sights.note(user, held, face, [name for name in names if name in self.facts])


class _LaidDesk(Desk):
    """Evidence: kept by the deed that commits to what it says."""

    parts = (Part("says", _("what the file says"), template="recognition/filed.html", context=filed.part),)
    order = ("uid",)

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("case__target__programme")

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.lay(record, by=by, why=why, seen=seen)


class QualificationDesk(_LaidDesk):
    model = Qualification
    policy = EvidencePolicy()
    columns = ("programme", "issuer", "awarded_on", "authenticity", "case")
    form = (
        "case", "programme", "unit", "issuer", "number", "awarded_on", "expires_on", "delivered_in", "delivered_from", "file",
    )  # fmt: skip
    facts = (
        "programme", "unit", "issuer", "number", "awarded_on", "expires_on", "delivered_in", "delivered_from", "authenticity",
        "answered_on", "file", "case", "commitment",
    )  # fmt: skip

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("programme__programme")


class PriorLearningDesk(_LaidDesk):
    model = PriorLearning
    policy = EvidencePolicy()
    columns = ("what", "outcome", "credits", "validated_by", "case")
    form = ("case", "what", "validated_by", "outcome", "credits", "file")
    facts = ("what", "validated_by", "outcome", "credits", "file", "case", "commitment")


class LanguageCertificateDesk(_LaidDesk):
    model = LanguageCertificate
    policy = EvidencePolicy()
    columns = ("language", "level", "awarded_on", "expires_on", "case")
    form = ("case", "language", "level", "awarded_on", "expires_on", "file")
    facts = ("language", "level", "awarded_on", "expires_on", "file", "case", "commitment")


class StepDesk(Desk):
    model = Step
    policy = StepPolicy()
    columns = ("kind", "asked_on", "due_on", "done_on", "note", "case")
    form = ("case", "kind", "qualification", "asked_on", "due_on", "done_on", "note")
    facts = ("kind", "qualification", "asked_on", "due_on", "done_on", "note", "case")
    deeds = (
        Deed("receive", _("Record that it is there"), actions.receive, asks.ReceiveForm, when=actions.can_be_received,
             tells=_("The time to decide runs again from that day, where nothing else is asked for.")),
    )  # fmt: skip

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("case__target__programme", "qualification__programme__programme")

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.keep_step(record, by=by, why=why, seen=seen)


class DecisionDesk(Desk):
    model = Decision
    policy = DecisionPolicy()
    columns = ("title", "said", "as_of", "state", "ground", "case")
    filters = ("state", "result", "indicated", "published")
    facts = (
        "case", "said", "decided_by", "proposed_by", "reasons", "indicated", "instrument", "as_of", "known_at",
        "decided_at", "notified_on", "appeal_until", "standing", "follows",
    )  # fmt: skip
    parts = (
        Part("elements", _("looked at in this order"), template="recognition/elements.html", context=parts.elements),
        Part("outcomes", _("outcomes"), template="recognition/outcomes.html", context=parts.outcomes),
        Part("ways", _("ways to close the gap"), template="recognition/ways.html", context=parts.ways),
        Part("asked", _("asked, found nothing"), template="recognition/asked.html", context=parts.asked),
        Part("replay", _("replay"), template="recognition/replay.html", context=parts.replay),
        Part(
            "letter", pgettext_lazy("decision", "letter"), template="recognition/letter.html", context=letters.offered
        ),
        Part("appeals", _("appeals"), desk="appeals", link="decision"),
    )
    deeds = (
        Deed("propose", _("Propose a decision"), actions.propose, asks.ProposeForm, binding=True,
             when=lambda r: r.state == DecisionState.INDICATION,
             tells=_("Another person of your authority must confirm it before it counts.")),
        Deed("confirm", _("Confirm the decision"), actions.confirm, binding=True,
             when=lambda r: r.state == DecisionState.PROPOSED,
             tells=_("It is decided. The applicant sees it and is to be told with the reasons and how to appeal.")),
        Deed("send_back", _("Send back"), actions.send_back, asks.WhyForm,
             when=lambda r: r.state == DecisionState.PROPOSED),
        Deed("notify", _("Record that the applicant was told"), actions.notify, asks.NotifyForm,
             when=lambda r: r.state in _LIVE and r.notified_on is None,
             tells=_("The time to appeal begins to run.")),
        Deed("appeal", _("Record an appeal"), actions.appeal, asks.AppealForm,
             when=lambda r: r.notified_on is not None and r.state in _LIVE,
             tells=_("The authority must hear it if it is in time. The decision stays in force meanwhile.")),
        Deed("publish", _("Enter into the public register"), actions.publish_decision, binding=True,
             when=lambda r: r.state in _LIVE and not r.published,
             tells=_("Everybody sees programme, result, authority, legal basis and month. No name is shown.")),
        Deed("review", _("Look at it again"), actions.review, when=lambda r: r.state in _LIVE,
             tells=_("It is marked as standing, standing on other ground, or due for review. Nothing else changes.")),
    )  # fmt: skip
    order = ("-code",)

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("case__target__programme").annotate(looking=looking())

    @shows(_("decision"))
    def said(self, record: Decision) -> Any:
        return tag_of(Result(record.result)) if record.result else now("none yet")

    @shows(_("its ground"))
    def ground(self, record: Decision) -> Any:
        if getattr(record, "looking", False):
            return Tag(_("review due, being looked at"), "wait")
        return tag_of(Standing(record.standing))

    def tags(self, record: Decision) -> Sequence[Any]:
        found = [tag_of(Result(record.result or record.indicated)), tag_of(DecisionState(record.state))]
        if getattr(record, "looking", False) or record.standing == Standing.OTHER_GROUND:
            found.append(self.ground(record))
        return found

    def where(self, record: Decision, user: Any) -> Any:
        return sentences.where_decision(record)

    def remarks(self, record: Decision, user: Any) -> Any:
        return sentences.remarks(record)


class ReviewRoundDesk(Desk):
    model = ReviewRound
    policy = ReviewRoundPolicy()
    columns = (
        "code", "cause", "listed_at", "listed_count", "looked_count", "other_ground_count", "review_due_count", "finished_at",
    )  # fmt: skip
    facts = columns[1:]
    deeds = (
        Deed("go_on", _("Look at the next ones"), actions.go_on, when=lambda r: r.finished_at is None,
             tells=_("Up to 100 of them are looked at and marked as standing, standing on other ground, or due for "
                     "review. Nothing else of them changes.")),
    )  # fmt: skip
    order = ("-id",)
    search = ("code", "cause")

    def where(self, record: ReviewRound, user: Any) -> Any:
        return sentences.where_round(record)


class AppealDesk(Desk):
    model = Appeal
    policy = AppealPolicy()
    columns = ("code", "decision", "filed_on", "state", "second")
    filters = ("state",)
    facts = ("decision", "filed_on", "grounds", "state", "second")
    deeds = (
        Deed("hear", _("Hear the appeal"), actions.hear_appeal, binding=True,
             when=lambda r: r.state == AppealState.FILED,
             tells=_("The case is computed again with all evidence, as of the day of filing. Two persons decide on "
                     "it; the first decision stays beside it.")),
    )  # fmt: skip

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("decision__case__target__programme", "decision__case__authority")

    def tags(self, record: Appeal) -> Sequence[Any]:
        return [tag_of(AppealState(record.state))]

    def where(self, record: Appeal, user: Any) -> Any:
        return sentences.where_appeal(record)

    def remarks(self, record: Appeal, user: Any) -> Any:
        pairs = (("decision", record.decision), ("second", record.second))
        return {name: [f"{row.code}: {sentences.result_of(row)}"] for name, row in pairs if row and row.decided_at}
