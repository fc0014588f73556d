"""Addresses of the room's own pages; they come before those of its desks."""

from django.urls import path

from sunmao.agreements import views

urlpatterns = [
    path("deadlines/", views.deadlines, name="agreement-deadlines"),
    path("deadlines.ics", views.deadlines_feed, name="agreement-deadlines-feed"),
    path("deadlines/feed/", views.make_feed, name="agreement-deadlines-make-feed"),
    path("deadlines/feed/close/", views.close_feed, name="agreement-deadlines-close-feed"),
]
