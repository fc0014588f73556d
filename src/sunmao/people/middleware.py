"""Tells each request's account how it signed in, and makes a visitor of whoever has not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from sunmao.kernel import clock
from sunmao.people.models import FRESH
from sunmao.people.visitor import Visitor


class PersonMiddleware:
    """Puts a `Visitor` or the signed-in `User`, with `second_factor` and `bound` set, on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in: Any = request.user
        request.user = SimpleLazyObject(lambda: self._person(request, signed_in))  # type: ignore[assignment]
        return self.get_response(request)

    @staticmethod
    def _person(request: HttpRequest, user: Any) -> Any:
        if not user.is_authenticated:
            request.user = Visitor()
            return request.user
        methods = request.session.get("account_authentication_methods", [])
        factors = [method.get("at", 0) for method in methods if method.get("method") == "mfa"]
        user.second_factor, last = bool(factors), max(factors, default=0)
        user.bound = user.second_factor and clock.now().timestamp() - last < FRESH.total_seconds()
        request.user = user._wrapped if isinstance(user, SimpleLazyObject) else user  # who asks again need not go round
        return request.user
