"""A verdict in the reader's words: one heading with its tone, and a row per check that says what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from sunmao.kernel.text import Texts
from sunmao.portal.judging import Judged
from sunmao.portal.reasons import REASONS
from sunmao.vc.clr import GOOD as GOOD_RECORD
from sunmao.vc.report import Check, State, Verdict

NAMES = {
    "format": gettext_lazy("File"),
    "disclosure": gettext_lazy("What is shown"),
    "holder": gettext_lazy("Holder"),
    "structure": gettext_lazy("Structure"),
    "schema": "Open Badges 3.0",
    "proof": gettext_lazy("Signature"),
    "issuer": gettext_lazy("Issuer"),
    "joint": gettext_lazy("Joint issuer"),
    "dates": gettext_lazy("Dates"),
    "status": gettext_lazy("Status"),
    "message": gettext_lazy("Remark of the issuer"),
    "endorsement": gettext_lazy("Endorsement"),
    "record": gettext_lazy("Credential in the record"),
}
PURPOSES = {
    "revocation": pgettext_lazy("a status list", "revocation"),
    "suspension": pgettext_lazy("a status list", "suspension"),
    "message": pgettext_lazy("a status list", "remarks"),
}
# What the register's own lists say (credentials.lists.MESSAGES and CROSSWALK_MESSAGES), for translators.
MESSAGES = {
    "under review": pgettext_lazy("a status list", "under review"),
    "details corrected": pgettext_lazy("a status list", "details corrected"),
    "reissued": pgettext_lazy("a status list", "reissued"),
    "a row was withdrawn": pgettext_lazy("a status list", "a row was withdrawn"),
    "a newer issue took its place": pgettext_lazy("a status list", "a newer issue took its place"),
    "a side took it back": pgettext_lazy("a status list", "a side took it back"),
}
# Icon and class per state of a check. Only GOOD is green.
LOOKS = {
    State.GOOD: ("done", "good"),
    State.BAD: ("late", "bad"),
    State.UNKNOWN: ("half", "wait"),
    State.NOT_ASKED: ("out", ""),
}
STATE_WORDS = {
    State.GOOD: gettext_lazy("good"), State.BAD: gettext_lazy("bad"), State.UNKNOWN: gettext_lazy("not known"),
    State.NOT_ASKED: gettext_lazy("not asked"),
}  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """What stands over everything: code for machines, words, one sentence, tone (good, wait, bad, none), icon."""

    code: str
    words: str
    says: str
    tone: str
    icon: str


def heading(judged: Judged) -> Heading:
    """Return the heading of a verdict: valid, valid with remarks, revoked and its like, not genuine, cannot be checked."""
    match judged.verdict:
        case Verdict.IN_FORCE if judged.test:
            return Heading(
                "demonstration", _("Demonstration, valid with remarks"),
                _("The signatures hold and nothing was revoked. But a demonstration key signed it, so it proves nothing."),
                "wait", "half",
            )  # fmt: skip
        case Verdict.IN_FORCE if any(check.state == State.UNKNOWN for check in judged.checks):
            return Heading(
                "remarks",
                _("Valid, with remarks"),
                _("Genuine and in force. See the remarks below."),
                "good",
                "done",
            )
        case Verdict.IN_FORCE:
            return Heading(
                "valid", _("Genuine and in force"), _("Every signature holds, and it is not revoked."), "good", "done"
            )
        case Verdict.NOT_IN_FORCE:
            return _not_in_force(judged)
        case Verdict.UNKNOWN_ISSUER:
            says = _(
                "The signature fits its key, but this register knows nothing of whoever signed. Anyone can make such a file."
            )
            return Heading("unknown", _("The issuer is not known here"), says, "wait", "half")
        case Verdict.NOT_GENUINE if any(check.code == "key_compromised" for check in judged.checks):
            says = _(
                "Do not accept it. Others may have had the key that signed it, and nobody outside had kept a trace of it before. Its institution can issue an honest one anew."
            )
            return Heading("stolen", _("Not genuine"), says, "bad", "late")
        case Verdict.NOT_GENUINE:
            says = _(
                "Do not accept it. What was signed is not what this file says, or it was not its issuer who signed."
            )
            return Heading("false", _("Not genuine"), says, "bad", "late")
    return _cannot(judged)


def _not_in_force(judged: Judged) -> Heading:
    codes = {check.code for check in judged.checks if check.state == State.BAD}
    words = {
        "revoked": (
            _("Revoked"),
            _("It was genuine, and its issuer has revoked it. It no longer holds."),
            "bad",
            "cross",
        ),
        "suspended": (_("Suspended"), _("It is genuine, but its issuer has suspended it for now."), "wait", "half"),
        "expired": (_("Expired"), _("It is genuine, but its last day has passed."), "wait", "half"),
        "not_yet_valid": (_("Not valid yet"), _("It is genuine, but its first day has not come."), "wait", "half"),
    }
    code = next((code for code in words if code in codes), "suspended")
    return Heading(code, *words[code])


def _cannot(judged: Judged) -> Heading:
    if any(check.code == "joint_missing" for check in judged.checks):
        says = _("Not every institution named in it has signed it yet.")
    elif judged.told.get("format") == "register":
        says = _(
            "The holder's data were erased here. Ask the holder for the file and choose it below: it can still be checked."
        )
    else:
        says = _("Something needed for the check is missing. This is not a refusal; see below what.")
    return Heading("cannot", _("Cannot be checked"), says, "none", "ring")


def rows(judged: Judged, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a row per check; `names` says how institutions are called by their identifiers."""
    return [
        {
            "label": _label(check, names), "says": sentence(check, names), "icon": LOOKS[check.state][0],
            "look": LOOKS[check.state][1], "state": STATE_WORDS[check.state],
        }
        for check in judged.checks
    ]  # fmt: skip


def _label(check: Check, names: Mapping[str, str]) -> str:
    if check.code == GOOD_RECORD:
        return "Comprehensive Learner Record 2.0"
    if check.name == "status" and check.params.get("purpose") in PURPOSES:
        return f"{NAMES['status']}: {PURPOSES[check.params['purpose']]}"
    if check.code.startswith("crosswalk_"):
        return _("Crosswalk")
    return str(NAMES.get(check.name, check.name))


def sentence(check: Check, names: Mapping[str, str]) -> str:
    """Return the reason in the language in use, institutions by name."""
    params = {name: str(value)[:300] for name, value in check.params.items() if not isinstance(value, dict)}
    if "id" in params:
        params["id"] = called(params["id"], check.params.get("names"), names)
    if params.get("purpose") in PURPOSES:
        params["purpose"] = str(PURPOSES[params["purpose"]])
    if check.code == "status_message":
        params["message"] = str(MESSAGES.get(params["message"], params["message"]))
    return str(REASONS[check.code]).format_map(params)


def called(identifier: str, given: Any, names: Mapping[str, str]) -> str:
    """Return what an institution is called: by the register, else by the verifier's own knowledge, else its id."""
    if identifier in names:
        return names[identifier]
    if isinstance(given, dict) and given:
        return Texts.of(given).best(get_language())[0]
    return identifier
