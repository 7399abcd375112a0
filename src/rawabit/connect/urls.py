"""Addresses of the import pages."""

from __future__ import annotations

from typing import Any

from django.urls import path

from rawabit.connect.desk import pages

urlpatterns: list[Any] = [
    path("", pages.imports, name="imports"),
    path("<uuid:uid>/", pages.status, name="import"),
    path("<uuid:uid>/columns/", pages.mapping, name="import-map"),
    path("<uuid:uid>/reading/", pages.reading, name="import-reading"),
    path("<uuid:uid>/map/", pages.own_map, name="import-own-map"),
    path("<uuid:uid>/map.toml", pages.map_text, name="import-map-text"),
    path("<uuid:uid>/run/", pages.run, name="import-run"),
    path("<uuid:uid>/stop/", pages.stop, name="import-stop"),
    path("<uuid:uid>/undo/", pages.undo, name="import-undo"),
    path("<uuid:uid>/remove/", pages.discard, name="import-discard"),
    path("<uuid:uid>/failed/<int:number>/", pages.failed_rows, name="import-failed-rows"),
    path("<uuid:uid>/records/<str:kind>/", pages.records, name="import-records"),
]
