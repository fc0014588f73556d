"""What a file laid before an authority says, where it is a transcript in a format that can be read (ELM, ELMO). It is
evidence like a paper: unsigned, confirmed by nobody until its issuer is asked."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.credentials import saying
from sunmao.kernel import files
from sunmao.recognition.models.case import Exhibit
from sunmao.vc.errors import VcError
from sunmao.vc.transcripts.finding import find

LARGEST = 4 * 1024 * 1024  # read while the page is made


def part(record: Exhibit, user: Any) -> dict[str, Any]:
    """Return the lines of the file for the record's page. It names the applicant: only with a second factor."""
    if record.file is None or record.file.removed_on is not None or not user.second_factor:
        return {"hidden": True}
    if record.file.size > LARGEST:
        return {"hidden": True}
    try:
        found = find(files.read(record.file))
    except VcError as error:
        return {"refused": _("It cannot be read here: %(why)s") % {"why": error}}
    except (OSError, ValidationError):
        return {"hidden": True}
    return {"hidden": found is None, "rows": saying.rows(found.to_json()) if found else []}
