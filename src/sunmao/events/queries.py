"""Questions others ask of events: which commitments an organisation has taken on."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from sunmao.events.models import Commitment, CommitmentState


def taken_on(user: Any) -> QuerySet[Any]:
    """Return the commitments that the person's organisations have taken on and of which nothing is told yet."""
    rows = Commitment.objects.filter(owners__organisation__in=user.seats("officer"), state=CommitmentState.OPEN)
    return rows.select_related("consensus").distinct().order_by("id")
