"""Merkle tree hashes as Certificate Transparency makes them (RFC 6962 section 2.1). Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry: SHA-256 of 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees: SHA-256 of 0x01, left, right."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A growing tree: keeps only the roots of its complete subtrees, largest first (O(log n) memory)."""

    def __init__(self, size: int = 0, peaks: Iterable[str] = ()) -> None:
        self.size = size
        self._peaks = [bytes.fromhex(peak) for peak in peaks]
        if len(self._peaks) != size.bit_count():
            raise ValueError("The peaks do not fit the size of the tree.")

    def add(self, leaf: bytes) -> None:
        """Append one leaf hash of 32 bytes."""
        carried, size = leaf, self.size
        while size & 1:
            carried = node_hash(self._peaks.pop(), carried)
            size >>= 1
        self._peaks.append(carried)
        self.size += 1

    def root(self) -> bytes:
        """Return the tree's hash; the hash of nothing while it is empty."""
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            found = node_hash(peak, found)
        return found

    def peaks(self) -> list[str]:
        """Return what `Tree(size, peaks)` goes on from."""
        return [peak.hex() for peak in self._peaks]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the tree hash over leaf hashes."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()
