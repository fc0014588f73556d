"""A restored backup older than what was witnessed; the sealer beside the pages; the settings of production."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cast import organisation, user
from django.core.exceptions import ValidationError
from django.db import connection

from sunmao.kernel import doctor, loss, sealing
from sunmao.kernel.models import Change
from sunmao.site.cli import main

CHILD = {name: value for name, value in os.environ.items() if not name.startswith(("SUNMAO_", "DJANGO_"))}


@pytest.fixture
def restored(db):
    """A register of which a backup was restored after a partner had witnessed more."""
    loss.place().unlink(missing_ok=True)
    by = user("Sec Example", ("secretariat", organisation("Register")))
    made = organisation("Before the backup")
    sealed = sealing.seal()
    sealing.witness(sealed.size, sealed.root, "a partner")
    with connection.cursor() as cursor:
        for table in ("kernel_changevalues", "kernel_leaf"):
            cursor.execute(
                f"DELETE FROM {table} WHERE change_id IN (SELECT id FROM kernel_change WHERE position > %s)",
                [sealed.size - 1],
            )
        cursor.execute("DELETE FROM kernel_change WHERE position > %s", [sealed.size - 1])
        cursor.execute("DELETE FROM kernel_checkpoint")
        cursor.execute("DELETE FROM kernel_witnessed")
    loss.ask_again()
    yield by, made
    loss.place().unlink(missing_ok=True)
    loss.ask_again()


def test_a_register_older_than_what_was_witnessed_is_read_only(restored):
    before = Change.objects.count()
    with pytest.raises(ValidationError, match="read-only") as refused:
        organisation("After the backup")
    assert "a partner" in str(refused.value)
    assert Change.objects.count() == before
    assert any("a partner kept" in finding.says for finding in doctor.examine())


def test_a_declared_loss_is_in_the_log_and_writing_goes_on(restored, capsys):
    by, _made = restored
    assert main(["declare-loss", "--why", "The disk of Sunday failed", "--as", by.email]) == 0
    entry = Change.objects.order_by("-id").first()
    assert (entry.deed, entry.why, entry.actor) == ("declare_loss", "The disk of Sunday failed", by.actor_name)
    organisation("After the declaration")
    assert json.loads(loss.place().read_text())["lost"][0]["who"] == "a partner"
    assert main(["declare-loss", "--why", "again", "--as", by.email]) == 1


def test_only_the_secretariat_declares_a_loss(restored, capsys):
    officer_of = restored[1]
    with loss.declared({"size": 0}):
        officer = user("Lin Example", ("officer", officer_of))
    assert main(["declare-loss", "--why", "no", "--as", officer.email]) == 3


def test_a_register_with_everything_witnessed_writes(db):
    loss.place().unlink(missing_ok=True)
    organisation("First")
    sealed = sealing.seal()
    sealing.witness(sealed.size, sealed.root, "a partner")
    loss.ask_again()
    organisation("Second")
    assert list(doctor.examine()) == []
    loss.place().unlink()


def test_a_damaged_memory_of_what_was_witnessed_shuts_the_door_too(restored):
    loss.place().write_text("{")
    loss.ask_again()
    with pytest.raises(ValidationError, match="read-only"):
        organisation("After")


# Beside the pages


def test_the_sealer_seals_beside_the_pages_and_ends_with_them(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    child = CHILD | {"SUNMAO_HOME": str(home), "DJANGO_SETTINGS_MODULE": "sunmao.site.settings"}
    subprocess.run([sys.executable, "-m", "sunmao.site.cli", "setup"], env=child, check=True, capture_output=True)
    made = [
        sys.executable,
        "-m",
        "sunmao.site.cli",
        "person",
        "sec@example.org",
        "--name",
        "Sec",
        "--role",
        "secretariat",
    ]
    subprocess.run([*made, "--at", "Register"], input="a long enough phrase\n", text=True, env=child, check=True,
                   capture_output=True)  # fmt: skip
    sealers = [
        subprocess.Popen(
            [sys.executable, "-m", "sunmao.site.cli", "seal", "--every", "0.2"], env=child, stdin=subprocess.PIPE
        )
        for _ in range(3)
    ]
    assert _sealed_within(home, 30)
    for one in sealers:
        one.stdin.close()
    assert [one.wait(15) for one in sealers] == [0, 0, 0]
    found = subprocess.run(
        [sys.executable, "-m", "sunmao.site.cli", "doctor"], check=False, env=child, capture_output=True, text=True
    )
    assert (found.returncode, found.stdout.strip()) == (0, "All is as the log says.")


def _sealed_within(home: Path, seconds: float) -> bool:
    import sqlite3

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with sqlite3.connect(home / "sunmao.sqlite3", timeout=10) as base:
            unsealed = base.execute("SELECT count(*) FROM kernel_change WHERE position IS NULL").fetchone()[0]
            sealed = base.execute("SELECT count(*) FROM kernel_checkpoint").fetchone()[0]
        if sealed and not unsealed:
            return True
        time.sleep(0.2)
    return False


def test_the_production_settings_pass_the_deployment_check(tmp_path):
    child = CHILD | {
        "SUNMAO_HOME": str(tmp_path), "SUNMAO_HOSTS": "register.example", "DJANGO_SETTINGS_MODULE": "sunmao.site.settings",
        "SUNMAO_DATABASE_URL": "postgresql://sunmao@127.0.0.1:1/sunmao",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"], check=False, env=child, capture_output=True,
        text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), done.stderr
