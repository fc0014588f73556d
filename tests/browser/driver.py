"""Drives the pages as a person does: signs in with a second factor, opens forms, fills fields by their names, presses
the button, and stops where the page says there is a problem. A deed once done on its page can be done again through
the REST interface, in the same session: twelve learners are enrolled alike."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from pathlib import Path
from typing import Any

PASSWORD = "a long enough phrase"
FIELDS = """all => Object.fromEntries(all.reverse().map(e => [e.name, {
    kind: e.tagName == "SELECT" ? "select" : e.type, options: [...(e.options || [])].map(o => o.value)}]))"""


def one_time(secret: str, at: float | None = None) -> str:
    """Return the time-based one-time password of a secret (RFC 6238, SHA-1, 30 s, 6 digits)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at or time.time()) // 30), hashlib.sha1).digest()
    start = digest[19] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


class Someone:
    """A person, or a visitor, at a browser window of their own."""

    def __init__(
        self, browser: Any, base: str, *, language: str = "en", theme: str = "light", width: int = 1440
    ) -> None:
        self.base = base
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
        self.context.add_cookies([{"name": "language", "value": language, "url": base}])
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.shown: set[str] = set()  # what was done on a page; the tour lets all its people share one
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def sign_in(self, email: str, secret: str = "") -> Someone:
        self.open("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.press("main form button")
        for _try in range(3 if secret else 0):
            self.page.fill("[name=code]", one_time(secret))
            self.press("main form button")
            if "/accounts/" not in self.page.url:
                break
            time.sleep(30 - time.time() % 30)  # the half minute ran out between reading and sending
        assert "/accounts/" not in self.page.url, self.page.inner_text("main")
        return self

    def press(self, selector: str) -> None:
        """Press a button or a link and wait for the page it leads to."""
        with self.page.expect_navigation(timeout=15_000):
            self.page.click(selector)

    def open(self, address: str) -> Someone:
        answer = self.page.goto(self.base + address if address.startswith("/") else address)
        assert answer is None or answer.status < 400, f"{address} answered {answer.status}"
        return self

    def text(self) -> str:
        return str(self.page.inner_text("main"))

    @property
    def here(self) -> str:
        return str(self.page.url.removeprefix(self.base).split("?")[0])

    @property
    def key(self) -> str:
        """Return the code or identifier in the address of the record's page."""
        return self.here.strip("/").split("/")[1]

    def add(self, slug: str, **fields: Any) -> str:
        """Add a record on its page and return its code."""
        self.open(f"/{slug}/add/")
        self.send(fields)
        assert not self.here.endswith("/add/"), self.text()
        self.shown.add(slug)
        return self.key

    def edit(self, slug: str, key: str, **fields: Any) -> None:
        self.open(f"/{slug}/{key}/edit/")
        self.send(fields)
        assert not self.here.endswith("/edit/"), self.text()

    def do(self, slug: str, key: str, deed: str, **fields: Any) -> str:
        """Do a deed by the button on the record's page and return the code of the record one lands on."""
        record, button = f"/{slug}/{key}/", f'main a[href$="/{slug}/{key}/do/{deed}/"]'
        found = self.page.query_selector(button) if self.here == record else None
        if found is None:  # elsewhere, or the page is older than what others did meanwhile
            found = self.open(record).page.query_selector(button)
        assert found, f"{self.here} has no button for {deed}"
        if not found.is_visible():  # behind "More"
            found.evaluate("e => { e.closest('details').open = true }")
        self.press(button)
        self.send(fields)
        assert f"/do/{deed}/" not in self.here, self.text()
        self.shown.add(f"{slug}/{deed}")
        return self.key

    def add_alike(self, slug: str, **fields: Any) -> str:
        """Add one more record of a kind that was added on its page before; return its code."""
        return self._again(slug, f"/api/{slug}/", fields)

    def do_alike(self, slug: str, key: str, deed: str, **fields: Any) -> str:
        """Do a deed that was done on its page before to one more record; return the code of what it answers."""
        return self._again(f"{slug}/{deed}", f"/api/{slug}/{key}/{deed}/", fields)

    def _again(self, what: str, address: str, fields: dict[str, Any]) -> str:
        assert what in self.shown, f"{what} was not yet done on a page"
        token = next(cookie["value"] for cookie in self.context.cookies() if cookie["name"] == "csrftoken")
        answer = self.context.request.post(self.base + address, data=fields, headers={"X-CSRFToken": token})
        assert answer.ok, f"{address} answered {answer.status}: {answer.text()}"
        return str(answer.json()["code"])

    def send(self, fields: dict[str, Any]) -> None:
        known = self.page.eval_on_selector_all("main form [name]", FIELDS)
        for name, value in fields.items():
            self.fill(name, value, known)
        invalid = self.page.eval_on_selector_all(
            "main form :invalid", "all => all.map(e => e.name + ': ' + e.validationMessage)"
        )
        assert not invalid, f"{self.page.url}: {invalid}"
        self.press("main form button:not([name])")
        problems = self.page.eval_on_selector_all("main .errors", "all => all.map(e => e.innerText)")
        assert not problems, f"{self.page.url}: {problems}"

    def fill(self, name: str, value: Any, known: dict[str, Any]) -> None:
        """Fill one field of the form; `known` says what kind of input each name is."""
        if isinstance(value, dict):
            for language, text in value.items():
                self.fill(f"{name}_{language}", text, known)
            return
        name = name if name in known else f"{name}_year"
        assert name in known, f"{self.page.url} has no field {name}"
        kind, options, place = known[name]["kind"], known[name]["options"], f'main form [name="{name}"]'
        if kind == "select":
            wanted = list(map(str, value if isinstance(value, list) else [value]))
            assert set(wanted) <= set(options), f"{name}: {wanted} not among {options[:20]}"
            self.page.select_option(place, wanted)
        elif kind in ("checkbox", "radio") and isinstance(value, bool):
            self.page.set_checked(place, value)
        elif kind in ("checkbox", "radio"):
            for one in value if isinstance(value, list) else [value]:
                self.page.check(f'{place}[value="{one}"]')
        elif kind == "file":
            self.page.set_input_files(place, str(value))
        else:
            self.page.fill(place, str(value))

    def picture(self, place: Path, *, whole: bool = True) -> None:
        """Save a picture of the page."""
        self.page.screenshot(path=str(place), full_page=whole, type="jpeg", quality=60)

    def close(self) -> None:
        self.context.close()
        assert self.faults == []
