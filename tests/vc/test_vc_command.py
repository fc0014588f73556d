"""``sunmao verify`` as a reader meets it: exit codes, words, JSON, quick start, no Django."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sunmao
from sunmao.vc import command, integrity, trust, verify

SOURCE = str(Path(sunmao.__file__).parents[1])


@pytest.fixture
def files(badge, alice, bob, trust_in, tmp_path):
    made = datetime.now(UTC) - timedelta(days=2)
    signed = integrity.sign(badge, alice, created=made)
    bundle = trust.bundle_document(trust_in(alice), made_at=made)
    documents = {
        "good.json": signed,
        "forged.json": signed | {"name": "Forged"},
        "gone.json": integrity.sign(badge | {"validUntil": "2026-02-01T00:00:00Z"}, alice, created=made),
        "trust.json": integrity.sign(bundle, bob, created=made, suite="eddsa-jcs-2022"),
    }
    for name, document in documents.items():
        (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "note.txt").write_text("Good day", encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def no_home(monkeypatch, tmp_path):
    monkeypatch.setenv("SUNMAO_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize(
    ("name", "exit_code"), [("good.json", 0), ("forged.json", 1), ("gone.json", 1), ("note.txt", 2), ("absent", 2)]
)
def test_the_exit_code_tells_the_verdict(files, name, exit_code, capsys):
    assert command.main([str(files / name), "--trust", str(files / "trust.json")]) == exit_code
    printed = capsys.readouterr().out
    assert name in printed
    assert "2 days old" in printed


def test_without_a_bundle_the_issuer_is_unknown(files, capsys):
    assert command.main([str(files / "good.json")]) == 3
    assert "issuer is unknown" in capsys.readouterr().out


def test_the_bundle_of_the_data_folder_is_used_by_itself(files, monkeypatch, capsys):
    monkeypatch.setenv("SUNMAO_HOME", str(files))
    assert command.main([str(files / "good.json")]) == 0
    assert command.main([str(files / "good.json")], default_trust=files / "trust.json") == 0


def test_a_bundle_that_is_altered_or_of_another_signer_is_refused(files, alice, capsys):
    text = (files / "trust.json").read_text(encoding="utf-8")
    (files / "altered.json").write_text(text.replace("known", "famed"), encoding="utf-8")
    good = str(files / "good.json")
    assert command.main([good, "--trust", str(files / "altered.json")]) == 2
    assert command.main([good, "--trust", str(files / "trust.json"), "--signer", alice.public.did]) == 2
    assert "refused" in capsys.readouterr().err


def test_of_several_files_the_worst_counts(files, capsys):
    bundle = ["--trust", str(files / "trust.json")]
    assert command.main([str(files / "good.json"), str(files / "forged.json"), *bundle]) == 1
    assert command.main([str(files / "good.json"), str(files / "good.json"), *bundle]) == 0


def test_json_output_names_each_check(files, capsys):
    command.main([str(files / "good.json"), "--json"])
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["exit_code"]) == ("genuine but issuer unknown", 3)
    assert [check["name"] for check in told["checks"]] == [
        "format",
        "structure",
        "schema",
        "proof",
        "issuer",
        "dates",
        "status",
    ]
    assert all(check["sentence"] for check in told["checks"])


def test_control_and_direction_marks_never_reach_the_terminal(files, badge, alice, capsys):
    badge["issuer"]["id"] = "urn:x:\u202eevil"
    path = files / "evil\x1b[2J.json"
    path.write_text(json.dumps(integrity.sign(badge, alice, created=datetime.now(UTC))), encoding="utf-8")
    command.main([str(path)])
    printed = capsys.readouterr().out
    assert "\u202e" not in printed
    assert "\x1b" not in printed


@pytest.mark.alone
def test_it_starts_without_django_in_under_half_a_second(files):
    code = (
        "import sys; from sunmao.vc.command import main; code = main(sys.argv[1:]);"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('django', 'rich', 'pypdf')];"
        "sys.exit(code)"
    )
    line = [sys.executable, "-c", code, str(files / "good.json"), "--trust", str(files / "trust.json")]
    times = []
    for _ in range(5):
        started = time.perf_counter()
        done = subprocess.run(line, env={"PYTHONPATH": SOURCE}, capture_output=True, text=True, check=False)
        times.append(time.perf_counter() - started)
        assert done.returncode == 0, done.stderr
    assert min(times) < 0.5


def test_a_file_that_takes_too_long_cannot_be_checked_and_the_others_are(files, monkeypatch, capsys):
    judge = verify.verify

    def slow_on_notes(data, **more):
        while data == b"Good day":
            pass
        return judge(data, **more)

    monkeypatch.setattr(verify, "verify", slow_on_notes)
    monkeypatch.setattr(command, "SECONDS", 1)
    assert command.main([str(files / "note.txt"), str(files / "good.json"), "--json"]) == 2
    slow, good = json.loads(capsys.readouterr().out)
    assert (slow["verdict"], slow["checks"][0]["code"]) == ("cannot be checked", "internal")
    assert good["verdict"] == "genuine but issuer unknown"


def test_nothing_that_could_fetch_is_loaded(files):
    code = (
        "import sys; from sunmao.vc.command import import_without_network; import_without_network();"
        "from sunmao.vc.verify import verify; told = verify(open(sys.argv[1], 'rb').read());"
        "assert not {'requests', 'aiohttp', 'urllib3'} & {m.split('.')[0] for m in sys.modules};"
        "print([str(check.state) for check in told.checks if check.name == 'proof'])"
    )
    line = [sys.executable, "-c", code, str(files / "good.json")]
    done = subprocess.run(line, env={"PYTHONPATH": SOURCE}, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("['good']", "")


def test_a_file_of_many_lines_is_judged_line_by_line_and_the_bad_ones_are_named(files, badge, alice, tmp_path, capsys):
    lines = []
    for number in range(6):
        document = badge | {"id": f"urn:uuid:019a0000-0000-7000-8000-{number:012}"}
        lines.append(
            json.dumps(integrity.sign(document, alice, created=datetime(2026, 6, 1, tzinfo=UTC)), ensure_ascii=False)
        )
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    assert command.main([str(path), "--trust", str(files / "trust.json")]) == 0
    assert "6" in capsys.readouterr().out
    path.write_text("\n".join([*lines, lines[2].replace("technician", "magician"), "{"]), encoding="utf-8")
    assert command.main([str(path), "--trust", str(files / "trust.json")]) == 1
    said = capsys.readouterr().out
    assert ("line 7" in said, "line 8" in said, "line 3" in said) == (True, True, False)
    assert "    6 genuine and in force\n    2 not genuine\n" in said
