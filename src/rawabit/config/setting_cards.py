"""The overview of all settings: a card per page, shown to those who may change something there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from rawabit.kit.access import access
from rawabit.kit.marking import _, pgettext_lazy
from rawabit.kit.request import Request


@dataclass(frozen=True, slots=True)
class Card:
    """A page of settings."""

    url: str
    icon: str
    label: Any
    words: Any
    permission: str


SECTIONS: Sequence[tuple[Any, Sequence[Card]]] = (
    (
        pgettext_lazy("settings", "Company"),
        (
            Card("settings-legal", "building", _("Company and legal data"),
                 _("Names, official numbers, address, bank, terms"), "company.change_company"),
            Card("settings-localisation", "globe", _("Localisation"),
                 _("Language, calendars, digits, week, time zone, currency display"), "company.change_company"),
            Card("settings-hours", "clock", _("Working hours"), _("The usual week, Ramadan hours"),
                 "company.change_workinghours"),
            Card("settings-holidays", "calendar", _("Public holidays"), _("Proposed, confirmed and own closed days"),
                 "company.change_holiday"),
            Card("settings-brand", "palette", _("Brand"), _("Colour, logo, portal name, custom CSS"),
                 "company.change_company"),
            Card("settings-portal", "globe", _("Portal"), _("Who may come in, what is offered, in your web site"),
                 "company.change_company"),
            Card("settings-papers", "file", _("Papers"), _("Language, stamp, terms, samples as PDF"),
                 "company.change_company"),
        ),
    ),
    (
        _("Selling"),
        (
            Card("settings-messages", "mail", _("Sending messages"), _("Sender, quiet hours, reminders of invoices"),
                 "company.change_company"),
            Card("settings-templates", "edit", _("Words of messages"), _("What customers read, in each language"),
                 "telling.change_template"),
            Card("mailboxes-list", "inbox", _("Mailboxes"), _("Where incoming mail is fetched from"),
                 "mailroom.change_mailbox"),
            Card("settings-rules", "shield", _("Selling rules"), _("Credit, discounts, validity, invoicing"),
                 "company.change_company"),
            Card("settings-links", "link", _("Links to documents"), _("How long they are valid, what asks for a code"),
                 "company.change_company"),
            Card("settings-series", "list", _("Number series"), _("Prefixes and digits of document numbers"),
                 "company.change_series"),
            Card("taxes-list", "percent", _("Taxes"), _("Rates with dates, exemptions with reasons"),
                 "catalog.change_tax"),
            Card("payment-terms-list", "wallet", _("Payment terms"), _("When invoices are due"),
                 "crm.change_paymentterms"),
            Card("price-lists-list", "coins", _("Price lists"), _("Prices per currency and kind of customer"),
                 "catalog.change_pricelist"),
            Card("carriers-list", "truck", _("Carriers"), _("Who delivers, and how parcels are tracked"),
                 "shipping.change_carrier"),
        ),
    ),
    (
        _("Leads"),
        (
            Card("web-forms-list", "document", _("Web forms"), _("What visitors of your web site are asked"),
                 "leads.change_webform"),
            Card("lead-keys-list", "key", _("Lead keys"), _("With which other programs hand in leads"),
                 "leads.change_leadkey"),
            Card("lead-criteria-list", "target", _("Scoring criteria"), _("What makes a lead promising, in points"),
                 "leads.change_criterion"),
            Card("lead-questions-list", "question", _("Qualification questions"), _("Asked of leads, with points"),
                 "leads.change_question"),
            Card("assignment-rules-list", "merge", _("Assignment rules"), _("To whom new leads go; with a dry run"),
                 "leads.change_assignmentrule"),
            Card("leads-remind", "bell", _("Quiet leads"), _("When owners are reminded"),
                 "leads.change_assignmentrule"),
        ),
    ),
    (
        _("Sorting"),
        (
            Card("pipelines-list", "opportunity", _("Pipelines and stages"),
                 _("The way a deal goes, probabilities, what each stage asks for"), "pipeline.change_pipeline"),
            Card("lost-reasons-list", "flag", _("Reasons for losing"), _("Why business goes elsewhere"),
                 "pipeline.change_lostreason"),
            Card("sources-list", "inbox", pgettext_lazy("of a lead", "Sources"),
                 _("Where leads and opportunities come from"), "pipeline.change_source"),
            Card("customer-groups-list", "grid", _("Customer groups"), _("Categories of customers"),
                 "crm.change_customergroup"),
            Card("territories-tree", "pin", _("Territories"), _("Regions and who looks after them"),
                 "crm.change_territory"),
            Card("territory-rules-list", "pin", _("Territory rules"), _("Which country and city belongs to which"),
                 "crm.change_territoryrule"),
            Card("item-groups-list", "product", _("Item groups"), _("Shelves of the catalogue"),
                 "catalog.change_itemgroup"),
            Card("units-list", "target", _("Units of measure"), _("With their international codes"),
                 "catalog.change_unit"),
        ),
    ),
    (
        _("People and security"),
        (
            Card("users-list", "users", _("Users"), _("Invite, give roles, deactivate"), "identity.change_user"),
            Card("teams-list", "community", _("Teams"), _("Colleagues who see one another's records"),
                 "identity.change_team"),
            Card("roles-list", "key", _("Roles"), _("Who may do what, and on whose records"), "identity.change_role"),
            Card("audit", "history", _("Audit log"), _("Who did what and when"), "identity.view_audit"),
        ),
    ),
)  # fmt: skip
PERMISSIONS = tuple(dict.fromkeys(card.permission for _label, cards in SECTIONS for card in cards))


@access("staff")
@require_GET
def settings_home(request: Request) -> HttpResponse:
    sections = sections_for(request)
    if not sections:
        raise PermissionDenied
    return render(request, "config/settings.html", {"sections": sections, "section": "settings"})


def sections_for(request: Request) -> list[tuple[Any, list[tuple[Card, str]]]]:
    """``(title, [(card, address)])`` of what the person may change; sections without a card are left out."""
    actor = request.actor
    found = []
    for title, cards in SECTIONS:
        mine = [(card, url) for card in cards if actor.may(card.permission) and (url := _address(card.url))]
        if mine:
            found.append((title, mine))
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
