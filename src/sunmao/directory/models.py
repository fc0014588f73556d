"""Organisations with their names and ids, blocs, display names of countries and regions, merges."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.directory.fields import CountryField
from sunmao.kernel.fields import StateField, TextsField, WhenField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.sources.models import Citation


class Kind(models.TextChoices):
    VOCATIONAL_SCHOOL = "vocational_school", _("vocational school")
    COLLEGE = "college", _("college")
    UNIVERSITY = "university", _("university")
    ENTERPRISE = "enterprise", _("enterprise")
    AUTHORITY = "authority", _("authority")
    ASSOCIATION = "association", _("association")
    EMBASSY = "embassy", _("embassy")
    INTERNATIONAL_BODY = "international_body", _("international body")
    ALLIANCE = "alliance", _("alliance")
    TO_BE_NAMED = "to_be_named", _("to be named")


class Organisation(Record):
    """One organisation. `title` shows its official names; every name it has or had is an OrganisationName."""

    CODE = "ORG-"

    title = TextsField(_("name"), help_text=_("The official name in each language it has one in."))
    kind = StateField(Kind, verbose_name=_("kind"), default=Kind.COLLEGE)
    country = CountryField(_("country or region"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=(MinValueValidator(-90), MaxValueValidator(90)),
        help_text=_("Degrees north, WGS 84."),
    )  # fmt: skip
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=(MinValueValidator(-180), MaxValueValidator(180)),
        help_text=_("Degrees east, WGS 84."),
    )  # fmt: skip
    established = WhenField(_("established"))
    website = models.URLField(_("website"), max_length=500, blank=True)
    level = models.CharField(_("level as its authority says"), max_length=60, blank=True)
    answers_to = models.CharField(_("authority it answers to"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors",
        verbose_name=_("succeeded by"),
    )  # fmt: skip
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", editable=False,
        verbose_name=_("the same as"),
    )  # fmt: skip
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = (
            # every list leaves out what was merged: with that column in front, counting needs no look at the rows
            models.Index(fields=("merged_into", "sort", "id"), name="organisation_by_name"),
            models.Index(fields=("merged_into", "country", "sort", "id"), name="organisation_by_country"),
            models.Index(fields=("merged_into", "kind", "sort", "id"), name="organisation_by_kind"),
        )

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]

    def clean(self) -> None:
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Latitude and longitude go together.")})
        for name in ("parent", "successor"):
            if self.pk and getattr(self, f"{name}_id") == self.pk:
                raise ValidationError({name: _("An organisation cannot be its own part or successor.")})


class NameKind(models.TextChoices):
    OFFICIAL = "official", _("official name")
    FORMER = "former", _("former name")
    ALIAS = "alias", _("other name")
    ACRONYM = "acronym", _("acronym")
    TRANSLATION = "translation", _("translation of ours")


class OrganisationName(Record):
    """One name of an organisation in one language."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="names", verbose_name=_("organisation")
    )
    text = models.CharField(_("name"), max_length=400)
    language = models.CharField(
        _("language"), max_length=12, blank=True, help_text=_("As in zh, en, ru; empty where not known.")
    )
    kind = StateField(NameKind, verbose_name=_("kind of name"), default=NameKind.ALIAS)
    used = WhenField(_("in use until"))
    folded = models.CharField(max_length=400, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("name")
        verbose_name_plural = _("names")

    def prepare(self) -> None:
        from sunmao.kernel.search import fold

        self.folded = fold(self.text)[:400]

    def __str__(self) -> str:
        return self.text


class OutsideId(Record):
    """What another register calls an organisation."""

    class Scheme(models.TextChoices):
        ROR = "ror", "ROR"
        MOE = "moe", _("Chinese Ministry of Education")
        ISNI = "isni", "ISNI"
        WIKIDATA = "wikidata", "Wikidata"
        LEI = "lei", "LEI"
        OTHER = "other", _("other register")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="ids", verbose_name=_("organisation")
    )
    scheme = StateField(Scheme, verbose_name=_("register"))
    value = models.CharField(_("identifier"), max_length=120, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("identifier elsewhere")
        verbose_name_plural = _("identifiers elsewhere")
        constraints = (models.UniqueConstraint(fields=("scheme", "value"), name="outside_id_once"),)

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"  # type: ignore[attr-defined]


class OrganisationCitation(Citation):
    """A fact of an organisation was read in a passage of a document."""

    record = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="citations", verbose_name=_("organisation")
    )

    class Meta(Citation.Meta):
        abstract = False
        verbose_name = _("source of an organisation")
        verbose_name_plural = _("sources of organisations")


class Bloc(Record):
    """A group of countries and regions, such as the Shanghai Cooperation Organisation."""

    CODE = "BLOC-"

    title = TextsField(_("name"))
    acronym = models.CharField(_("acronym"), max_length=20, unique=True)
    source = models.CharField(_("source of its membership"), max_length=300, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("bloc")
        verbose_name_plural = _("blocs")


class BlocMember(Record):
    """A country or region belongs to a bloc for a time."""

    bloc = models.ForeignKey(Bloc, on_delete=models.CASCADE, related_name="members", verbose_name=_("bloc"))
    country = CountryField(_("country or region"))
    since = WhenField(_("since"))
    until = WhenField(_("until"))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("member of a bloc")
        verbose_name_plural = _("members of blocs")

    def __str__(self) -> str:
        return str(getattr(self.country, "label", self.country))


class CountryName(Record):
    """This register's own wording for a country or region."""

    country = CountryField(_("country or region"), unique=True)
    title = TextsField(_("display name"))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("display name of a country or region")
        verbose_name_plural = _("display names of countries and regions")


class ContextKind(models.TextChoices):
    PARTNERSHIP = "partnership", _("partnership between states")
    ANNIVERSARY = "anniversary", _("anniversary")
    REFORM = "reform", _("reform in a host country")
    FRIENDLY = "friendly_ties", _("friendly ties")
    PLAN = "plan_measure", _("measure of a plan")
    PLATFORM = "platform", _("platform for everyone")
    POLICY = "policy", _("policy that is referred to")
    SYSTEM = "system", _("education system")
    DEMAND = "demand", _("skills that are needed")


class Context(Record):
    """What cooperation stands in: a relation between states, a reform, a plan, a platform, a policy."""

    CODE = "CTX-"

    title = TextsField(_("name"))
    kind = StateField(ContextKind, verbose_name=_("kind"))
    text = TextsField(_("what holds"), long=True, help_text=_("In our words."))
    country = CountryField(_("country or region"), blank=True)
    other_country = CountryField(_("with"), blank=True, help_text=_("The other country or region of a relation."))
    bloc = models.ForeignKey(
        Bloc, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bloc")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="contexts",
        verbose_name=_("organisation"),
    )  # fmt: skip
    as_of = WhenField(_("as of"))
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("context of cooperation")
        verbose_name_plural = _("contexts of cooperation")

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]


class ContextCitation(Citation):
    """A fact of a context was read in a passage of a document."""

    record = models.ForeignKey(Context, on_delete=models.CASCADE, related_name="citations", verbose_name=_("context"))

    class Meta(Citation.Meta):
        abstract = False
        verbose_name = _("source of a context")
        verbose_name_plural = _("sources of contexts")


class Distinct(Record):
    """Someone decided that two organisations which look alike are different; they are not pointed out again."""

    left = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")

    class Meta(Record.Meta):
        abstract = False
        constraints = (models.UniqueConstraint(fields=("left", "right"), name="distinct_once"),)


class Merge(Record):
    """One merge: which organisation went into which, and every reference that moved (for undoing it)."""

    CODE = "MRG-"

    kept = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept"))
    gone = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged"))
    moved = models.JSONField(_("moved references"), default=list, blank=True)  # [model label, uid, field]
    undone = models.BooleanField(_("undone"), default=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("merge")
        verbose_name_plural = _("merges")

    def __str__(self) -> str:
        return f"{self.gone} → {self.kept}"


class Doubt(Record):
    """A row of a sheet that may be an organisation already here; it waits until a person decides."""

    CODE = "DUP-"

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a decision")
        SAME = "same", _("the same")
        DIFFERENT = "different", _("different")

    State.tones = {"waiting": "wait", "same": "good", "different": "none"}  # type: ignore[attr-defined]

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="doubts", verbose_name=_("in the register")
    )
    held = models.JSONField(_("the row"))
    score = models.FloatField(_("likeness"), help_text=_("From 0 to 1."))
    certain = models.BooleanField(_("as good as certain"), default=False)
    reasons = models.JSONField(_("why"), default=list, blank=True)
    state = StateField(State, verbose_name=_("state"), default=State.WAITING)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        indexes = (models.Index(fields=("state", "-score", "id"), name="doubt_by_score"),)

    def title_texts(self) -> Texts:
        """Return the first name in the row: [[language, kind, name], …]."""
        language, _kind, name = (self.held.get("names") or [["", "", ""]])[0]
        return Texts.of({language or "und": name or self.key})

    def __str__(self) -> str:
        names = self.held.get("names") or [["", "", "?"]]
        return f"{names[0][2]} = {self.organisation}?"
