"""Letters leave by a mail server."""

from __future__ import annotations

import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sunmao.site import settings


class Relay(socketserver.StreamRequestHandler):
    """As much of a mail server as a letter needs (RFC 5321), without TLS."""

    def handle(self) -> None:
        self.wfile.write(b"220 relay\r\n")
        while line := self.rfile.readline():
            said = line.decode().strip().upper()
            if said == "DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.letters.append(letter.decode())  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if said == "QUIT" else b"250 ok\r\n")
            if said == "QUIT":
                return


@pytest.fixture
def relay() -> Iterator[socketserver.TCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Relay) as server:
        server.letters = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_letter_leaves_by_a_relay_of_this_machine(relay: socketserver.TCPServer, tmp_path: Path) -> None:
    send = "import django; django.setup(); from django.core.mail import send_mail; send_mail('Сроки', '今日', None, ['lin@example.org'])"
    surroundings = {
        **os.environ, "SUNMAO_HOME": str(tmp_path), "SUNMAO_MAIL": f"smtp://127.0.0.1:{relay.server_address[1]}",
        "SUNMAO_MAIL_FROM": "register@example.org", "DJANGO_SETTINGS_MODULE": "sunmao.site.settings",
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", send], env=surroundings, check=True, timeout=60)
    (letter,) = relay.letters  # type: ignore[attr-defined]
    assert "From: register@example.org" in letter and "To: lin@example.org" in letter


def test_no_letter_crosses_a_wire_without_tls() -> None:
    assert settings._mail("smtp://mail.example.org")["EMAIL_USE_TLS"]
    assert settings._mail("smtps://mail.example.org")["EMAIL_USE_SSL"]
    assert not settings._mail("smtp://localhost")["EMAIL_USE_TLS"]
