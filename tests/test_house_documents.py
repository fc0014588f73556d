"""The documents keep up with the house: every desk, deed, command, option and setting is described where one looks for
it, every relative link leads somewhere, and the project speaks of itself alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from surroundings import ROOT

from sunmao.kernel.desk import Desk, registry
from sunmao.site.cli import COMMANDS, main

DOCS = ROOT / "docs"
PAGES = (*sorted(DOCS.rglob("*.md")), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")))
LINK = re.compile(r"\]\(([^)\s]+)\)")
SETTING = re.compile(r"\bSUNMAO_[A-Z][A-Z_]*[A-Z]\b")
OPTION = re.compile(r"^  (?:-\w(?: \S+)?, )?(--[a-z][a-z-]+)", re.MULTILINE)
# Home folders, drives and temporary places of whoever works on it; hosts and addresses of private networks.
OF_A_MACHINE = re.compile(
    r"/(?:home|Users|root|tmp|work|mnt|media|private|workspace)/\w|\b[A-Z]:\\\\?\w|~/(?!\.sunmao\b)\w"
    r"|\b(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}\b|https?://[\w.-]+\.(?:local|internal|lan)\b"
)


def room_of(desk: Desk) -> str:
    return type(desk).__module__.split(".")[1]


def undescribed_desks(pages: dict[str, str]) -> list[str]:
    """Return what the rooms' pages lack: a desk's address or the name of a deed."""
    lacking = []
    for slug, desk in registry.by_slug.items():
        page = pages.get(room_of(desk), "")
        if f"`/{slug}/`" not in page:
            lacking.append(f"docs/rooms/{room_of(desk)}.md lacks `/{slug}/`")
        lacking += [
            f"docs/rooms/{room_of(desk)}.md lacks `{deed.name}` of {slug}"
            for deed in desk.deeds
            if f"`{deed.name}`" not in page
        ]
    return lacking


def dead_links(page: Path, text: str) -> list[str]:
    """Return the relative links of a page that lead to no file, or to no heading of a page."""
    dead = []
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        where, _sharp, heading = link.partition("#")
        target = (page.parent / where).resolve() if where else page
        if not target.exists() or (heading and heading not in anchors(target.read_text(encoding="utf-8"))):
            dead.append(link)
    return dead


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as forges make them."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def section(text: str, command: str) -> str:
    """Return what a page says under the heading of a command, empty where it has none."""
    found = re.search(rf"^## sunmao {re.escape(command)}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def tracked(*patterns: str) -> list[Path]:
    said = subprocess.run(["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for line in said.stdout.splitlines() if (path := ROOT / line).is_file()]


def test_every_room_has_a_page() -> None:
    rooms = {path.parent.name for path in (ROOT / "src" / "sunmao").glob("*/__init__.py")}
    assert {path.stem for path in (DOCS / "rooms").glob("*.md")} == rooms
    floors = (DOCS / "floors.md").read_text(encoding="utf-8")
    assert [room for room in sorted(rooms) if f"(rooms/{room}.md)" not in floors] == []


def test_every_desk_and_deed_stands_on_its_rooms_page() -> None:
    assert (
        undescribed_desks({path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "rooms").glob("*.md")}) == []
    )
    assert len(undescribed_desks({})) == len(registry.by_slug) + sum(
        len(desk.deeds) for desk in registry.by_slug.values()
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_on_the_page_of_commands_with_its_options(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    options = set(OPTION.findall(capsys.readouterr().out)) - {"--help"}
    said = section((DOCS / "commands.md").read_text(encoding="utf-8"), command)
    assert said.strip(), f"docs/commands.md has no “## sunmao {command}”"
    own = {option for option in options if not re.search(rf"{option}\b", said)}
    assert own == set()


def test_every_setting_stands_on_the_page_of_settings() -> None:
    named = {name for path in tracked("src/*.py", "tools/*.py", "benchmarks/*.py", "tests/*.py", "Makefile")
             for name in SETTING.findall(path.read_text(encoding="utf-8"))}  # fmt: skip
    said = set(SETTING.findall((DOCS / "settings.md").read_text(encoding="utf-8")))
    assert "SUNMAO_HOME" in named
    assert (sorted(named - said), sorted(said - named)) == ([], [])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    assert dead_links(page, page.read_text(encoding="utf-8")) == []


def test_a_dead_link_is_noticed() -> None:
    text = (
        "[a](nowhere.md) [b](README.md) [c](README.md#no-such-heading) [d](README.md#two-commands) [e](https://x.org)"
    )
    assert dead_links(ROOT / "x.md", text) == ["nowhere.md", "README.md#no-such-heading"]


def test_nothing_names_the_machine_of_a_developer() -> None:
    found = []
    for path in tracked("*.md", "*.py", "*.html", "*.toml", "*.txt", "*.in", "Makefile", "*.po", "*.css", "*.js"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number}: {match}" for match in OF_A_MACHINE.findall(line)]
    assert found == []


@pytest.mark.parametrize("place", ["see %home%lin%notes", "C:%%Users%%lin", "~%Documents", "http:%%192_168_1_4%"])
def test_a_developers_machine_is_noticed(place: str) -> None:
    line = place.replace("%%", "\\" if place.startswith("C") else "//").replace("%", "/").replace("_", ".")
    assert OF_A_MACHINE.search(line), line
