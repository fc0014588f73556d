"""Read the QR code of a picture: a PNG of one, a screenshot or a straight scan that shows one (ISO/IEC 18004).

Three corner patterns give place, turn and size; photographs taken at a slant are not straightened.
"""

import itertools
from functools import cache
from typing import TYPE_CHECKING, Any

from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.reed_solomon import corrected

if TYPE_CHECKING:
    import numpy as np

MAX_PIXELS = 4_000_000
MAX_CORNERS = 12
# Lookalikes of a corner beyond which a picture is noise, made to keep the reader busy.
MAX_SIGHTINGS = 40_000
MAX_PLACES = 300
# Modes of ISO/IEC 18004 table 2, and the width of their counts by range of versions (table 3).
_END, _NUMERIC, _ALPHANUMERIC, _BYTE, _ECI = 0, 1, 2, 4, 7
_COUNTS = {_NUMERIC: (10, 12, 14), _ALPHANUMERIC: (9, 11, 13), _BYTE: (8, 16, 16)}


def read_png(data: bytes) -> str:
    """Return the text of the one code a PNG shows; raise VcError when it shows none that can be read."""
    dark = _dark(data)
    for corners in _triples(_corners(dark)):
        for grid in _grids(dark, *corners):
            try:
                return _decoded(grid)
            except VcError:
                continue
    raise CannotCheck("qr_unread")


def _dark(data: bytes) -> "np.ndarray[Any, Any]":
    """Return where the picture is dark, row by row."""
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
    return np.asarray(light < (light.min() + light.max()) / 2)


def _runs(line: "np.ndarray[Any, Any]") -> list[tuple[float, float]]:
    """Return centre and module size of each 1:1:3:1:1 of dark and light along a line."""
    import numpy as np

    edges = np.concatenate(([0], np.flatnonzero(np.diff(line)) + 1, [line.size]))
    lengths = np.diff(edges)
    if lengths.size < 5:
        return []
    windows = np.stack([lengths[k : lengths.size - 4 + k] for k in range(5)], axis=1)
    unit = windows.sum(axis=1) / 7
    near = np.abs(windows - unit[:, None] * np.array([1, 1, 3, 1, 1])) <= unit[:, None] * np.array(
        [0.6, 0.6, 1.2, 0.6, 0.6]
    )
    good = near.all(axis=1) & (line[edges[: windows.shape[0]]])
    return [((edges[k + 2] + edges[k + 3]) / 2, float(unit[k])) for k in np.flatnonzero(good)]


def _corners(dark: "np.ndarray[Any, Any]") -> list[tuple[float, float, float]]:
    """Return x, y and module size of what looks like a corner pattern both ways, the surest first."""
    found: list[list[float]] = []
    columns: dict[int, list[tuple[float, float]]] = {}
    sightings = 0
    for y in range(dark.shape[0]):
        for x, unit in _runs(dark[y]):
            sightings += 1
            if sightings > MAX_SIGHTINGS or len(found) > MAX_PLACES:
                raise CannotCheck("qr_unread")
            if int(x) not in columns:
                columns[int(x)] = _runs(dark[:, int(x)])
            across = min(columns[int(x)], key=lambda run: abs(run[0] - y - 0.5), default=None)
            if across is None or abs(across[0] - y - 0.5) > 2 * unit or not 0.6 < across[1] / unit < 1.7:
                continue
            for known in found:
                if abs(known[0] / known[3] - x) < 3 * unit and abs(known[1] / known[3] - across[0]) < 3 * unit:
                    known[:] = [known[0] + x, known[1] + across[0], known[2] + (unit + across[1]) / 2, known[3] + 1]
                    break
            else:
                found.append([x, across[0], (unit + across[1]) / 2, 1])
    found.sort(key=lambda item: -item[3])
    return [(x / votes, y / votes, unit / votes) for x, y, unit, votes in found[:MAX_CORNERS]]


_Point = tuple[float, float, float]


def _triples(corners: list[_Point]) -> list[tuple[_Point, _Point, _Point]]:
    """Return triples that could be the corners of one code: the right angle first, then right, then below."""
    ranked = []
    for triple in itertools.permutations(corners, 3):
        a, b, c = triple
        right, down = (b[0] - a[0], b[1] - a[1]), (c[0] - a[0], c[1] - a[1])
        if right[0] * down[1] - right[1] * down[0] <= 0:
            continue
        across, below = (right[0] ** 2 + right[1] ** 2) ** 0.5, (down[0] ** 2 + down[1] ** 2) ** 0.5
        skew = abs(across - below) / max(across, below)
        skew += abs(right[0] * down[0] + right[1] * down[1]) / (across * below)
        skew += max(item[2] for item in triple) / min(item[2] for item in triple) - 1
        if skew < 0.6:
            ranked.append((skew, triple))
    return [triple for _, triple in sorted(ranked, key=lambda item: item[0])[:8]]


def _grids(dark: "np.ndarray[Any, Any]", a: _Point, b: _Point, c: _Point) -> "list[np.ndarray[Any, Any]]":
    """Return the modules as sampled for the likely sizes of the code, the likeliest first."""
    import numpy as np

    across = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
    guess = across / ((a[2] + b[2] + c[2]) / 3) + 7
    sizes = sorted((17 + 4 * version for version in range(1, 41)), key=lambda size: abs(size - guess))[:5]
    ranked = []
    for size in sizes:
        steps = np.arange(size) - 3.0
        along, down = steps[None, :] / (size - 7), steps[:, None] / (size - 7)
        x = (a[0] + (b[0] - a[0]) * along + (c[0] - a[0]) * down).astype(int)
        y = (a[1] + (b[1] - a[1]) * along + (c[1] - a[1]) * down).astype(int)
        if x.min() < 0 or y.min() < 0 or x.max() >= dark.shape[1] or y.max() >= dark.shape[0]:
            continue
        grid = dark[y, x]
        timing = np.arange(8, size - 8) % 2 == 0
        fit = (grid[6, 8 : size - 8] == timing).mean() + (grid[8 : size - 8, 6] == timing).mean()
        ranked.append((fit, grid))
    return [grid for fit, grid in sorted(ranked, key=lambda item: -item[0]) if fit > 1.6]


def _decoded(grid: "np.ndarray[Any, Any]") -> str:
    from segno import consts

    size = int(grid.shape[0])
    version = (size - 17) // 4
    level, mask = _format_of(grid)
    bits = [bool(grid[row, column]) ^ _masked(mask, row, column) for row, column in _order(size)]
    words = [sum(bit << 7 - k for k, bit in enumerate(bits[p : p + 8])) for p in range(0, len(bits) - 7, 8)]
    held: Any = consts.ECC
    sizes = [(kind.num_total, kind.num_data) for kind in held[version][level] for _ in range(kind.num_blocks)]
    return _text(_joined(words, sizes), version)


def _format_of(grid: "np.ndarray[Any, Any]") -> tuple[int, int]:
    """Return level of correction and mask (section 7.9), from the better readable of the two copies."""
    from segno import consts

    last = int(grid.shape[0]) - 1
    first = [(8, k) for k in (0, 1, 2, 3, 4, 5, 7, 8)] + [(k, 8) for k in (7, 5, 4, 3, 2, 1, 0)]
    second = [(last - k, 8) for k in range(7)] + [(8, last - 7 + k) for k in range(8)]
    best: tuple[int, int] = (16, 0)
    for places in (first, second):
        held = sum(int(grid[place]) << 14 - k for k, place in enumerate(places))
        apart = [(bin(held ^ known).count("1"), index) for index, known in enumerate(consts.FORMAT_INFO)]
        best = min(best, *apart)
    if best[0] > 3:
        raise VcError("encoding_bad", kind="QR")
    return best[1] >> 3, best[1] & 7


def _masked(mask: int, row: int, column: int) -> bool:
    """Say whether a mask turns a module over (section 7.8.2)."""
    product = row * column
    sums: tuple[int, ...] = (
        (row + column) % 2,
        row % 2,
        column % 3,
        (row + column) % 3,
        (row // 2 + column // 3) % 2,
        product % 2 + product % 3,
        (product % 2 + product % 3) % 2,
        ((row + column) % 2 + product % 3) % 2,
    )
    return sums[mask] == 0


@cache
def _order(size: int) -> tuple[tuple[int, int], ...]:
    """Return the places of the data in the order they are read (section 7.7.3)."""
    columns = [*range(size - 1, 6, -2), 5, 3, 1]
    places = []
    for turn, right in enumerate(columns):
        rows = range(size - 1, -1, -1) if turn % 2 == 0 else range(size)
        places += [(row, column) for row in rows for column in (right, right - 1) if _is_data(size, row, column)]
    return tuple(places)


def _is_data(size: int, row: int, column: int) -> bool:
    """Say whether a module carries data rather than a pattern or the format (section 6.3)."""
    version, far = (size - 17) // 4, size - 8
    if (row < 9 and (column < 9 or column >= far)) or (row >= far and column < 9) or row == 6 or column == 6:
        return False
    if version >= 7 and ((row < 6 and column >= size - 11) or (column < 6 and row >= size - 11)):
        return False
    return not any(abs(row - y) <= 2 and abs(column - x) <= 2 for y, x in _alignments(version))


@cache
def _alignments(version: int) -> tuple[tuple[int, int], ...]:
    from segno import consts

    if version == 1:
        return ()
    held = consts.ALIGNMENT_POS[version - 2]
    corners = {(held[0], held[0]), (held[0], held[-1]), (held[-1], held[0])}
    return tuple(pair for pair in itertools.product(held, held) if pair not in corners)


def _joined(words: list[int], sizes: list[tuple[int, int]]) -> bytes:
    """Return the data of all blocks, taken apart and corrected (section 7.6)."""
    stream = iter(words)
    blocks: list[list[int]] = [[] for _ in sizes]
    try:
        for place in range(max(data for _, data in sizes)):
            for block, (_, data) in zip(blocks, sizes, strict=True):
                if place < data:
                    block.append(next(stream))
        for _ in range(sizes[0][0] - sizes[0][1]):
            for block in blocks:
                block.append(next(stream))
    except StopIteration:
        raise VcError("encoding_bad", kind="QR") from None
    pairs = zip(blocks, sizes, strict=True)
    return b"".join(corrected(bytes(block), total - data)[:data] for block, (total, data) in pairs)


def _text(data: bytes, version: int) -> str:
    """Return the text of the segments (section 7.4)."""
    from segno import consts

    bits, place, out = "".join(f"{byte:08b}" for byte in data), 0, bytearray()
    letters = bytes(consts.ALPHANUMERIC_CHARS)

    def take(count: int) -> int:
        nonlocal place
        if place + count > len(bits):
            raise VcError("encoding_bad", kind="QR")
        place += count
        return int(bits[place - count : place], 2)

    while len(bits) - place >= 4:
        mode = take(4)
        if mode == _END:
            break
        if mode == _ECI:
            take(8)
            continue
        if mode not in _COUNTS:
            raise CannotCheck("qr_unread")
        count = take(_COUNTS[mode][0 if version < 10 else 1 if version < 27 else 2])
        if mode == _BYTE:
            out += bytes(take(8) for _ in range(count))
        elif mode == _NUMERIC:
            for digits in [3] * (count // 3) + ([count % 3] if count % 3 else []):
                out += f"{take(digits * 3 + 1):0{digits}d}".encode()
        else:
            for _ in range(count // 2):
                first, second = divmod(take(11), 45)
                out += bytes((letters[first % 45], letters[second]))
            out += bytes((letters[take(6) % 45],)) if count % 2 else b""
    return out.decode("utf-8", "replace")
