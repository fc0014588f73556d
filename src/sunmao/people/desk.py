"""How people meet persons and memberships."""

from django.utils.translation import gettext_lazy as _

from sunmao.kernel.desk import Desk, Part
from sunmao.people.models import Membership, Person
from sunmao.people.policy import MembershipPolicy, PersonPolicy


class PersonDesk(Desk):
    model = Person
    policy = PersonPolicy()
    columns = ("title", "post", "email")
    form = ("name", "post", "email", "language", "reminders")
    facts = ("post", "email", "language", "reminders")
    parts = (Part("memberships", _("memberships"), desk="memberships", link="person"),)
    search = ("name", "email")
    order = ("sort",)

    def __init__(self) -> None:
        super().__init__()
        self.slug = "people"


class MembershipDesk(Desk):
    model = Membership
    policy = MembershipPolicy()
    columns = ("title", "person", "role", "organisation", "from_on", "until_on")
    filters = ("role",)
    form = ("person", "organisation", "role", "from_on", "until_on")
    facts = ("person", "organisation", "role", "from_on", "until_on")
    order = ("code",)
