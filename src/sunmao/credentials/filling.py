"""From a row of a list to a signed credential: what a batch's template leaves open, and what is put there. Pure."""

from __future__ import annotations

import calendar
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sunmao.vc.canon import canonical_nquads
from sunmao.vc.errors import VcError
from sunmao.vc.integrity import plain_options
from sunmao.vc.keys import PrivateKey
from sunmao.vc.press import Press, Signatory, Signed
from sunmao.vc.shapes import Path, check_form, filled, is_plain_address
from sunmao.vc.terms import take_text

SAID = ("recipient_name", "recipient_id", "result", "narrative")
SUBJECT = "credentialSubject"
NAME: Path = (SUBJECT, "identifier", 0, "identityHash")
# Where a row's own words go; a row that says nothing leaves the member out.
PLACES: dict[str, Path] = {
    "recipient_id": (SUBJECT, "id"),
    "result": (SUBJECT, "result", 0, "value"),
    "narrative": (SUBJECT, "narrative"),
}
STATUS = "credentialStatus"


@dataclass(frozen=True)
class Filled:
    """One credential to be signed: its identifier, days, words, and the address and index of its status."""

    uid: str
    awarded_on: date
    said: dict[str, str]
    list_address: str
    index: int


def months_after(day: date, months: int) -> date:
    """Return the last day of a term of whole months that begins on `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    same = min(day.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, same) - timedelta(days=1)


class Filler:
    """Fills one batch's template; a shape is compiled for each set of members that rows use. The issuer signs first,
    those who join it in their order."""

    def __init__(self, template: dict[str, Any], signatories: Sequence[Signatory], *, months: int) -> None:
        self.template, self.signatories, self.months = template, tuple(signatories), months
        self._presses: dict[tuple[str, ...], tuple[Press, list[Path]]] = {}

    def sign(self, one: Filled) -> Signed:
        """Return the signed credential; raise VcError where it cannot be said."""
        press, holes = self._press(one)
        return press.issue(self._values(one, holes), created=self.signatories[0].created)

    def line(self, one: Filled, proof_values: Sequence[str]) -> bytes:
        """Return the text of a credential signed before."""
        press, holes = self._press(one)
        first, *joint = proof_values
        created = self.signatories[0].created
        return press.line(self._values(one, holes), created=created, proof_value=first, joint=joint)

    def document(self, one: Filled, proof_values: Sequence[str]) -> dict[str, Any]:
        """Return a credential signed before, without compiling anything."""
        trimmed, holes = self._trimmed(one.said)
        proofs = [
            plain_options(by.created, by.method) | {"proofValue": value}
            for by, value in zip(self.signatories, proof_values, strict=True)
        ]
        return filled(trimmed, holes, self._values(one, holes)) | {"proof": proofs}

    def refusal(self, one: Filled) -> VcError | None:
        """Return why a credential cannot be issued; nothing where it can."""
        odd = take_text("".join(one.said.values())) is None
        if not odd and is_plain_address(one.said.get("recipient_id", "urn:x")):
            return None
        trimmed, holes = self._trimmed(one.said)
        try:
            document = filled(trimmed, holes, self._values(one, holes))
            check_form(document)
            canonical_nquads(document)
        except VcError as error:
            return error
        return None

    @property
    def general(self) -> int:
        """How many the general path had to sign."""
        return sum(press.general for press, _holes in self._presses.values())

    def _press(self, one: Filled) -> tuple[Press, list[Path]]:
        who = one.said.get("recipient_id", "")
        # An address that is left open takes the scheme it was compiled with, so the first row's own are the sample.
        scheme = who.partition(":")[0] if is_plain_address(who) else who[:1]
        key = (*sorted(one.said), scheme, one.list_address.partition(":")[0])
        if key not in self._presses:
            trimmed, holes = self._trimmed(one.said)
            sample = filled(trimmed, holes, self._values(one, holes))
            issuer, *joint = self.signatories
            self._presses[key] = (Press(sample, holes, issuer.key, method=issuer.method, joint=joint), holes)
        return self._presses[key]

    def _trimmed(self, said: dict[str, str]) -> tuple[dict[str, Any], list[Path]]:
        """Return the template without the members a row does not use, and the places left open."""
        subject = self.template[SUBJECT]
        gone = {PLACES[name][1] for name in PLACES if name not in said}
        document = self.template | {SUBJECT: {name: value for name, value in subject.items() if name not in gone}}
        holes: list[Path] = [("id",), ("validFrom",), ("awardedDate",), NAME]
        if "validUntil" in document:
            holes.append(("validUntil",))
        holes += [PLACES[name] for name in PLACES if name in said]
        for number in range(len(document[STATUS])):
            holes += [(STATUS, number, name) for name in ("id", "statusListCredential", "statusListIndex")]
        return document, holes

    def _values(self, one: Filled, holes: Sequence[Path]) -> list[str]:
        began = f"{one.awarded_on.isoformat()}T00:00:00Z"
        index = str(one.index)
        held: dict[Path, str] = {
            ("id",): f"urn:uuid:{one.uid}", ("validFrom",): began, ("awardedDate",): began, NAME: one.said["recipient_name"],
            **{PLACES[name]: one.said[name] for name in PLACES if name in one.said},
        }  # fmt: skip
        if self.months:
            held["validUntil",] = f"{months_after(one.awarded_on, self.months).isoformat()}T23:59:59Z"
        for number, entry in enumerate(self.template[STATUS]):
            url = f"{one.list_address}/{entry['statusPurpose']}"
            held[STATUS, number, "id"] = f"{url}#{index}"
            held[STATUS, number, "statusListCredential"] = url
            held[STATUS, number, "statusListIndex"] = index
        return [held[path] for path in holes]


_filler: Filler | None = None


def begin(template: dict[str, Any], by: Sequence[tuple[bytes, str, datetime]], months: int) -> None:
    """Make ready a process that signs parts of a batch; the one that started it hears the interruption."""
    global _filler
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signatories = [Signatory(PrivateKey(seed), method, created) for seed, method, created in by]
    _filler = Filler(template, signatories, months=months)


def sign_part(part: list[Filled]) -> list[Signed]:
    """Sign some credentials in such a process."""
    assert _filler is not None
    return [_filler.sign(one) for one in part]
