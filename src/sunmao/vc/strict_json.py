"""JSON that means one thing only (I-JSON, RFC 7493): what two readers could read differently is refused."""

import json
import math
import re
from typing import Any, NoReturn

from sunmao.vc.errors import VcError

# A credential of a whole curriculum with its results stays far below these.
MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 64
MAX_VALUES = 50_000
_PLANES = range(0, 0x110000, 0x10000)
# Beyond these, JavaScript readers see another number than we do (RFC 7493 section 2.2).
MAX_INTEGER = 2**53 - 1
MAX_DIGITS = 400
# RFC 7493 section 2.1 bars them; canonical N-Quads escape two of them, the JavaScript verifiers none.
NONCHARACTERS = "\ufdd0-\ufdef" + "".join(chr(plane + end) for plane in _PLANES for end in (0xFFFE, 0xFFFF))
_NONCHARACTER = re.compile(f"[{NONCHARACTERS}]")


def loads(data: bytes | str, *, max_bytes: int = MAX_BYTES, max_values: int = MAX_VALUES) -> Any:
    """Return the value of a JSON text.

    Refused with VcError: other encodings than UTF-8, duplicate keys, NaN and Infinity, numbers beyond a
    double, inexact integers, lone surrogates, noncharacters, more than ``max_bytes``, MAX_DEPTH or ``max_values``.
    """
    text = _text(data, max_bytes)
    _refuse_deep(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_unique_keys,
            parse_constant=_no_constant,
            parse_float=_float,
            parse_int=_integer,
        )
    except VcError:
        raise
    except (ValueError, RecursionError) as error:
        raise VcError("json_bad", detail=str(error)[:120]) from None
    check_value(value, max_values)
    return value


def loads_object(data: bytes | str, *, max_bytes: int = MAX_BYTES, max_values: int = MAX_VALUES) -> dict[str, Any]:
    """Return a JSON object; any other JSON value is refused."""
    value = loads(data, max_bytes=max_bytes, max_values=max_values)
    if not isinstance(value, dict):
        raise VcError("json_not_object")
    return value


def check_value(value: Any, max_values: int = MAX_VALUES) -> None:
    """Refuse a Python value that could not have come from ``loads`` (for documents built in memory)."""
    seen = 0
    open_values: list[tuple[Any, int]] = [(value, 1)]
    while open_values:
        item, depth = open_values.pop()
        seen += 1
        if seen > max_values:
            raise VcError("json_too_many", limit=max_values)
        if depth > MAX_DEPTH:
            raise VcError("json_too_deep", limit=MAX_DEPTH)
        if isinstance(item, dict):
            for key, inner in item.items():
                _check_text(key)
                open_values.append((inner, depth + 1))
        elif isinstance(item, list):
            open_values.extend((inner, depth + 1) for inner in item)
        else:
            _check_scalar(item)


def _check_scalar(item: Any) -> None:
    if isinstance(item, str):
        _check_text(item)
    elif isinstance(item, bool) or item is None:
        return
    elif isinstance(item, int):
        if abs(item) > MAX_INTEGER:
            raise VcError("json_number", text=str(item)[:40])
    elif isinstance(item, float):
        if not math.isfinite(item):
            raise VcError("json_number", text=str(item))
    else:
        raise VcError("json_bad", detail=f"not a JSON value: {type(item).__name__}")


def _check_text(text: Any) -> None:
    if not isinstance(text, str):
        raise VcError("json_bad", detail="a key is not a text")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise VcError("json_surrogate") from None
    found = _NONCHARACTER.search(text)
    if found:
        raise VcError("json_noncharacter", character=f"U+{ord(found[0]):04X}")


def _text(data: bytes | str, max_bytes: int) -> str:
    if len(data) > max_bytes:
        raise VcError("json_too_large", limit=max_bytes)
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise VcError("json_not_utf8") from None


def _refuse_deep(text: str) -> None:
    """Refuse before parsing: the parser recurses, and its own limit depends on the caller's stack."""
    outside_strings = text.replace("\\\\", "").replace('\\"', "").split('"')[::2]
    depth = 0
    for character in "".join(outside_strings):
        if character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise VcError("json_too_deep", limit=MAX_DEPTH)
        elif character in "]}":
            depth -= 1


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        raise VcError("json_duplicate_key", key=next(key for key in keys if keys.count(key) > 1)[:80])
    return result


def _no_constant(name: str) -> NoReturn:
    raise VcError("json_number", text=name)


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS or abs(int(text)) > MAX_INTEGER:
        raise VcError("json_number", text=text[:40])
    return int(text)


def _float(text: str) -> int | float:
    number = float(text)
    if not math.isfinite(number):
        raise VcError("json_number", text=text[:40])
    # JSON-LD 1.1 section 8.6: a number without a fraction is an integer, however it was written.
    if number.is_integer() and abs(number) <= MAX_INTEGER:
        return int(number)
    return number
