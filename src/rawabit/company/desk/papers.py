"""How papers look: their language, the stamp, the terms."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from rawabit.company.desk.page import company_page
from rawabit.company.models import Company
from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.paper.pictures import LARGEST_BYTES, NotAPicture, measure
from rawabit.kit.request import Request

ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
# What a sample and the address of a paper may be asked in.
SAMPLES: dict[str, tuple[str, ...]] = {"ar": ("ar",), "fa": ("fa",), "en": ("en",), "ar_en": ("ar", "en")}
SAMPLE_NAMES = {"ar": "العربية", "fa": "فارسی", "en": "English", "ar_en": _("Arabic and English")}
PROBLEMS = {
    "kind": _("Only PNG, JPEG and WebP pictures are taken."),
    "size": _("The picture is too large: 1 MB and 4000 × 4000 px at most."),
    "damaged": _("The picture cannot be read."),
}


class PapersForm(forms.ModelForm):
    widths = {"paper_languages": 6}
    new_stamp = forms.FileField(
        label=_("Stamp"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text=_("PNG with a clear background, JPEG or WebP, at most 1 MB. It ends a paper, 3 cm high."),
    )  # fmt: skip
    no_stamp = forms.BooleanField(label=_("Take the stamp away"), required=False)

    class Meta:
        model = Company
        fields = ["paper_languages", "terms"]
        widgets = {"terms": forms.Textarea(attrs={"rows": 5, "dir": "auto"})}
        help_texts = {
            "paper_languages": _("Tax invoices of Saudi companies always have Arabic beside the customer's language."),
            "terms": _("Stand on new documents; what was issued keeps its own."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.stamp:
            del self.fields["no_stamp"]

    def clean_new_stamp(self) -> UploadedFile | None:
        """Kind and measures are read from the bytes."""
        upload: UploadedFile | None = self.cleaned_data["new_stamp"]
        if upload is None:
            return None
        if (upload.size or 0) > LARGEST_BYTES:
            raise ValidationError(PROBLEMS["size"])
        try:
            kind, _width, _height = measure(upload.read())
        except NotAPicture as problem:
            raise ValidationError(PROBLEMS[problem.code])
        upload.seek(0)
        upload.name = f"stamp-{uuid.uuid4().hex}{ENDINGS[kind]}"
        return upload

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new_stamp"):
            self.instance.stamp = data["new_stamp"]
        elif data.get("no_stamp"):
            self.instance.stamp = ""
        return data


@access("staff")
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: Request) -> HttpResponse:
    """Language of papers, stamp and terms; the bank stands with the legal data."""
    return company_page(request, PapersForm, name="papers", title=_("Papers"), samples=SAMPLE_NAMES.items())
