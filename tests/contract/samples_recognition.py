"""Samples of recognition: cases and what hangs on them lie with the ministry of the cast, their applicant is its
learner; registers speak of the home college. Instruments and modules are drafts, decisions wait to be confirmed."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import cast

from contract.samples import above, document, keep, sample, words
from contract.samples_learners import programme
from sunmao.kernel import changes, clock, files
from sunmao.kernel.ids import uuid7
from sunmao.recognition import actions, queries
from sunmao.recognition import models as recognition
from sunmao.recognition.actions.law import copy_of
from sunmao.recognition.models import Case, Decision

AUTHORITY = "authority"


def target(world: Any, word: str) -> Any:
    """Return a published programme of the partner, under the ministry that decides."""
    return programme(world, word, world.abroad, world.ministry)


# Cases


@sample("recognition-cases")
def case(world: Any, word: str, n: int, parent: Any = None) -> Case:
    """Being taken in. Nothing of a case is free text, so that the word is the name decisions know its holder by."""
    purpose = ("study", "work", "licence")[n % 3]
    made = Case(
        authority=world.ministry, target=target(world, above(word)), purpose=purpose, applied_on=clock.today(),
        holder=f"{word[-14:]}{world.number()}"[:20],
    )  # fmt: skip
    actions.open_case(made, by=world.actor(AUTHORITY))
    if n == 1:
        applies(world, above(word), n, made)
    return made


def applies(world: Any, word: str, n: int, made: Case) -> Any:
    """Write down who applies; in the first sample of a desk the learner of the cast."""
    person = world.actor("learner").person if n == 1 else None
    who = recognition.Applicant(case=made, name=words(word), variants=word, birth_year=2001, person=person)
    return keep(who, world, AUTHORITY)


@sample("applicants")
def _applicant(world: Any, word: str, n: int, parent: Any) -> Any:
    return applies(world, word, n, case(world, above(word), n + 1))


def laid(world: Any, made: Any) -> Any:
    return actions.lay(made, by=world.actor(AUTHORITY))


@sample("qualifications", under="recognition-cases")
def qualification(world: Any, word: str, n: int, parent: Any = None) -> Any:
    made = recognition.Qualification(
        case=parent or case(world, above(word), n), programme=programme(world, above(word), world.home),
        issuer=world.home if n == 1 else cast.organisation(f"Issuer {above(word)}"), number=word,
        awarded_on=clock.today() - timedelta(days=n + 30),
    )  # fmt: skip
    return laid(world, made)


@sample("prior-learnings", under="recognition-cases")
def _prior(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or case(world, above(word), n)
    by = world.home if n == 1 else cast.organisation(f"Validator {above(word)}")
    return laid(
        world, recognition.PriorLearning(case=of, what=word, validated_by=by, outcome=of.target.outcomes.first())
    )


@sample("language-certificates", under="recognition-cases")
def _language(world: Any, word: str, n: int, parent: Any) -> Any:
    """The word is the name of the scan: a language and its level are no free text."""
    scan = files.store(io.BytesIO(b"%PDF-1.4 " + word.encode()), f"{word}.pdf", by=world.actor(AUTHORITY))
    made = recognition.LanguageCertificate(
        case=parent or case(world, above(word), n), language="uz", level=n % 5 + 1, file=scan,
        awarded_on=clock.today() - timedelta(days=n),
    )  # fmt: skip
    return laid(world, made)


@sample("steps", under="recognition-cases")
def _step(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or case(world, above(word), n)
    made = recognition.Step(case=of, kind="translation", asked_on=clock.today() - timedelta(days=n), note=word)
    return keep(made, world, AUTHORITY)


def indicated(world: Any, word: str, n: int, of: Case) -> Decision:
    """Take a case in and compute what it comes to."""
    of = Case.objects.get(pk=of.pk)
    if not hasattr(of, "applicant"):
        applies(world, above(word), n, of)
    qualification(world, above(word), n, of)
    return actions.indicate(actions.complete_intake(of, by=world.actor(AUTHORITY)), by=world.actor(AUTHORITY))


def proposed(world: Any, word: str, n: int, of: Case) -> Decision:
    if not recognition.Competence.objects.filter(authority=world.ministry, country="UZ").exists():
        keep(recognition.Competence(authority=world.ministry, country="UZ"), world, "secretariat")
    found = indicated(world, word, n, of)
    return actions.propose(found, result="refused", reasons=words(word), by=world.actor(AUTHORITY))


@sample("decisions", under="recognition-cases")
def decision(world: Any, word: str, n: int, parent: Any = None) -> Decision:
    """Proposed by one person of the ministry; on a case that has one already, another like it."""
    of = parent or case(world, above(word), n)
    first = of.decisions.order_by("id").first()
    if first is None:
        return proposed(world, word, n, of)
    return keep(copy_of(first, uid=uuid7(), code="", reasons=words(word)), world, AUTHORITY)


@sample("appeals", under="decisions")
def _appeal(world: Any, word: str, n: int, parent: Any) -> Any:
    """Filed in time against a decision that was confirmed and told."""
    if parent is not None:
        made = recognition.Appeal(decision=parent, filed_on=clock.today(), grounds=words(word))
        return changes.save(made, by=world.actor(AUTHORITY), deed="appeal")
    of = proposed(world, above(word), n, case(world, above(word), n))
    second = cast.user("Second Authority", (AUTHORITY, world.ministry))
    actions.notify(actions.confirm(of, by=second), by=world.actor(AUTHORITY))
    return actions.appeal(of, grounds=words(word), by=world.actor(AUTHORITY))


@sample("review-rounds")
def _review_round(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """Two decisions of the ministry were touched by one change and are still to be looked at."""
    found = [decision(world, f"{above(word)} {place}", n + place) for place in (0, 1)]
    ids = [row.pk for row in found]
    made = recognition.ReviewRound(
        cause=word, listed_at=clock.now(), listed_count=2, digest=queries.impact.digest_of(ids)
    )
    keep(made, world, AUTHORITY)
    recognition.Touched.objects.bulk_create(recognition.Touched(round=made, decision_id=pk) for pk in ids)
    return made


# The law


@sample("instruments")
def instrument(world: Any, word: str, n: int, parent: Any = None) -> Any:
    made = recognition.Instrument(
        title=words(word), basis="ministry", authority=world.ministry, document=document(world, above(word)), home="CN",
        host="UZ", purposes="study,work", passage=word, valid_from=clock.today() - timedelta(days=n),
    )  # fmt: skip
    return keep(made, world, AUTHORITY)


@sample("instrument-parties", under="instruments")
def _bound(world: Any, word: str, n: int, parent: Any) -> Any:
    bound = world.home if n == 1 else cast.organisation(f"Bound {above(word)}")
    of = parent or instrument(world, word, n)
    return keep(recognition.InstrumentParty(instrument=of, organisation=bound, side="home"), world, AUTHORITY)


@sample("revocations", under="instruments")
def _revocation(world: Any, word: str, n: int, parent: Any) -> Any:
    if parent is not None:
        made = recognition.Revocation(instrument=parent, effective_on=clock.today(), reason=words(word))
        return changes.save(made, by=world.actor(AUTHORITY), deed="revoke")
    of = actions.publish(instrument(world, above(word), n), by=world.actor(AUTHORITY))
    actions.revoke(of, reason=words(word), by=world.actor(AUTHORITY))
    return of.revocations.get()


def _house(world: Any, word: str, n: int) -> Any:
    return world.home if n == 1 else cast.organisation(f"House {above(word)}", country="CN")


def _lasting(world: Any, word: str, n: int) -> dict[str, Any]:
    since = clock.today() - timedelta(days=n)
    return {"document": document(world, above(word)), "passage": word, "valid_from": since}


def registered(world: Any, made: Any) -> Any:
    return keep(made, world, "secretariat")


@sample("competences")
def _competence(world: Any, word: str, n: int, parent: Any) -> Any:
    body = world.ministry if n == 1 else cast.organisation(f"Body {above(word)}", kind="authority", country="UZ")
    return registered(world, recognition.Competence(authority=body, country="UZ", **_lasting(world, word, n)))


@sample("accreditations")
def _accreditation(world: Any, word: str, n: int, parent: Any) -> Any:
    """Of a Chinese college: no business of the Uzbek ministry."""
    held = recognition.Accreditation(
        institution=_house(world, word, n), body=world.register, **_lasting(world, word, n)
    )
    return registered(world, held)


@sample("delivery-permits")
def _permit(world: Any, word: str, n: int, parent: Any) -> Any:
    held = recognition.DeliveryPermit(institution=_house(world, word, n), country="UZ", **_lasting(world, word, n))
    return registered(world, held)


@sample("home-rights")
def _right(world: Any, word: str, n: int, parent: Any) -> Any:
    """What a Chinese programme opens in China: no business of the Uzbek ministry."""
    of = programme(world, above(word), world.home)
    return registered(world, recognition.HomeRight(programme=of, purpose="study", **_lasting(world, word, n)))


@sample("shown-differences")
def _difference(world: Any, word: str, n: int, parent: Any) -> Any:
    made = recognition.ShownDifference(
        target=target(world, above(word)), subject="workload", programme=programme(world, above(word), world.home),
        authority=world.ministry, reason=words(word), **_lasting(world, word, n),
    )  # fmt: skip
    return registered(world, made)


@sample("bridging-modules")
def module(world: Any, word: str, n: int, parent: Any = None) -> Any:
    made = recognition.BridgingModule(
        title=words(word), institution=world.abroad, country="UZ", programme=target(world, above(word)), hours=40,
        credits=2, **_lasting(world, word, n),
    )  # fmt: skip
    return keep(made, world, AUTHORITY)


@sample("module-outcomes", under="bridging-modules")
def _covers(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or module(world, word, n)
    outcome = target(world, above(word)).outcomes.first()
    return keep(recognition.ModuleOutcome(module=of, outcome=outcome), world, AUTHORITY)
