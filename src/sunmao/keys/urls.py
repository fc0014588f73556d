"""Addresses of DID documents, as the did:web method asks for them."""

from django.urls import path

from sunmao.keys import views

urlpatterns = [path("did/<str:code>/did.json", views.did_document, name="did-document")]
