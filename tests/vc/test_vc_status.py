"""Status lists: bits kept and found, lists compared by their bits, hostile lists refused."""

import gzip
import json
import random
import tracemalloc
from datetime import timedelta

import pytest

from sunmao.vc import integrity, status, verify
from sunmao.vc.encoding import base64url_encode
from sunmao.vc.errors import VcError


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_every_value_set_is_found_again_after_encoding(size):
    draw = random.Random(size)
    bits = status.StatusBits(size=size)
    wanted = {draw.randrange(len(bits)): draw.randrange(2**size) for _ in range(500)}
    for index, value in wanted.items():
        bits[index] = value
    found = status.decode_bits(bits.encoded(), size=size)
    assert found == bits
    assert all(found[index] == value for index, value in wanted.items())
    assert sum(1 for index in range(len(found)) if found[index]) == sum(1 for v in wanted.values() if v)


def test_index_0_is_the_leftmost_bit():
    bits = status.StatusBits()
    bits[0] = 1
    assert bits.data[0] == 0x80
    bits[0] = 0
    assert not any(bits.data)


def test_lists_are_equal_by_their_bits_whatever_gzip_wrote():
    bits = status.StatusBits()
    bits[9] = 1
    other = "u" + base64url_encode(gzip.compress(bytes(bits.data), compresslevel=1, mtime=99))
    assert other != bits.encoded()
    assert status.decode_bits(other) == bits


def packed(data: bytes) -> str:
    return "u" + base64url_encode(gzip.compress(data))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "status_encoding"),
        ("uAAAA", "status_encoding"),
        ("z11", "status_encoding"),
        ("u===", "encoding_bad"),
        (packed(b"\0" * 100), "status_too_small"),
        (packed(b"\0" * (status.MAX_BYTES + 1)), "status_too_large"),
        (packed(b"\0" * 16384)[:-8], "status_encoding"),
        ("u" + base64url_encode(gzip.compress(b"\0" * 16384) + b"more"), "status_encoding"),
        (7, "status_encoding"),
    ],
)
def test_a_list_that_is_no_list_is_refused(text, code):
    with pytest.raises(VcError) as refused:
        status.decode_bits(text)
    assert refused.value.code == code


def test_a_list_that_unpacks_without_end_is_refused_within_bounds():
    bomb = packed(b"\0" * 200_000_000)
    tracemalloc.start()
    with pytest.raises(VcError):
        status.decode_bits(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * status.MAX_BYTES


@pytest.mark.parametrize("index", [-1, status.MIN_BITS])
def test_an_index_beyond_the_list_is_refused(index):
    with pytest.raises(VcError, match="beyond"):
        status.StatusBits()[index]


def test_a_message_list_tells_its_message(badge, alice, now, trust_in):
    url = "https://college.example/status/2"
    messages = [("0x0", "in force"), ("0x1", "name corrected"), ("0x2", "replaced"), ("0x3", "unused")]
    bits = status.StatusBits(size=2)
    bits[11] = 2
    held = status.status_list_credential(
        url, bits, issuer=alice.public.did, purpose="message", valid_from=now - timedelta(1)
    )
    badge["credentialStatus"] = status.status_entry(url, 11, purpose="message", messages=messages)
    assert badge["credentialStatus"]["statusSize"] == 2
    known = trust_in(alice, status_lists={url: integrity.sign(held, alice, created=now)})
    result = verify.verify(json.dumps(integrity.sign(badge, alice, created=now)).encode(), trust=known, now=now)
    told = next(check for check in result.checks if check.name == "message")
    assert (result.exit_code, told.code, told.params["message"]) == (0, "status_message", "replaced")


def test_messages_that_are_no_power_of_two_are_refused():
    with pytest.raises(VcError, match="power of two"):
        status.status_entry("urn:x:y", 1, purpose="message", messages=[("0x0", "a")] * 3)
