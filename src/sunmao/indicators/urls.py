"""Addresses of the figure pages and of their REST face."""

from django.urls import path

from sunmao.indicators import rest, views

urlpatterns = [
    path("figures/", views.figures_page, name="figures"),
    path("figures/<slug:key>/", views.figure_page, name="figure"),
    path("api/figures/", rest.FiguresView.as_view(), name="api-figures"),
    path("api/figures/<slug:key>/", rest.FigureView.as_view(), name="api-figure"),
]
