"""Signed addresses of one document."""

from django.apps import AppConfig


class LinksConfig(AppConfig):
    name = "rawabit.kit.links"
    label = "kit_links"
