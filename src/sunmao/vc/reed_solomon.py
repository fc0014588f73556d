"""Reed-Solomon correction over the field of 256 elements of QR codes (ISO/IEC 18004 annex A and B)."""

from sunmao.vc.errors import VcError

_EXP = [1] * 510
for _power in range(1, 510):
    _double = _EXP[_power - 1] << 1
    _EXP[_power] = _double ^ 0x11D if _double & 0x100 else _double
_LOG = {value: power for power, value in enumerate(_EXP[:255])}


def corrected(block: bytes, spare: int) -> bytes:
    """Return a block with up to ``spare`` // 2 wrong bytes put right; raise VcError when there are more."""
    syndromes = [_at(block, _EXP[power]) for power in range(spare)]
    if not any(syndromes):
        return block
    locator = _locator(syndromes)
    wrong = len(locator) - 1
    places = [place for place in range(len(block)) if _value(locator, _EXP[(255 - place) % 255]) == 0]
    if wrong > spare // 2 or len(places) != wrong:
        raise VcError("encoding_bad", kind="QR")
    evaluator = [0] * spare
    for i, one in enumerate(syndromes):
        for j, other in enumerate(locator):
            if i + j < spare:
                evaluator[i + j] ^= _times(one, other)
    out = bytearray(block)
    for place in places:
        inverse = _EXP[(255 - place) % 255]
        slope = 0
        for power in range(1, len(locator), 2):
            slope ^= _times(locator[power], _EXP[_LOG[inverse] * (power - 1) % 255])
        if slope == 0:
            raise VcError("encoding_bad", kind="QR")
        size = _times(_times(_value(evaluator, inverse), _EXP[(255 - _LOG[slope]) % 255]), _EXP[place % 255])
        out[len(block) - 1 - place] ^= size
    if any(_at(bytes(out), _EXP[power]) for power in range(spare)):
        raise VcError("encoding_bad", kind="QR")
    return bytes(out)


def _times(one: int, other: int) -> int:
    return _EXP[_LOG[one] + _LOG[other]] if one and other else 0


def _at(block: bytes, point: int) -> int:
    """The block as a polynomial, highest power first, at a point."""
    value = 0
    for byte in block:
        value = _times(value, point) ^ byte
    return value


def _value(terms: list[int], point: int) -> int:
    """A polynomial, lowest power first, at a point."""
    value = 0
    for term in reversed(terms):
        value = _times(value, point) ^ term
    return value


def _locator(syndromes: list[int]) -> list[int]:
    """Return the error locator, lowest power first (Berlekamp and Massey)."""
    now, before, length, shift, last = [1], [1], 0, 1, 1
    for step, syndrome in enumerate(syndromes):
        gap = syndrome
        for k in range(1, length + 1):
            gap ^= _times(now[k] if k < len(now) else 0, syndromes[step - k])
        if gap == 0:
            shift += 1
            continue
        factor = _times(gap, _EXP[(255 - _LOG[last]) % 255])
        changed = now + [0] * (len(before) + shift - len(now))
        for k, term in enumerate(before):
            changed[k + shift] ^= _times(factor, term)
        if 2 * length <= step:
            now, before, length, shift, last = changed, now, step + 1 - length, 1, gap
        else:
            now, shift = changed, shift + 1
    while now[-1] == 0:
        now.pop()
    return now
