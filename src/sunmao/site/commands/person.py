"""`sunmao person`: makes a person with an account and a role; the way the first secretariat comes in. The password is
asked for on the terminal, or read as the first line of the standard input."""

from __future__ import annotations

import argparse
import getpass
import sys

from django.core.exceptions import ValidationError

from sunmao.kernel import changes
from sunmao.kernel.changes import System
from sunmao.kernel.text import Texts


def main(argv: list[str]) -> int:
    from sunmao.directory.models import Organisation
    from sunmao.people import actions
    from sunmao.people.models import Role

    parser = argparse.ArgumentParser(prog="sunmao person", description=__doc__)
    parser.add_argument("email")
    parser.add_argument("--name", required=True, help="as on documents")
    parser.add_argument("--role", choices=Role.values, required=True)
    parser.add_argument("--at", required=True, metavar="CODE_OR_NAME", help="organisation; a new name makes it")
    parser.add_argument("--second-factor", action="store_true", help="set one up and print its secret")
    asked = parser.parse_args(argv)
    by = System("command line")
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        with changes.together():
            place = (
                Organisation.objects.filter(code=asked.at).first()
                or Organisation.objects.filter(names__text=asked.at).first()
            )
            if place is None:
                from sunmao.directory import actions as directory

                place = directory.keep(Organisation(title=Texts.of(asked.at)), by=by)
            user = actions.invite(asked.email, Texts.of(asked.name), place, asked.role, password=password, by=by)
            secret = actions.second_factor(user, by=by) if asked.second_factor else ""
    except ValidationError as error:
        print("sunmao person: " + " ".join(error.messages), file=sys.stderr)
        return 1
    print(f"{user.person.code} {user.email} {asked.role} at {place.code} {place}")
    if secret:
        print(f"second factor: {secret}")
    return 0
