"""Drives the pages as a person does: signs in with a second factor, opens forms, fills fields by their names, presses
the button, and stops where the page says there is a problem."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from pathlib import Path
from typing import Any

PASSWORD = "a long enough phrase"


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
        return self.key

    def edit(self, slug: str, key: str, **fields: Any) -> None:
        self.open(f"/{slug}/{key}/edit/")
        self.send(fields)
        assert not self.here.endswith("/edit/"), self.text()

    def do(self, slug: str, key: str, deed: str, **fields: Any) -> str:
        """Do a deed by the button on the record's page and return the code of the record one lands on."""
        self.open(f"/{slug}/{key}/")
        button = self.page.query_selector(f'main a[href$="/{slug}/{key}/do/{deed}/"]')
        assert button, f"{self.here} has no button for {deed}"
        if not button.is_visible():  # behind "More"
            button.evaluate("e => { e.closest('details').open = true }")
        with self.page.expect_navigation(timeout=15_000):
            button.click()
        self.send(fields)
        assert f"/do/{deed}/" not in self.here, self.text()
        return self.key

    def send(self, fields: dict[str, Any]) -> None:
        for name, value in fields.items():
            self.fill(name, value)
        invalid = self.page.eval_on_selector_all(
            "main form :invalid", "all => all.map(e => e.name + ': ' + e.validationMessage)"
        )
        assert not invalid, f"{self.page.url}: {invalid}"
        self.press("main form button:not([name])")
        problems = self.page.query_selector_all("main .errors")
        assert not problems, self.page.url + ": " + " ".join(str(item.inner_text()) for item in problems)

    def fill(self, name: str, value: Any) -> None:
        if isinstance(value, dict):
            for language, text in value.items():
                self.fill(f"{name}_{language}", text)
            return
        found = self.page.query_selector_all(f'main [name="{name}"]') or self.page.query_selector_all(
            f'main [name="{name}_year"]'
        )
        assert found, f"{self.page.url} has no field {name}"
        first = found[0]
        kind = first.get_attribute("type") or ""
        tag = first.evaluate("e => e.tagName")
        if tag == "SELECT":
            options = first.evaluate("e => [...e.options].map(o => o.value)")
            wanted = [value] if not isinstance(value, list) else value
            assert set(map(str, wanted)) <= set(options), f"{name}: {wanted} not among {options[:20]}"
            first.select_option(wanted)
        elif kind in ("checkbox", "radio"):
            chosen = value if isinstance(value, list) else [value]
            for box in found:
                if value is True or box.get_attribute("value") in chosen:
                    box.check()
                elif value is False:
                    box.uncheck()
        elif kind == "file":
            first.set_input_files(str(value))
        else:
            first.fill(str(value))

    def picture(self, place: Path, *, whole: bool = True) -> None:
        """Save a picture of the page."""
        self.page.screenshot(path=str(place), full_page=whole, type="jpeg", quality=60)

    def close(self) -> None:
        self.context.close()
        assert self.faults == []
