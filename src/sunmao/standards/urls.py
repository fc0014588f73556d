"""Addresses of the room's own pages; they come before those of its desks."""

from django.urls import path

from sunmao.standards import views

urlpatterns = [path("crosswalks/<str:code>/workbench/", views.Workbench.as_view(), name="workbench")]
