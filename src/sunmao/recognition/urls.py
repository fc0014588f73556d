"""Addresses of the room's own pages; they come before those of its desks."""

from django.urls import path

from sunmao.recognition import rest, views

urlpatterns = [
    path("coverage/", views.coverage, name="coverage"),
    path("coverage/<str:source>/<str:target>/", views.pair, name="coverage-pair"),
    path("unlocking/", views.unlocking, name="unlocking"),
    path("decisions/<str:code>/letter.pdf", views.letter, name="decision-letter"),
    path("api/decisions/<str:code>/letter.pdf", rest.LetterView.as_view(), name="api-decision-letter"),
    path("api/recognition-cases/<str:code>/clock/", rest.ClockView.as_view(), name="api-case-clock"),
    path("api/recognised/", rest.RecognisedView.as_view(), name="api-recognised"),
    path("api/coverage/", rest.CoverageView.as_view(), name="api-coverage"),
    path("api/coverage/<str:source>/<str:target>/", rest.PairView.as_view(), name="api-coverage-pair"),
    path("api/unlocking/", rest.UnlockingView.as_view(), name="api-unlocking"),
]
