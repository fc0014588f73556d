"""What waits for a person, as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sunmao.kernel import clock
from sunmao.kernel.errors import NotAllowed
from sunmao.site import today


def data(user: Any) -> dict[str, Any]:
    """Return what waits for a person by kind, each with its day and the page where it is done."""
    day = clock.today()
    return {
        kind: [
            {
                "what": turn.what, "record": str(turn.record), "code": turn.record.code, "due": turn.due and str(turn.due),
                "days_late": turn.days_late(day), "said": turn.said, "url": turn.url,
            }
            for turn in rows
        ]
        for kind, rows in today.turns(user).items()
    }  # fmt: skip


class TodayView(APIView):
    """What waits for whoever asks: late, mine, others, ends."""

    @extend_schema(operation_id="today", responses=OpenApiTypes.OBJECT, tags=["today"])
    def get(self, request: Request) -> Response:
        if not request.user.is_authenticated:
            raise NotAllowed("sign-in")
        return Response(data(request.user))
