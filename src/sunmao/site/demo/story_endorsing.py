"""Who stands behind the story's award: an enterprise of the workshop and the ministry, each with its own key."""

from __future__ import annotations

from sunmao.credentials import actions as credentials
from sunmao.credentials.models import Award
from sunmao.keys import actions as keys
from sunmao.site.demo import story_words as words
from sunmao.site.demo.telling import Story


def endorsed(told: Story, award: Award) -> None:
    """The enterprise endorses the award, the ministry the university that joins it; the college takes both up."""
    employer, authority = told.officer("zte"), told.actor("authority-uz")
    with told.on(85):
        for place, by in (("zte", employer), ("uz-ministry", authority)):
            keys.make(told.world.organisations[place], by=by, test=True)
    with told.on(80):
        first = credentials.endorse(
            award, organisation=told.world.organisations["zte"], words=words.EMPLOYER_SAYS, by=employer
        )
        second = credentials.endorse_issuer(
            award.issuers.get(organisation=told.world.organisations["tstu"]),
            organisation=told.world.organisations["uz-ministry"], words=words.AUTHORITY_SAYS, by=authority,
        )  # fmt: skip
    with told.on(75):
        for row in (first, second):
            credentials.take_up(row, by=told.officer("cvie"))
