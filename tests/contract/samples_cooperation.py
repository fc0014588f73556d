"""Samples of events, alliances and agreements. Agreements are drafts between the home college and the partner, or,
where what hangs on them needs a signed one, signed and unpublished."""

from __future__ import annotations

from typing import Any

import cast

from contract.samples import above, document, keep, sample, words
from sunmao.agreements import actions, queries
from sunmao.agreements import models as agreements
from sunmao.alliances import actions as joining
from sunmao.alliances import models as alliances
from sunmao.directory.models import Kind, OrganisationCitation
from sunmao.events import models as events
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When

# Events


@sample("events")
def event(world: Any, word: str, n: int, parent: Any = None) -> Any:
    made = events.Event(
        title=words(word), theme=words(word), began=When.read("2024-05-08"), country="CN", city=word, place=words(word),
        note=words(word),
    )  # fmt: skip
    return keep(made, world)


@sample("event-roles", under="events")
def _role(world: Any, word: str, n: int, parent: Any) -> Any:
    host = world.home if n == 1 else cast.organisation(f"Host {above(word)}", country="CN")
    made = events.EventRole(
        event=parent or event(world, above(word), n), role="host", organisation=host, name=words(word),
        post=words(word), note=words(word),
    )  # fmt: skip
    return keep(made, world)


@sample("consensus-texts", under="events")
def consensus(world: Any, word: str, n: int, parent: Any = None) -> Any:
    of = parent or event(world, above(word), n)
    return keep(events.ConsensusText(title=words(word), event=of, issued=When.read("2024"), summary=words(word)), world)


@sample("commitments", under="consensus-texts")
def commitment(world: Any, word: str, n: int, parent: Any = None) -> Any:
    of = parent or consensus(world, above(word), n)
    made = keep(events.Commitment(consensus=of, number=n, theme=words(word), text=words(word)), world)
    owner = world.home if n == 1 else cast.organisation(f"Owner {above(word)}")
    keep(events.CommitmentOwner(commitment=made, organisation=owner), world)
    return made


@sample("commitment-owners", under="commitments")
def _owner(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or keep(
        events.Commitment(consensus=consensus(world, above(word), n), number=1, theme=words(word)), world
    )
    owner = world.home if n == 1 else cast.organisation(f"Owner {above(word)}")
    return keep(events.CommitmentOwner(commitment=of, organisation=owner), world)


@sample("statements", under="events")
def statement(world: Any, word: str, n: int, parent: Any = None) -> Any:
    made = events.Statement(
        name=words(word), post=words(word), organisation=world.home if n == 1 else cast.organisation(f"House {above(word)}"),
        event=parent or event(world, above(word), n), said=When.read("2024"), text=words(word),
    )  # fmt: skip
    return keep(made, world)


def _citation(model: Any, record: Any, world: Any, word: str) -> Any:
    made = model(
        record=record, fact="", document=document(world, above(word).replace(" ", "")), passage=word, as_said=word,
        says=words(word),
    )  # fmt: skip
    return keep(made, world)


@sample("organisation-citations", under="organisations")
def _organisation_citation(world: Any, word: str, n: int, parent: Any) -> Any:
    return _citation(OrganisationCitation, parent or world.home, world, word)


@sample("event-citations", under="events")
def _event_citation(world: Any, word: str, n: int, parent: Any) -> Any:
    return _citation(events.EventCitation, parent or event(world, above(word), n), world, word)


@sample("consensus-citations", under="consensus-texts")
def _consensus_citation(world: Any, word: str, n: int, parent: Any) -> Any:
    return _citation(events.ConsensusCitation, parent or consensus(world, above(word), n), world, word)


@sample("statement-citations", under="statements")
def _statement_citation(world: Any, word: str, n: int, parent: Any) -> Any:
    return _citation(events.StatementCitation, parent or statement(world, above(word), n), world, word)


# Alliances: the home college leads the sample


@sample("alliances")
def alliance(world: Any, word: str, n: int, parent: Any = None) -> Any:
    itself = cast.organisation(f"Alliance {above(word)} {world.number()}", kind=Kind.ALLIANCE, country="CN")
    made = keep(
        alliances.Alliance(organisation=itself, founded=When.read("2023"), scope=words(word), note=words(word)), world
    )
    keep(alliances.Member(alliance=made, organisation=world.home, role="lead", joined=When.read("2023")), world)
    return made


@sample("members", under="alliances")
def member(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """The partner has applied to join what the home college leads; nobody else knows."""
    if n == 1 and parent is None:
        of = alliance(world, above(word), n)
        return joining.apply(of, organisation=world.abroad, reason=words(word), by=world.actor("partner"))
    made = alliances.Member(
        alliance=parent or alliance(world, above(word), n), organisation=cast.organisation(f"{above(word)} applicant", country="UZ"),
        state="applied", reason=words(word),
    )  # fmt: skip
    return keep(made, world)


@sample("bodies", under="alliances")
def _body(world: Any, word: str, n: int, parent: Any) -> Any:
    made = alliances.Body(
        alliance=parent or alliance(world, above(word), n), title=words(word), held=When.read("2024"), decided=words(word),
        seat=cast.organisation(f"Seat {above(word)}"), event=event(world, above(word), n),
    )  # fmt: skip
    return keep(made, world)


@sample("alliance-citations", under="alliances")
def _alliance_citation(world: Any, word: str, n: int, parent: Any) -> Any:
    return _citation(alliances.AllianceCitation, parent or alliance(world, above(word), n), world, word)


@sample("member-citations", under="members")
def _member_citation(world: Any, word: str, n: int, parent: Any) -> Any:
    return _citation(alliances.MemberCitation, parent or member(world, above(word), n), world, word)


# Agreements


@sample("agreements")
def agreement(world: Any, word: str, n: int, parent: Any = None) -> Any:
    """A draft between the home college and the partner, without a text yet."""
    officer = world.actor("officer")
    made = agreements.Agreement(title=words(word), opened_by=world.home, place=words(word), note=words(word))
    actions.keep_agreement(made, by=officer)
    second = agreements.Party(agreement=made, number=2, organisation=world.abroad, part="host", signatory=words(word))
    actions.keep_part(second, made, by=officer)
    return made


def proposed(world: Any, word: str, n: int) -> Any:
    """A draft whose text the partner has proposed; it is the home college's turn."""
    made = agreement(world, word, n)
    text = Texts.of({"en": f"{word} wording", "zh": f"{word} 文本"})
    actions.propose_text(made, text=text, prevails="", by=world.actor("partner"), remarks=words(word))
    return made


def signed(world: Any, word: str, n: int) -> Any:
    """Signed on paper and recorded, with a clause; not published."""
    made = agreement(world, word, n)
    actions.keep_part(
        agreements.Clause(agreement=made, number=1, promise=words(word), due=When.read("2030")),
        made,
        by=world.actor("officer"),
    )
    text = Texts.of({"en": f"{word} wording"})
    actions.record_signed(made, signed=When.read("2024-05-08"), text=text, by=world.actor("officer"))
    return agreements.Agreement.objects.get(pk=made.pk)


@sample("parties", under="agreements")
def _party(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or agreement(world, above(word), n)
    made = agreements.Party(
        agreement=of, number=n + 10, organisation=cast.organisation(f"Third {above(word)}", country="KZ"), name=words(word),
        signatory=words(word), post=words(word), authority=words(word), approved_inside=words(word),
    )  # fmt: skip
    return actions.keep_part(made, of, by=world.actor("officer"))


@sample("clauses", under="agreements")
def clause(world: Any, word: str, n: int, parent: Any = None) -> Any:
    of = parent or agreement(world, above(word), n)
    made = agreements.Clause(agreement=of, number=n, promise=words(word), due=When.read("2030"))
    return actions.keep_part(made, of, by=world.actor("officer"))


@sample("clause-debtors", under="clauses")
def _debtor(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or clause(world, word, n)
    third = cast.organisation(f"Debtor {above(word)}")
    owing = agreements.Party(agreement=of.agreement, number=n + 10, organisation=third)
    actions.keep_part(owing, of.agreement, by=world.actor("officer"))
    return actions.keep_part(agreements.ClauseDebtor(clause=of, party=owing), of.agreement, by=world.actor("officer"))


@sample("fulfilments", under="clauses")
def _fulfilment(world: Any, word: str, n: int, parent: Any) -> Any:
    """Told by the home college, not confirmed yet."""
    of = parent or signed(world, above(word), n).clauses.get()
    made = agreements.Fulfilment(
        clause=of, party=of.agreement.parties.get(organisation=world.home), text=words(word), done=When.read("2024-06"),
        document=document(world, above(word)),
    )  # fmt: skip
    return changes.save(made, by=world.actor("officer"), deed="fulfil")


@sample("versions", under="agreements")
def version(world: Any, word: str, n: int, parent: Any = None) -> Any:
    of = parent or agreement(world, above(word), n)
    actions.propose_text(
        of, text=Texts.of({"en": f"{word} wording"}), prevails="", by=world.actor("officer"), remarks=words(word),
        digest=getattr(queries.open_version(of), "digest", ""),
    )  # fmt: skip
    return queries.open_version(of)


@sample("texts", under="versions")
def _text(world: Any, word: str, n: int, parent: Any) -> Any:
    if parent is not None:
        return keep(agreements.Text(version_of=parent, language=f"x-{n}", body=word), world)
    return queries.open_version(proposed(world, word, n)).texts.first()


@sample("approvals", under="versions")
def _approval(world: Any, word: str, n: int, parent: Any) -> Any:
    if parent is None:
        of = proposed(world, above(word), n)
        digest = queries.open_version(of).digest
        actions.approve(of, digest=digest, basis=words(word), by=world.actor("officer"))
        return agreements.Approval.objects.get(version_of__agreement=of)
    made = agreements.Approval(
        version_of=parent, party=_third(world, parent, word, n), digest=parent.digest, given_on=When.read("2024-05-08").earliest,
        person=world.actor("officer").person, basis=words(word),
    )  # fmt: skip
    return changes.save(made, by=world.actor("officer"), deed="approve")


def _third(world: Any, parent: Any, word: str, n: int) -> Any:
    return keep(
        agreements.Party(
            agreement=parent.agreement,
            number=100 + world.number(),
            organisation=cast.organisation(f"Party {above(word)}"),
        ),
        world,
    )


@sample("signatures", under="versions")
def _signature(world: Any, word: str, n: int, parent: Any) -> Any:
    if parent is None:
        of = signed(world, above(word), n)
        made = agreements.Signature.objects.filter(version_of__agreement=of).order_by("id").first()
        made.signatory, made.post = words(word), words(word)
        return keep(made, world)
    made = agreements.Signature(
        version_of=parent, party=_third(world, parent, word, n), digest=parent.digest, signatory=words(word), post=words(word),
        signed=When.read("2024-05"), person=world.actor("officer").person,
    )  # fmt: skip
    return changes.save(made, by=world.actor("officer"), deed="sign")


@sample("subjects", under="agreements")
def _subject(world: Any, word: str, n: int, parent: Any) -> Any:
    of = parent or agreement(world, above(word), n)
    return keep(agreements.Subject(agreement=of, isced=f"{n % 90 + 10}", name=words(word)), world)


@sample("agreement-citations", under="agreements")
def _agreement_citation(world: Any, word: str, n: int, parent: Any) -> Any:
    return _citation(agreements.AgreementCitation, parent or agreement(world, above(word), n), world, word)
