"""Put a signed credential into a PNG, an SVG or a PDF, where any Open Badges reader finds it."""

import io
import struct
import zlib

from sunmao.vc.containers import (
    PDF_ATTACHMENT,
    PNG_KEYWORD,
    PNG_SIGNATURE,
    SVG_NAMESPACE,
    kind_of,
    png_chunks,
)
from sunmao.vc.errors import VcError


def bake_png(image: bytes, credential: bytes) -> bytes:
    """Return the PNG with the credential's text in one iTXt chunk (Open Badges 3.0 section 5.3.2.1).

    A credential baked in earlier is replaced. ``credential`` is its JSON or compact JWT.
    """
    if kind_of(image) != "png":
        raise VcError("png_bad")
    chunks = [(kind, content) for kind, content in png_chunks(image) if not _is_badge(kind, content)]
    if not chunks or chunks[0][0] != b"IHDR":
        raise VcError("png_bad")
    text = PNG_KEYWORD + b"\0\0\0\0\0" + credential
    chunks.insert(1, (b"iTXt", text))
    return PNG_SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def bake_svg(image: bytes, credential: bytes) -> bytes:
    """Return the SVG with the credential in an openbadges:credential element (section 5.3.2.2)."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(image, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise VcError("svg_bad") from None
    for old in list(root.iter(f"{{{SVG_NAMESPACE}}}credential")):
        parent = old.getparent()
        if parent is not None:
            parent.remove(old)
    node = etree.Element(f"{{{SVG_NAMESPACE}}}credential", nsmap={"openbadges": SVG_NAMESPACE})
    text = credential.decode("utf-8")
    if text.startswith("{"):
        node.text = text
    else:
        node.set("verify", text)
    root.insert(0, node)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def attach_to_pdf(document: bytes, credential: bytes, *, name: str = PDF_ATTACHMENT) -> bytes:
    """Return the PDF with the credential as an attached file that readers and ``verify`` find by its name."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(document)))
    except (PyPdfError, ValueError, KeyError):
        raise VcError("pdf_bad") from None
    writer.add_attachment(name, credential)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def _is_badge(kind: bytes, content: bytes) -> bool:
    return kind == b"iTXt" and content.startswith(PNG_KEYWORD + b"\0")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
