"""Reopens the register after a kill and prints as JSON what it holds and what the doctor finds."""

from __future__ import annotations

import json


def main() -> None:
    from sunmao.agreements.models import Approval, Version
    from sunmao.cohorts.models import Learner, Result
    from sunmao.directory.models import Organisation, OrganisationName
    from sunmao.kernel import doctor
    from sunmao.workshops.models import Evidence, Stage

    print(json.dumps({
        "found": [f"{item.place}: {item.says}" for item in doctor.examine()],
        "add": list(Organisation.objects.filter(names__language="zh").order_by("id").values_list("code", flat=True)),
        "names": OrganisationName.objects.filter(language="zh").count(),
        "edit": int(Organisation.objects.get(names__text="The counted house").city or 0),
        "approve": list(Version.objects.order_by("id").values_list("digest", flat=True)),
        "approvals": Approval.objects.count(),
        "proposed": Evidence.objects.count(), "stage": Stage.objects.get(kind="site").state,
        "result": list(Learner.objects.order_by("id").values_list("number", flat=True)),
        "results": Result.objects.count(),
    }))  # fmt: skip
