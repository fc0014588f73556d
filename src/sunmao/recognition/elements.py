"""The elements looked at in order before outcomes: authenticity, rights at home, institution, delivery,
level, profile. Each says what it found, with a reason code; none weighs another.

The institution counts as it stood on the day of award: a later loss does not void what was awarded. Under a
convention a difference is substantial only where a competent host authority has shown it.
"""

from __future__ import annotations

from collections.abc import Mapping

from sunmao.recognition.evidence import Credential, StatusChange
from sunmao.recognition.facts import (
    Accreditation,
    DeliveryPermit,
    HomeRight,
    Instrument,
    ProgrammeVersion,
    Referencing,
    ShownDifference,
)
from sunmao.recognition.inquiry import Inquiry
from sunmao.recognition.record import Element, Params, State
from sunmao.recognition.terms import (
    Authenticity,
    Basis,
    ConditionKind,
    Level,
    Purpose,
    Status,
)


def authenticity(inquiry: Inquiry, credential: Credential) -> Element:
    """Whether the document is genuine and stands on the day asked about; fraud voids it from the start."""

    def said(state: State, reason: str) -> Element:
        return Element("authenticity", state, reason, rests_on=(credential.key,))

    known = [h for h in credential.history if h.known.at(inquiry.known_at)]
    if credential.authenticity is Authenticity.REFUTED or any(h.status is Status.FRAUD for h in known):
        return said(State.FAILED, "fraud")
    if credential.awarded_on > inquiry.as_of:
        return said(State.FAILED, "not_yet_awarded")
    if inquiry.as_of not in credential.span:
        return said(State.FAILED, "expired")
    status = _status(known, inquiry)
    if status is Status.REVOKED or not inquiry.holds(credential):
        return said(State.FAILED, "revoked")
    if status is Status.SUSPENDED:
        return said(State.UNKNOWN, "suspended")
    if credential.authenticity is Authenticity.UNCONFIRMED:
        return said(State.UNKNOWN, "not_confirmed")
    return said(State.MET, "confirmed")


def _status(known: list[StatusChange], inquiry: Inquiry) -> Status:
    """The latest status in effect; of two on one day the graver."""
    gravity = (Status.ACTIVE, Status.SUSPENDED, Status.REVOKED, Status.FRAUD)
    past = [(h.effective_on, gravity.index(h.status)) for h in known if h.effective_on <= inquiry.as_of]
    return gravity[max(past)[1]] if past else Status.ACTIVE


def rights(inquiry: Inquiry, credential: Credential, purpose: Purpose) -> Element:
    """Whether the qualification opens, at home, what is asked for here. One unit opens nothing by itself."""
    if credential.unit:
        return Element("rights", State.NOTED, "one_unit_only", rests_on=(credential.key,))
    found = inquiry.ask(HomeRight, "right", credential.programme, purpose.value, day=credential.awarded_on)
    keys = tuple(f.key for f in found)
    answers = {f.given for f in found}
    if answers == {True}:
        return Element("rights", State.MET, "given_at_home", rests_on=keys)
    if answers == {False}:
        return Element("rights", State.FAILED, "not_given_at_home", rests_on=keys)
    return Element("rights", State.UNKNOWN, "sources_differ" if answers else "not_known", rests_on=keys)


def institution(inquiry: Inquiry, credential: Credential, instrument: Instrument, purpose: Purpose) -> Element:
    """Whether the awarding institution stood accredited on the day of award, by the bodies asked for."""
    question = ("accreditation", credential.issuer)
    found = inquiry.ask(Accreditation, *question, day=credential.awarded_on)
    keys = tuple(f.key for f in found)
    bodies = {c.what for c in instrument.conditions if c.kind is ConditionKind.ACCREDITATION and purpose in c.purposes}
    if found and bodies <= {f.body for f in found}:
        return Element("institution", State.MET, "accredited_on_award", rests_on=keys)
    if found:
        return Element("institution", State.FAILED, "body_not_accepted", rests_on=keys)
    known = [f for f in inquiry.world.others.get(question, ()) if f.known.at(inquiry.known_at)]
    if known:
        return Element("institution", State.FAILED, "not_accredited_on_award")
    return Element("institution", State.UNKNOWN, "not_known")


def delivery(inquiry: Inquiry, credential: Credential) -> Element:
    """Whether teaching abroad was lawful in both countries, on its first day and on the day of award."""
    if credential.delivered_in in {"", credential.country}:
        return Element("delivery", State.MET, "at_home")
    days = (credential.delivered_from or credential.awarded_on, credential.awarded_on)
    keys: set[str] = set()
    unknown = []
    for country in sorted({credential.country, credential.delivered_in}):
        for day in days:
            found = inquiry.ask(DeliveryPermit, "delivery", credential.issuer, country, day=day)
            keys.update(f.key for f in found)
            if any(not f.lawful for f in found):
                params = (("country", country),)
                return Element("delivery", State.FAILED, "unlawful", params, tuple(sorted(keys)))
            if not found:
                unknown.append(country)
    if unknown:
        open_in = tuple(("country", country) for country in sorted(set(unknown)))
        return Element("delivery", State.UNKNOWN, "not_known", open_in, tuple(sorted(keys)))
    return Element("delivery", State.MET, "lawful_in_both", rests_on=tuple(sorted(keys)))


def common_step(inquiry: Inquiry, level: Level) -> tuple[int | None, tuple[str, ...]]:
    """The step on the common framework a level is referenced to, None where unknown or in dispute."""
    found = inquiry.ask(Referencing, "referencing", level.framework, str(level.step))
    steps = {f.common for f in found}
    return (steps.pop() if len(steps) == 1 else None), tuple(f.key for f in found)


def level(
    inquiry: Inquiry,
    credential: Credential,
    target: ProgrammeVersion,
    instrument: Instrument,
    shown: frozenset[str],
) -> Element:
    """How many steps lower the qualification lies; referencing compares levels and entitles nobody."""
    keys: tuple[str, ...] = ()
    held: int | None = credential.level.step
    asked: int | None = target.level.step
    if credential.level.framework != target.level.framework:
        held, home_keys = common_step(inquiry, credential.level)
        asked, host_keys = common_step(inquiry, target.level)
        keys = home_keys + host_keys
    convention = instrument.basis is Basis.CONVENTION
    if held is None or asked is None:
        if not convention:
            return Element("level", State.UNKNOWN, "no_referencing", rests_on=keys)
        if "level" in shown:
            return Element("level", State.SUBSTANTIAL, "shown_by_authority", rests_on=keys)
        return Element("level", State.NOTED, "presumed", rests_on=keys)
    lower = asked - held
    params = (("steps_lower", max(0, lower)),)
    if lower <= 0:
        return Element("level", State.MET, "not_lower", params, keys)
    if lower <= instrument.thresholds.level_steps:
        return Element("level", State.NOTED, "within_threshold", params, keys)
    if convention and "level" not in shown:
        return Element("level", State.NOTED, "presumed", params, keys)
    return Element("level", State.SUBSTANTIAL, "below_threshold", params, keys)


def profile(
    credential: Credential,
    target: ProgrammeVersion,
    instrument: Instrument,
    shown: frozenset[str],
    connected: Mapping[str, tuple[str, ...]],
) -> Element:
    """Whether the fields agree in the digits the instrument asks or, where it says so, confirmed rows connect enough of the
    target's outcomes with what the qualification shows; `connected` gives for each such outcome its rows.

    Under a convention another field, not shown to be a substantial difference, is left to a person: whether
    the two are comparable at all is what the presumption starts from.
    """
    digits, percent = instrument.thresholds.field_digits, instrument.thresholds.profile_percent
    params: Params = (("held", credential.field), ("asked", target.field))
    if credential.field[:digits] == target.field[:digits]:
        return Element("profile", State.MET, "same_field", params)
    if percent:
        params += (("connected", len(connected)), ("of", len(target.outcome_keys)))
        enough = bool(connected) and len(connected) * 100 >= percent * len(target.outcome_keys)
        if enough and "profile" not in shown:
            rows = tuple(sorted({row for rows in connected.values() for row in rows}))
            return Element("profile", State.NOTED, "other_field_connected", params, rows)
    if instrument.basis is Basis.CONVENTION and "profile" not in shown:
        return Element("profile", State.UNKNOWN, "other_field_not_shown", params)
    return Element("profile", State.SUBSTANTIAL, "other_field_apart" if percent else "other_field", params)


def shown_differences(
    inquiry: Inquiry, credential: Credential, target: ProgrammeVersion, competent: frozenset[str]
) -> dict[str, str]:
    """What the competent host authorities have shown for this home programme: subject to fact key."""
    found = inquiry.ask(ShownDifference, "difference", target.key)
    return {f.subject: f.key for f in found if f.authority in competent and f.programme in {"", credential.programme}}
