"""What small lists of master data share: names in three languages, and deleting what nothing refers to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import ModelForm
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from rawabit.kit.currency_names import CURRENCIES
from rawabit.kit.display import active
from rawabit.kit.marking import _
from rawabit.kit.records.deleting import delete_record
from rawabit.kit.screens.columns import EMPTY, Column
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.verbs import Verb

NAMES = ("name", "name_ar", "name_fa", "name_en")


@dataclass(frozen=True, slots=True)
class NameColumn(Column):
    """The name of a :class:`Named` record in the reader's language, ordered by the name as written."""

    path: str = "name"

    def value(self, record: Any) -> Any:
        return record.name_in(get_language())


@dataclass(frozen=True, slots=True)
class MailColumn(Column):
    """An e-mail address, which may break anywhere and opens the reader's own program."""

    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return format_html('<a class="email" dir="ltr" href="mailto:{}">{}</a>', value, value) if value else EMPTY


@dataclass(frozen=True, slots=True)
class SiteColumn(Column):
    """A website."""

    def cell(self, record: Any) -> SafeString:
        value = self.value(record)
        return (
            format_html('<a class="url" dir="ltr" rel="noopener noreferrer" href="{}">{}</a>', value, value)
            if value
            else EMPTY
        )


def name_widgets() -> dict[str, forms.Widget]:
    """A name in a given script has its own direction, whatever the page's."""
    return {
        "name": forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        "name_ar": forms.TextInput(attrs={"dir": "rtl", "lang": "ar", "autocomplete": "off"}),
        "name_fa": forms.TextInput(attrs={"dir": "rtl", "lang": "fa", "autocomplete": "off"}),
        "name_en": forms.TextInput(attrs={"dir": "ltr", "lang": "en", "autocomplete": "off"}),
    }


def currency_choices() -> list[tuple[str, str]]:
    """The currencies whose names are known, in the reader's language."""
    language = active().language
    names = {code: {"ar": row.ar[0], "fa": row.fa, "en": row.en[0]} for code, row in CURRENCIES.items()}
    return [(code, f"{name[language]} ({code})") for code, name in names.items() if code != "IRT"]


class SiteField(forms.URLField):
    """A web address; without a scheme it is meant to be https."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"assume_scheme": "https", **options})


class NamedForm(ModelForm):  # type: ignore[type-arg]  # a base for forms of several models
    """A form of a :class:`Named` record. Subclasses list ``*NAMES`` in their fields and add to ``widths``."""

    names_help = _("As you write it yourself. The others are shown to readers of that language.")
    widths = {"name_ar": 4, "name_fa": 4, "name_en": 4}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, widget in name_widgets().items():
            if name in self.fields:
                widget.is_required = self.fields[name].required
                self.fields[name].widget = widget
        if "name_ar" in self.fields and "name" in self.fields:
            self.fields["name"].help_text = self.names_help


class Sure(forms.Form):
    """Asks nothing but "are you sure?": the verb gets a page of its own, with or without scripts. False in templates,
    so that no empty card is drawn."""

    def __bool__(self) -> bool:
        return False


DELETE = Verb("delete", delete_record, label=_("Delete"), form=Sure, tone="danger-quiet", icon="trash")


class MasterScreens(Screens):
    """Screens of a list of master data: may be deleted while nothing refers to it."""

    verbs: ClassVar[Sequence[Verb]] = (DELETE,)
    default_order: ClassVar[Sequence[str]] = ("name", "pk")
