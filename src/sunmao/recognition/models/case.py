"""Cases: the applicant, what he lays before the authority, the steps of casework."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.credentials import queries as credentials
from sunmao.credentials.models import Credential, CredentialState
from sunmao.directory.fields import Country, CountryField
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.kernel.fields import StateField, TextsField
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import Texts
from sunmao.people.models import Person
from sunmao.recognition.fields import CodesField, split
from sunmao.recognition.models.choices import Authenticity, Cefr, Purpose, Tongue
from sunmao.standards.models import Outcome, ProgrammeVersion, Unit


class CaseState(models.TextChoices):
    INTAKE = "intake", _("intake")
    EXAMINED = "examined", _("being examined")
    PROPOSED = "proposed", _("to be confirmed")
    DECIDED = "decided", _("decided")
    CLOSED = "closed", pgettext_lazy("case", "closed")


CaseState.tones = {  # type: ignore[attr-defined]
    "intake": "go", "examined": "go", "proposed": "turn", "decided": "good", "closed": "none",
}  # fmt: skip


_TITLES = {
    "study": _("%(programme)s, for study in %(country)s"),
    "work": _("%(programme)s, for work in %(country)s"),
    "licence": _("%(programme)s, for a licence in %(country)s"),
}


def _in_each_language(say: Callable[[str], str]) -> Texts:
    """Return what `say` says for each language of this register, while its words are the ones in force."""
    said = {}
    for code in ("en", "zh", "ru"):
        with translation.override("zh-hans" if code == "zh" else code):
            said[code] = say(code)
    return Texts.of(said)


def pseudonym() -> str:
    """Return a random name for a holder; nothing about him follows from it."""
    return f"P-{secrets.token_hex(4).upper()}"


class Case(Record):
    """One applicant's question to one authority: what does my learning count for, towards this target, for this?

    `holder` is the only name of the applicant that decisions know.
    """

    CODE = "RC-"

    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="recognition_cases", verbose_name=_("authority")
    )
    target = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("target programme")
    )
    purpose = StateField(Purpose, verbose_name=_("purpose"), default=Purpose.STUDY)
    holder = models.CharField(_("holder"), max_length=20, default=pseudonym, editable=False, unique=True)
    applied_on = models.DateField(_("applied on"))
    fee_paid_on = models.DateField(_("fee paid on"), null=True, blank=True)
    fee_receipt = models.CharField(_("receipt of the fee"), max_length=80, blank=True, editable=False)
    fee_waived = models.CharField(_("fee waived because"), max_length=300, blank=True, editable=False)
    letter_in = CodesField(
        Tongue, verbose_name=_("languages of the letter"), max_length=40,
        help_text=_("Two at most. Where none is chosen: that of the authority's country and that of the applicant's."),
    )  # fmt: skip
    complete_on = models.DateField(_("intake complete on"), null=True, editable=False)
    runs_from = models.DateField(_("time to decide runs from"), null=True, editable=False)
    due_on = models.DateField(_("to be decided by"), null=True, editable=False)
    days_to_decide = models.PositiveSmallIntegerField(_("days to decide"), null=True, editable=False)
    stands_since = models.DateField(_("time to decide stands still since"), null=True, editable=False)
    days_left = models.PositiveSmallIntegerField(_("days left while it stands still"), null=True, editable=False)
    state = StateField(CaseState, verbose_name=_("state"), default=CaseState.INTAKE, editable=False)
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("recognition case")
        verbose_name_plural = _("recognition cases")
        indexes = (models.Index(fields=("authority", "state", "id"), name="case_by_authority"),)

    def clean(self) -> None:
        if self.applied_on and self.applied_on > clock.today():
            raise ValidationError({"applied_on": _("The day of application lies in the future.")})
        if len(split(self.letter_in)) > 2:
            raise ValidationError({"letter_in": _("Choose two languages at most.")})

    @property
    def fee_settled(self) -> bool:
        """True where the fee is paid or waived."""
        return self.fee_paid_on is not None or bool(self.fee_waived)

    def title_texts(self) -> Texts:
        """Return what the case is about: programme, purpose and country, in the languages of this register."""
        programme = self.target.programme

        def say(code: str) -> str:
            asked = {"programme": programme.title.best(code)[0], "country": Country(str(programme.country)).label}
            return str(_TITLES[self.purpose]) % asked

        return _in_each_language(say)

    def is_of(self, user: Any) -> bool:
        """True where the person applies himself: by his account, or under his own name in a case he opened."""
        applicant: Applicant | None = getattr(self, "applicant", None)
        if applicant is None or applicant.person_id is not None:
            return applicant is not None and applicant.person_id == user.person_id
        names = {entry["text"].casefold() for entry in applicant.name.values()}
        own = {entry["text"].casefold() for entry in user.person.name.values()}
        return bool(names & own) and changes.history(self).filter(deed="open_case", actor_key=user.actor_key).exists()

    def __str__(self) -> str:
        return f"{self.title_texts()} ({self.code})"  # many cases ask the same

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this case is made up"))


class Applicant(Record):
    """Who applies, apart from the case so that it can be erased: names as on the documents and their other spellings.

    `person` where he has an account here.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="applicant", verbose_name=_("case"))
    name = TextsField(_("name"), help_text=_("As on the documents; native and Latin letters."))
    passport_name = models.CharField(
        _("name in the passport"), max_length=200, blank=True, help_text=_("As in its machine-readable lines.")
    )
    certificate_name = models.CharField(_("name on the certificate"), max_length=200, blank=True)
    variants = models.TextField(_("other spellings"), blank=True, help_text=_("One a line, as documents write it."))
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    erased_at = models.DateTimeField(pgettext_lazy("case", "erased"), null=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")


class Exhibit(Record):
    """Something laid before the authority. `key` and `commitment` are all that a decision knows of it: the commitment
    is HMAC-SHA-256 over what the document says, under `salt`, which is erased with the document."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="%(class)ss", verbose_name=_("case"))
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scan")
    )
    salt = models.CharField(max_length=32, blank=True, editable=False)
    commitment = models.CharField(pgettext_lazy("digest", "commitment"), max_length=64, blank=True, editable=False)
    laid_at = models.DateTimeField(_("laid before"), editable=False)

    class Meta:
        abstract = True

    def prepare(self) -> None:
        if self.laid_at is None:
            self.laid_at = clock.now()

    @property
    def exhibit_key(self) -> str:
        """Return the pseudonymous key in decisions."""
        return f"{self.case.holder}/{self._meta.model_name}/{self.uid.hex[-8:]}"


def _day_after(last: date | None) -> date | None:
    return last + timedelta(days=1) if last else None


class Qualification(Exhibit):
    """A qualification as its document says. A number that this register gave leads to the credential, which then says
    the rest."""

    credential = models.ForeignKey(
        Credential,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("credential of this register"),
    )
    programme = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("home programme"),
    )  # fmt: skip
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("one unit only"),
        help_text=_("Where the document is about one unit of the programme and not about the whole."),
    )  # fmt: skip
    issuer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    number = models.CharField(
        _("number of the document"),
        max_length=80,
        blank=True,
        help_text=_("Of a credential of this register its number is enough; the rest is read from it."),
    )
    awarded_on = models.DateField(_("awarded on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    delivered_in = CountryField(_("taught in, if abroad"), blank=True)
    delivered_from = models.DateField(_("taught there since"), null=True, blank=True)
    authenticity = StateField(
        Authenticity, verbose_name=_("authenticity"), default=Authenticity.UNCONFIRMED, editable=False
    )
    answered_on = models.DateField(_("issuer answered on"), null=True, editable=False)

    class Meta(Exhibit.Meta):
        abstract = False
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")

    def prepare(self) -> None:
        super().prepare()
        found = credentials.by_number(self.number) if self.number and not self.credential_id else None
        if found is not None:
            self.credential, self.programme, self.issuer = found, found.award.programme, found.issuer
            self.unit = found.award.unit
            self.awarded_on, self.expires_on = found.awarded_on, _day_after(found.valid_until)
            genuine = found.state != CredentialState.AWAITING
            self.authenticity = Authenticity.CONFIRMED if genuine else Authenticity.UNCONFIRMED

    def clean(self) -> None:
        for name in ("programme", "issuer", "awarded_on"):
            if not getattr(self, f"{name}_id" if name != "awarded_on" else name):
                raise ValidationError({name: _("A paper document needs its programme, its issuer and its date.")})
        if self.unit is not None and self.unit.version_id != self.programme_id:
            raise ValidationError({"unit": _("This unit belongs to another programme.")})

    @property
    def unit_shown(self) -> Unit | None:
        """Return the one unit that the document is about; None where it is about the whole programme."""
        return self.unit or (self.credential.award.unit if self.credential is not None else None)

    def title_texts(self) -> Texts:
        return self.programme.title_texts() if self.programme else Texts.of({"und": self.number or self.key})


class PriorLearning(Exhibit):
    """Prior learning that an authority has validated: outcomes of the target, credits of the host country."""

    validated_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("validated by")
    )
    what = models.CharField(_("what was learned"), max_length=200)
    credits = models.DecimalField(_("credits"), max_digits=6, decimal_places=2, default=0)
    outcome = models.ForeignKey(
        Outcome, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("outcome")
    )

    class Meta(Exhibit.Meta):
        abstract = False
        verbose_name = _("prior learning")
        verbose_name_plural = _("prior learning")

    def title_texts(self) -> Texts:
        return Texts.of({"und": self.what})


class LanguageCertificate(Exhibit):
    """A language level, as long as the certificate lasts."""

    language = models.CharField(_("language"), max_length=12, help_text=_("As in uz, ru."))
    level = models.PositiveSmallIntegerField(_("level"), choices=Cefr.choices)
    awarded_on = models.DateField(_("awarded on"))
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta(Exhibit.Meta):
        abstract = False
        verbose_name = _("language certificate")
        verbose_name_plural = _("language certificates")

    def title_texts(self) -> Texts:
        return Texts.of({"und": f"{self.language} {self.get_level_display()}"})  # type: ignore[attr-defined]


class StepKind(models.TextChoices):
    LEGALISATION = "legalisation", _("legalisation or apostille")
    TRANSLATION = "translation", _("sworn translation")
    QUERY = "query", _("query to the issuer")
    NAMES = "names", _("spellings of the name compared")
    FEE = "fee", _("fee")
    REQUEST = "request", _("request to the applicant")


OF_APPLICANT = (StepKind.LEGALISATION, StepKind.TRANSLATION, StepKind.REQUEST)
STOPS_TIME = (*OF_APPLICANT, StepKind.QUERY)


class Step(Record):
    """One step of casework: what was asked of whom, and what came of it.

    While something is asked of the applicant the file is not complete, and the time to decide stands still; so it does
    while the issuer is asked. It runs again on the day of `done_on`.
    """

    CODE = "STP-"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps", verbose_name=_("case"))
    kind = StateField(StepKind, verbose_name=_("step"))
    qualification = models.ForeignKey(
        Qualification, on_delete=models.CASCADE, null=True, blank=True, related_name="steps",
        verbose_name=_("about"),
    )  # fmt: skip
    asked_on = models.DateField(_("asked on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of a case")

    @property
    def is_open(self) -> bool:
        return self.done_on is None

    def title_texts(self) -> Texts:
        return _in_each_language(lambda code: str(StepKind(self.kind).label))
