"""How people meet frameworks, programmes with their versions, and crosswalks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sunmao.directory.filters import country_filter
from sunmao.kernel.cells import Figure, sentences, show
from sunmao.kernel.desk import Deed, DeedForm, Desk, Part, shows
from sunmao.kernel.forms import UploadField
from sunmao.standards import actions, bringing, differences, queries
from sunmao.standards.models import (
    Crosswalk,
    CrosswalkRow,
    Framework,
    Judgement,
    Level,
    Outcome,
    Programme,
    ProgrammeVersion,
    Referencing,
    Relation,
    RowState,
    Unit,
    VersionState,
)
from sunmao.standards.policy import (
    CrosswalkPolicy,
    FrameworkPolicy,
    JudgementPolicy,
    PartPolicy,
    ProgrammePolicy,
    RowPolicy,
    VersionPolicy,
)
from sunmao.standards.sentences import reasons


class WhyForm(DeedForm):
    why = forms.CharField(label=_("Reason"), max_length=500)


class ReasonedForm(DeedForm):
    note = forms.CharField(label=_("Reason"), max_length=500)


class RejectForm(DeedForm):
    note = forms.CharField(
        label=_("Reason"), max_length=500, required=False,
        help_text=_("For the other side to read. Needed unless only the machine put the row forward."),
    )  # fmt: skip


class ConfirmForm(DeedForm):
    relation = forms.ChoiceField(
        label=_("Relation"), required=False, choices=[("", _("as proposed")), *Relation.choices],
        help_text=_("Another one corrects the row. What the other side had agreed to is then closed and waits anew."),
    )  # fmt: skip
    together = forms.CharField(
        label=_("Together with"), required=False, max_length=200,
        help_text=_("Numbers of further outcomes of the source, where only several together correspond."),
    )  # fmt: skip
    note = forms.CharField(label=_("Remark"), max_length=500, required=False)


class AlignForm(DeedForm):
    most = forms.IntegerField(
        label=_("Proposals for each outcome"), min_value=1, max_value=5, initial=3, required=False
    )

    def clean_most(self) -> int:
        return int(self.cleaned_data["most"] or 3)


class LabelForm(DeedForm):
    label = forms.CharField(label=_("Version"), max_length=40, help_text=_("As in 2027."))


class FileForm(DeedForm):
    file = UploadField(
        label=_("File"),
        help_text=_(
            "A profile file of Chinese majors, a sheet with a column of outcomes, or ESCO's tables in one ZIP."
        ),
    )
    entry = forms.CharField(
        label=_("Which one"), max_length=200, required=False,
        help_text=_("Code or name, where the file holds many. Empty: the code elsewhere of this standard."),
    )  # fmt: skip
    label = forms.CharField(label=_("Version"), max_length=40, required=False, help_text=_("Empty: this year."))


class FrameworkDesk(Desk):
    model = Framework
    policy = FrameworkPolicy()
    columns = ("title", "country", "authority")
    filters = (("country", country_filter()),)
    form = ("title", "country", "authority", "document")
    facts = ("country", "authority", "document")
    parts = (Part("levels", _("levels"), desk="levels", link="framework"),)
    search = ("title",)


class LevelDesk(Desk):
    model = Level
    policy = FrameworkPolicy()
    columns = ("title", "step", "framework")
    form = ("framework", "step", "title", "descriptor")
    facts = ("framework", "step", "descriptor")
    order = ("step",)


class ReferencingDesk(Desk):
    model = Referencing
    policy = FrameworkPolicy()
    columns = ("title", "source", "target", "from_on", "until_on")
    form = ("source", "target", "from_on", "until_on", "document")
    facts = ("source", "target", "from_on", "until_on", "document")

    def all(self) -> Any:
        return super().all().select_related("source__framework", "target__framework")


class ProgrammeDesk(Desk):
    model = Programme
    policy = ProgrammePolicy()
    columns = ("title", "kind", "owner", "country", "outside_code", "field")
    filters = (("country", country_filter()), "kind", "field")
    form = ("title", "kind", "owner", "authority", "country", "outside_code", "field")
    facts = ("kind", "owner", "authority", "country", "outside_code", "field")
    parts = (Part("versions", _("versions"), desk="programme-versions", link="programme"),)
    deeds = (
        Deed("read_file", _("Read a version from a file"), bringing.read_file, FileForm,
             tells=_("A draft comes about with the units and outcomes of the file. You look at it and publish it.")),
    )  # fmt: skip
    search = ("title", "outside_code")
    order = ("sort",)


class ProgrammeVersionDesk(Desk):
    model = ProgrammeVersion
    policy = VersionPolicy()
    columns = ("title", "level", "credits", "hours", "from_on", "state")
    filters = (
        "state",
        ("programme", django_filters.CharFilter(field_name="programme__code", label=_("standard or programme"))),
    )
    form = ("programme", "label", "level", "credits", "hours", "from_on", "until_on", "requirement")
    facts = ("programme", "level", "credits", "hours", "from_on", "until_on", "published_on")
    parts = (
        Part("outcomes", _("learning outcomes"), desk="outcomes", link="version", columns=("title", "number", "unit", "kind", "critical")),
        Part("units", _("units"), desk="units", link="version"),
        Part("changes", _("changes since the version before"), template="standards/changes.html", context=differences.part),
        Part("from", _("crosswalks from here"), desk="crosswalks", link="source"),
        Part("to", _("crosswalks to here"), desk="crosswalks", link="target"),
    )  # fmt: skip
    deeds = (
        Deed("publish", pgettext_lazy("version", "Publish"), actions.publish, when=lambda v: v.state == VersionState.DRAFT,
             tells=_("Everyone sees it, and it never changes again. A change needs a new version.")),
        Deed("new_version", _("Begin a new version"), actions.new_version, LabelForm,
             tells=_("A draft with the same units and outcomes is made; this version stays as it is.")),
        Deed("withdraw", pgettext_lazy("standards", "Withdraw"), actions.withdraw, WhyForm, when=lambda v: v.state == VersionState.PUBLISHED,
             tells=_("It is no longer offered. What rests on it stays."), danger=True),
    )  # fmt: skip
    order = ("code",)

    def all(self) -> Any:
        return super().all().select_related("programme")

    def tags(self, record: Any) -> Sequence[Any]:
        return (VersionState(record.state),)

    def remove(self, record: Any, *, by: Any, why: str = "") -> None:
        actions.remove_content(record, by=by, why=why)


class UnitDesk(Desk):
    model = Unit
    policy = PartPolicy()
    columns = ("title", "number", "credits", "hours", "version")
    form = ("version", "number", "title", "credits", "hours")
    facts = ("version", "number", "credits", "hours")
    parts = (Part("outcomes", _("learning outcomes"), desk="outcomes", link="unit"),)
    order = ("number",)

    def all(self) -> Any:
        return super().all().select_related("version__programme")

    def remove(self, record: Any, *, by: Any, why: str = "") -> None:
        actions.remove_content(record, by=by, why=why)


class OutcomeDesk(Desk):
    model = Outcome
    policy = PartPolicy()
    columns = ("title", "number", "unit", "kind", "critical", "version")
    filters = ("kind", "critical")
    form = ("version", "unit", "number", "title", "kind", "critical", "level", "credits", "hours")
    facts = ("version", "unit", "number", "kind", "critical", "level", "credits", "hours")
    search = ("title",)
    order = ("order",)

    def all(self) -> Any:
        return super().all().select_related("version__programme")

    def remove(self, record: Any, *, by: Any, why: str = "") -> None:
        actions.remove_content(record, by=by, why=why)


class CrosswalkDesk(Desk):
    model = Crosswalk
    policy = CrosswalkPolicy()
    columns = ("title", "source", "target", "done")
    form = ("source", "target")
    facts = ("source", "source_side", "target", "target_side", "done")
    parts = (
        Part(
            "rows",
            _("rows"),
            desk="crosswalk-rows",
            link="crosswalk",
            hint=_("A row counts once people of both sides have confirmed it."),
        ),
    )
    deeds = (
        Deed("align", _("Let the machine propose"), actions.align, AlignForm,
             tells=_("For each outcome of the source likely counterparts are proposed, with a score and why. They count for nothing until both sides confirm them.")),
    )  # fmt: skip

    def all(self) -> Any:
        keepers = [f"{side}__programme__{role}" for side in ("source", "target") for role in ("owner", "authority")]
        return queries.with_progress(super().all().select_related(*keepers))

    @shows(_("the source's side"))
    def source_side(self, record: Any) -> list[Any]:
        return queries.side(record.source)

    @shows(_("the target's side"))
    def target_side(self, record: Any) -> list[Any]:
        return queries.side(record.target)

    @shows(_("confirmed"))
    def done(self, record: Any) -> str:
        if hasattr(record, "confirmed_count"):
            found = {"confirmed": record.confirmed_count, "outcomes": record.outcome_count}
        else:  # just written, so not read through the desk
            found = queries.progress(record)
        return gettext("%(confirmed)s of %(outcomes)s outcomes") % found

    def where(self, record: Any, user: Any) -> Any:
        found, url = queries.progress(record), f"/crosswalk-rows/?crosswalk={record.code}&state="
        said = [format_html(
            gettext("{source} beside {target}: of {outcomes} outcomes of the target, {confirmed} have a row that both sides confirmed."),
            source=gettext(" / ").join(map(str, queries.side(record.source))), outcomes=found["outcomes"],
            target=gettext(" / ").join(map(str, queries.side(record.target))),
            confirmed=show(Figure(found["confirmed"], f"{url}confirmed")),
        )]  # fmt: skip
        for state, sentence in (
            (RowState.PROPOSED, gettext("Rows that wait for a side: {}.")), (RowState.REJECTED, gettext("Rows rejected: {}.")),
        ):  # fmt: skip
            if count := found.get(f"{state}_rows"):
                said.append(format_html(sentence, show(Figure(count, url + state))))
        if count := found["machine_rows"]:
            bench = self.url(record, "workbench")
            said.append(format_html(gettext("Proposals of the machine to judge: {}."), show(Figure(count, bench))))
        said.append(format_html('<a href="{}">{}</a>', self.url(record, "workbench"), gettext("Open the workbench")))
        return sentences(said)


class CrosswalkRowDesk(Desk):
    model = CrosswalkRow
    policy = RowPolicy()
    columns = ("title", "source", "relation", "target", "state")
    filters = ("state", "relation", "crosswalk")
    form = ("crosswalk", "source", "target", "relation", "note")
    facts = (
        "crosswalk", "source", "also", "target", "relation", "note", "score", "reasons", "instead_of", "from_on", "until_on",
    )  # fmt: skip
    parts = (Part("judgements", _("what both sides said"), desk="judgements", link="row"),)
    deeds = (
        Deed("confirm", _("Confirm"), actions.confirm, ConfirmForm, when=lambda r: r.state == RowState.PROPOSED,
             tells=_("Your side agrees. The row counts from the day both sides have agreed.")),
        Deed("reject", _("Reject"), actions.reject, RejectForm, when=lambda r: r.state == RowState.PROPOSED,
             tells=_("The row is closed. Your reason stays beside it.")),
        Deed("withdraw", pgettext_lazy("standards", "Withdraw"), actions.withdraw_row, ReasonedForm, when=lambda r: r.state == RowState.CONFIRMED,
             tells=_("The row no longer counts from today on. Decisions that rested on it are looked at again."), danger=True),
    )  # fmt: skip

    def all(self) -> Any:
        return (
            super()
            .all()
            .select_related(
                "crosswalk__source__programme", "crosswalk__target__programme", "source__version", "target__version"
            )
        )

    @shows(_("why it was proposed"))
    def reasons(self, record: Any) -> str:
        return " ".join(reasons(record.why))

    def tags(self, record: Any) -> Sequence[Any]:
        return (RowState(record.state),)

    def where(self, record: Any, user: Any) -> Any:
        if record.state == RowState.CONFIRMED:
            return gettext("Confirmed by %(source)s and %(target)s; counts from %(day)s.") % {
                "source": queries.said_by(record, "source"), "target": queries.said_by(record, "target"),
                "day": date_format(record.from_on),
            }  # fmt: skip
        if record.state == RowState.WITHDRAWN:
            return gettext("Withdrawn: counted until %(day)s.") % {"day": date_format(record.until_on)}
        if record.state == RowState.REJECTED:
            return " ".join(queries.notes(record))
        said = {judgement.side for judgement in record.judgements.all()}
        sides = {"source": record.crosswalk.source, "target": record.crosswalk.target}
        waiting = [gettext(" / ").join(map(str, queries.side(of))) for side, of in sides.items() if side not in said]
        return gettext("Proposed; waits for the word of %(names)s.") % {"names": gettext(", ").join(waiting)}


class JudgementDesk(Desk):
    model = Judgement
    policy = JudgementPolicy()
    columns = ("title", "side", "said_on", "note", "row")
    facts = ("row", "side", "agrees", "person", "organisation", "said_on", "note")
    order = ("id",)

    def all(self) -> Any:
        return super().all().select_related("organisation", "row__source", "row__target")
