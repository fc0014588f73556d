"""Persons, accounts, memberships, tokens."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.kernel.fields import StateField, TextsField
from sunmao.kernel.models import Record
from sunmao.kernel.prepared import Given, Prepared
from sunmao.kernel.text import Texts

HELD = (
    "person", "role", "from_on", "until_on", "organisation__uid", "organisation__code", "organisation__title",
)  # fmt: skip  # what is read of a person's memberships on every request
FRESH = timedelta(minutes=15)  # how old a sign-in may be for a signature


class Role(models.TextChoices):
    OFFICER = "officer", _("international officer")
    DIRECTOR = "director", _("workshop director")
    TEACHER = "teacher", _("teacher")
    SECRETARIAT = "secretariat", _("secretariat")
    AUTHORITY = "authority", _("recognition authority")
    AUDITOR = "auditor", _("auditor")
    LEARNER = "learner", _("learner")


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "中文"
    RUSSIAN = "ru", "Русский"


class Person(Record):
    """One human being, as named on documents, in native and Latin letters."""

    CODE = "P-"

    name = TextsField(_("name"), help_text=_("As on documents; native and Latin letters."))
    email = models.EmailField(_("e-mail"), blank=True)
    post = TextsField(_("post"), blank=True, help_text=_("Title and office, as used in invitations."))
    language = StateField(Language, verbose_name=_("language"), default=Language.ENGLISH, help_text=_("For letters."))
    reminders = models.BooleanField(_("is reminded by e-mail"), default=True)
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def prepare(self) -> None:
        self.sort = str(Texts.of(self.name).best("en")[0]).casefold()[:200]

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this person is made up"))


class Accounts(BaseUserManager["User"]):
    def get_queryset(self) -> models.QuerySet[User]:
        return super().get_queryset().select_related("person")  # the log names the person on every write

    def create_user(self, email: str, password: str | None = None, *, person: Person) -> User:
        user = self.model(email=self.normalize_email(email), person=person)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. What its holder may do follows from the person's memberships."""

    email = models.EmailField(_("e-mail"), unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    bound = False  # signed in afresh with a second factor; set by the middleware or the command line
    second_factor = False  # this session passed a second factor

    def __str__(self) -> str:
        return self.actor_name

    @property
    def actor_name(self) -> str:
        if not hasattr(self, "_actor_name"):
            at = next((str(m.organisation) for m in self._memberships()), "")
            both = _("%(person)s, %(organisation)s") % {"person": self.person, "organisation": at}
            self._actor_name = str(both if at else self.person)
        return self._actor_name

    @property
    def actor_key(self) -> str:
        return str(self.person.uid)

    def _memberships(self) -> list[Membership]:
        """Return the memberships in force today, read once per request."""
        if not hasattr(self, "_held"):
            today = clock.today()
            self._held = [row for row in memberships_of(person=self.person_id) if row.in_force(today)]
        return self._held

    def holds(self, *roles: str, at: int | None = None) -> bool:
        """True where the person holds one of the roles today (at the organisation with id `at`, if given)."""
        return any(
            (not roles or m.role in roles) and (at is None or m.organisation_id == at) for m in self._memberships()
        )

    def seats(self, *roles: str) -> frozenset[int]:
        """Return the ids of the organisations where the person holds one of the roles today."""
        return frozenset(m.organisation_id for m in self._memberships() if not roles or m.role in roles)

    def may_bind(self) -> bool:
        """True right after a sign-in with a second factor: what signing, deciding and revoking need."""
        return self.bound


class Membership(Record):
    """A person holds a role at an organisation for a time (half-open: the last day does not count)."""

    CODE = "MB-"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = StateField(Role, verbose_name=_("role"))
    from_on = models.DateField(_("from"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day it no longer holds."))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()}, {self.organisation}"  # type: ignore[attr-defined]

    def in_force(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.until_on is None or day < self.until_on)

    def clean(self) -> None:
        if self.from_on and self.until_on and self.until_on <= self.from_on:
            raise ValidationError({"until_on": _("It ends before it begins.")})


memberships_of = Prepared(
    lambda: Membership.objects.filter(person=Given("person", models.BigIntegerField()))
    .select_related("organisation").only(*HELD)
)  # fmt: skip


class Digest(Record):
    """One e-mail of reminders to a person: which things it told of, by their keys. One a day at the most."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests", verbose_name=_("person"))
    day = models.DateField(_("day"))
    things = models.JSONField(_("things"), default=list)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("digest of reminders")
        verbose_name_plural = _("digests of reminders")
        constraints = (models.UniqueConstraint(fields=("person", "day"), name="digest_once_a_day"),)


class Token(Record):
    """A key for programs: kept as a hash, for one person at one organisation, reading or writing, with an end.

    A token never signs or decides.
    """

    CODE = "TK-"
    LOGGED_OUT = frozenset({"last_used_on"})

    class Scope(models.TextChoices):
        READ = "read", _("read")
        WRITE = "write", _("read and write")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens", verbose_name=_("person"))
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, verbose_name=_("organisation"))
    label = models.CharField(_("what it is for"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scope = StateField(Scope, verbose_name=_("scope"), default=Scope.READ)
    expires_on = models.DateField(_("expires on"))
    last_used_on = models.DateField(_("last used on"), null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.label
