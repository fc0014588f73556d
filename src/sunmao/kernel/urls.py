"""Addresses of every desk's pages. The site includes them after its own, so that a room's special page wins."""

from django.urls import URLPattern, path, register_converter

from sunmao.kernel import desk as desks
from sunmao.kernel import exports, import_pages, pages, side_pages


class Slug:
    """A desk's slug; anything else is not ours to answer."""

    regex = "[a-z][a-z-]*"

    def to_python(self, value: str) -> str:
        if desks.desk(value) is None:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Slug, "desk")


def lists() -> URLPattern:
    """Return the address of the lists, which no room's special page takes; the site asks for it first."""
    return path("<desk:slug>/", pages.ListPage.as_view(), name="desk-list")


def urls() -> list[URLPattern]:
    return [
        path("when/", side_pages.kept_as, name="when"),
        path("<desk:slug>/add/", pages.FormPage.as_view(), name="desk-add"),
        path("<desk:slug>/export.<str:form>", exports.ExportPage.as_view(), name="desk-export"),
        path("<desk:slug>/import/", import_pages.FilePage.as_view(), name="desk-import"),
        path("<desk:slug>/import/<str:run>/mapping/", import_pages.MappingPage.as_view(), name="desk-import-mapping"),
        path("<desk:slug>/import/<str:run>/check/", import_pages.CheckPage.as_view(), name="desk-import-check"),
        path("<desk:slug>/import/<str:run>/bad.csv", import_pages.BadRowsPage.as_view(), name="desk-import-bad"),
        path("<desk:slug>/import/<str:run>/done/", import_pages.DonePage.as_view(), name="desk-import-done"),
        path("<desk:slug>/pick/", side_pages.PickPage.as_view(), name="desk-pick"),
        path("<desk:slug>/save-view/", side_pages.SaveViewPage.as_view(), name="desk-save-view"),
        path("<desk:slug>/<str:key>/", pages.RecordPage.as_view(), name="desk-record"),
        path("<desk:slug>/<str:key>/edit/", pages.FormPage.as_view(), name="desk-edit"),
        path("<desk:slug>/<str:key>/delete/", side_pages.DeletePage.as_view(), name="desk-delete"),
        path("<desk:slug>/<str:key>/history/", side_pages.HistoryPage.as_view(), name="desk-history"),
        path("<desk:slug>/<str:key>/do/<str:deed>/", pages.DeedPage.as_view(), name="desk-deed"),
        path("<desk:slug>/<str:key>/files/<str:field>/", side_pages.FilePage.as_view(), name="desk-file"),
    ]
