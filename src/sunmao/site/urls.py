"""Addresses: the site's own, then each room's special pages, then every desk's."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from sunmao.kernel import rest
from sunmao.kernel.urls import lists
from sunmao.kernel.urls import urls as desk_urls
from sunmao.portal.views import home
from sunmao.site import rest as own_rest
from sunmao.site import views

handler400 = "sunmao.site.views.not_understood"
handler403 = "sunmao.site.views.not_open"
handler404 = "sunmao.site.views.not_found"
handler429 = "sunmao.site.views.too_many"  # which django-allauth asks for
handler500 = "sunmao.site.views.broken"
urlpatterns = [
    path("", home, name="home"),
    lists(),  # what is asked for most is found first
    path("search/", views.search_page, name="search"),
    path("today/", views.today, name="today"),
    path("api/today/", own_rest.TodayView.as_view(), name="api-today"),
    path("account/", views.account, name="account"),
    path("language/<str:code>/", views.language, name="language"),
    path("theme/<str:theme>/", views.theme, name="theme"),
    path("healthz", views.health),
    path("accounts/fresh/", views.fresh, name="fresh"),
    path("accounts/", include("allauth.urls")),
    path("agreements/", include("sunmao.agreements.urls")),
    path("", include("sunmao.indicators.urls")),
    path("", include("sunmao.keys.urls")),
    path("", include("sunmao.credentials.urls")),
    path("", include("sunmao.standards.urls")),
    path("", include("sunmao.recognition.urls")),
    path("", include("sunmao.portal.verify_urls")),
    path("", include("sunmao.portal.recognised_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    *rest.urls(),
    *desk_urls(),
]
