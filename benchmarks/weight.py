"""The home page of the demonstration register as it goes over the wire: compressed, with its style and scripts."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from urllib.error import URLError


def measure() -> dict[str, float]:
    """Return kilobytes of all that home asks for, and the number of addresses on other hosts."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "SUNMAO_HOME": home}
        env.pop("SUNMAO_DATABASE_URL", None)
        command = [sys.executable, "-m", "sunmao.site.cli"]
        subprocess.run([*command, "setup"], env=env, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*command, "demo", "--no-serve"], env=env, check=True, stdout=subprocess.DEVNULL)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen([*command, "serve", "--port", str(port)], env=env, stderr=subprocess.DEVNULL)
        try:
            page, size = _get(f"http://127.0.0.1:{port}/", patient=True)
            text = page.decode()
            asked = re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="([^"]+)"', text)
            elsewhere = [address for address in asked if address.startswith(("http:", "https:", "//"))]
            size += sum(_get(f"http://127.0.0.1:{port}{address}")[1] for address in set(asked) - set(elsewhere))
        finally:
            server.terminate()
            server.wait(timeout=20)
    return {"kilobytes": size / 1024, "elsewhere": float(len(elsewhere))}


def _get(address: str, patient: bool = False) -> tuple[bytes, int]:
    """Return the page and its size as sent."""
    import gzip

    for _try in range(60 if patient else 1):
        try:
            request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
            with urllib.request.urlopen(request, timeout=20) as answer:
                sent = answer.read()
                packed = answer.headers.get("Content-Encoding") == "gzip"
                return (gzip.decompress(sent) if packed else sent), len(sent)
        except URLError:
            time.sleep(0.5)
    raise RuntimeError(f"{address} did not answer")
