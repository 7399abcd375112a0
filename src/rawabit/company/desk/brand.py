"""The company's looks: colour with its contrast measured, logo, own CSS."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from rawabit.company.desk.page import company_page
from rawabit.company.models import Company
from rawabit.kit.access import access
from rawabit.kit.brand import NotAColour, derive, parse_colour, ratios
from rawabit.kit.marking import _
from rawabit.kit.outbox.letters import Letterhead
from rawabit.kit.owner_css import owner_css_problem
from rawabit.kit.records.sniff import check_upload
from rawabit.kit.request import Request
from rawabit.kit.screens.widgets import CodeInput
from rawabit.kit.states import Refused

ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
LARGEST = 512 * 1024
CSS_PROBLEMS = {
    "long": _("At most 20,000 characters."),
    "escape": _("Backslashes are not taken."),
    "markup": _("The sign < does not belong into CSS."),
    "fetch": _("Nothing may be loaded: no url(), no image()."),
    "rule": _("Only @media, @container and @supports are taken; no @import, no @font-face."),
    "brackets": _("A bracket or a comment is not closed."),
    "string": _("A quotation mark is not closed."),
}


class BrandForm(forms.ModelForm):
    widths = {"portal_name": 6, "brand_color": 6}
    new_logo = forms.FileField(
        label=_("Logo"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_("PNG, JPEG or WebP, at most 512 KB. It is shown 32 px high."),
    )  # fmt: skip
    no_logo = forms.BooleanField(label=_("Take the logo away"), required=False)

    class Meta:
        model = Company
        fields = ["portal_name", "brand_color", "custom_css"]
        widgets = {
            "brand_color": CodeInput,
            "custom_css": forms.Textarea(attrs={"dir": "ltr", "spellcheck": "false", "rows": 8}),
        }
        help_texts = {
            "portal_name": _("Empty: the name of the company."),
            "custom_css": _("Comes last in the brand layer. It cannot load anything."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.logo:
            del self.fields["no_logo"]

    def clean_brand_color(self) -> str:
        try:
            return parse_colour(self.cleaned_data["brand_color"])
        except NotAColour:
            raise ValidationError(_("Write a colour like #0e5a6b."))

    def clean_custom_css(self) -> str:
        text = str(self.cleaned_data["custom_css"]).strip()
        if problem := owner_css_problem(text):
            raise ValidationError(CSS_PROBLEMS[problem])
        return text

    def clean_new_logo(self) -> UploadedFile | None:
        """The kind is read from the bytes; an SVG may run scripts and is not taken."""
        upload: UploadedFile | None = self.cleaned_data["new_logo"]
        if upload is None:
            return None
        if (upload.size or 0) > LARGEST:
            raise ValidationError(_("The picture is too large: 512 KB at most."))
        try:
            kind = check_upload(upload)
        except Refused as reason:
            raise ValidationError(str(reason))
        if kind not in ENDINGS:
            raise ValidationError(_("Only PNG, JPEG and WebP pictures are taken."))
        upload.name = str(PurePath(f"logo-{uuid.uuid4().hex}{ENDINGS[kind]}"))
        return upload

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new_logo"):
            self.instance.logo = data["new_logo"]
        elif data.get("no_logo"):
            self.instance.logo = ""
        return data


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def brand(request: Request) -> HttpResponse:
    colour = request.POST.get("brand_color") or request.company.brand_color
    return company_page(request, BrandForm, name="brand", title=_("Brand"), **preview_of(colour, _name(request)))


@access("staff")
@require_GET
def brand_preview(request: Request) -> HttpResponse:
    """How a colour would look in both themes, and the contrasts it reaches; a fragment, asked for while typing."""
    request.actor.require("company.change_company")
    return render(request, "company/brand_preview.html", preview_of(request.GET.get("brand_color", ""), _name(request)))


def _name(request: Request) -> str:
    company = request.company
    return company.trade_name or company.name_in(request.display.language)


def preview_of(colour: str, name: str = "") -> dict[str, Any]:
    """Both themes, and the head of an e-mail with the ``name`` of the company."""
    try:
        found = derive(parse_colour(colour))
    except NotAColour:
        return {"not_a_colour": True}
    measured = ratios(found)
    themes = [
        {"code": "light", "label": _("Light"), "tokens": found.light, "page": "#f7f6f3", "card": "#ffffff",
         "text": "#1a1c1f", "line": "#e2dfd8"},
        {"code": "dark", "label": _("Dark"), "tokens": found.dark, "page": "#131416", "card": "#1b1d20",
         "text": "#eceae6", "line": "#2d3035"},
    ]  # fmt: skip
    for theme in themes:
        mine = [one for one in measured if one.theme == theme["code"]]
        theme["kept"] = found.raw == theme["tokens"].brand  # type: ignore[attr-defined]
        theme["least_text"] = min(one.ratio for one in mine if one.needed == 4.5)
        theme["least_control"] = min(one.ratio for one in mine if one.needed == 3.0)
    return {"raw": found.raw, "themes": themes, "mail": Letterhead(name, colour=found.raw), "mail_name": name}
