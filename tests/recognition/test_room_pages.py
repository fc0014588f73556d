"""Cases are seen by their authority, their applicant and auditors; the law and what is published by everybody."""

import pytest
from cast import TESTS, refusal, sign_in, user
from recognition_room import case, decided, instrument, kept, room

from sunmao.credentials.models import Award
from sunmao.credentials.queries import CredentialFacts
from sunmao.kernel import changes, clock
from sunmao.portal import recognised
from sunmao.recognition import actions, queries
from sunmao.recognition.models import Applicant, Case, Decision, Instrument, PriorLearning

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans", "ru")


@pytest.fixture
def r():
    made = room()
    made.act_in_force = instrument(made)
    made.case = case(made)
    return made


def everything(case):
    """Addresses of a case and all that hangs on it."""
    found = case.decisions.get()
    rows = [f"/recognition-cases/{case.code}/", f"/decisions/{found.code}/", f"/applicants/{case.applicant.uid}/"]
    return [*rows, f"/qualifications/{case.qualifications.get().uid}/", f"/steps/{case.steps.get().code}/"]


def test_a_visitor_and_a_stranger_see_no_case_and_nothing_that_hangs_on_it(r, client):
    decided(r, r.case)
    for address in everything(r.case):
        assert client.get(address).status_code == 404
    sign_in(client, r.stranger)
    for address in everything(r.case):
        assert client.get(address).status_code == 404
    for slug in ("recognition-cases", "decisions", "applicants", "qualifications"):
        page = client.get(f"/{slug}/").content.decode()
        assert r.case.code not in page and "Zhang" not in page and "CN-1234" not in page


def test_another_authority_does_not_see_the_case(r, client):
    decided(r, r.case)
    sign_in(client, r.home)
    assert [client.get(address).status_code for address in everything(r.case)] == [404] * 5


def test_the_authority_sees_its_case_and_the_name_only_with_a_second_factor(r, client):
    decided(r, r.case)
    sign_in(client, r.first)
    assert [client.get(address).status_code for address in everything(r.case)] == [200] * 5
    assert "Zhang San" in client.get(f"/recognition-cases/{r.case.code}/").content.decode()
    client.logout()
    sign_in(client, r.first, second_factor=False)
    page = client.get(f"/recognition-cases/{r.case.code}/").content.decode()
    assert r.case.holder in page
    assert "Zhang San" not in page


def test_who_could_see_applicants_is_told_that_a_second_factor_is_missing_for_any_address(r, client):
    decided(r, r.case)
    absent = "/applicants/01a202fc-f458-74cd-b144-d61ae477c5ae/"
    for person, told in ((r.first, 403), (r.home, 403), (r.stranger, 404)):
        sign_in(client, person, second_factor=False)
        for address in (f"/applicants/{r.case.applicant.uid}/", absent):
            assert client.get(address).status_code == told
            assert client.get(f"/api{address}").status_code == told


def test_the_applicant_sees_what_is_issued_and_never_what_is_still_weighed(r, client):
    holder = user("Zhang")
    applicant = Applicant.objects.get(case=r.case)
    applicant.person = holder.person
    changes.save(applicant, by=TESTS)
    found = actions.indicate(r.case, by=r.first)
    sign_in(client, holder)
    assert client.get(f"/recognition-cases/{r.case.code}/").status_code == 200
    assert client.get(f"/decisions/{found.code}/").status_code == 404
    actions.propose(found, result="full", by=r.first)
    actions.confirm(found, by=r.second)
    assert client.get(f"/decisions/{found.code}/").status_code == 200
    assert client.get(f"/decisions/{found.code}/do/confirm/").status_code == 403


def test_two_people_decide_on_the_pages(r, client):
    found = actions.indicate(r.case, by=r.first)
    sign_in(client, r.first)
    assert client.post(f"/decisions/{found.code}/do/propose/", {"result": "full"}).status_code == 302
    alone = client.post(f"/decisions/{found.code}/do/confirm/")
    assert (alone.status_code, "Another person" in alone.content.decode()) == (422, True)
    client.logout()
    sign_in(client, r.second)
    assert client.post(f"/decisions/{found.code}/do/confirm/").status_code == 302
    assert Decision.objects.get(pk=found.pk).state == "issued"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_case_decision_and_law_are_drawn_in_every_language(r, client, language):
    found = decided(r, r.case)
    sign_in(client, r.first)
    client.cookies["django_language"] = language
    for address in (
        *everything(r.case),
        f"/instruments/{r.act_in_force.code}/",
        "/instruments/",
        "/recognised/register/",
    ):
        page = client.get(address, headers={"accept-language": language})
        assert page.status_code == 200, address
    page = client.get(f"/decisions/{found.code}/", headers={"accept-language": language}).content.decode()
    assert page.count('class="elements') == 1
    assert page.count('data-s="good"') >= 4  # three outcomes covered and the replay
    assert found.digest[:4] in page


def test_a_draft_instrument_is_hidden_from_visitors(r, client):
    draft = kept(
        Instrument(
            title="Hidden draft", basis="ministry", authority=r.uz_ministry, home="CN", host="UZ", purposes="study"
        )
    )
    assert client.get(f"/instruments/{draft.code}/").status_code == 404
    assert client.get(f"/instruments/{r.act_in_force.code}/").status_code == 200
    assert "Hidden draft" not in client.get("/instruments/").content.decode()


def test_anybody_learns_what_a_programme_counts_for_with_its_legal_basis(r, client):
    page = client.get("/recognised/", {"q": r.taught.code, "country": "UZ"}).content.decode()
    for word in ("An indication, not a decision", r.act_in_force.code, "Host ministry", "3 of 3", "ecognised in full"):
        assert word in page
    nothing = client.get("/recognised/", {"q": r.target.code, "country": "CN"}).content.decode()
    assert "This is not a refusal" in nothing


def test_the_public_register_shows_published_decisions_without_a_name(r, client):
    found = decided(r, r.case)
    assert found.case.title_texts().best()[0] not in client.get("/recognised/register/").content.decode()
    actions.publish_decision(found, by=r.first)
    page = client.get("/recognised/register/").content.decode()
    assert "Host skill, for study in Uzbekistan" in page
    for word in ("Zhang", r.case.holder, r.case.code, found.code, "Aziza"):
        assert word not in page


def test_editing_a_published_instrument_on_its_page_writes_a_second_wording(r, client):
    sign_in(client, r.first)
    address = f"/instruments/{r.act_in_force.code}/edit/"
    form = client.get(address).context["form"]
    data = {name: value for name, value in form.initial.items() if value is not None}
    data |= {"title_en": "Act on recognition, corrected", "version": r.act_in_force.revision, "why": "Title"}
    for name in ("purposes", "measures", "language_for", "fee_for"):
        data[name] = [str(x) for x in form.initial.get(name) or ()]
    for name in ("home", "host", "fields", "levels"):
        data[name] = ", ".join(str(x) for x in form.initial.get(name) or ())
    data["authority"], data["document"] = r.uz_ministry.code, r.act.code
    data.pop("title")
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["form"].errors
    now = Instrument.objects.get(code=r.act_in_force.code, superseded_at=None)
    assert str(now) == "Act on recognition, corrected"
    assert Instrument.objects.filter(code=now.code).count() == 2
    assert "Act on recognition" in client.get(f"/instruments/{now.code}/").content.decode()


def test_an_indication_asked_for_in_public_stores_nothing(r, client):
    before = Decision.objects.count()
    client.get("/recognised/", {"q": r.taught.code})
    assert Decision.objects.count() == before
    assert queries.indication(r.taught, r.target, "study").result.value == "full"


def test_a_credential_that_holds_is_told_where_it_is_recognised_and_a_revoked_one_is_not(r):
    def told(state):
        facts = CredentialFacts(Award(), "diploma", r.taught, (r.college,), clock.today(), None, state, False)
        return [(line.title, line.tone, line.url) for line in recognised.of_credential(facts)]

    assert told("issued") == [
        ("Uzbekistan, study: recognised in full", "good", f"/instruments/{r.act_in_force.code}/"),
        ("Uzbekistan, work: recognised in full", "good", f"/instruments/{r.act_in_force.code}/"),
    ]
    assert told("revoked") == told("suspended") == []


def test_an_instrument_shows_the_decisions_that_rest_on_it_to_its_authority_only(r, client):
    found = decided(r, r.case)
    address = f"/instruments/{r.act_in_force.code}/"
    assert found.code not in client.get(address).content.decode()
    sign_in(client, r.first)
    assert found.code in client.get(address).content.decode()


def test_a_memorandum_is_not_listed_among_the_instruments_in_force(r, client):
    note = instrument(r, basis="memorandum", title="Friendship")
    page = client.get("/recognised/register/").content.decode()
    assert r.act_in_force.code in page
    assert note.code not in page


def test_words_of_a_programme_lead_to_it_or_to_a_choice(r, client):
    one = client.get("/recognised/", {"q": "home skill"})
    assert (one.status_code, one.context["home"]) == (200, r.taught)
    several = client.get("/recognised/", {"q": "skill"})
    assert (several.status_code, {row.code for row in several.context["hits"]}) == (200, {r.taught.code, r.target.code})
    assert client.get("/recognised/", {"q": "nothing of the kind"}).status_code == 422


def test_a_case_shows_what_was_decided_before_for_holders_of_the_same_programme(r, client):
    first = decided(r, r.case)
    other = case(r)
    elsewhere = case(r, purpose="work")
    sign_in(client, r.first)
    assert first.code in client.get(f"/recognition-cases/{other.code}/").content.decode().split('id="precedents"')[1]
    assert 'id="precedents"' not in client.get(f"/recognition-cases/{elsewhere.code}/").content.decode()
    assert 'id="precedents"' not in client.get(f"/recognition-cases/{first.case.code}/").content.decode()


def test_a_case_takes_one_applicant_and_offers_to_add_him_until_then(r, client):
    sign_in(client, r.first)
    made = actions.open_case(Case(authority=r.uz_ministry, target=r.target, applied_on=clock.today()), by=r.first)
    addresses = [f"/recognition-cases/{made.code}/", f"/recognition-cases/{r.case.code}/"]
    offers = [f"/applicants/add/?case={found.code}" in client.get(url).content.decode()
              for found, url in zip((made, r.case), addresses, strict=True)]  # fmt: skip
    assert offers == [True, False]
    data = {"case": r.case.code, "name": {"en": "Li Si"}}
    answer = client.post("/api/applicants/", data, content_type="application/json")
    assert answer.status_code in (403, 422) and Applicant.objects.filter(case=r.case).count() == 1


def test_an_appeal_says_what_became_of_it_and_tells_the_applicant_nothing_that_is_still_weighed(r, client):
    zhang = user("Zhang")
    applicant = r.case.applicant
    applicant.person = zhang.person
    kept(applicant)
    first = decided(r, r.case, "refused", "The seal is unclear.")
    made = actions.appeal(first, grounds="It is clear", by=r.first)
    sign_in(client, zhang)

    def page(record=made):
        slug = "appeals" if record is made else "decisions"
        return client.get(f"/{slug}/{record.code}/").content.decode()

    assert "In time: Host ministry must hear it." in page() and f"{first.code}: refused" in page()
    second = actions.hear_appeal(made, by=r.second)
    assert "two people decide on it" in page()
    assert second.code not in page() and "ecognised in full" not in page()
    actions.propose(second, result="full", by=r.second)
    actions.confirm(second, by=r.first)
    assert f"Heard, and decided on again as {second.code}: recognised in full." in page()
    assert f"Superseded by {second.code} on" in page(first)


def test_prior_learning_is_of_the_target(r):
    row = PriorLearning(
        case=r.case, what="A course", validated_by=r.university, outcome=r.taught.outcomes.get(number="1")
    )
    assert "target programme" in refusal(actions.lay, row, by=r.first)
