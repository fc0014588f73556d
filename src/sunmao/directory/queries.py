"""Questions others ask of the directory."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from sunmao.directory.models import Bloc, BlocMember


def bloc_countries(bloc: Bloc, as_of: date) -> frozenset[str]:
    """Return the codes of a bloc's member countries and regions, as surely known on a day."""
    rows = BlocMember.objects.filter(bloc=bloc).filter(Q(since="") | Q(since__surely_by=as_of))
    ended = Q(until__surely_by=as_of)
    return frozenset(str(code) for code in rows.exclude(ended).values_list("country", flat=True))
