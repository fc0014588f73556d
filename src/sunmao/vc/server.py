"""``sunmao vc-api``: a VC-API over HTTPS for testing, with a key and a certificate made at its start."""

import argparse
import json
import re
import ssl
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from sunmao.vc import api
from sunmao.vc.api import Answer
from sunmao.vc.errors import VcError
from sunmao.vc.integrity import ECDSA
from sunmao.vc.issuer import MESSAGES, TestIssuer
from sunmao.vc.keys import generate_key, private_from_multikey
from sunmao.vc.report import Check, State
from sunmao.vc.strict_json import MAX_BYTES

PATIENCE_SECONDS = 30
DRAINED_BYTES = 16 * MAX_BYTES
QUESTIONS = ("/credentials/issue", "/credentials/verify", "/presentations/verify", "/credentials/status")
_JSON = "application/json"


def main(argv: list[str]) -> int:
    """Serve until stopped; return the exit code."""
    options = _parser().parse_args(argv)
    try:
        key = private_from_multikey(options.key) if options.key else generate_key()
    except VcError as error:
        print(f"The key is refused. {error}", file=sys.stderr)
        return 2
    try:
        server = make_server(options.host, options.port, lambda address: TestIssuer(key, address))
    except OSError as error:
        print(f"{options.host}:{options.port} cannot be served: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"VC-API for testing at {server.address}, with a certificate of its own", flush=True)
    print(f"issuer {key.public.did}", flush=True)
    for curve, other in server.issuer.curves.items():
        print(f"issuer for {ECDSA} with {curve} {other.public.did}", flush=True)
    with server:
        server.serve_forever()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sunmao vc-api",
        description="Serve a VC-API for testing over HTTPS: it signs whatever is well formed.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (127.0.0.1)")
    parser.add_argument("--port", type=int, default=40444, help="port (40444; 0 takes a free one)")
    parser.add_argument(
        "--key", default="", metavar="SECRET", help="private multikey (z3u2…) to sign with, else a new one"
    )
    return parser


class Server(ThreadingHTTPServer):
    """The HTTPS server; ``issuer`` answers what needs a key."""

    daemon_threads = True
    issuer: TestIssuer
    address: str
    security: ssl.SSLContext

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller who cannot agree on TLS, or hangs up, is nothing to report."""


def make_server(host: str, port: int, make_issuer: Callable[[str], TestIssuer]) -> Server:
    """Return a server that listens, its issuer made by ``make_issuer`` for the address it is reached at."""
    server = Server((host, port), _Handler)
    name = "localhost" if host == "127.0.0.1" else host
    server.address = f"https://{name}:{server.server_address[1]}"
    server.issuer = make_issuer(server.address)
    server.security = _security(name)
    return server


def route(issuer: TestIssuer, method: str, target: str, body: bytes) -> Answer:
    """Return the answer to one request, whatever it holds."""
    parts = urlsplit(target)
    asked = parse_qs(parts.query)
    if method == "POST" and parts.path == "/credentials/issue":
        names = ("suite", "status", "messages", "curve")
        suite, status, messages, curve = (asked.get(name, [""])[-1] for name in names)
        return issuer.issue(body, suite=suite, with_status=status not in ("", "0"), messages=messages, curve=curve)
    if method == "POST" and parts.path == "/credentials/verify":
        return api.verify_credential(body, issuer.asked())
    if method == "POST" and parts.path == "/presentations/verify":
        return api.verify_presentation(body, issuer.asked())
    if method == "POST" and parts.path == "/credentials/status":
        return issuer.set_status(body)
    if method == "GET" and parts.path == "/status-messages":
        return Answer(200, dict(MESSAGES))
    held = issuer.status_list(issuer.address + parts.path) if parts.path.startswith("/status/") else None
    if method == "GET" and held is not None:
        return Answer(200, held)
    known = parts.path in (*QUESTIONS, "/status-messages") or held is not None
    unknown = Check("format", State.BAD, "request_unknown", {"method": method, "path": parts.path[:200]})
    return Answer(405 if known else 404, api.refusal([unknown]).document)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_SECONDS
    server: Server

    def setup(self) -> None:
        # The handshake belongs to this thread, so that a silent caller holds up nobody else.
        self.request.settimeout(PATIENCE_SECONDS)
        self.request = self.server.security.wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        """End the connection; a caller who has gone already is no error."""
        with suppress(OSError):
            super().finish()

    def do_GET(self) -> None:
        self._answer(route(self.server.issuer, self.command, self.path, self._body() or b""))

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            self._answer(api.guarded(_too_large))
        else:
            self._answer(route(self.server.issuer, self.command, self.path, body))

    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_POST

    def _body(self) -> bytes | None:
        """Return what was sent, nothing where its length is not told or beyond the limit.

        Of what is too long a part is read and thrown away: a caller still writing would not hear the answer.
        """
        told = self.headers.get("Content-Length", "0" if self.command == "GET" else "")
        length = int(told) if re.fullmatch(r"[0-9]{1,12}", told) else -1
        if 0 <= length <= MAX_BYTES:
            return self.rfile.read(length)
        self.close_connection = True
        left = min(length, DRAINED_BYTES)
        while left > 0:
            left -= len(self.rfile.read(min(left, MAX_BYTES))) or left
        return None

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request this server knows; it is the caller's fault, so never 5xx."""
        self.close_connection = True
        found = {
            "method": str(getattr(self, "command", None) or "?")[:20],
            "path": str(getattr(self, "path", ""))[:200],
        }
        refused = api.refusal([Check("format", State.BAD, "request_unknown", found)])
        self._answer(Answer(code if code < 500 else 405, refused.document))

    def _answer(self, answer: Answer) -> None:
        data = json.dumps(answer.document, ensure_ascii=False).encode("utf-8")
        self.send_response(answer.status)
        self.send_header("Content-Type", _JSON)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle(self) -> None:
        """Answer until the caller hangs up, however he does it."""
        with suppress(OSError):
            super().handle()

    def log_message(self, format: str, *values: object) -> None:
        """Nothing is logged: what comes in may name learners."""


def _too_large() -> Answer:
    raise VcError("json_too_large", limit=MAX_BYTES)


def _security(name: str) -> ssl.SSLContext:
    """Return the TLS side of a server with a self-signed certificate for ``name`` and the loop-back addresses."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    names = [x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1")), x509.IPAddress(ip_address("::1"))]
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=30))
    certificate = builder.add_extension(x509.SubjectAlternativeName(names), critical=False).sign(key, hashes.SHA256())
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    security = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "certificate.pem"
        path.touch(mode=0o600)
        path.write_bytes(key.private_bytes(pem, form, none) + certificate.public_bytes(pem))
        security.load_cert_chain(path)
    return security


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
