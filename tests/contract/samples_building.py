"""Samples of workshops and standards. The home college leads a workshop that the partner hosts, and keeps programmes
whose competent authority is the ministry; versions, and what hangs on them, are drafts, evidence is not published."""

from __future__ import annotations

from datetime import date
from typing import Any

import cast

from contract.samples import above, document, keep, sample, words
from contract.samples_cooperation import _citation
from sunmao.kernel import changes
from sunmao.standards import actions as standards
from sunmao.standards.models import (
    Crosswalk,
    Framework,
    Judgement,
    Level,
    Outcome,
    Programme,
    ProgrammeVersion,
    Referencing,
    Unit,
)
from sunmao.workshops import actions as workshops
from sunmao.workshops.models import Evidence, Item, Major, Partner, Stage, StageKind, Workshop, WorkshopCitation

# Workshops


@sample("workshops")
def workshop(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """A workshop led by the home college at the partner's, its stages not laid out yet."""
    made = Workshop(
        title=words(word), brand="luban", country="UZ", city=word, host=world.abroad, legal_form=word, field="0714"
    )
    keep(made, world)
    for part, organisation in (("lead", world.home), ("host", world.abroad)):
        keep(Partner(workshop=made, organisation=organisation, part=part, brings=words(above(word))), world)
    return made


@sample("partners", under="workshops")
def _partner(world: Any, word: str, n: int, parent: Any) -> Any:
    third = cast.organisation(f"Enterprise {above(word)}", country="KZ")
    of = parent or workshop(world, above(word), n)
    return keep(Partner(workshop=of, organisation=third, part="enterprise", brings=words(word)), world)


@sample("majors", under="workshops")
def _major(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or workshop(world, above(word), n)
    return keep(Major(workshop=of, title=words(word), version=published(world, above(word), world.home)), world)


@sample("workshop-citations", under="workshops")
def _workshop_citation(world: Any, word: str, n: int, parent: Any) -> Any:
    return _citation(WorkshopCitation, parent or workshop(world, above(word), n), world, word)


@sample("stages")
def stage(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """The home college's officer has proposed the site as done; the partner is to sign it off."""
    officer = world.actor("officer")
    of = workshops.plan(workshop(world, above(word), n), by=officer)
    made = Stage.objects.get(workshop=of, kind=StageKind.SITE)
    return workshops.propose(made, fact=words(word), evidence_title=words(above(word)), by=officer)


@sample("evidences", under="stages")
def _evidence(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or stage(world, above(word), n)
    made = Evidence(stage=of, title=words(word), document=document(world, above(word)), refers_to=word)
    return keep(made, world)


@sample("items", under="workshops")
def _item(world: Any, word: str, n: int, parent: Any) -> Any:
    made = Item(
        workshop=parent or workshop(world, above(word), n), title=words(word), maker=word, serial=word, quantity=n,
        hs_code="8479.89", owner=cast.organisation(f"Owner {above(word)}"),
    )  # fmt: skip
    return keep(made, world)


# Standards


@sample("frameworks")
def framework(world: Any, word: str, n: int, parent: Any = None) -> Any:
    made = Framework(
        title=words(word), country="UZ", authority=world.ministry, document=document(world, above(word) + "act")
    )
    return keep(made, world, "secretariat")


@sample("levels", under="frameworks")
def level(world: Any, word: str, n: int, parent: Any = None) -> Any:
    of = parent or framework(world, above(word), n)
    return keep(Level(framework=of, step=n, title=words(word), descriptor=words(word)), world, "secretariat")


@sample("referencings")
def _referencing(world: Any, word: str, n: int, parent: Any) -> Any:
    made = Referencing(
        source=level(world, word, n), target=level(world, f"{word}second", n), from_on=date(2024, 1, n % 28 + 1),
        document=document(world, above(word)),
    )  # fmt: skip
    return keep(made, world, "secretariat")


@sample("programmes")
def programme(world: Any, word: str, n: int, parent: Any = None, owner: Any = None) -> Any:
    """A programme of the home college, or of `owner`; only the home college's stands under the ministry."""
    made = Programme(
        title=words(word), owner=owner or world.home, authority=None if owner else world.ministry, country="CN",
        outside_code=word, field="0714",
    )  # fmt: skip
    return keep(made, world)


@sample("programme-versions", under="programmes")
def version(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """A draft; a level of its own, so that a list has as many levels as rows."""
    made = ProgrammeVersion(
        programme=parent or programme(world, above(word), n),
        label=word,
        hours=300 + n,
        level=level(world, above(word), n),
    )
    return keep(made, world)


@sample("units", under="programme-versions")
def _unit(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or version(world, above(word), n)
    return keep(Unit(version=of, number=n, title=words(word), hours=n), world)


@sample("outcomes", under="programme-versions")
def _outcome(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or version(world, above(word), n)
    return keep(Outcome(version=of, number=f"{n}.1", title=words(word)), world)


def published(world: Any, word: str, owner: Any, outcomes: int = 1) -> Any:
    """Return a published version of a programme of `owner` with so many outcomes."""
    kept = programme(world, word, 1, owner=None if owner == world.home else owner)
    made = keep(ProgrammeVersion(programme=kept, label="2026"), world)
    for number in range(1, outcomes + 1):
        keep(Outcome(version=made, number=str(number), title=words(f"{word}outcome{number}")), world)
    return standards.publish(made, by=world.actor("officer"))


@sample("crosswalks")
def crosswalk(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """The home college's version beside one of the partner's."""
    source, target = (published(world, f"{word}{owner.pk}", owner, 3) for owner in (world.home, world.abroad))
    return keep(Crosswalk(source=source, target=target), world)


@sample("crosswalk-rows", under="crosswalks")
def row(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """A row that nobody has judged yet."""
    of = parent or crosswalk(world, above(word), n)
    left, right = (list(side.outcomes.order_by("order"))[n % 3] for side in (of.source, of.target))
    return standards.propose(of, left, right, "close", note=words(word), by=world.actor("officer"))


@sample("judgements", under="crosswalk-rows")
def _judgement(world: Any, word: str, n: int, parent: Any) -> Any:
    officer = world.actor("officer")
    if parent is None:
        return standards.confirm(row(world, above(word), n), note=word, by=officer).judgements.get()
    made = Judgement(
        row=parent, side="source", agrees=True, person=officer.person, organisation=world.home, said_on=date(2026, 1, 5),
        note=word,
    )  # fmt: skip
    return changes.save(made, by=officer)
