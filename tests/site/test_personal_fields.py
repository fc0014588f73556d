"""Every field that holds data of persons is listed in one file, with purpose, basis and retention."""

import re
import tomllib
from pathlib import Path

from django.apps import apps

import sunmao.site

HELD = tomllib.loads((Path(sunmao.site.__path__[0]) / "personal.toml").read_text(encoding="utf-8"))
LISTED = [name for group in HELD["kept"] for name in group["fields"]]
LOOKS = re.compile(
    r"(^|_)(name|names|email|phone|birth|person|actor|signatory|signer|holder|owner|speaker|who|passport)(_|$)"
    r"|^(proposed|assessed|signed|decided)_by$"
)
HOUSE = {"id", "uid", "code", "register", "revision", "created_at", "updated_at"}


def of_ours():
    """Return {app.model.field} of every model of the house, columns that all records have left out."""
    return {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models() if model.__module__.startswith("sunmao.")
        for field in model._meta.concrete_fields if field.name not in HOUSE
    }  # fmt: skip


def unlisted(fields):
    whole = tuple(f"{model}." for model in HELD["models"])
    looking = {name for name in fields if name.startswith(whole) or LOOKS.search(name.rsplit(".", 1)[1])}
    return sorted(looking - set(LISTED) - set(HELD["others"]))


def test_every_field_of_persons_is_listed():
    assert unlisted(of_ours()) == []


def test_a_field_that_is_not_listed_is_found():
    assert unlisted({"cohorts.learner.nickname", "events.event.guest_name", "x.y.birth_date", "x.y.title"}) == [
        "cohorts.learner.nickname", "events.event.guest_name", "x.y.birth_date",
    ]  # fmt: skip


def test_nothing_is_listed_that_is_gone_and_nothing_twice():
    assert sorted((set(LISTED) | set(HELD["others"])) - of_ours()) == []
    assert len(LISTED) == len(set(LISTED))


def test_each_group_says_what_for_on_what_basis_and_for_how_long():
    for group in HELD["kept"]:
        assert all(len(group[name]) > 5 for name in ("purpose", "basis", "retention")), group["fields"]


def test_the_models_that_are_wholly_personal_are_known():
    known = {model._meta.label_lower for model in apps.get_models()}
    assert set(HELD["models"]) <= known
