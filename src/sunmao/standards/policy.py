"""Published standards and crosswalks are public; a draft is seen by those who keep it.

A programme is kept by officers of its owner and people of its authority; its drafts are also written by the teachers
of either. Crosswalks are judged by people of the two sides only.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from sunmao.kernel.changes import since
from sunmao.kernel.policy import Policy, Public
from sunmao.standards.actions import side_of
from sunmao.standards.models import Crosswalk, Programme, ProgrammeVersion, RowState, VersionState

KEEPING = ("officer", "authority")
WRITING = (*KEEPING, "teacher")
READING = (*WRITING, "director")


class FrameworkPolicy(Public):
    """Frameworks, levels, referencings: public, kept by the secretariat and by authorities."""

    writers = ("authority",)
    keepers = ("secretariat",)


def keeps(user: Any, programme: Programme, *roles: str) -> bool:
    """True where the person holds one of the roles at the programme's owner, or one but an officer's at its authority:
    naming one's own house as the authority gives no say over what another one keeps."""
    deciding = user.seats(*(role for role in roles if role != "officer"))
    own = programme.owner_id in user.seats(*roles) or programme.authority_id in deciding
    return own or user.holds("secretariat")


class ProgrammePolicy(Public):
    keepers = ("secretariat",)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("add", "edit", "read_file"):
            if record is None or record.owner_id is None:
                return user.holds(*KEEPING, *self.keepers)
            return keeps(user, record, *(WRITING if verb == "read_file" else KEEPING))
        return super().may(user, verb, record)


class VersionPolicy(Policy):
    """Versions, and through `path` their units and outcomes."""

    path = ""

    def version(self, record: Any) -> ProgrammeVersion | None:
        if isinstance(record, ProgrammeVersion):
            return record
        return record.version if record.version_id else None

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds("secretariat", "auditor"):
            return rows
        public = ~Q(**{f"{self.path}state": VersionState.DRAFT})
        seats = user.seats(*READING)
        if not seats:
            return rows.filter(public)
        owner = Q(**{f"{self.path}programme__owner__in": seats}) | Q(**{f"{self.path}programme__authority__in": seats})
        return rows.filter(public | owner)

    def told(self, user: Any, record: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Drafts are read by those who see drafts, also once they are published."""
        version = self.version(record)
        if version is None or user.holds("secretariat", "auditor"):
            return rows
        places = {version.programme.owner_id, version.programme.authority_id} - {None}
        return rows if places & user.seats(*READING) else since(rows, version)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export"):
            return True
        if verb == "history":
            return bool(user.is_authenticated)
        if record is None:
            return (verb == "add" and user.holds(*WRITING, "secretariat")) or (
                verb == "import" and user.holds("officer", "secretariat")
            )
        programme = self._programme(record)
        if programme is None:
            return verb == "add" and user.holds(*WRITING, "secretariat")
        if verb in ("publish", "withdraw"):
            places = {programme.owner_id, programme.authority_id} - {None}
            return bool(places & user.seats(*KEEPING))
        if not keeps(user, programme, *WRITING):
            return False
        if verb in ("edit", "delete", "add"):
            version = self.version(record)
            return version is None or version.pk is None or version.is_open
        return verb == "new_version"

    def _programme(self, record: Any) -> Programme | None:
        if isinstance(record, ProgrammeVersion):
            return record.programme if record.programme_id else None
        version = self.version(record)
        return version.programme if version else None


class PartPolicy(VersionPolicy):
    path = "version__"


class CrosswalkPolicy(Public):
    """Public; opened by people of either side."""

    keepers = ("secretariat",)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("add", "align"):
            if record is None or not (record.source_id and record.target_id):
                return user.holds("officer", "authority", *self.keepers)
            return bool(side_of(user, record)) or user.holds(*self.keepers)
        if verb in ("edit", "import"):
            return False
        return super().may(user, verb, record)


class RowPolicy(Public):
    def crosswalk(self, record: Any) -> Crosswalk | None:
        return record.crosswalk if record.crosswalk_id else None

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export", "history"):
            return super().may(user, verb, record)
        crosswalk = self.crosswalk(record) if record is not None else None
        if crosswalk is None:
            return verb == "add" and user.holds("officer", "authority")
        if not side_of(user, crosswalk):
            return False
        if verb in ("edit", "delete"):
            return record.state == RowState.PROPOSED and not record.judgements.exists()
        return verb in ("add", "confirm", "reject", "withdraw")


class JudgementPolicy(Public):
    """Judgements are read; they come about by the deeds on their row."""
