"""What a file holds: a credential as JSON, JWT or QR code, or baked into PNG, SVG or PDF, or many in a ZIP.

Nothing is trusted: sizes are bounded before and while unpacking, SVG is read without entities, and text
that is drawn on a page is never taken for the credential.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sunmao.vc import qr
from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.strict_json import MAX_BYTES

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_ZIP_ENTRIES = 10_000
MAX_ZIP_BYTES = 512 * 1024 * 1024
MAX_PNG_CHUNKS = 10_000
MAX_ATTACHMENTS = 50
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Open Badges 3.0 sections 5.3.2.1 and 5.3.2.2.
PNG_KEYWORD = b"openbadgecredential"
SVG_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
PDF_ATTACHMENT = "credential.json"
_CREDENTIAL_NAMES = re.compile(r"\.(json|jsonld|jwt|1ob|vc)\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Payload:
    """One credential's text as found; ``format`` is json, jwt, qr, png, svg or pdf."""

    text: bytes
    format: str


def kind_of(data: bytes) -> str:
    """Return png, qr, pdf, zip, svg, jwt or json by the content alone; raise VcError when it is none."""
    if data.startswith(PNG_SIGNATURE):
        return "png"
    if data.startswith(qr.PREFIX.encode()):
        return "qr"
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return "svg"
    if head.startswith(b"eyJ"):
        return "jwt"
    if head[:1] in (b"{", b"["):
        return "json"
    raise VcError("file_unknown")


def extract(data: bytes) -> Payload:
    """Return the credential of one file (not a ZIP); raise VcError when it holds none."""
    if len(data) > MAX_FILE_BYTES:
        raise VcError("file_too_large", limit=MAX_FILE_BYTES)
    kind = kind_of(data)
    if kind == "png":
        return Payload(_from_png(data), kind)
    if kind == "qr":
        return Payload(_from_qr(data.strip().decode("latin-1")), kind)
    if kind == "svg":
        return Payload(_from_svg(data), kind)
    if kind == "pdf":
        return Payload(_from_pdf(data), kind)
    if kind == "zip":
        raise VcError("zip_inside")
    return Payload(data.strip() if kind == "jwt" else data, kind)


def entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file of a ZIP, bounded in number and unpacked size."""
    if len(data) > MAX_FILE_BYTES:
        raise VcError("file_too_large", limit=MAX_FILE_BYTES)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise VcError("zip_bad") from None
    files = [item for item in archive.infolist() if not item.is_dir()]
    if len(files) > MAX_ZIP_ENTRIES:
        raise VcError("zip_too_many", limit=MAX_ZIP_ENTRIES)
    total = 0
    for item in files:
        try:
            with archive.open(item) as stream:
                content = stream.read(MAX_FILE_BYTES + 1)
        except (
            zipfile.BadZipFile,
            RuntimeError,
            NotImplementedError,
            OSError,
            ValueError,
            EOFError,
            zlib.error,
        ):
            raise VcError("zip_bad") from None
        total += len(content)
        if len(content) > MAX_FILE_BYTES or total > MAX_ZIP_BYTES:
            raise VcError("zip_too_large", limit=MAX_ZIP_BYTES)
        yield item.filename, content


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each chunk of a PNG; raise VcError when a length or check sum is wrong."""
    place = len(PNG_SIGNATURE)
    for _ in range(MAX_PNG_CHUNKS):
        if place == len(data):
            return
        if place + 12 > len(data):
            raise VcError("png_bad")
        (length,) = struct.unpack(">I", data[place : place + 4])
        end = place + 12 + length
        if end > len(data):
            raise VcError("png_bad")
        kind, content = data[place + 4 : place + 8], data[place + 8 : end - 4]
        (held,) = struct.unpack(">I", data[end - 4 : end])
        if zlib.crc32(kind + content) != held:
            raise VcError("png_bad")
        yield kind, content
        place = end
    raise VcError("png_bad")


def _from_png(data: bytes) -> bytes:
    found = [_itxt(content) for kind, content in png_chunks(data) if kind == b"iTXt"]
    texts = [text for text in found if text is not None]
    if len(texts) > 1:
        raise VcError("credential_many", format="PNG")
    return texts[0] if texts else _from_picture(data)


def _from_picture(data: bytes) -> bytes:
    """Return the credential of the QR code that a picture shows."""
    from sunmao.vc.qr_picture import read_png

    try:
        text = read_png(data)
    except CannotCheck as error:
        if error.code != "qr_unread":
            raise
        raise VcError("credential_absent", format="PNG") from None
    return _from_qr(text)


def _from_qr(text: str) -> bytes:
    if text.startswith(("https://", "http://")):
        raise CannotCheck("qr_link", url=text[:200])
    if not text.startswith(qr.PREFIX):
        raise VcError("credential_absent", format="QR")
    return qr.from_text(text)


def _itxt(content: bytes) -> bytes | None:
    """Return the text of an iTXt chunk under the badge keyword (PNG 3 section 11.3.3.4), else nothing."""
    keyword, _, rest = content.partition(b"\0")
    if keyword != PNG_KEYWORD:
        return None
    parts = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(parts) != 3 or rest[1] != 0:
        raise VcError("png_bad")
    if rest[0] == 0:
        return parts[2]
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(parts[2], MAX_BYTES + 1)
    except zlib.error:
        raise VcError("png_bad") from None
    if len(text) > MAX_BYTES:
        raise VcError("json_too_large", limit=MAX_BYTES)
    return text


def _from_svg(data: bytes) -> bytes:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise VcError("svg_bad") from None
    nodes = list(root.iter(f"{{{SVG_NAMESPACE}}}credential"))
    if len(nodes) != 1:
        raise VcError("credential_absent" if not nodes else "credential_many", format="SVG")
    verify = nodes[0].get("verify")
    text = verify if verify else "".join(nodes[0].itertext())
    return str(text).strip().encode("utf-8")


def _from_pdf(data: bytes) -> bytes:
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise CannotCheck("pdf_encrypted")
        found = []
        for number, attachment in enumerate(reader.attachment_list):
            if number >= MAX_ATTACHMENTS:
                raise VcError("pdf_bad")
            if _CREDENTIAL_NAMES.search(attachment.name or ""):
                found.append(attachment.content)
    except VcError:
        raise
    except Exception:  # a PDF parser fed with hostile bytes fails in ways nobody has listed
        raise VcError("pdf_bad") from None
    if len(found) != 1:
        raise VcError("credential_absent" if not found else "credential_many", format="PDF")
    return bytes(found[0])
