"""The product's settings with the peers' pages beside its own."""

from sunmao.site.settings import *  # noqa: F403
from sunmao.site.settings import INSTALLED_APPS as _APPS
from sunmao.site.settings import TEMPLATES as _TEMPLATES

INSTALLED_APPS = [*_APPS, "django_tables2"]
ROOT_URLCONF = "benchmarks.listing_peers"
TEMPLATES = [{**_TEMPLATES[0], "DIRS": [*_TEMPLATES[0]["DIRS"], "benchmarks/templates"]}]
