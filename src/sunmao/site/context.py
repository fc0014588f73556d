"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in ("light", "dark") else "",
        "demo": (settings.SUNMAO_HOME / "demo").exists(),
        "search_words": request.GET.get("q", "") if request.path == "/search/" else "",
    }
