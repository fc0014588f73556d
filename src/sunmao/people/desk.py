"""How people meet persons and memberships."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sunmao.kernel.desk import Deed, DeedForm, Desk, Part
from sunmao.people import actions
from sunmao.people.models import Language, Membership, Person
from sunmao.people.policy import MembershipPolicy, PersonPolicy

# Who above keeps sights of persons who are learners, too: functions (user, persons, face, field names).
TOLD: list[Callable[[Any, Sequence[Any], str, Sequence[str]], object]] = []


class RemindersForm(DeedForm):
    reminders = forms.BooleanField(
        label=_("Remind by e-mail of what waits"), required=False, help_text=_("One e-mail a day at the most.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reminders"].initial = self.record.reminders
        self.fields["language"].initial = self.record.language


class PersonDesk(Desk):
    model = Person
    policy = PersonPolicy()
    columns = ("title", "post", "email")
    form = ("name", "post", "email", "language", "reminders")
    facts = ("post", "email", "language", "reminders")
    parts = (Part("memberships", _("memberships"), desk="memberships", link="person"),)
    deeds = (Deed("choose_reminders", _("Reminders"), actions.choose_reminders, RemindersForm),)
    search = ("name", "email")
    order = ("sort",)

    def __init__(self) -> None:
        super().__init__()
        self.slug = "people"

    def seen(self, user: Any, rows: Sequence[Any], face: str, names: Sequence[str] = ()) -> None:
        for tell in TOLD:
            tell(user, rows, face, names)


class MembershipDesk(Desk):
    model = Membership
    policy = MembershipPolicy()
    columns = ("title", "person", "role", "organisation", "from_on", "until_on")
    filters = ("role",)
    form = ("person", "organisation", "role", "from_on", "until_on")
    facts = ("person", "organisation", "role", "from_on", "until_on")
    order = ("code",)
