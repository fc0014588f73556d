"""Addresses of the room's own pages; they come before those of its desks."""

from django.urls import path

from sunmao.standards import case_views, views

CASE = "ims/case/<str:edition>"

urlpatterns = [
    path("crosswalks/<str:code>/workbench/", views.Workbench.as_view(), name="workbench"),
    path(f"{CASE}/CFDocuments", case_views.documents, name="case-documents"),
    path(f"{CASE}/CFDocuments/<uuid:found>", case_views.document, name="case-document"),
    path(f"{CASE}/CFPackages/<uuid:found>", case_views.package, name="case-package"),
    path(f"{CASE}/CFItems/<uuid:found>", case_views.item, name="case-item"),
    path(f"{CASE}/CFAssociations/<uuid:found>", case_views.association, name="case-association"),
    path(f"{CASE}/CFItemAssociations/<uuid:found>", case_views.associations_of, name="case-item-associations"),
]
