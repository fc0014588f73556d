"""The floors hold for foreign keys and for whole packages, which import-linter does not see."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models

ROOT = Path(__file__).resolve().parents[1]
SUNMAO = ROOT / "src" / "sunmao"
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
FLOORS = {
    room.strip(" ()"): floor
    for floor, layer in enumerate(reversed(CONTRACTS["layers"]["layers"]))
    for room in layer.split("|")
}
OURS = [model for model in apps.get_models() if model.__module__.startswith("sunmao.")]


def _upward(model: type[models.Model], floors: dict[str, int]) -> Iterator[str]:
    """Yield the foreign keys of a model that point up, or across to another room of its floor."""
    here = model._meta.app_label
    for field in [*model._meta.fields, *model._meta.many_to_many]:
        there: Any = field.related_model and field.related_model._meta.app_label
        if there and there in floors and there != here and floors[there] >= floors[here]:
            yield f"{model._meta.label}.{field.name} → {there}"


def test_foreign_keys_point_downwards() -> None:
    assert [line for model in OURS for line in _upward(model, FLOORS)] == []


def test_a_foreign_key_that_points_up_is_found() -> None:
    from sunmao.people.models import Person, User

    assert list(_upward(User, {"people": 0, "directory": 1})) == []
    turned = FLOORS | {"people": 0, "directory": 1}
    from sunmao.people.models import Membership

    assert list(_upward(Membership, turned)) == ["people.Membership.organisation → directory"]
    assert list(_upward(Person, turned)) == []


def test_no_model_has_a_generic_foreign_key() -> None:
    assert len(OURS) > 10
    assert [m for m in OURS if any(isinstance(f, GenericForeignKey) for f in m._meta.private_fields)] == []


def test_every_room_with_models_is_named_as_its_app_and_has_a_floor() -> None:
    for model in OURS:
        assert model.__module__.split(".")[1] == model._meta.app_label
        assert model._meta.app_label in FLOORS


def _foreign_faces(path: Path) -> Iterator[str]:
    room = path.relative_to(SUNMAO).parts[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for parts in (name.split(".") for name in names):
            ours = parts[0] == "sunmao" and len(parts) > 2 and parts[1] not in (room, "kernel")
            if ours and parts[2] in ("desk", "policy", "views"):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {'.'.join(parts[:3])}"


def test_no_room_imports_the_desk_policy_or_views_of_another() -> None:
    below = [path for path in SUNMAO.rglob("*.py") if path.relative_to(SUNMAO).parts[0] != "site"]
    assert [line for path in sorted(below) for line in _foreign_faces(path)] == []
    assert list(_foreign_faces(SUNMAO / "site" / "desks.py"))  # the assembly does, so the search can find


@pytest.mark.parametrize("module", CONTRACTS["pure"]["source_modules"])
def test_what_thinks_runs_where_django_is_not_loaded(module: str) -> None:
    asks = f"import sys, {module}; print(sorted(m for m in sys.modules if m.split('.')[0] == 'django'))"
    answer = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True, cwd=ROOT / "src")
    assert answer.stdout.strip() == "[]"


def test_every_file_of_ours_stays_within_400_lines() -> None:
    folders = (SUNMAO, *(ROOT / name for name in ("tests", "tools", "benchmarks")))
    found = [path for folder in folders for path in folder.rglob("*.py")]
    files = [path for path in found if not {"migrations", "node_modules"} & set(path.parts)]
    assert len(files) > 300
    assert {str(path.relative_to(ROOT)): n for path in files if (n := len(path.read_text().splitlines())) > 400} == {}


def test_no_room_shadows_a_column_of_the_kernel():
    from sunmao.kernel.models import Record

    kernel = {column.name: type(column) for column in Record._meta.get_fields()}
    shadowed = [
        f"{model._meta.label}.{name}"
        for model in apps.get_models() if issubclass(model, Record)
        for name, kind in kernel.items() if type(model._meta.get_field(name)) is not kind
    ]  # fmt: skip
    assert shadowed == []
