"""Addresses of the public pages on recognition."""

from django.urls import path

from sunmao.portal import recognised

urlpatterns = [
    path("recognised/", recognised.recognised, name="recognised"),
    path("recognised/register/", recognised.register, name="recognised-register"),
]
