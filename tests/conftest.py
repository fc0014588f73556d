"""What all tests share: a data folder of their own, the reference data's place, a Chromium, the volumes of trials."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

_home = tempfile.mkdtemp(prefix="sunmao-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["SUNMAO_HOME"] = _home
(Path(_home) / "static").mkdir()  # else WhiteNoise warns at each start
os.environ.pop("SUNMAO_HOSTS", None)
if "SUNMAO_TESTS_LAID" not in os.environ:  # what all workers of a run share: copies of registers (laid.py), and the key
    os.environ["SUNMAO_TESTS_LAID"] = tempfile.mkdtemp(prefix="sunmao-laid-")
    os.environ["SUNMAO_MASTER_KEY"] = os.urandom(32).hex()
    atexit.register(shutil.rmtree, os.environ["SUNMAO_TESTS_LAID"], ignore_errors=True)
# Named here and not in pyproject.toml: pytest-django would read the settings before their data folder is set.
os.environ["DJANGO_SETTINGS_MODULE"] = "sunmao.site.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright keeps an event loop in the thread of the tests

import pytest  # noqa: E402
from surroundings import POSTGRES, SHARED, TRIALS, chromium  # noqa: E402

pytest_plugins = ["pytester"]
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="only the tests that use the database")
    parser.addoption("--last-run", action="store_true", help="tell what earlier runs left out, too")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    _share_the_middleware()
    settings.SUNMAO_HOME = Path(_home)  # the settings were read before this file
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # slow ones guard nothing here
    if not hasattr(config, "workerinput"):
        from left_out import LeftOut

        from sunmao.site.catalogues import compile_all

        compile_all()
        config.pluginmanager.register(LeftOut(config), "left-out")


def _share_the_middleware() -> None:
    """Let all test clients stand before one chain of middleware; to build one costs each as much as a page."""
    from django.core.signals import setting_changed
    from django.test.client import ClientHandler

    build, built = ClientHandler.load_middleware, []  # type: ignore[var-annotated]

    def load(handler: Any, is_async: bool = False) -> None:
        if not built:
            build(handler, is_async)
            built.append(handler._middleware_chain)
        handler._middleware_chain = built[0]

    ClientHandler.load_middleware = load
    setting_changed.connect(lambda **_said: built.clear(), weak=False)


def pytest_collection_finish() -> None:
    """Let no collection of garbage walk again what is there before the first test."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Let each worker make a data folder of its own before it reads the settings."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long values by their argument: made with random keys, they would differ between the workers."""
    return argname if isinstance(val, str | bytes) and len(val) > 24 else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("database_only"):
        others = [item for item in items if not _uses_database(item)]
        items[:] = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=others)
    missing = {
        "browser": "" if chromium() else "no Chromium was found (SUNMAO_CHROMIUM names one)",
        "postgres": "" if POSTGRES else "SUNMAO_TEST_DATABASE_URL names no PostgreSQL",
        "shared": "" if SHARED.is_dir() else f"they need the reference data at {SHARED}",
    }
    for item in items:
        for mark, why in missing.items():
            if why and item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=why))


def _uses_database(item: pytest.Item) -> bool:
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the project; what needs it is left out, and said so, where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"they need the reference data at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """Make the tables from the models, in a tenth of the time: `make check` holds the migrations against the models,
    and the processes that tests/trials starts run them."""
    return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Make what no model declares: the index behind search."""
    from django.db import connection

    make = import_module("sunmao.kernel.migrations.0002_search_index").make
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        make(None, editor)


@pytest.fixture(autouse=True)
def plain_language() -> Iterator[None]:
    """Every test begins in the register's own language; a page asked for in another leaves that behind it."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def plain_countries(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets the wording of countries that another one chose, or a query more because it had to be read."""
    from time import monotonic

    from sunmao.directory import wordings

    monkeypatch.setattr(wordings, "_words", {})
    monkeypatch.setattr(wordings, "_read_at", monotonic())


@pytest.fixture(autouse=True)
def nothing_witnessed() -> Iterator[None]:
    """What a test had witnessed is remembered beside the database, which the next test begins without."""
    yield
    (Path(_home) / "witnessed.json").unlink(missing_ok=True)


@pytest.fixture
def volume(record_property: Callable[[str, object], None]) -> Callable[..., int]:
    """How much of a long test to do: `volume("kills", sample=5, trial=100)`. The trials' volumes are printed."""

    def choose(what: str, *, sample: int, trial: int) -> int:
        chosen = trial if TRIALS else sample
        if TRIALS:
            record_property("volume", f"volume: {chosen} {what}")
        return chosen

    return choose


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One real Chromium, headless, for all tests marked `browser`."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
    quiet += ["--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=quiet)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh page, 1440 wide, in a context of its own. A script error or a request to another host fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    faults: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(f"script error: {error}"))
    opened.on("request", lambda request: _foreign(request.url, faults))
    yield opened
    context.close()
    assert faults == []


def _foreign(url: str, faults: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1", "http://localhost", "data:", "about:", "blob:")):
        faults.append(f"request to another host: {url}")
