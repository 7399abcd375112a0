"""Documents for customers, and documents from customers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.forms import ModelForm

from rawabit.crm.desk.shared import choose_customer
from rawabit.kit.marking import _
from rawabit.kit.records.actor import Actor
from rawabit.kit.request import Request
from rawabit.kit.screens.columns import Choice, Code, Column, Day, Linked, When, Words, Yes
from rawabit.kit.screens.fields import DateField3
from rawabit.kit.screens.filters import Of, OneOf
from rawabit.kit.screens.masters import NAMES, MasterScreens, NameColumn, NamedForm, Sure
from rawabit.kit.screens.panels import Panel
from rawabit.kit.screens.screens import Screens
from rawabit.kit.screens.verbs import Verb
from rawabit.portal.actions.documents import publish_document, save_document, see_document, withdraw_document
from rawabit.portal.models import ReceivedDocument, SharedDocument
from rawabit.portal.queries.documents import agreements_on


class SharedDocumentForm(NamedForm):
    """What is said about a document. Its files are added on its page."""

    names_help = _("What customers read. The files are added on the page of the document.")
    widths = {**NamedForm.widths, "kind": 4, "audience": 4, "customer": 6, "valid_until": 4}
    valid_until = DateField3(label=_("Valid until"), required=False)

    class Meta:
        model = SharedDocument
        fields = [*NAMES, "kind", "audience", "groups", "customer", "words", "valid_until", "must_agree"]
        widgets = {"groups": forms.CheckboxSelectMultiple, "words": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "groups": _("Only when it is for customer groups."),
            "customer": _("Only when it is for one customer."),
            "must_agree": _("The portal asks for it until somebody of the customer has confirmed this very version."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        audience = data.get("audience")
        if audience == SharedDocument.CUSTOMER and not data.get("customer"):
            self.add_error("customer", _("Choose the customer."))
        if audience == SharedDocument.GROUPS and not data.get("groups"):
            self.add_error("groups", _("Choose at least one group."))
        return data


def confirmations(document: SharedDocument, request: Request) -> Iterable[Any]:
    return agreements_on(document, request.actor)[:50]


class SharedDocumentScreens(MasterScreens):
    model = SharedDocument
    slug = "shared-documents"
    icon = "book"
    columns = (
        NameColumn(), Choice("state"), Choice("kind"), Choice("audience"), Linked("customer"), Day("valid_until"),
        Yes("must_agree"), When("published_at"),
    )  # fmt: skip
    hidden_columns = ("published_at",)
    facts = (
        (_("Details"), (
            Choice("state"), Choice("kind"), Choice("audience"), Column("group_names", label=_("Customer groups")),
            Linked("customer"), Words("words"), Day("valid_until"), Yes("must_agree"), When("published_at"),
        )),
    )  # fmt: skip
    filters = (OneOf("state"), OneOf("kind"), OneOf("audience"))
    related = ("customer",)
    default_order = ("-pk",)
    form = SharedDocumentForm
    save = staticmethod(save_document)
    panels = (
        Panel(_("Confirmations"), confirmations, (
            Linked("customer"), Column("name"), When("at"), Code("short_digest", label=_("Version")),
        )),
    )  # fmt: skip
    verbs = (
        Verb("publish", publish_document, label=_("Publish"), tone="primary", icon="send",
             permission="portal.change_shareddocument"),
        Verb("withdraw", withdraw_document, label=_("Withdraw"), form=Sure, icon="eye-off",
             when=lambda document: document.state == SharedDocument.PUBLISHED,
             permission="portal.change_shareddocument"),
        *MasterScreens.verbs,
    )  # fmt: skip

    def prepare_form(self, form: ModelForm[Any], request: Request) -> None:
        old: Any = form.fields["customer"]
        form.fields["customer"] = choose_customer(request, old.label, required=False, help_text=old.help_text)

    def detail_context(self, request: Request, record: Any) -> dict[str, Any]:
        record.group_names = "، ".join(str(group) for group in record.groups.all())
        return super().detail_context(request, record)


def look(received: ReceivedDocument, *, actor: Actor, at: datetime) -> None:
    see_document(received, actor=actor, at=at)


class ReceivedDocumentScreens(Screens):
    model = ReceivedDocument
    slug = "received-documents"
    icon = "inbox"
    columns = (
        Column("name"), Choice("state"), Choice("kind"), Linked("customer", sort="customer__name"), Linked("sent_by"),
        When("at"), Column("note"),
    )  # fmt: skip
    facts = (
        (_("Details"), (
            Choice("state"), Choice("kind"), Linked("customer"), Linked("sent_by"), When("at"), Words("note"),
            When("seen_at"),
        )),
    )  # fmt: skip
    filters = (OneOf("state"), OneOf("kind"), Of("customer"))
    related = ("customer", "sent_by")
    default_order = ("-pk",)
    verbs = (
        Verb("seen", look, label=_("Mark as seen"), tone="primary", icon="check",
             when=lambda received: received.state == ReceivedDocument.RECEIVED,
             permission="portal.change_receiveddocument"),
    )  # fmt: skip
    bulk = ("seen",)
