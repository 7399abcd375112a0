"""List, page, form, bulk, export and conversation of one kind of record, from one class.

Three ways out, in this order: override a method; add a template named after the record
(``sales/order_detail.html``); write a plain view beside the class.
"""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rawabit.kit.screens.addresses import bind
from rawabit.kit.screens.base import ScreensBase
from rawabit.kit.screens.bulk import BulkPages
from rawabit.kit.screens.detail import DetailPages
from rawabit.kit.screens.editing import FormPages
from rawabit.kit.screens.exports import ExportPages
from rawabit.kit.screens.listing import ListPages
from rawabit.kit.screens.social import SocialPages

form_page = require_http_methods(["GET", "HEAD", "POST"])


class Screens(ListPages, DetailPages, FormPages, BulkPages, ExportPages, SocialPages, ScreensBase):
    """See the module's text. Subclass, declare, list in ``config/screens.py``."""

    @classmethod
    def urls(cls) -> list[URLPattern]:
        s, slug = cls(), cls.slug
        bind(s)
        get, post = require_GET, require_POST
        return [
            path(f"{slug}/", get(s.list), name=f"{slug}-list"),
            path(f"{slug}/new/", form_page(s.create), name=f"{slug}-create"),
            path(f"{slug}/export.<str:kind>", get(s.export), name=f"{slug}-export"),
            path(f"{slug}/views/", post(s.save_view), name=f"{slug}-save-view"),
            path(f"{slug}/views/<int:view>/delete/", post(s.delete_view), name=f"{slug}-delete-view"),
            path(f"{slug}/bulk/<slug:name>/", post(s.bulk_do), name=f"{slug}-bulk"),
            path(f"{slug}/<int:pk>/", get(s.detail), name=f"{slug}-detail"),
            path(f"{slug}/<int:pk>/edit/", form_page(s.update), name=f"{slug}-update"),
            path(f"{slug}/<int:pk>/do/<slug:name>/", form_page(s.do), name=f"{slug}-do"),
            path(f"{slug}/<int:pk>/comment/", post(s.comment), name=f"{slug}-comment"),
            path(f"{slug}/<int:pk>/files/", post(s.attach), name=f"{slug}-attach"),
            path(f"{slug}/<int:pk>/files/<uuid:uid>/", get(s.file), name=f"{slug}-file"),
            path(f"{slug}/<int:pk>/assign/", post(s.assign), name=f"{slug}-assign"),
            path(f"{slug}/<int:pk>/assign/<int:assignment>/done/", post(s.assignment_done), name=f"{slug}-assigned"),
            *s.more_urls(),
        ]

    def more_urls(self) -> list[URLPattern]:
        """Addresses of pages written by hand beside these. For overriding."""
        return []
