"""Two people award the same cohort at the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from award_cast import World, world
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection

from sunmao.credentials.models import HELD, Credential

pytestmark = pytest.mark.django_db(transaction=True)


def _award(made: World, by: Any, gate: threading.Barrier, told: list[str]) -> None:
    gate.wait()
    try:
        made.confer(by=by)
        told.append("awarded")
    except (ValidationError, OperationalError) as error:
        told.append(type(error).__name__)
    finally:
        connection.close()


def test_two_people_at_once_leave_each_learner_one_credential():
    made = world(joint=False, learners=3)
    told: list[str] = []
    gate = threading.Barrier(2)
    threads = [threading.Thread(target=_award, args=(made, who, gate, told)) for who in (made.lin, made.wang)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    held = Counter(Credential.objects.filter(state__in=HELD).values_list("learner_id", flat=True))
    assert sorted(told)[-1] == "awarded"
    assert len(told) == 2
    assert set(held.values()) == {1}
    assert len(held) == 3
