"""How people meet organisations, their names and ids, blocs and display names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any

from django import forms
from django.db.models import QuerySet, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from sunmao.directory import actions, doubts
from sunmao.directory.filters import bloc_filter, country_filter
from sunmao.directory.imports import OrganisationImporter
from sunmao.directory.models import (
    Bloc,
    BlocMember,
    Context,
    ContextCitation,
    CountryName,
    Doubt,
    Merge,
    Organisation,
    OrganisationCitation,
    OrganisationName,
    OutsideId,
)
from sunmao.directory.policy import (
    DoubtPolicy,
    FactsPolicy,
    MergePolicy,
    OrganisationPolicy,
    PartOfOrganisationPolicy,
    SourceOfOrganisationPolicy,
)
from sunmao.kernel.cells import language_name
from sunmao.kernel.desk import Deed, DeedForm, Desk, Part, shows
from sunmao.kernel.fields import Named
from sunmao.kernel.forms import pick
from sunmao.sources.citing import CitationDesk, cited


class OtherForm(DeedForm):
    """Asks for another organisation and the reason."""

    why = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.filter(merged_into=None).exclude(pk=self.record.pk)
        self.fields = {self.asked: pick(rows, label=_("The other organisation")), **self.fields}

    asked = "into"


class ApartForm(OtherForm):
    asked = "other"


class WhyForm(DeedForm):
    why = forms.CharField(label=_("Reason"), max_length=500)


def side_by_side(record: Doubt, user: Any) -> dict[str, Any]:
    """Return the row of the file beside the record in the register, and why they are pointed out."""
    held, organisation = record.held, record.organisation
    rows: list[tuple[Any, list[Any], list[Any]]]
    rows = [(_("names"), [name for _l, _k, name in held["names"]], [name.text for name in organisation.names.all()])]
    for name in ("country", "city", "level", "answers_to", "website"):
        column = Organisation._meta.get_field(name)
        theirs, ours = held["fields"].get(name) or "", getattr(organisation, name)
        rows.append((column.verbose_name, [theirs] if theirs else [], [str(ours)] if ours else []))  # type: ignore[union-attr]
    rows.append(
        (_("identifiers elsewhere"), list(held["ids"].values()), [item.value for item in organisation.ids.all()])
    )
    return {
        "rows": rows, "organisation": organisation,
        "reasons": [doubts.reason(code, params) for code, params in record.reasons],
    }  # fmt: skip


class OrganisationDesk(Desk):
    model = Organisation
    policy = OrganisationPolicy()
    columns = ("title", "country", "city", "kind")
    filters = (("country", country_filter()), ("bloc", bloc_filter()), "kind")
    form = (
        "title", "kind", "country", "city", "latitude", "longitude", "established", "website", "level",
        "answers_to", "parent", "successor",
    )  # fmt: skip
    facts = (
        "kind",
        "country",
        "city",
        "established",
        "website",
        "level",
        "answers_to",
        "parent",
        "successor",
    )
    parts = (
        Part("names", _("names"), desk="organisation-names", link="organisation"),
        Part("ids", _("identifiers elsewhere"), desk="outside-ids", link="organisation"),
        Part("contexts", _("contexts of cooperation"), desk="contexts", link="organisation"),
        Part("sources", _("sources"), desk="organisation-citations", link="record"),
    )
    deeds = (
        Deed("merge", _("Merge into another"), actions.merge, OtherForm, when=lambda o: not o.merged_into_id,
             tells=_("Everything that points here will point to the other organisation. The merge can be undone.")),
        Deed("keep_apart", _("Mark as different from another"), actions.keep_apart, ApartForm,
             when=lambda o: not o.merged_into_id,
             tells=_("The two will no longer be pointed out as possibly the same.")),
    )  # fmt: skip
    search = ("title", "city", "website")
    order = ("sort",)

    def remarks(self, record: Any, user: Any) -> Mapping[str, Sequence[Any]]:
        return cited(record)

    def all(self) -> QuerySet[Any]:
        return Organisation.objects.filter(merged_into=None)

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.keep(record, by=by, why=why, seen=seen)

    def indexed(self, rows: Sequence[Any]) -> Sequence[Any]:
        read = [copy(row) for row in rows]  # what is read for the index does not linger in the caller's records
        for row in read:
            row._prefetched_objects_cache = {}
        prefetch_related_objects(read, "names", "ids")
        return read

    def importer(self, user: Any) -> Any:
        return OrganisationImporter(self, user)

    def texts(self, record: Any) -> Iterable[str]:
        yield from super().texts(record)
        yield from (row.text for row in record.names.all())
        yield from (row.value for row in record.ids.all())


def owners(rows: Sequence[Any]) -> Sequence[Any]:
    """Return the organisations that names or ids belong to, freshly read, to be found by them too. A batch
    brings its organisations along, which are indexed after all its rows are in."""
    if len(rows) > 50:
        return ()
    ids = {row.organisation_id for row in rows}
    return list(Organisation.objects.filter(pk__in=ids).prefetch_related("names", "ids"))


class OrganisationNameDesk(Desk):
    model = OrganisationName
    policy = PartOfOrganisationPolicy()
    columns = ("text", "language", "kind", "used", "organisation")
    filters = ("kind", "language")
    form = ("organisation", "text", "language", "kind", "used")
    facts = ("organisation", "language", "kind", "used")
    order = ("folded",)

    @shows(_("language"))
    def language(self, record: Any) -> Any:
        return Named(record.language, language_name(record.language)) if record.language else ""

    def indexed(self, rows: Sequence[Any]) -> Sequence[Any]:
        return owners(rows)


class OutsideIdDesk(Desk):
    model = OutsideId
    policy = PartOfOrganisationPolicy()
    columns = ("value", "scheme", "organisation")
    filters = ("scheme",)
    form = ("organisation", "scheme", "value")
    facts = ("organisation", "scheme")
    order = ("value",)

    def indexed(self, rows: Sequence[Any]) -> Sequence[Any]:
        return owners(rows)


class OrganisationCitationDesk(CitationDesk):
    model = OrganisationCitation
    policy = SourceOfOrganisationPolicy()


class BlocDesk(Desk):
    model = Bloc
    policy = FactsPolicy()
    columns = ("title", "acronym", "source")
    form = ("title", "acronym", "source")
    facts = ("acronym", "source")
    parts = (Part("members", _("members"), desk="bloc-members", link="bloc"),)
    search = ("title", "acronym")
    order = ("acronym",)


class BlocMemberDesk(Desk):
    model = BlocMember
    policy = FactsPolicy()
    columns = ("country", "since", "until", "bloc")
    form = ("bloc", "country", "since", "until")
    facts = ("bloc", "since", "until")
    order = ("country",)


class CountryNameDesk(Desk):
    model = CountryName
    policy = FactsPolicy()
    columns = ("country", "title")
    form = ("country", "title")
    facts = ("country", "title")
    order = ("country",)


class ContextDesk(Desk):
    model = Context
    policy = FactsPolicy()
    columns = ("title", "kind", "country", "other_country", "as_of")
    filters = ("kind", ("country", country_filter()), "organisation")
    form = ("title", "kind", "text", "country", "other_country", "bloc", "organisation", "as_of")
    facts = ("kind", "text", "country", "other_country", "bloc", "organisation", "as_of")
    parts = (Part("sources", _("sources"), desk="context-citations", link="record"),)
    search = ("title", "text")
    order = ("sort",)

    def remarks(self, record: Any, user: Any) -> Mapping[str, Sequence[Any]]:
        return cited(record)


class ContextCitationDesk(CitationDesk):
    model = ContextCitation
    policy = FactsPolicy()


class DoubtDesk(Desk):
    model = Doubt
    policy = DoubtPolicy()
    columns = ("title", "organisation", "likeness", "certain", "state")
    filters = ("state", "certain")
    facts = ("organisation", "likeness", "certain", "state", "row")
    parts = (Part("why", _("why it is pointed out"), template="directory/doubt.html", context=side_by_side),)
    deeds = (
        Deed("same", _("Use this record"), doubts.same, WhyForm, when=lambda d: d.state == "waiting",
             tells=_("The row adds its names, identifiers and what is missing to the record in the register.")),
        Deed("different", _("It is different"), doubts.different, WhyForm, when=lambda d: d.state == "waiting",
             tells=_("The row becomes an organisation of its own.")),
    )  # fmt: skip
    order = ("-score", "code")

    @shows(_("likeness"), order="score")
    def likeness(self, record: Any) -> str:
        return f"{record.score:.2f}"

    @shows(_("row of the file"))
    def row(self, record: Any) -> int:
        return int(record.held["number"])

    def tags(self, record: Any) -> Sequence[Any]:
        return (Doubt.State(record.state),)


class MergeDesk(Desk):
    model = Merge
    policy = MergePolicy()
    columns = ("title", "kept", "gone", "undone")
    filters = ("undone",)
    facts = ("kept", "gone", "undone")
    deeds = (Deed("unmerge", _("Undo the merge"), actions.unmerge, WhyForm, when=lambda m: not m.undone),)
    order = ("-id",)
