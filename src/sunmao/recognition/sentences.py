"""What decisions and cases say, as whole sentences for translators."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from sunmao.directory.fields import Country
from sunmao.kernel import clock
from sunmao.kernel.cells import listed, sentences
from sunmao.recognition import decide as core
from sunmao.recognition import timing
from sunmao.recognition.keeping import thaw
from sunmao.recognition.models import Appeal, AppealState, Case, CaseState, Decision, DecisionState, Result, ReviewRound
from sunmao.recognition.record import Element, Gap, State

ELEMENTS = {
    "authenticity": lazy("Authenticity"),
    "rights": lazy("Rights at home"),
    "institution": lazy("Institution"),
    "delivery": lazy("Delivery"),
    "level": lazy("Level"),
    "workload": lazy("Workload"),
    "profile": lazy("Profile"),
    "outcomes": lazy("Outcomes"),
}
TONES = {
    State.MET: "good", State.NOTED: "good", State.SUBSTANTIAL: "cross", State.FAILED: "cross", State.UNKNOWN: "wait",
    State.SKIPPED: "none",
}  # fmt: skip
STATES = {
    State.MET: lazy("met"),
    State.NOTED: lazy("met, with a difference noted"),
    State.SUBSTANTIAL: lazy("substantial difference"),
    State.FAILED: lazy("not met"),
    State.UNKNOWN: lazy("not known"),
    State.SKIPPED: lazy("not looked at"),
}
_SAID = {
    ("authenticity", "confirmed"): lazy("Genuine and in force"),
    ("authenticity", "fraud"): lazy("Not genuine: void from the start"),
    ("authenticity", "not_yet_awarded"): lazy("Not awarded yet on this day"),
    ("authenticity", "expired"): lazy("Expired on this day"),
    ("authenticity", "revoked"): lazy("Revoked"),
    ("authenticity", "suspended"): lazy("Suspended: its issuer must decide first"),
    ("authenticity", "not_confirmed"): lazy("The issuer has not answered yet"),
    ("rights", "given_at_home"): lazy("Opens the same at home"),
    ("rights", "not_given_at_home"): lazy("Does not open this at home"),
    ("rights", "sources_differ"): lazy("Sources differ on what it opens at home"),
    ("rights", "one_unit_only"): lazy("One unit of the programme: it counts as credit, not as the qualification"),
    ("rights", "not_known"): lazy("What it opens at home is not on record"),
    ("institution", "accredited_on_award"): lazy("Accredited on the day of award"),
    ("institution", "body_not_accepted"): lazy("Accredited by a body that is not accepted"),
    ("institution", "not_accredited_on_award"): lazy("Not accredited on the day of award"),
    ("institution", "not_known"): lazy("No accreditation on record"),
    ("delivery", "at_home"): lazy("Taught in its own country"),
    ("delivery", "unlawful"): lazy("Taught abroad unlawfully: %(country)s"),
    ("delivery", "not_known"): lazy("Whether it was lawful is not on record: %(country)s"),
    ("delivery", "lawful_in_both"): lazy("Lawful in both countries"),
    ("level", "no_referencing"): lazy("The two frameworks are not referenced to a common one"),
    ("level", "shown_by_authority"): lazy("The authority has shown that it is lower"),
    ("level", "presumed"): lazy("Presumed equal: no authority has shown otherwise"),
    ("level", "not_lower"): lazy("Not lower than asked"),
    ("level", "within_threshold"): lazy("Lower, within what the instrument allows"),
    ("level", "below_threshold"): lazy("Lower than the instrument allows"),
    ("workload", "enough"): lazy("%(held)s of %(asked)s credits"),
    ("workload", "below_threshold"): lazy("%(held)s of %(asked)s credits: too few"),
    ("workload", "within_threshold"): lazy("%(held)s of %(asked)s credits, within what is allowed"),
    ("workload", "presumed"): lazy("%(held)s of %(asked)s credits; no authority has shown a difference"),
    ("profile", "same_field"): lazy("Same field, %(held)s"),
    ("profile", "other_field_not_shown"): lazy("Another field, %(held)s for %(asked)s: a person must compare"),
    ("profile", "other_field"): lazy("Another field, %(held)s for %(asked)s"),
    ("profile", "other_field_connected"): lazy(
        "Another field, %(held)s for %(asked)s; confirmed rows connect %(connected)s of %(of)s outcomes, enough by the instrument"
    ),
    ("profile", "other_field_apart"): lazy(
        "Another field, %(held)s for %(asked)s; confirmed rows connect only %(connected)s of %(of)s outcomes"
    ),
    ("outcomes", "all_covered"): lazy("All that is required is covered"),
    ("outcomes", "within_threshold"): lazy("%(missing)s missing, within what the instrument allows"),
    ("outcomes", "presumed"): lazy("%(missing)s missing; no authority has shown that it matters"),
    ("outcomes", "authorities_differ"): lazy("The authorities differ, and neither word settles it"),
    ("outcomes", "missing"): lazy("%(missing)s missing"),
    ("outcomes", "search_bound"): lazy("Too involved to compute: a person must compare"),
}
_BASIS = {
    "convention": lazy("A convention decides the rule here: what no authority has shown to differ substantially is recognised."),
    "intergovernmental": lazy("An agreement between governments decides the rule here."),
    "ministry": lazy("A ministry act decides the rule here."),
    "institutional": lazy("An agreement between institutions gives credit only."),
    "employer": lazy("An employer's decision binds its own work only."),
}  # fmt: skip
_OVER = {
    "memorandum": lazy("a memorandum is no legal basis"),
    "purpose": lazy("not for this purpose"),
    "field": lazy("not for this field"),
    "level": lazy("not for this level"),
    "party": lazy("binds other institutions only"),
    "not_in_force": lazy("not in force on the day that counts"),
}


def credits(hundredths: int) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02}".rstrip("0") if rest else str(whole)


def short_of(gap: Gap) -> str:
    """Return how many credits are missing, and where."""
    if gap.kind == "workload":
        return _("%(credits)s credits are missing in the whole.") % {"credits": credits(gap.short)}
    return _("%(credits)s credits are missing in a block of the requirement.") % {"credits": credits(gap.short)}


def element(found: Element) -> str:
    """Return what one element found."""
    said = _SAID.get((found.name, found.reason))
    if said is None:
        return str(STATES[found.state])
    params: dict[str, str | int] = {}
    for name, value in found.params:
        shown = credits(int(value)) if found.name == "workload" else value
        shown = Country(str(value)).label if name == "country" else shown
        params[name] = f"{params[name]}, {shown}" if name in params else shown
    return str(said) % params


def basis(name: str) -> str:
    return str(_BASIS.get(name, ""))


def passed_over(reason: str) -> str:
    return str(_OVER[reason])


def question(asked: tuple[str, ...], names: dict[str, str]) -> str:
    """Return a question that found nothing, in words; `names` gives outcomes and programmes by key."""
    kind, subject = asked[0], names.get(asked[1], asked[1]) if len(asked) > 1 else ""
    match kind:
        case "instrument":
            return _("An instrument in force towards %(country)s") % {"country": Country(asked[1]).label}
        case "row":
            return _("A confirmed crosswalk row to “%(outcome)s”") % {"outcome": subject}
        case "competence":
            return _("A competent authority in %(country)s") % {"country": Country(asked[1]).label}
        case "accreditation":
            return _("An accreditation of %(institution)s on the day of award") % {"institution": subject}
        case "delivery":
            where = {"institution": subject, "country": Country(asked[2]).label}
            return _("A permit of %(institution)s to teach, by the law of %(country)s") % where
        case "right":
            return _("What “%(programme)s” opens at home") % {"programme": subject}
        case "referencing":
            return _("Referencing of level %(step)s of %(framework)s") % {"step": asked[2], "framework": subject}
        case "difference":
            return _("A substantial difference shown by an authority")
        case "module":
            return _("A bridging module for “%(outcome)s”") % {"outcome": subject}
    return _("A bridging module that gives credits for this target")


def where_decision(record: Decision) -> str:
    """Return what it comes to, how far that is a decision, what holds it up, and how many outcomes are covered."""
    computed = thaw(core.Decision, record.computed)
    covered, missing, partly = outcome_counts(computed)
    said = [_stage(record)]
    waiting = record.state == DecisionState.INDICATION and record.indicated in (Result.PENDING, Result.SUSPENDED)
    if waiting and (names := [ELEMENTS[e.name] for e in computed.elements if e.state == State.UNKNOWN]):
        said.append(_("It is open because of: %(elements)s.") % {"elements": listed(names)})
    if covered + missing + partly:
        counts = {"covered": covered, "partly": partly, "missing": missing}
        said.append(_("%(covered)s outcomes are covered, %(partly)s in part, %(missing)s not at all.") % counts)
    return sentences(said)


def _stage(record: Decision) -> str:
    if record.state == DecisionState.PROPOSED:
        return _("Proposed: %(result)s. Another person of %(authority)s must confirm it.") % {
            "result": Result(record.result).label, "authority": record.case.authority,
        }  # fmt: skip
    if record.state == DecisionState.INDICATION:
        return _("The machine says: %(result)s. An indication, not a decision.") % {
            "result": Result(record.indicated).label
        }
    if getattr(record, "looking", False):
        return _("Decided: %(result)s. What it rested on has changed: it is being looked at. It stays in force until then.") % {
            "result": Result(record.result).label
        }  # fmt: skip
    if record.state == DecisionState.REVIEW_DUE:
        return _("Decided: %(result)s. What it rested on has changed: review is due. It stays in force until then.") % {
            "result": Result(record.result).label
        }
    if record.state == DecisionState.SUPERSEDED:
        return _replaced(record)
    if record.appeals.filter(state=AppealState.FILED).exists():
        return _("Decided: %(result)s. An appeal is being heard.") % {"result": Result(record.result).label}
    if record.notified_on is None:
        return _("Decided: %(result)s. The applicant is to be told.") % {"result": Result(record.result).label}
    return _("Decided: %(result)s.") % {"result": Result(record.result).label}


def _replaced(record: Decision) -> str:
    later = record.followed_by.exclude(decided_at=None).order_by("-id").first()
    if later is None or later.decided_at is None:
        return _("An indication that nobody took up; it was computed again since.")
    return _("Decided: %(result)s. Superseded by %(code)s on %(day)s.") % {
        "result": Result(record.result).label, "code": later.code, "day": date_format(later.decided_at.date()),
    }  # fmt: skip


def result_of(record: Decision) -> str:
    """Return what was decided; what the machine says where nothing is."""
    return str(Result(record.result or record.indicated).label)


def where_appeal(record: Appeal) -> str:
    """Return whether an appeal is in time, and what became of it."""
    until = record.decision.appeal_until
    if record.state == AppealState.INADMISSIBLE and until is not None:
        return _("Too late: the first day that is too late was %(day)s. The decision stands as it is.") % {
            "day": date_format(until)
        }
    if record.state == AppealState.FILED:
        return _("In time: %(authority)s must hear it. The decision stays in force meanwhile.") % {
            "authority": record.decision.case.authority
        }
    if record.second is None:
        return _("Heard.")
    if record.second.decided_at is None:  # what is still weighed is not for the applicant
        return _("Heard: it is computed again, and two people decide on it. The first decision stays beside it.")
    return _("Heard, and decided on again as %(code)s: %(result)s.") % {
        "code": record.second.code, "result": result_of(record.second)
    }  # fmt: skip


def where_round(record: ReviewRound) -> str:
    """Return how far a round has come."""
    said = {"looked": record.looked_count, "listed": record.listed_count, "due": record.review_due_count}
    if record.finished_at is not None:
        return _("All %(listed)s decisions have been looked at; %(due)s of them are due for review.") % said
    return _(
        "%(looked)s of %(listed)s decisions have been looked at; %(due)s of them are due for review. "
        "The others stay in force and read as being looked at."
    ) % said  # fmt: skip


def where_case(record: Case) -> str:
    """Return what a case waits for, and where its time to decide stands."""
    waits = listed(timing.waits_for(record))
    match record.state:
        case CaseState.INTAKE if waits:
            return _(
                "The file is not complete. Asked of the applicant: %(steps)s. The time to decide does not run yet."
            ) % {"steps": waits}
        case CaseState.INTAKE:
            return _("Papers are being gathered. The time to decide runs once the intake is complete.")
        case CaseState.EXAMINED if waits:
            return _("Waits for: %(steps)s. %(time)s") % {"steps": waits, "time": timing.says(record)}
        case CaseState.EXAMINED:
            return timing.says(record)
        case CaseState.PROPOSED:
            return _("A decision is proposed; a second person must confirm it. %(time)s") % {
                "time": timing.says(record)
            }
        case CaseState.CLOSED:
            return _("Closed without a decision.")
    return _("Decided.")


def remarks(record: Decision) -> dict[str, list[Any]]:
    """Return what stands under the facts of a decision."""
    found: dict[str, list[Any]] = {
        "indicated": [_("an indication, not a decision; a person decides")],
        "decided_by": [_("a second person of the authority")] if record.decided_by_id else [],
    }
    row = record.instrument
    if row is not None:
        ends = date_format(row.valid_until) if row.valid_until else _("no end set")
        found["instrument"] = [_("%(basis)s; until %(day)s") % {"basis": row.get_basis_display(), "day": ends}]  # type: ignore[attr-defined]
    if record.appeal_until is not None:
        over = clock.today() >= record.appeal_until
        found["appeal_until"] = [_("the time to appeal is over") if over else _("the first day that is too late")]
    return found


def outcome_counts(computed: core.Decision) -> tuple[int, int, int]:
    """Return how many target outcomes are covered, missing and covered in part."""
    gaps = [gap for gap in computed.gaps if gap.kind == "outcome"]
    partly = sum(1 for gap in gaps if gap.partly)
    return len(computed.covered), len(gaps) - partly, partly
