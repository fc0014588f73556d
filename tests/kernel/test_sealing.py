"""The sealed log, and the doctor that holds the register against it."""

import hashlib

import pytest
from cast import TESTS, organisation
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from sunmao.directory.models import Organisation
from sunmao.kernel import changes, doctor, sealing
from sunmao.kernel.merkle import EMPTY, Tree, leaf_hash, root_of
from sunmao.kernel.models import Change, Checkpoint
from sunmao.kernel.text import Texts


def _by_definition(leaves):
    """The tree hash as RFC 6962 section 2.1 defines it, recursively."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _by_definition(leaves[:split]) + _by_definition(leaves[split:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=40), st.integers(0, 40))
def test_the_growing_tree_has_the_root_of_the_standard(entries, cut):
    leaves = [leaf_hash(entry) for entry in entries]
    assert root_of(leaves) == _by_definition(leaves)
    first = Tree()
    for leaf in leaves[:cut]:
        first.add(leaf)
    second = Tree(first.size, first.peaks())
    for leaf in leaves[cut:]:
        second.add(leaf)
    assert second.root() == root_of(leaves)
    assert Tree().root() == EMPTY


@pytest.fixture
def sealed(db):
    made = [organisation(f"College {n}", city="Tashkent") for n in range(4)]
    imported = [Organisation(title=Texts.of(f"Imported {n}")) for n in range(5)]
    changes.bulk(imported, by=TESTS)
    for row in (made[0], *imported):
        stored = Organisation.objects.get(pk=row.pk)
        stored.level = "national"
        changes.save(stored, by=TESTS)
    kept = sealing.seal()
    sealing.witness(kept.size, kept.root, "an archive")
    return made


def _sql(text, *params):
    with connection.cursor() as cursor:
        cursor.execute(text, params)


def test_a_whole_register_has_no_findings(sealed):
    assert list(doctor.examine()) == []
    positions = list(Change.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


TAMPERINGS = {
    "an edited record": "UPDATE directory_organisation SET city = 'Elsewhere' WHERE code = %s",
    "an edited imported row": "UPDATE directory_organisation SET city = 'Elsewhere' WHERE city = '' AND code <> %s",
    "a deleted name": "DELETE FROM directory_organisationname WHERE organisation_id = "
    "(SELECT id FROM directory_organisation WHERE code = %s)",
    "an edited reason in the log": "UPDATE kernel_change SET why = 'because' WHERE position = 2 AND title <> %s || 'x'",
    "an edited value in the log": "UPDATE kernel_changevalues SET \"values\" = '{}' WHERE change_id IN "
    "(SELECT id FROM kernel_change WHERE title = %s AND deed = 'add')",
    "a deleted leaf of a batch": "DELETE FROM kernel_leaf WHERE id = (SELECT max(id) FROM kernel_leaf WHERE kind <> %s)",
    "an edited checkpoint": "UPDATE kernel_checkpoint SET root = 'ab' WHERE root <> %s",
    "an edited search entry": "UPDATE kernel_searchentry SET tokens = 'x' WHERE label <> %s",
    "a counter set back": "UPDATE kernel_counter SET last = 0 WHERE prefix <> %s",
    "a counter set forward": "UPDATE kernel_counter SET last = last + 1 WHERE prefix <> %s",
    "a name that reads the same and is found no more": "UPDATE directory_organisation SET title = "
    '\'{"en": "College 0"}\' WHERE code = %s',
    "the salt of a state left behind": "UPDATE kernel_changevalues SET salt = 'ab' WHERE change_id IN "
    "(SELECT id FROM kernel_change WHERE title = %s AND deed = 'add')",
    "the salt of an imported row": "UPDATE kernel_leaf SET salt = 'ab' WHERE kind <> %s",
    "the instant of a witness": "UPDATE kernel_witnessed SET at = '2001-02-03 04:05:06+00' WHERE who <> %s",
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_the_doctor_finds(sealed, what):
    _sql(TAMPERINGS[what], sealed[0].code)
    assert list(doctor.examine()) != []


def test_the_doctor_finds_a_log_cut_off_below_a_witnessed_root(sealed):
    kept = Checkpoint.objects.get()
    sealing.witness(kept.size, kept.root, "a partner")
    last = Change.objects.order_by("-position").first()
    for table in ("kernel_changevalues", "kernel_leaf"):
        _sql(f"DELETE FROM {table} WHERE change_id = %s", last.pk)
    _sql("DELETE FROM kernel_change WHERE id = %s", last.pk)
    _sql("DELETE FROM kernel_checkpoint")
    assert any("a partner" in finding.says for finding in doctor.examine())


def test_a_forged_root_is_not_taken_from_a_witness(sealed):
    kept = Checkpoint.objects.get()
    with pytest.raises(ValidationError):
        sealing.witness(kept.size, "0" * 64, "a partner")


def test_sealing_again_goes_on_from_the_last_checkpoint(sealed):
    first = Checkpoint.objects.get()
    assert sealing.seal() is None
    organisation("Later")
    second = sealing.seal()
    assert second.size > first.size
    leaves = [bytes.fromhex(x) for x in Change.objects.order_by("position").values_list("leaf", flat=True)]
    assert root_of(leaves).hex() == second.root
    assert root_of(leaves[: first.size]).hex() == first.root


@pytest.mark.parametrize("column", ["created_at", "updated_at"])
def test_the_doctor_finds_a_record_dated_otherwise_than_its_changes(sealed, column):
    assert list(doctor.examine()) == []
    _sql(f"UPDATE directory_organisation SET {column} = '2001-02-03 04:05:06' WHERE id = %s", sealed[0].pk)
    assert [finding.place for finding in doctor.examine()] == [f"directory.organisation {sealed[0].code}"]
