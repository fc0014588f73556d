"""Addresses of the room's own pages; they come before those of its desks."""

from django.urls import path

from sunmao.credentials import copying, handing, pictures, recording, rest, sharing, views

# Of each credential its files; of each conferral and batch its papers.
_FILES = [
    way
    for slug in handing.SINGLE
    for way in (
        path(f"{slug}/<str:key>/certificate.<str:form>", views.certificate, {"slug": slug}, name=f"{slug}-file"),
        path(
            f"api/{slug}/<str:key>/certificate.<str:form>", handing.FileView.as_view(slug=slug), name=f"api-{slug}-file"
        ),
    )
]
_PAPERS = [
    way
    for slug in handing.WHOLE
    for way in (
        path(f"{slug}/<str:key>/papers.zip", views.many, {"slug": slug}, name=f"{slug}-papers"),
        path(f"api/{slug}/<str:key>/papers.zip", handing.PapersView.as_view(slug=slug), name=f"api-{slug}-papers"),
    )
]

urlpatterns = [
    *_FILES,
    *_PAPERS,
    path("credentials/<str:code>/copy.<str:form>", copying.copy, name="credential-copy"),
    path("credentials/<str:code>/record.<str:form>", copying.record, name="credential-record"),
    path("api/credentials/<str:code>/copy.<str:form>", copying.CopyView.as_view(), name="api-credential-copy"),
    path("api/credentials/<str:code>/record.<str:form>", copying.RecordView.as_view(), name="api-credential-record"),
    path("credentials/<str:code>/share/", sharing.share, name="credential-share"),
    path("api/credentials/<str:code>/share/", sharing.ShareView.as_view(), name="api-credential-share"),
    path("credentials/<str:code>/learner-record/", recording.record, name="learner-record"),
    path(
        "api/credentials/<str:code>/learner-record/", recording.LearnerRecordView.as_view(), name="api-learner-record"
    ),
    path("awards/<str:code>/picture/<str:sha256>.png", pictures.serve, name="award-picture"),
    path("awards/<str:code>/preview.pdf", views.preview, name="award-preview"),
    path("crosswalk-credentials/<str:code>/credential.json", views.crosswalk_file, name="crosswalk-file"),
    path("contexts/crosswalk/v1", views.crosswalk_context, name="crosswalk-context"),
    path("status/<str:code>/<int:number>/<str:purpose>", views.status_list, name="status-list"),
    path("api/vc/credentials/issue", rest.IssueView.as_view(), name="vc-issue"),
    path("api/vc/credentials/status", rest.StatusView.as_view(), name="vc-status"),
]
