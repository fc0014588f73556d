"""A restored backup older than what was witnessed; the sealer beside the pages; the settings of production."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from cast import organisation, user
from django.core.exceptions import ValidationError
from django.db import connection
from separate import Forks, forks, postgres, surroundings

from sunmao.kernel import doctor, loss, sealing
from sunmao.kernel.models import Change
from sunmao.site.cli import main


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


# As people run it


def _person(beside: Forks, name: str) -> tuple[int, list[str]]:
    words = ("person", f"{name}@example.org", "--name", f"{name} Example", "--role", "secretariat", "--at", "Register")
    return beside.run("command_child", *words)


def _backup(source: Path, target: Path) -> None:
    """Copy a database whole, as SQLite's own backup does, over what was there."""
    for part in target.parent.glob(f"{target.name}*"):
        part.unlink()
    with closing(sqlite3.connect(source)) as held, closing(sqlite3.connect(target)) as copy:
        held.backup(copy)


def test_a_restored_backup_is_read_only_until_its_loss_is_declared(tmp_path):
    database, kept, note = tmp_path / "sunmao.sqlite3", tmp_path / "backup", tmp_path / "note.json"
    with forks(surroundings(tmp_path)) as beside:
        beside.whole("tables")
        assert _person(beside, "first")[0] == 0
        _backup(database, kept)
        assert _person(beside, "second")[0] == 0
        note.write_text("\n".join(beside.whole("command_child", "seal")))
        beside.whole("command_child", "witness", str(note), "--who", "a partner")
        _backup(kept, database)
        assert _person(beside, "third")[0] == 1
        assert "read-only" in beside.errors()
        assert any("a partner kept" in line for line in beside.run("command_child", "doctor")[1])
        assert beside.whole("command_child", "records", "organisations", "list") == ["ORG-00001\tRegister"]
        declare = ("declare-loss", "--why", "The disk of Sunday failed", "--as", "first@example.org")
        beside.whole("command_child", *declare)
        assert _person(beside, "third")[0] == 0
        beside.whole("command_child", "seal")
        assert beside.whole("command_child", "doctor") == ["All is as the log says."]


def test_the_sealer_seals_beside_the_pages_and_ends_with_them(tmp_path):
    around = surroundings(tmp_path)
    (tmp_path / "static").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sunmao.site.cli"]
    with forks(around) as beside:
        beside.whole("tables")
        assert _person(beside, "first")[0] == 0
        serving = subprocess.Popen([*command, "serve", "--port", str(port)], env=around)
        another = subprocess.Popen([*command, "seal", "--every", "0.2"], env=around, stdin=subprocess.PIPE)
        try:
            assert _answers(port, 60)
            assert _person(beside, "second")[0] == 0
            assert _sealed_within(tmp_path, 60)
            started = _children(serving.pid)
            assert started
        finally:
            serving.terminate()
            another.stdin.close()
        assert (serving.wait(60), another.wait(60)) == (0, 0)
        assert not [child for child in started if Path(f"/proc/{child}").exists()]
        assert beside.whole("command_child", "doctor") == ["All is as the log says."]


def _answers(port: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                return answer.status == 200
        except URLError:
            time.sleep(0.2)
    return False


def _children(process: int) -> list[str]:
    """Return the ids of the processes that a process has started."""
    return [
        child for task in Path(f"/proc/{process}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def _sealed_within(home: Path, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with closing(sqlite3.connect(home / "sunmao.sqlite3", timeout=10)) as base:
            unsealed = base.execute("SELECT count(*) FROM kernel_change WHERE position IS NULL").fetchone()[0]
            sealed = base.execute("SELECT count(*) FROM kernel_checkpoint").fetchone()[0]
        if sealed and not unsealed:
            return True
        time.sleep(0.2)
    return False


# The settings of production


WELL = (0, "System check identified no issues (0 silenced).")


def _checked(around: dict[str, str], *words: str) -> tuple[int, str]:
    """Return the exit code of the deployment check, and what it said."""
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING", *words]
    done = subprocess.run(command, check=False, env=around, capture_output=True, text=True)
    return done.returncode, done.stdout.strip() or done.stderr


def test_the_production_settings_pass_the_deployment_check(tmp_path):
    around = surroundings(tmp_path, "postgresql://sunmao@127.0.0.1:1/sunmao")
    assert _checked(around | {"SUNMAO_HOSTS": "register.example"}) == WELL


@pytest.mark.postgres
def test_the_production_settings_run_on_postgresql_by_one_variable(tmp_path):
    with postgres("production") as url:
        around = surroundings(tmp_path, url) | {"SUNMAO_HOSTS": "register.example"}
        assert _checked(around, "--database", "default") == WELL
        with forks(around) as beside:
            beside.whole("command_child", "setup")
            assert _person(beside, "first")[0] == 0
            beside.whole("command_child", "seal")
            assert beside.whole("command_child", "doctor") == ["All is as the log says."]
