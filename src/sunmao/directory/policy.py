"""The directory is public. The register's secretariat keeps it; an officer adds organisations and keeps those
where he holds his role."""

from typing import Any

from sunmao.directory.models import Organisation
from sunmao.kernel.policy import Public


class OrganisationPolicy(Public):
    """Merging, importing and deleting are the secretariat's."""

    keepers = ("secretariat",)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb == "add":
            return user.holds("officer", *self.keepers)
        if verb == "edit":
            own = record is not None and user.holds("officer", at=self.organisation(record))
            return own or user.holds(*self.keepers)
        return super().may(user, verb, record)

    def organisation(self, record: Any) -> int | None:
        return record.pk if isinstance(record, Organisation) else record.organisation_id


class PartOfOrganisationPolicy(OrganisationPolicy):
    """Names and ids follow the organisation they belong to."""

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("add", "delete"):
            if record is None:
                return user.holds("officer", *self.keepers)
            return super().may(user, "edit", record)
        return super().may(user, verb, record)


class SourceOfOrganisationPolicy(PartOfOrganisationPolicy):
    """Where a fact of an organisation was read is public, and written by whoever may edit the organisation."""

    def organisation(self, record: Any) -> int | None:
        return record.record_id


class FactsPolicy(Public):
    """Blocs and display names: public, kept by the secretariat."""

    keepers = ("secretariat",)


class MergePolicy(FactsPolicy):
    """A merge comes by its deed and goes by undoing it; its record stays."""

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        return verb != "delete" and super().may(user, verb, record)


class DoubtPolicy(FactsPolicy):
    """Rows that wait for a decision are seen and decided by the secretariat."""

    everyone = False

    def visible(self, user: Any, rows: Any) -> Any:
        return rows if user.holds(*self.keepers, "auditor") else rows.none()

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "history", "export"):
            return user.holds(*self.keepers, "auditor")
        return verb in ("same", "different") and user.holds(*self.keepers)
