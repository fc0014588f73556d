"""Rules of agreements, from the first word to the last day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from agreement_cast import approved, in_force, proposed, reported, signed, world
from cast import refusal

from sunmao.agreements import actions, queries
from sunmao.agreements.desk import AgreementDesk, ClauseDesk, PartyDesk
from sunmao.agreements.models import Agreement, Clause, Kind, Origin, Party, State, Version
from sunmao.kernel import changes, clock
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.pages import do
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When

pytestmark = pytest.mark.django_db
AUTUMN = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def w():
    with clock.stopped_at(AUTUMN):
        yield world()


# Wording and turns


def test_the_one_who_writes_it_down_is_its_first_party(w):
    assert [row.organisation for row in w.agreement.parties.order_by("number")] == [w.college, w.company, w.host]


def test_a_changed_text_voids_approvals_and_says_how_many(w):
    proposed(w)
    actions.approve(w.agreement, digest=w.digest, by=w.lin)
    actions.approve(w.agreement, digest=w.digest, by=w.zhao)
    proposed(w, "The parties agree otherwise.")
    current = queries.open_version(w.agreement)
    assert (current.number, current.voided, current.approvals.count()) == (2, 2, 0)


def test_approval_counts_only_for_the_hash_that_was_seen(w):
    seen = proposed(w).digest
    proposed(w, "The parties agree otherwise.")
    said = refusal(actions.approve, w.agreement, digest=seen, by=w.lin)
    assert said == "The text has changed since you opened it. Read the new one, then decide."
    assert not queries.open_version(w.agreement).approvals.exists()


def test_of_two_people_at_once_the_second_approval_of_an_older_version_is_refused(w):
    proposed(w)
    hers, his = Agreement.objects.get(pk=w.agreement.pk), Agreement.objects.get(pk=w.agreement.pk)
    seen = w.digest
    actions.propose_text(hers, text=Texts.of("Other words."), prevails="", digest=seen, by=w.zhao)
    assert "has changed" in refusal(actions.approve, his, digest=seen, by=w.lin)


def test_of_two_people_proposing_at_once_the_second_must_read_the_first(w):
    seen = proposed(w).digest
    actions.propose_text(w.agreement, text=Texts.of("Hers."), prevails="", digest=seen, by=w.lin)
    said = refusal(actions.propose_text, w.agreement, text=Texts.of("His."), prevails="", digest=seen, by=w.zhao)
    assert said == "Someone proposed another text meanwhile. Read it before you propose yours."


def test_parties_answer_in_their_order(w):
    proposed(w)
    assert (
        refusal(actions.approve, w.agreement, digest=w.digest, by=w.alisher) == "It is the turn of Chongqing College."
    )
    actions.approve(w.agreement, digest=w.digest, by=w.lin)
    current = queries.open_version(w.agreement)
    assert (current.turn.organisation, current.turn_until) == (w.company, date(2026, 12, 6))


def test_an_officer_of_another_party_cannot_approve_for_us(w):
    proposed(w)
    desk = AgreementDesk()
    with pytest.raises(NotAllowed):
        do(desk.deed("approve"), desk, w.agreement, {"digest": w.digest}, by=w.zhao)
    assert not queries.open_version(w.agreement).approvals.exists()


def test_a_returned_text_goes_to_who_proposed_it_and_voids_what_was_approved(w):
    proposed(w)
    actions.approve(w.agreement, digest=w.digest, by=w.lin)
    actions.return_text(w.agreement, digest=w.digest, remarks=Texts.of("Name the room."), by=w.zhao)
    current = queries.open_version(w.agreement)
    assert (current.turn.organisation, current.voided, str(current.remarks)) == (w.college, 1, "Name the room.")
    assert not current.approvals.filter(void=False).exists()


def test_nobody_approves_while_a_party_is_to_be_named(w):
    extra = Party(agreement=w.agreement, number=4, name=Texts.of("a local college"))
    actions.keep_part(extra, w.agreement, by=w.lin)
    proposed(w)
    assert "still to be named" in refusal(actions.approve, w.agreement, digest=w.digest, by=w.lin)


def test_a_language_that_prevails_has_a_text(w):
    said = refusal(actions.propose_text, w.agreement, text=Texts.of("Words."), prevails="ru", digest="", by=w.lin)
    assert said == "There is no text in the language that is to prevail."


def test_the_stored_texts_give_the_hash_that_was_approved(w):
    current = queries.open_version(approved(w).agreement)
    assert queries.still_fits(current)
    text = current.texts.get(language="en")
    text.body = "Other words."
    changes.save(text, by=w.sec)
    assert not queries.still_fits(Version.objects.get(pk=current.pk))


# Signing


def test_nobody_signs_before_every_party_approved_the_same_text(w):
    proposed(w)
    actions.approve(w.agreement, digest=w.digest, by=w.lin)
    assert "Every party must approve" in refusal(actions.sign, w.agreement, digest=w.digest, by=w.lin)


def test_it_is_signed_with_the_last_signature_and_not_before(w):
    approved(w)
    actions.sign(w.agreement, digest=w.digest, by=w.lin)
    actions.sign(w.agreement, digest=w.digest, by=w.alisher)
    assert w.fresh().state == State.APPROVED
    actions.sign(w.agreement, digest=w.digest, by=w.zhao)
    assert (w.fresh().state, str(w.agreement.signed.iso())) == (State.SIGNED, "2026-11-22")


def test_a_party_signs_once(w):
    approved(w)
    actions.sign(w.agreement, digest=w.digest, by=w.lin)
    assert "has signed this text already" in refusal(actions.sign, w.agreement, digest=w.digest, by=w.lin)


def test_signing_needs_a_fresh_sign_in_with_a_second_factor(w):
    approved(w)
    w.lin.bound = False
    desk = AgreementDesk()
    with pytest.raises(NotAllowed) as caught:
        do(desk.deed("sign"), desk, w.agreement, {"digest": w.digest}, by=w.lin)
    assert caught.value.need == "second-factor"


def test_signed_agreement_cannot_change_parties(w):
    signed(w)
    desk, row = PartyDesk(), w.party(w.host)
    assert [desk.may(w.lin, verb, row) for verb in ("edit", "delete")] == [False, False]
    assert not desk.may(w.lin, "add", Party(agreement=w.fresh()))
    assert not desk.may(w.sec, "add", Party(agreement=w.agreement))


def test_the_name_stays_as_signed_where_the_organisation_is_renamed(w):
    signed(w)
    w.host.title = Texts.of("Technical University")
    changes.save(w.host, by=w.sec)
    version = queries.signed_version(w.agreement)
    assert str(version.signatures.get(party__organisation=w.host)) == "Transport University"
    assert queries.still_fits(version)


def test_recording_afterwards_is_as_good_as_signing_here(w):
    actions.record_signed(
        w.agreement, signed=When.read("2026-03-02"), originals=Texts.of("Three, sealed, in the archive"), by=w.lin
    )
    version = queries.signed_version(w.fresh())
    assert (w.agreement.state, w.agreement.origin, version.signatures.count()) == (State.SIGNED, Origin.RECORDED, 3)
    assert all(row.recorded and row.signed.iso() == "2026-03-02" for row in version.signatures.all())
    actions.bring_into_force(w.agreement, on=When.read("2026-03-02"), by=w.lin)
    assert w.fresh().is_in_force


def test_recording_needs_words_or_a_scan_or_the_place_of_the_originals(w):
    assert "Give the text, a scan" in refusal(actions.record_signed, w.agreement, signed=When.read("2026-03"), by=w.lin)
    assert not w.agreement.versions.exists()


def test_a_ceremony_is_not_the_final_text(w):
    made = reported(w)
    assert made.state == State.REPORTED
    assert queries.signed_version(made) is None
    assert "A ceremony is not the final text and not yet effect." in str(AgreementDesk().where(made, w.bob))


def test_what_the_press_announces_is_not_said_to_be_signed(w):
    made = Agreement(title=Texts.of("Accord"), kind=Kind.ACCORD, origin=Origin.PRESS)
    actions.keep_agreement(made, by=w.sec)
    assert made.state == State.ANNOUNCED
    made.signed = When.read("2024-11")
    actions.keep_agreement(made, by=w.sec)
    assert made.state == State.REPORTED


def test_nobody_writes_a_day_of_signing_into_what_is_drafted_here(w):
    w.agreement.signed = When.read("2024-11")
    assert "Record that it is signed instead" in refusal(actions.keep_agreement, w.agreement, by=w.lin)


def test_a_row_that_stands_for_several_agreements_says_so(w):
    made = reported(w)
    made.how_many = 11
    actions.keep_agreement(made, by=w.sec)
    assert "Stands for 11 agreements" in str(AgreementDesk().where(made, w.bob))


def test_a_memorandum_says_that_it_binds_nobody(w):
    w.agreement.kind = Kind.MEMORANDUM
    assert "It binds nobody" in str(AgreementDesk().where(w.agreement, w.lin))
    w.agreement.kind = Kind.SCHOOL
    assert "It binds nobody" not in str(AgreementDesk().where(w.agreement, w.lin))


# Force, amendment, end


def test_only_what_is_signed_comes_into_force(w):
    approved(w)
    assert "Only a signed agreement" in refusal(actions.bring_into_force, w.agreement, on=When.read("2026"), by=w.lin)


def test_what_is_signed_stays_in_force_until_every_party_signed_the_amendment(w):
    in_force(w)
    first = queries.signed_version(w.agreement)
    actions.propose_amendment(w.agreement, text=Texts.of("Amended."), prevails="en", by=w.zhao)
    added = Clause(agreement=w.agreement, number=1, promise=Texts.of("One more thing"), due=When.read("2026-01"))
    ClauseDesk().write(added, by=w.lin)
    assert (added.amendment, added.is_proposed, added.days_late(clock.today())) == (1, True, 0)
    for person in (w.lin, w.zhao, w.alisher):
        actions.approve(w.agreement, digest=w.digest, by=person)
    for person in (w.lin, w.zhao):
        actions.sign(w.agreement, digest=w.digest, by=person)
    assert (queries.signed_version(w.agreement), w.fresh().amendment) == (first, 0)
    actions.sign(w.agreement, digest=w.digest, by=w.alisher)
    assert (w.fresh().state, w.agreement.amendment) == (State.IN_FORCE, 1)
    assert not Clause.objects.get(pk=added.pk).is_proposed


def test_a_renewal_runs_longer_than_before(w):
    in_force(w)
    actions.renew(w.agreement, ends=When.read("2030-01-01"), by=w.lin)
    assert w.fresh().state == State.RENEWED
    assert "after the one it runs until now" in refusal(
        actions.renew, w.agreement, ends=When.read("2029-01-01"), by=w.lin
    )


def test_an_end_lies_after_the_beginning(w):
    in_force(w)
    w.agreement.ends = When.read("2026-03-02")
    assert refusal(w.agreement.full_clean) == "It ends before it begins."


def test_who_ends_an_agreement_is_told_what_rests_on_it(w):
    in_force(w)
    child = Agreement(title=Texts.of("Annual plan"), kind=Kind.ANNUAL, opened_by=w.college, parent=w.agreement)
    actions.keep_agreement(child, by=w.lin)
    deed = AgreementDesk().deed("end")
    from sunmao.kernel.desk import registry

    assert registry.by_slug["agreements"]
    form = deed.form({"on": "2026-12-01", "why": "over"}, record=w.agreement, person=w.lin)
    assert not form.is_valid()
    assert "Annual plan" in form.fields["seen"].help_text


def test_an_agreement_is_never_made_under_itself(w):
    child = Agreement(title=Texts.of("Plan"), opened_by=w.college, parent=w.agreement)
    actions.keep_agreement(child, by=w.lin)
    w.agreement.parent = child
    assert refusal(w.agreement.full_clean) == "An agreement cannot be made under itself."


# Publishing, and whose row it is


def test_it_is_public_once_every_party_agrees(w):
    in_force(w)
    actions.publish(w.fresh(), by=w.lin)
    actions.publish(w.fresh(), by=w.zhao)
    assert not w.fresh().published
    actions.publish(w.agreement, by=w.alisher)
    assert w.fresh().published


def test_each_party_takes_its_consent_to_publishing_back_for_itself(w, client):
    in_force(w)
    for person in (w.lin, w.zhao, w.alisher):
        actions.publish(w.fresh(), by=person)
    address = f"/agreements/{w.agreement.key}/"
    assert client.get(address).status_code == 200
    assert refusal(actions.withdraw, w.fresh(), why="x", by=w.bob) == "Your organisation has not agreed to publish it."
    assert refusal(actions.withdraw, w.fresh(), why="x", by=w.sec) == "Your organisation has not agreed to publish it."
    actions.withdraw(w.fresh(), why="Too early", by=w.zhao)
    assert client.get(address).status_code == 404 and not w.fresh().published
    assert [party.publishes for party in w.agreement.parties.order_by("number")] == [True, False, True]
    actions.publish(w.fresh(), by=w.zhao)
    assert client.get(address).status_code == 200


def test_no_list_tells_which_agreements_rest_on_a_hidden_one(w, client):
    """A visitor could ask for those under the code of an agreement he does not see."""
    child = reported(w)
    child.parent = w.agreement
    actions.keep_agreement(child, by=w.sec)
    assert client.get("/api/agreements/").json()["count"] == 1
    for face in ("/api/agreements/", "/api/parties/"):
        name = "parent" if face.endswith("agreements/") else "agreement"
        assert client.get(f"{face}?{name}={w.agreement.key}").json()["count"] == 0
    from cast import sign_in

    assert sign_in(client, w.lin).get(f"/api/agreements/?parent={w.agreement.key}").json()["count"] == 1


def test_the_secretariat_agrees_only_for_parties_without_an_officer_here(w):
    in_force(w)
    assert refusal(actions.publish, w.fresh(), by=w.sec) == "You may agree for your own organisation only."


def test_nobody_makes_a_draft_public_by_calling_it_a_press_report(w):
    w.agreement.origin = Origin.PRESS
    assert "stays as it was first written down" in refusal(actions.keep_agreement, w.agreement, by=w.lin)


def test_another_partys_row_is_not_ours_to_change(w):
    desk, row = PartyDesk(), w.party(w.host)
    assert [desk.may(person, "edit", row) for person in (w.zhao, w.alisher, w.lin)] == [False, True, True]
