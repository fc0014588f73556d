"""The demonstration loads once, tells its sign-ins again at each start, and never enters a register that is filled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cast import TESTS, organisation, user

from sunmao.directory.models import Organisation
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.people.models import Person, User
from sunmao.site import signins
from sunmao.site.commands import demo
from sunmao.site.demo import load as loading
from sunmao.site.demo.world import World
from sunmao.sources.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_sign_ins() -> Iterator[None]:
    signins.place().unlink(missing_ok=True)
    yield
    signins.place().unlink(missing_ok=True)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A register of one person instead of the whole field; notes each time it is loaded."""
    done: list[str] = []

    def load(progress: Callable[..., Any]) -> World:
        progress("People", 0, 1)
        place = organisation("Demonstration college")
        name = Texts.of({"en": "Lin Example", "zh": "林示例"})
        password = "a long enough phrase"
        row = signins.invite("lin@demo.example", name, place, "secretariat", password=password, by=TESTS)
        signins.keep([row])
        done.append(row.email)
        return World()

    monkeypatch.setattr(loading, "load", load)
    return done


def test_a_second_start_loads_nothing_and_tells_the_same_sign_ins(loads: list[str]) -> None:
    first = demo.ready()
    assert [(row.role, row.name, row.at, row.email) for row in first] == [
        ("secretariat", "Lin Example", "Demonstration college", "lin@demo.example")
    ]
    assert demo.ready() == first
    assert loads == ["lin@demo.example"]


def test_a_register_of_real_people_stays_as_it_is(loads: list[str]) -> None:
    user("Alice Real", ("officer", organisation("Real college")))
    before = Person.objects.count()
    assert demo.ready() == []
    assert (loads, Person.objects.count()) == ([], before)


def test_a_demonstration_that_breaks_off_leaves_nothing_says_so_and_is_loaded_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def people(world: World) -> None:
        world.organisations["college"] = organisation("Demonstration college")
        name, place = Texts.of({"en": "Lin Example"}), world.organisations["college"]
        password = "a long enough phrase"
        world.sign_ins = [signins.invite("lin@demo.example", name, place, "secretariat", password=password, by=TESTS)]

    def breaks(world: World) -> None:
        raise RuntimeError("the light went out")

    monkeypatch.setattr(loading, "STEPS", (("People", people), ("The story", breaks)))
    with pytest.raises(RuntimeError, match="the light went out"):
        demo.ready()
    assert "Nothing of it was kept" in capsys.readouterr().out
    assert (Person.objects.exists(), Organisation.objects.exists(), signins.place().exists()) == (False, False, False)
    monkeypatch.setattr(loading, "STEPS", (("People", people),))
    assert [row.email for row in demo.ready()] == ["lin@demo.example"]
    assert "is loaded" in capsys.readouterr().out


def test_a_demonstration_whose_sign_ins_are_lost_is_refused(loads: list[str]) -> None:
    demo.ready()
    signins.place().unlink()
    with pytest.raises(SystemExit, match="sign-ins were lost"):
        demo.ready()
    assert loads == ["lin@demo.example"]


def test_sign_ins_of_a_register_that_is_gone_do_not_count(loads: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    signins.keep([signins.SignIn("secretariat", "Old", "Old", "old@demo.example", "phrase", "secret")])
    assert [row.email for row in demo.ready()] == ["lin@demo.example"]


def test_where_something_stands_already_nothing_is_loaded_and_nothing_said_to_be(
    capsys: pytest.CaptureFixture[str],
) -> None:
    changes.save(Document(title=Texts.of("A document")), by=TESTS)
    assert demo.ready() == []
    assert "is loaded" not in capsys.readouterr().out


def test_the_sign_ins_are_for_the_owner_of_the_folder_only(loads: list[str]) -> None:
    demo.ready()
    assert signins.place().stat().st_mode & 0o777 == 0o600


def test_the_code_that_is_told_passes_the_second_factor(loads: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from allauth.mfa.models import Authenticator

    demo.ready()
    capsys.readouterr()
    assert demo.main(["--code", "lin@demo.example"]) == 0
    told = capsys.readouterr().out.strip()
    held = Authenticator.objects.get(user=User.objects.get(email="lin@demo.example"), type="totp").wrap()
    assert held.validate_code(told)
    wrong = signins.code(signins.kept()[0].secret, time.time() + 3600)
    assert wrong == told or not held.validate_code(wrong)
    assert demo.main(["--code", "nobody@demo.example"]) == 1


def test_everything_a_newcomer_needs_is_printed(loads: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    row = demo.ready()[0]
    demo._tell([row], "http://127.0.0.1:8000")
    said = capsys.readouterr().out
    for word in (row.role, row.at, row.email, row.secret, row.password, "http://127.0.0.1:8000"):
        assert word in said
