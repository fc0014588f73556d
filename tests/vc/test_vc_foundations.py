"""Encodings, JSON, keys, contexts and canonical form: one text per value, nothing dropped, no poison."""

import hashlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sunmao.vc import canon, contexts, encoding, keys, rdfc, sentences, strict_json, times
from sunmao.vc.errors import CannotCheck, VcError


def refusal(function, *arguments, **named) -> str:
    with pytest.raises(VcError) as refused:
        function(*arguments, **named)
    assert str(refused.value)
    return refused.value.code


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=100))
def test_bytes_come_back_from_base58_base64url_and_hex(data):
    assert encoding.base58_decode(encoding.base58_encode(data)) == data
    assert encoding.base64url_decode(encoding.base64url_encode(data)) == data
    assert encoding.hex_decode(data.hex()) == data


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ABCDwxyz0189_-=+/ \n", max_size=12))
def test_no_two_texts_decode_to_the_same_bytes(text):
    for encode, decode in (
        (encoding.base58_encode, encoding.base58_decode),
        (encoding.base64url_encode, encoding.base64url_decode),
    ):
        try:
            data = decode(text)
        except VcError:
            continue
        assert encode(data) == text


@pytest.mark.parametrize("text", ["QQ==", "QR", "Q", "Q\n", "Q Q", "é"])
def test_loose_base64url_is_refused(text):
    assert refusal(encoding.base64url_decode, text) == "encoding_bad"


@pytest.mark.parametrize("text", ["0", "l", "O", "I", "1 ", "é", "1" * 1001])
def test_loose_base58_is_refused(text):
    assert refusal(encoding.base58_decode, text) == "encoding_bad"


@pytest.mark.parametrize("text", ["A", "AB", "0g", "0 0", "00\n"])
def test_loose_hex_is_refused(text):
    assert refusal(encoding.hex_decode, text) == "encoding_bad"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a":1,"a":1}', "json_duplicate_key"),
        ('{"a":{"b":1,"b":2}}', "json_duplicate_key"),
        ("NaN", "json_number"),
        ("-Infinity", "json_number"),
        ("1e400", "json_number"),
        ("9007199254740993", "json_number"),
        ("9" * 5000, "json_number"),
        ('"\\ud800"', "json_surrogate"),
        ('{"\\udfff":1}', "json_surrogate"),
        ("[" * 65 + "]" * 65, "json_too_deep"),
        ("[" * 100_000, "json_too_deep"),
        ('{"a":1', "json_bad"),
        ("", "json_bad"),
        (b"\xff", "json_not_utf8"),
        ("\ufeff{}", "json_bad"),
        ("[" + "1," * 50_000 + "1]", "json_too_many"),
        (b" " * (strict_json.MAX_BYTES + 1), "json_too_large"),
    ],
)
def test_json_that_two_readers_could_read_differently_is_refused(text, code):
    assert refusal(strict_json.loads, text) == code


def test_json_brackets_inside_texts_are_not_depth():
    assert strict_json.loads('["' + "[" * 200 + '\\"[{"]') == ["[" * 200 + '"[{']


def test_numbers_without_a_fraction_are_integers_however_written():
    assert [type(n) for n in strict_json.loads("[1.0, 10e2, -0.0, 1.5]")] == [int, int, int, float]


LOW_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    # The same points and others written beyond the field's prime.
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000080",
]


@pytest.mark.parametrize("point", LOW_ORDER)
def test_low_order_and_non_canonical_keys_are_refused_in_every_form(point):
    raw = bytes.fromhex(point)
    text = encoding.multibase_encode(keys.ED25519_PUBLIC + raw)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": encoding.base64url_encode(raw)}
    assert refusal(keys.public_from_multikey, text) == "key_weak"
    assert refusal(keys.public_from_did_key, f"did:key:{text}#{text}") == "key_weak"
    assert refusal(keys.public_from_jwk, jwk) == "key_weak"


def test_a_key_has_one_text_and_comes_back_from_it(alice):
    public = alice.public
    assert keys.public_from_multikey(public.multikey) == public
    assert keys.public_from_did_key(public.did_method) == public
    assert keys.public_from_jwk(keys.public_to_jwk(public)) == public
    assert keys.private_from_multikey(alice.multikey) == alice
    assert alice.multikey not in repr(alice)
    in_base64url = "u" + encoding.base64url_encode(keys.ED25519_PUBLIC + public.raw)
    assert refusal(keys.public_from_multikey, in_base64url) == "encoding_bad"


def test_a_did_key_whose_halves_differ_is_refused(alice, bob):
    mixed = f"{alice.public.did}#{bob.public.multikey}"
    assert refusal(keys.public_from_did_key, mixed) == "did_key_bad"


def test_fresh_keys_differ():
    assert keys.generate_key() != keys.generate_key()


def test_every_shipped_context_has_its_stated_hash_and_opens():
    known = contexts.default_contexts()
    for url in contexts.SHIPPED:
        assert "@context" in known.document(url)


def test_an_unknown_context_is_refused_by_its_name(badge):
    badge["@context"].append("https://example.org/unheard-of/v1")
    with pytest.raises(CannotCheck, match=r"example\.org/unheard-of/v1"):
        canon.canonical_nquads(badge)


def test_a_folder_adds_only_files_whose_hash_is_known(vectors, tmp_path):
    (tmp_path / "a.json").write_bytes((vectors / "contexts/credentials/examples/v2").read_bytes())
    (tmp_path / "b.json").write_text('{"@context": {}}')
    assert list(contexts.contexts_with_folder(str(tmp_path)).extra) == ["https://www.w3.org/ns/credentials/examples/v2"]


def test_the_two_printings_of_the_badge_context_differ_in_two_terms_only(vectors, read):
    path = vectors / "contexts/context-3.0.3.json"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == contexts.OPEN_BADGES_FIRST_PRINTING
    first = read(path)["@context"]
    newer = contexts.default_contexts().document(contexts.OPEN_BADGES)["@context"]

    def flat(value, path=""):
        if not isinstance(value, dict):
            return {path: value}
        return {k: v for name, inner in value.items() for k, v in flat(inner, f"{path}/{name}").items()}

    old, new = flat(first), flat(newer)
    assert all(new[name] == value for name, value in old.items())
    assert {name.split("/")[-2] for name in new.keys() - old.keys()} == {"endorsementJwt", "jti"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"colour": "red"}, "term_undefined"),
        ({"description": None}, "value_null"),
        ({"id": "not-an-address"}, "address_relative"),
        ({"id": "http://a b"}, "address_bad"),
        ({"type": ["VerifiableCredential", "Unheard"]}, "address_relative"),
        ({"id": "_:b0"}, "blank_node_named"),
        ({"@included": [{"id": "urn:x:1", "name": "hidden"}]}, "jsonld_keyword"),
        ({"issuer": {"id": "urn:x:1", "colour": "red"}}, "term_undefined"),
        ({"name": {"@value": []}}, "jsonld_bad"),
        ({"name": {"@value": {"a": 1}}}, "jsonld_bad"),
        ({"issuer": {}}, "jsonld_bad"),
        ({"name": {"@value": "a", "@language": "not a tag"}}, "address_bad"),
        ({"@context": [contexts.CREDENTIALS_V2, {"name": "urn:other:name"}]}, "jsonld_bad"),
    ],
)
def test_nothing_is_dropped_without_a_word(badge, change, code):
    assert refusal(canon.canonical_nquads, badge | change) == code


def test_control_characters_are_escaped_as_the_standard_says(badge):
    lines = canon.canonical_nquads(badge | {"name": 'a\x01\x0b\x7f\t\n\r"\\é😀\u200f'})
    assert '"a\\u0001\\u000B\\u007F\\t\\n\\r\\"\\\\é😀\u200f"' in lines


def test_a_base_direction_is_kept(badge):
    named = badge | {"name": {"@value": "دبلوم", "@language": "ar", "@direction": "rtl"}}
    assert '"دبلوم"^^<https://www.w3.org/ns/i18n#ar_rtl>' in canon.canonical_nquads(named)


def test_order_of_members_does_not_change_the_canonical_form(badge):
    turned = dict(reversed(badge.items()))
    assert canon.canonical_nquads(turned) == canon.canonical_nquads(badge)


def test_a_poison_graph_is_refused_quickly(badge):
    subject = badge["credentialSubject"]
    twin = {"type": ["Result"], "alignment": [{"type": ["Alignment"], "targetName": "x"} for _ in range(12)]}
    subject["result"] = [twin, dict(twin)]
    started = time.monotonic()
    assert refusal(canon.canonical_nquads, badge) == "graph_poison"
    assert time.monotonic() - started < 2


def test_many_like_results_are_no_poison(badge):
    badge["credentialSubject"]["result"] = [
        {
            "type": ["Result"],
            "value": str(n),
            "alignment": [{"type": ["Alignment"], "targetName": "x", "targetUrl": "urn:x:y"}],
        }
        for n in range(60)
    ]
    assert canon.canonical_nquads(badge).count("#Result>") == 60


def test_too_many_unnamed_things_are_refused(badge, monkeypatch):
    monkeypatch.setattr(rdfc, "MAX_BLANK_NODES", 10)
    badge["credentialSubject"]["result"] = [{"type": ["Result"], "value": str(n)} for n in range(11)]
    assert refusal(canon.canonical_nquads, badge) == "graph_blank_nodes"


def test_jcs_sorts_by_utf16_and_refuses_what_json_cannot_say():
    assert canon.canonical_json({"b": 1, "a": 1.5, "é": "\u20ac"}) == '{"a":1.5,"b":1,"é":"€"}'.encode()
    assert refusal(canon.canonical_json, {"a": float("nan")}) == "json_bad"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ("2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00Z"),
        ("2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00Z"),
        ("2025-12-31T24:00:00Z", "2026-01-01T00:00:00Z"),
    ],
)
def test_instants_are_read_with_their_zone(text, utc):
    assert times.format_instant(times.parse_instant(text, field="x")) == utc


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-02-30T00:00:00Z",
        "2026-01-01T25:00:00Z",
        7,
        None,
        "٢٠٢٦-01-01T00:00:00Z",
        "9999-12-31T24:00:00Z",
        "2026-01-01T00:00:00+99:00",
    ],
)
def test_a_date_without_zone_or_sense_is_refused(text):
    assert refusal(times.parse_instant, text, field="validFrom") == "date_bad"


def test_every_code_has_a_sentence_with_its_blanks_filled():
    assert "“x”" in sentences.english("term_undefined", {"term": "x"})
