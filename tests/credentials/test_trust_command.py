"""`sunmao trust export` and `sunmao key` on the command line, and the verifier that needs neither register nor network."""

from __future__ import annotations

import subprocess
import sys

import pytest
from award_cast import world

from sunmao.credentials import actions, trusting
from sunmao.kernel.sealing import register_key
from sunmao.keys.models import InstitutionKey
from sunmao.site.commands import bundle, key

pytestmark = pytest.mark.django_db


def verify(*words: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from sunmao.site.cli import main; sys.exit(main(['verify', *sys.argv[1:]]))"
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=60, check=False)


def test_an_exported_bundle_verifies_a_file_without_the_register(tmp_path, capsys):
    made = world()
    row = made.issued()
    file, trust = tmp_path / "mine.json", tmp_path / "trust.json"
    file.write_text(row.document, encoding="utf-8")
    assert bundle.main(["export", str(trust)]) == 0
    signer = register_key().public.did
    assert signer in capsys.readouterr().out
    assert verify(str(file), "--trust", str(trust), "--signer", signer).returncode == 0
    actions.revoke(row, why="mistake", by=made.lin)
    bundle.main(["export", str(trust)])
    assert verify(str(file), "--trust", str(trust)).returncode == 1


def test_a_bundle_of_another_register_is_refused_where_the_signer_is_pinned(tmp_path):
    file, trust = tmp_path / "mine.json", tmp_path / "trust.json"
    file.write_text(world().issued().document, encoding="utf-8")
    bundle.main(["export", str(trust)])
    other = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"
    assert verify(str(file), "--trust", str(trust), "--signer", other).returncode == 2


def test_without_a_bundle_the_issuer_is_unknown_and_never_good(tmp_path):
    row = world(joint=False).issued()
    file = tmp_path / "mine.json"
    file.write_text(row.document, encoding="utf-8")
    assert verify(str(file)).returncode == 3


def test_keys_are_listed_for_everybody_and_made_with_a_second_factor_only(capsys):
    made = world()
    assert key.main(["list", made.college.code]) == 0
    assert InstitutionKey.objects.get(organisation=made.college).multikey in capsys.readouterr().out
    assert key.main(["make", made.college.code, "--as", made.lin.email]) == 3
    assert key.main(["make", made.college.code]) == 3
    assert InstitutionKey.objects.filter(organisation=made.college).count() == 1


def test_a_bundle_tells_where_it_may_be_recognised_while_it_holds(tmp_path, monkeypatch):
    made = world(joint=False)
    row = made.issued()

    def tell(found):
        yield {"title": f"Uzbekistan: {found.programme.label}", "says": f"By {found.issuers[0]}.", "tone": "good"}

    monkeypatch.setattr(trusting, "RECOGNISED", [tell])
    file, trust = tmp_path / "mine.json", tmp_path / "trust.json"
    file.write_text(row.document, encoding="utf-8")
    bundle.main(["export", str(trust)])
    told = verify(str(file), "--trust", str(trust)).stdout
    assert "an indication, not a decision" in told
    assert "Uzbekistan: 2026. By Shipping College." in told
    actions.revoke(row, why="mistake", by=made.lin)
    bundle.main(["export", str(trust)])
    assert "Uzbekistan" not in verify(str(file), "--trust", str(trust)).stdout
