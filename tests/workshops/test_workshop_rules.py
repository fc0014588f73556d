"""Workshops: stages of set-up under four eyes of two institutions, equipment, who sees what."""

import io
from datetime import date

import pytest
from cast import TESTS, organisation, sign_in, user
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.workshops import actions, queries
from sunmao.workshops.models import Item, Partner, Stage, StageState, State, Workshop

pytestmark = pytest.mark.django_db
FACT = Texts.of("620 square metres, one laboratory")


@pytest.fixture
def scene():
    class Scene:
        lead, host, other = (
            organisation("Lead College", country="CN"),
            organisation("Host University", country="UZ"),
            organisation("Third"),
        )
        lin, alisher, eve = (
            user("Lin", ("officer", lead)),
            user("Alisher", ("officer", host)),
            user("Eve", ("officer", other)),
        )

    made = Workshop(title=Texts.of({"en": "Telecom College", "zh": "通信学院"}), host=Scene.host, country="UZ")
    Scene.workshop = changes.save(made, by=TESTS)
    changes.save(Partner(workshop=made, organisation=Scene.lead, part="lead"), by=TESTS)
    actions.plan(made, by=Scene.lin)
    Scene.stage = staticmethod(lambda kind: Stage.objects.get(workshop=made, kind=kind))
    return Scene


def _pass(scene, kind, **more):
    actions.propose(scene.stage(kind), fact=FACT, evidence_title=Texts.of("Minutes"), by=scene.alisher, **more)
    return actions.sign_off(scene.stage(kind), by=scene.lin)


def test_who_proposed_a_stage_never_signs_it_off(scene):
    actions.propose(scene.stage("site"), fact=FACT, evidence_title=Texts.of("Act"), by=scene.alisher)
    with pytest.raises(ValidationError, match="Another institution"):
        actions.sign_off(scene.stage("site"), by=scene.alisher)
    colleague = user("Colleague", ("director", scene.host))
    with pytest.raises(ValidationError, match="Another institution"):
        actions.sign_off(scene.stage("site"), by=colleague)
    assert actions.sign_off(scene.stage("site"), by=scene.lin).state == StageState.PASSED


def test_the_database_itself_refuses_two_eyes(scene):
    stage = scene.stage("site")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(Stage).filter(pk=stage.pk).update(proposed_by=scene.host, signed_off_by=scene.host)


def test_acceptance_waits_for_all_other_stages_and_names_them(scene):
    for kind in ("filing", "site", "equipment", "curriculum", "unveiling"):
        _pass(scene, kind)
    with pytest.raises(ValidationError, match="Acceptance waits for: teachers"):
        actions.propose(scene.stage("acceptance"), fact=FACT, evidence_title=Texts.of("Minutes"), by=scene.alisher)
    _pass(scene, "teachers")
    _pass(scene, "acceptance", happened=When.on(date(2027, 3, 1)))
    stored = Workshop.objects.get(pk=scene.workshop.pk)
    assert (stored.state, stored.accepted.iso()) == (State.OPERATING, "2027-03-01")


def test_unveiling_may_come_before_acceptance_and_does_not_make_it_operate(scene):
    _pass(scene, "unveiling", happened=When.on(date(2026, 9, 16)))
    stored = Workshop.objects.get(pk=scene.workshop.pk)
    assert stored.unveiled.iso() == "2026-09-16"
    assert stored.state == State.SET_UP


def test_a_stage_sent_back_says_why_and_is_proposed_again(scene):
    actions.propose(scene.stage("site"), fact=FACT, evidence_title=Texts.of("Act"), by=scene.alisher)
    sent = actions.send_back(scene.stage("site"), remark="The act is not signed", by=scene.lin)
    assert (sent.state, sent.remark) == (StageState.SENT_BACK, "The act is not signed")
    assert actions.propose(scene.stage("site"), fact=FACT, by=scene.alisher).state == StageState.TO_SIGN_OFF


def test_nobody_proposes_without_evidence_or_without_being_a_partner(scene):
    with pytest.raises(ValidationError, match="evidence"):
        actions.propose(scene.stage("site"), fact=FACT, by=scene.alisher)
    with pytest.raises(ValidationError, match="Only a partner"):
        actions.propose(scene.stage("site"), fact=FACT, evidence_title=Texts.of("x"), by=scene.eve)


def test_evidence_and_equipment_are_seen_by_partners_only(client, scene):
    upload = io.BytesIO(b"canary-act")
    upload.name = "act.pdf"
    actions.propose(
        scene.stage("site"), fact=FACT, evidence_title=Texts.of("Canary act of handover"), file=upload, by=scene.alisher
    )
    item = changes.save(Item(workshop=scene.workshop, title=Texts.of("Canary station")), by=scene.lin)
    evidence = scene.stage("site").evidence.get()
    paths = [
        f"/workshops/{scene.workshop.code}/",
        "/evidences/",
        "/items/",
        f"/items/{item.code}/",
        f"/evidences/{evidence.key}/files/file/",
    ]
    for viewer in (None, scene.eve):
        if viewer:
            sign_in(client, viewer)
        for path in (*paths, *("/api" + path for path in paths[:4])):
            answer = client.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert b"Canary" not in body and b"canary" not in body, path
    sign_in(client, scene.lin)
    assert b"Canary act" in client.get(paths[0]).content
    assert b"".join(client.get(paths[-1]).streaming_content) == b"canary-act"


def test_signing_off_needs_a_fresh_second_factor(client, scene):
    actions.propose(scene.stage("site"), fact=FACT, evidence_title=Texts.of("Act"), by=scene.alisher)
    address = f"/stages/{scene.stage('site').code}/do/sign_off/"
    assert sign_in(client, scene.lin, second_factor=False).post(address, {"why": "seen"}).status_code == 403
    assert scene.stage("site").state == StageState.TO_SIGN_OFF
    assert sign_in(client, scene.lin).post(address, {"why": "seen"}).status_code == 302
    assert scene.stage("site").state == StageState.PASSED


def test_the_page_says_where_it_stands_whose_turn_it_is_and_what_is_late(client, scene):
    actions.propose(scene.stage("equipment"), fact=FACT, evidence_title=Texts.of("List"), by=scene.alisher)
    actions.start(scene.stage("teachers"), due_on=date(2020, 1, 1), by=scene.lin)
    page = sign_in(client, scene.lin).get(f"/workshops/{scene.workshop.code}/").content.decode()
    address = f"/stages/{scene.stage('equipment').code}/do/sign_off/"
    assert f'It is your turn: sign off “<a href="{address}">equipment</a>”.' in page
    assert "are passed; “teachers” is" in page
    assert "days late" in page
    client.cookies["language"] = "en"
    mine = sign_in(client, scene.alisher).get(f"/workshops/{scene.workshop.code}/").content.decode()
    assert "It is your turn" not in mine
    assert "Another institution must sign this off." in mine


def test_equipment_is_received_used_reported_and_retired_in_order(scene):
    item = changes.save(Item(workshop=scene.workshop, title=Texts.of("5G station"), quantity=2), by=scene.lin)
    with pytest.raises(ValidationError):
        actions.put_to_use(item, by=scene.lin)
    actions.receive(item, received_on=date(2026, 11, 1), by=scene.lin)
    actions.put_to_use(item, by=scene.lin)
    assert actions.report_down(item, why="no power", by=scene.lin).down_since is not None
    assert actions.put_to_use(item, by=scene.lin).down_since is None
    assert actions.retire(item, why="replaced", by=scene.lin).state == "retired"


def test_one_person_with_seats_at_two_partners_never_signs_off_the_own_proposal(scene):
    both = user("Both", ("officer", scene.host), ("director", scene.lead))
    actions.propose(scene.stage("site"), fact=FACT, evidence_title=Texts.of("Act"), by=both)
    for deed in (
        lambda: actions.sign_off(scene.stage("site"), by=both),
        lambda: actions.send_back(scene.stage("site"), remark="x", by=both),
    ):
        with pytest.raises(ValidationError, match="Another institution"):
            deed()
    proposer = scene.stage("site").proposed_by
    signer = scene.lin if proposer == scene.host else scene.alisher
    assert actions.sign_off(scene.stage("site"), by=signer).signed_off_by != proposer


def test_published_evidence_is_seen_by_everyone_and_may_be_hidden_again(client, scene):
    upload = io.BytesIO(b"the act")
    upload.name = "act.pdf"
    actions.propose(
        scene.stage("site"), fact=FACT, evidence_title=Texts.of("Act of handover"), file=upload, by=scene.alisher
    )
    evidence = scene.stage("site").evidence.get()
    page, file = f"/workshops/{scene.workshop.code}/", f"/evidences/{evidence.key}/files/file/"
    assert (b"Act of handover" in client.get(page).content, client.get(file).status_code) == (False, 404)
    actions.publish(evidence, by=scene.alisher)
    assert b"Act of handover" in client.get(page).content
    assert b"".join(client.get(file).streaming_content) == b"the act"
    actions.hide(evidence, why="names a person", by=scene.alisher)
    assert (b"Act of handover" in client.get(page).content, client.get(file).status_code) == (False, 404)


def test_the_state_by_its_stages_stands_beside_the_reported_one(scene):
    changes.save(Workshop(title=Texts.of("Elsewhere"), state=State.OPERATING), by=TESTS)
    silent = Workshop.objects.get(state=State.OPERATING)
    assert queries.own_state(silent) is None
    assert queries.own_state(scene.workshop) == State.ANNOUNCED
    actions.start(scene.stage("site"), by=scene.lin)
    assert queries.own_state(scene.workshop) == State.SET_UP
    _pass(scene, "unveiling")
    assert queries.own_state(scene.workshop) == State.LAUNCHED


def test_a_late_stage_asks_for_the_reason_first_and_shows_it_then(client, scene):
    stage = actions.start(scene.stage("teachers"), due_on=date(2020, 1, 1), by=scene.lin)
    address = f"/workshops/{scene.workshop.code}/"
    assert f"/stages/{stage.code}/do/explain_delay/" in sign_in(client, scene.lin).get(address).content.decode()
    actions.explain_delay(stage, delay="visas came late", by=scene.lin)
    page = client.get(address).content.decode()
    assert "visas came late" in page
    assert f"/stages/{stage.code}/do/propose/" in page


def test_officers_of_other_houses_write_nothing_of_a_workshop(client, scene):
    stage = scene.stage("site").code
    sign_in(client, scene.eve)
    for address in (
        f"/workshops/{scene.workshop.code}/edit/",
        f"/workshops/{scene.workshop.code}/do/close/",
        f"/stages/{stage}/do/start/",
        f"/stages/{stage}/do/propose/",
    ):
        assert client.post(address, {"why": "no"}).status_code == 403, address


def test_who_draws_up_a_workshop_may_say_who_takes_part_until_somebody_does(client, scene):
    sign_in(client, scene.lin)
    client.post(
        "/workshops/add/",
        {"title_en": "New college", "country": "UZ", "brand": "other", "kind": "workshop", "state": "announced"},
    )
    made = Workshop.objects.get(title__en__text="New college")
    assert f"/partners/add/?workshop={made.code}" in client.get(f"/workshops/{made.code}/").content.decode()
    assert sign_in(client, scene.eve).get(f"/workshops/{made.code}/edit/").status_code == 403
    answer = sign_in(client, scene.lin).post(
        "/partners/add/", {"workshop": made.code, "organisation": scene.other.code, "part": "lead"}
    )
    assert answer.status_code == 302
    assert client.get(f"/workshops/{made.code}/edit/").status_code == 403
    assert sign_in(client, scene.eve).get(f"/workshops/{made.code}/edit/").status_code == 200


def test_a_workshop_without_a_second_institution_says_so_and_leads_to_adding_one(client, scene):
    lonely = changes.save(Workshop(title=Texts.of("New college"), host=scene.host, country="UZ"), by=TESTS)
    page, says, leads = f"/workshops/{lonely.code}/", "No second institution takes part yet", "/partners/add/?workshop="
    assert says not in client.get(page).content.decode()  # nothing is under way that everybody could see
    sign_in(client, scene.alisher)
    assert says in (shown := client.get(page).content.decode()) and f"{leads}{lonely.code}" in shown
    actions.plan(lonely, by=scene.alisher)
    client.logout()
    assert says in (shown := client.get(page).content.decode()) and leads not in shown
    changes.save(Partner(workshop=lonely, organisation=scene.lead, part="lead"), by=TESTS)
    assert says not in sign_in(client, scene.alisher).get(page).content.decode()


def test_who_signs_off_reads_what_is_proposed_and_its_evidence(scene, client):
    stage = actions.propose(
        scene.stage("site"), fact=FACT, evidence_title=Texts.of("Act of handover"), by=scene.alisher
    )
    page = sign_in(client, scene.lin).get(f"/stages/{stage.code}/do/sign_off/").content.decode()
    assert "620 square metres, one laboratory" in page and "Proposed by Host University on" in page
    assert "Act of handover" in page
    evidence = stage.evidence.get()
    assert f"/evidences/{evidence.key}/" in page
