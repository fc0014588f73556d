"""Read the QR code of a picture: a PNG of one, a screenshot, a scan or a photograph that shows one (ISO/IEC 18004)."""

from typing import TYPE_CHECKING, Any

from sunmao.vc.errors import CannotCheck, VcError

if TYPE_CHECKING:
    import numpy as np

MAX_PIXELS = 4_000_000


def read_png(data: bytes) -> str:
    """Return the text of the first code a PNG shows; raise VcError when it shows none that can be read."""
    import zxingcpp

    found = zxingcpp.read_barcodes(_grey(data), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    if not found:
        raise CannotCheck("qr_unread")
    return str(found[0].text)


def _grey(data: bytes) -> "np.ndarray[Any, Any]":
    """Return how light each point is, row by row, from 0 (black) to 255."""
    import numpy as np
    import png

    try:
        reader = png.Reader(bytes=data)
        reader.preamble()
        if reader.width * reader.height > MAX_PIXELS:
            raise CannotCheck("qr_picture_large", limit=MAX_PIXELS)
        width, height, rows, info = png.Reader(bytes=data).read()
        samples = np.vstack([np.frombuffer(row, dtype=getattr(row, "typecode", "B")) for row in rows])
        flat = samples.reshape(height, width, info["planes"]).astype(np.float32)
        if "palette" in info:
            flat = np.array([(*color, 255)[:4] for color in info["palette"]], dtype=np.float32)[
                flat[:, :, 0].astype(int)
            ]
        else:
            flat *= 255 / (2 ** info["bitdepth"] - 1)
    except VcError:
        raise
    except Exception:  # a parser fed with hostile bytes fails in ways nobody has listed
        raise VcError("png_bad") from None
    shades = flat[:, :, :3] if flat.shape[2] >= 3 else flat[:, :, :1]
    light = shades.mean(axis=2)
    # What is transparent lies on white paper.
    if flat.shape[2] in (2, 4):
        cover = flat[:, :, -1] / 255
        light = light * cover + 255 * (1 - cover)
    return np.ascontiguousarray(light.round(), dtype=np.uint8)
