"""The tests keep to themselves and tell what they leave out."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import left_out
import pytest
from django.conf import settings
from left_out import LeftOut
from surroundings import ROOT


def test_the_tests_have_a_data_folder_of_their_own() -> None:
    assert Path(tempfile.gettempdir()).resolve() in settings.SUNMAO_HOME.parents
    assert Path(os.environ["SUNMAO_HOME"]).resolve() == settings.SUNMAO_HOME
    assert Path.home() / ".sunmao" != settings.SUNMAO_HOME


def _noted(*reasons: str) -> LeftOut:
    notes = LeftOut.__new__(LeftOut)
    notes.reasons = Counter(reasons)
    return notes


@pytest.mark.parametrize(("there", "refused"), [(True, 2), (False, 1)])
def test_a_complete_run_excuses_only_what_lacks_absent_reference_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, there: bool, refused: int
) -> None:
    notes = _noted("no Chromium was found", "they need the reference data at /elsewhere")
    monkeypatch.setattr(left_out, "SHARED", tmp_path if there else tmp_path / "absent")
    monkeypatch.setenv("SUNMAO_TESTS_COMPLETE", "1")
    assert len(notes.refused()) == refused
    monkeypatch.delenv("SUNMAO_TESTS_COMPLETE")
    assert notes.refused() == {}


def test_a_left_out_test_fails_a_complete_run_and_is_told(pytester: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makeconftest(
        f"""
        import sys
        sys.path.insert(0, {str(ROOT / "tests")!r})
        from left_out import LeftOut
        def pytest_addoption(parser):
            parser.addoption("--last-run", action="store_true")
        def pytest_configure(config):
            config.pluginmanager.register(LeftOut(config), "left-out")
        """
    )
    pytester.makepyfile("import pytest\ndef test_it():\n    pytest.skip('the moon is full')")
    for complete, code in (("", 0), ("1", 1)):
        monkeypatch.setenv("SUNMAO_TESTS_COMPLETE", complete)
        monkeypatch.delenv("SUNMAO_TESTS_NOTES", raising=False)
        result = pytester.runpytest_subprocess(
            *(word for name in ("django", "xdist", "schemathesis", "faker") for word in ("-p", f"no:{name}"))
        )
        assert result.ret == code
        result.stdout.fnmatch_lines(["left out: 1, because the moon is full*"])
