"""Addresses of verification."""

from django.urls import path

from sunmao.portal import vc_rest, verify, verify_rest

urlpatterns = [
    path("verify/", verify.verify, name="verify"),
    path("v/<str:token>/", verify.link, name="verify-link"),
    path("v/<str:token>/certificate.<str:form>", verify.link_file, name="verify-link-file"),
    path("api/verify/", verify_rest.VerifyView.as_view(), name="api-verify"),
    path("api/vc/credentials/verify", vc_rest.CredentialView.as_view(), name="vc-verify-credential"),
    path("api/vc/presentations/verify", vc_rest.PresentationView.as_view(), name="vc-verify-presentation"),
]
