"""Who sees a learner, on every face; and the learner sees who did."""

import io
import zipfile

import pytest
from cast import sign_in, user
from cohort_cast import BEGIN, END, Scene

from sunmao.cohorts import actions
from sunmao.cohorts.models import Sight
from sunmao.kernel import changes
from sunmao.people.models import Role

pytestmark = pytest.mark.django_db
NAME = "Zumradkanarik"


@pytest.fixture
def scene():
    made = Scene()
    made.row = made.enrol({"en": NAME, "ru": "Канарейкина"}, "S-4711", birth_year=2004)
    made.learner = made.row.learner
    made.session(BEGIN, **{"nS-4711": "present"})
    made.passes(made.row, "1.1")
    actions.complete(made.row, completed_on=END, by=made.lin)
    made.zumrad = user("Zumrad Account", (Role.LEARNER, made.host))
    made.learner.person = made.zumrad.person
    changes.save(made.learner, by=made.lin)
    return made


def faces(scene):
    """Return every address that could show the learner."""
    of = {
        "learners": scene.learner, "enrolments": scene.row, "results": scene.row.results.get(),
        "attendances": scene.row.attendance.get(), "cohorts": scene.cohort, "sessions": scene.cohort.sessions.get(),
    }  # fmt: skip
    for slug, record in of.items():
        yield from (
            f"/{slug}/",
            f"/{slug}/export.csv",
            f"/{slug}/export.xlsx",
            f"/api/{slug}/",
            f"/{slug}/pick/?name=x&x={NAME}",
        )
        for page in ("", "edit/", "delete/", "history/"):
            yield f"/{slug}/{record.key}/{page}"
        yield from (f"/api/{slug}/{record.key}/", f"/api/{slug}/{record.key}/history/")
    yield from (
        f"/search/?q={NAME}",
        f"/cohorts/?q={NAME}",
        f"/enrolments/?cohort={scene.cohort.key}",
        f"/learners/?q={NAME}",
    )
    for slug, record, deeds in (
        ("cohorts", scene.cohort, ("hold_session", "record_results")), ("sessions", of["sessions"], ("mark_attendance",)),
        ("learners", scene.learner, ("consent", "forget")), ("enrolments", scene.row, ("withdraw", "complete")),
    ):  # fmt: skip
        yield from (f"/{slug}/{record.key}/do/{deed}/" for deed in deeds)


def body(answer):
    if "spreadsheetml" in answer.get("Content-Type", ""):
        packed = zipfile.ZipFile(io.BytesIO(answer.content))
        return " ".join(packed.read(name).decode() for name in packed.namelist())
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode()


def shows(text):
    return NAME in text.replace(f"?name=x&amp;x={NAME}", "") or "Канарейкина" in text or "S-4711" in text


def seen_on(client, scene):
    """Return the addresses whose answer holds the learner's name or number, the words asked for left out."""
    found = []
    for address in faces(scene):
        text = body(client.get(address))
        if "q=" in address or "x=" in address:
            text = text.replace(NAME, "")
        if shows(text):
            found.append(address)
    return found


def test_a_visitor_a_stranger_and_other_houses_see_no_learner_on_any_face(scene, client):
    assert seen_on(client, scene) == []
    for person in (scene.stranger, scene.eve, scene.sec, scene.tess):
        sign_in(client, person)
        assert (person.person.sort, seen_on(client, scene)) == (person.person.sort, [])
    assert not Sight.objects.exists()


def test_those_who_teach_and_host_see_the_learner_and_so_do_auditors(scene, client):
    for person in (scene.lin, scene.aziz, scene.hanna, scene.carl, scene.audrey):
        sign_in(client, person)
        found = seen_on(client, scene)
        assert {
            "/learners/",
            f"/learners/{scene.learner.key}/",
            "/api/learners/",
            "/enrolments/",
            f"/cohorts/{scene.cohort.key}/",
        } <= set(found)


def test_without_a_second_factor_an_officer_is_told_to_sign_in_afresh_on_every_face(scene, client):
    sign_in(client, scene.lin, second_factor=False)
    assert seen_on(client, scene) == []
    for slug, record in (("learners", scene.learner), ("enrolments", scene.row)):
        for address in (f"/{slug}/", f"/{slug}/{record.key}/", f"/{slug}/export.csv", f"/{slug}/no-such-key/"):
            answer = client.get(address)
            assert (address, answer.status_code) == (address, 403)
            assert "Sign in afresh with your second factor" in body(answer)
        for address in (f"/api/{slug}/", f"/api/{slug}/{record.key}/", f"/api/{slug}/no-such-key/"):
            answer = client.get(address)
            assert (address, answer.status_code, answer.json()["error"]["code"]) == (address, 403, "second-factor")


def test_the_cohort_itself_is_public_without_how_many_are_in_it(scene, client):
    text = body(client.get("/cohorts/"))
    assert "Group one" in text and "not public" in text
    sign_in(client, scene.lin)
    assert f"/enrolments/?cohort={scene.cohort.key}" in body(client.get("/cohorts/"))


def test_the_learner_sees_himself_and_no_other_without_a_second_factor(scene, client):
    other = scene.enrol("Otherkanarik", "S-2")
    sign_in(client, scene.zumrad, second_factor=False)
    page = body(client.get(f"/learners/{scene.learner.key}/"))
    assert NAME in page and "1 of 3 outcomes passed" in page and "1 of 1 sessions attended" in page
    assert client.get(f"/learners/{other.learner.key}/").status_code == 404
    for address in ("/learners/", "/enrolments/", "/api/enrolments/", "/results/", f"/cohorts/{scene.cohort.key}/"):
        assert "Otherkanarik" not in body(client.get(address))
    assert not Sight.objects.exists()


@pytest.mark.parametrize(
    ("address", "face"),
    [("/learners/", "list"), ("/learners/{}/", "record"), ("/learners/{}/edit/", "edit"), ("/learners/{}/history/", "history"),
     ("/learners/export.csv", "export"), ("/learners/export.xlsx", "export"), ("/api/learners/", "api"), ("/api/learners/{}/", "api"),
     ("/api/learners/{}/history/", "history"), ("/enrolments/", "list"), ("/results/", "list"), ("/attendances/", "list")],
)  # fmt: skip
def test_each_look_is_written_once_per_page_with_who_when_which_fields_and_where(scene, client, address, face):
    sign_in(client, scene.lin)
    answer = client.get(address.format(scene.learner.key))
    assert shows(body(answer)) or "export" in face
    look = Sight.objects.get()
    assert (look.learner, look.learner_uid, look.actor_key, look.face) == (
        scene.learner,
        scene.learner.uid,
        scene.lin.actor_key,
        face,
    )
    assert look.actor == "Lin Officer, Lead College" and "name" in look.fields.split()


def test_a_page_of_many_learners_writes_all_sights_in_one_insert(scene, client, django_assert_max_num_queries):
    for number in range(20):
        scene.enrol(f"Learner {number}", f"N{number}")
    sign_in(client, scene.lin)
    for address in ("/enrolments/", f"/cohorts/{scene.cohort.key}/", f"/cohorts/{scene.cohort.key}/do/record_results/"):
        before = Sight.objects.count()
        with django_assert_max_num_queries(60) as queries:
            client.get(address)
        inserts = [row["sql"] for row in queries if row["sql"].startswith("INSERT INTO") and "sight" in row["sql"]]
        assert (address, len(inserts)) == (address, 1)
        assert Sight.objects.count() - before >= 20


def test_the_learner_reads_who_looked_and_nobody_else_does(scene, client):
    sign_in(client, scene.hanna)
    client.get(f"/learners/{scene.learner.key}/")
    sign_in(client, scene.zumrad, second_factor=False)
    page = body(client.get(f"/learners/{scene.learner.key}/"))
    assert "Hanna Host, Host University" in page and "on a page" in page
    sign_in(client, scene.lin)
    assert "Hanna Host" not in body(client.get(f"/learners/{scene.learner.key}/"))


def test_a_look_on_the_command_line_is_written(scene, capsys):
    from sunmao.kernel.listing import Listing
    from sunmao.site.commands.records import _list, _parser

    parser = _parser("records")
    asked = parser.parse_args([])
    asked.filter, asked.size, asked.json = [], 50, False
    from sunmao.kernel.desk import desk

    learners = desk("learners")
    assert learners is not None and Listing(learners, scene.lin, {}).page()
    _list(learners, scene.lin, asked)
    assert NAME in capsys.readouterr().out
    assert Sight.objects.get().face == "command"


def test_consent_is_the_learners_alone_and_is_taken_back_as_easily(scene, client):
    address = f"/learners/{scene.learner.key}/do/consent/"
    sign_in(client, scene.lin)
    assert client.post(address, {"consent_show_name": "on"}).status_code == 403
    sign_in(client, scene.zumrad, second_factor=False)
    assert client.post(address, {"consent_show_name": "on"}).status_code == 302
    scene.learner.refresh_from_db()
    assert (scene.learner.consent_show_name, scene.learner.consent_show_results) == (True, False)
    client.post(address, {})
    scene.learner.refresh_from_db()
    assert not scene.learner.consent_show_name
    assert changes.history(scene.learner).first().actor == "the learner"
