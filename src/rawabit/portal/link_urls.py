"""Addresses of links, and the link's own pages, which are reached below a link alone."""

from __future__ import annotations

from django.urls import path, re_path

from rawabit.portal import link_views

urlpatterns = [
    path("link/code/", link_views.code, name="link-code"),
    path("link/language/", link_views.language, name="link-language"),
    path("link/opened/", link_views.opened, name="link-opened"),
    path("l/<str:token>/", link_views.enter, name="link"),
    re_path(r"^l/(?P<token>[^/]+)$", link_views.without_slash, name="link-without-slash"),
    path("l/<str:token>/<path:rest>", link_views.enter, name="link-page"),
]
