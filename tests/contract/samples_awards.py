"""Samples of keys and credentials. The home college issues an award together with the partner; a conferral has the
home college's signature and waits for the partner's; a credential is held by the learner of the cast."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import cast

from contract.samples import above, keep, sample, words
from contract.samples_building import published, row
from sunmao.cohorts import actions as cohorts
from sunmao.cohorts.models import Cohort
from sunmao.credentials import actions, lists, numbers
from sunmao.credentials.models import (
    Award,
    AwardEvidence,
    AwardIssuer,
    Batch,
    BatchSigning,
    Conferral,
    Credential,
    Issued,
    Signing,
    StatusList,
)
from sunmao.kernel import changes, clock
from sunmao.keys import actions as keys
from sunmao.keys import queries
from sunmao.keys.models import InstitutionKey
from sunmao.standards import actions as standards
from sunmao.standards import queries as standard_queries


@sample("keys", under="organisations")
def key(world: Any, word: str, n: int, parent: Any = None) -> Any:
    return keys.make(parent or world.home, by=world.actor("officer"))


def signing_key(world: Any, organisation: Any) -> InstitutionKey:
    """Return the key an institution signs with, made where it has none."""
    found = queries.signing_key(organisation)
    return found or keys.make(organisation, by=world.actor("officer"))


@sample("awards")
def award(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """Given by the home college together with the partner; not given yet."""
    made = Award(
        title=words(word), programme=published(world, above(word), world.home), criteria=words(word), months=24
    )
    keep(made, world)
    for number, organisation in enumerate((world.home, world.abroad), 1):
        keep(AwardIssuer(award=made, number=number, organisation=organisation), world)
    return made


@sample("award-issuers", under="awards")
def _issuer(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or award(world, above(word), n)
    third = cast.organisation(f"Issuer {above(word)}", country="KZ")
    return keep(AwardIssuer(award=of, number=n + 10, organisation=third), world)


@sample("award-evidences", under="awards")
def _evidence(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or award(world, above(word), n)
    return keep(AwardEvidence(award=of, title=words(word), narrative=words(word), genre="report"), world)


@sample("endorsements", under="awards")
def _endorsement(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """The home college's word for an award that the outsider's house gives alone."""
    of = parent
    if of is None:
        of = keep(
            Award(
                title=words(above(word)),
                programme=published(world, above(word), world.home),
                criteria=words(above(word)),
            ),
            world,
        )
        keep(AwardIssuer(award=of, number=1, organisation=world.elsewhere), world)
    third = world.home if parent is None else cast.organisation(f"Endorser {above(word)}")
    by = world.actor("officer") if parent is None else cast.user(f"Endorser {n}", ("officer", third))
    signing_key(world, third)
    return actions.endorse(of, organisation=third, words=word, by=by)


def cohort(world: Any, word: str, of: Any) -> Cohort:
    """A running cohort of an award's programme."""
    officer = world.actor("officer")
    made = Cohort(
        title=words(word), version=of.programme, institution=world.home, co_institution=world.abroad,
        starts_on=clock.today() - timedelta(days=90), minimum_attendance=0,
    )  # fmt: skip
    return cohorts.start(cohorts.open_cohort(made, by=officer), by=officer)


def completed(world: Any, word: str, of: Cohort, person: Any = None) -> Any:
    """Return the enrolment of a learner who passed every outcome."""
    officer = world.actor("officer")
    made = cohorts.enrol(of, name=words(word), person=person, by=officer)
    for outcome in of.version.outcomes.all():
        cohorts.record_result(made, outcome=outcome, passed=True, grade="good", assessed_on=clock.today(), by=officer)
    return cohorts.complete(made, by=officer)


@sample("conferrals")
def conferral(world: Any, word: str, n: int, parent: Any = None, *, holder: str = "", person: Any = None) -> Any:
    """Proposed and signed for the home college; the partner is still to sign."""
    for organisation in (world.home, world.abroad):
        signing_key(world, organisation)
    of = award(world, above(word), n)
    place = cohort(world, above(word), of)
    completed(world, holder or above(word), place, person)
    made = actions.confer(of, cohort=place, awarded_on=clock.today(), by=world.actor("officer"))
    made.proposed_by = word
    return keep(made, world)


@sample("signings", under="conferrals")
def _signing(world: Any, word: str, n: int, parent: Any) -> Any:
    if parent is None:
        made = conferral(world, above(word), n).signings.get()
        made.signer = word
        return keep(made, world)
    third = cast.organisation(f"Signer {above(word)}")
    made = Signing(
        conferral=parent, organisation=third, key_used=signing_key(world, world.home), signer=word,
        signer_key=f"{above(word)}", signed_at=clock.now(), count=n,
    )  # fmt: skip
    return changes.save(made, by=world.actor("officer"), deed="sign")


@sample("credentials", under="conferrals")
def _credential(world: Any, word: str, n: int, parent: Any) -> Any:
    """The first is the learner's of the cast; further ones of a conferral stand beside what was signed."""
    person = world.actor("learner").person if n == 1 else None
    if parent is None:
        of: Conferral = conferral(world, above(word), n, holder=word, person=person)
        return of.credentials.get()
    enrolment = completed(world, word, parent.cohort)
    place, index = lists.place(world.home, signing_key(world, world.home).controller, 1, by=world.actor("officer"))[0]
    made = Credential(
        number=numbers.fresh(), award=parent.award, conferral=parent, issuer=world.home, learner=enrolment.learner,
        enrolment=enrolment, awarded_on=parent.awarded_on, digest=f"{n:064d}", status_list=place, status_index=index,
        state_since=clock.now(),
    )  # fmt: skip
    return changes.save(made, by=world.actor("officer"), deed="award")


@sample("status-lists", under="organisations")
def _status_list(world: Any, word: str, n: int, parent: Any) -> Any:
    """A further list of an issuer; credentials are placed in the one with the highest number."""
    of = parent or world.home
    made = StatusList(
        organisation=of, controller=queries.did(of), number=n + 1000,
        address=f"https://register.example.org/status/{of.code}/{n + 1000}",
    )  # fmt: skip
    return keep(made, world)


@sample("crosswalk-credentials")
def crosswalk_credential(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """Drawn up by the home college; its authority and the partner are still to sign."""
    of = row(world, above(word), n)
    for version in (of.crosswalk.source, of.crosswalk.target):
        signing_key(world, standard_queries.side(version)[0])
    for role in ("officer", "partner"):
        of = standards.confirm(of, by=world.actor(role))
    made = actions.draw_up(of.crosswalk, by=world.actor("officer"))
    made.drawn_by = word
    return keep(made, world)


@sample("crosswalk-signings")
def _crosswalk_signing(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """The home authority's; the partner is still to sign."""
    made = crosswalk_credential(world, above(word), n)
    signing = actions.sign_crosswalk(made, by=world.actor("authority")).signings.get()
    signing.signer = word
    return keep(signing, world)


@sample("batches")
def batch(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """Proposed for the home college: its second person and two of the partner are still to sign."""
    for organisation in (world.home, world.abroad):
        signing_key(world, organisation)
    made = Batch(
        award=award(world, above(word), n), issuer=world.home, file_sha256=f"{word}{n}".encode().hex()[:60],
        count=1000 + n, proposed_by=word, proposed_key="somebody", proposed_for=world.home, sign_by=date(2029, 12, 31),
    )  # fmt: skip
    return changes.save(made, by=world.actor("officer"), deed="propose")


@sample("batch-signings", under="batches")
def _batch_signing(world: Any, word: str, n: int, parent: Any) -> Any:
    """The first person's of a third institution: its second is still to sign."""
    of, third = parent or batch(world, above(word), n), cast.organisation(f"Third {n}", country="KZ")
    return keep(BatchSigning(batch=of, organisation=third, first=word, first_key="somebody"), world)


@sample("issued", under="batches")
def _issued(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or batch(world, above(word), n)
    place, index = lists.Places(of, signing_key(world, world.home).controller, by=world.actor("officer")).take()
    made = Issued(
        batch=of, serial=n + 1, number=numbers.fresh(), awarded_on=clock.today(), digest=f"{n:064d}", status_list=place,
        said=json.dumps({"recipient_name": word}), proof_value="z", status_index=index, state_since=clock.now(),
    )  # fmt: skip
    return changes.save(made, by=world.actor("officer"), deed="issue")
