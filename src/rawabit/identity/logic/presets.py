"""The five roles that come with the program, as data: which permissions, in which scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from rawabit.kit.marking import pgettext_lazy


@dataclass(frozen=True, slots=True)
class RolePreset:
    """A role. ``grants``: (pattern of permission codes, scope); the last pattern that fits decides, scope "" denies."""

    code: str
    name: str
    name_ar: str
    name_fa: str
    label: Any
    grants: tuple[tuple[str, str], ...]


_LOOK_UP = (
    ("catalog.view_*", "all"),
    ("company.view_*", "all"),
    ("identity.view_user", "all"),
    ("identity.view_team", "all"),
    ("crm.view_territory", "all"),
    ("crm.view_customergroup", "all"),
    ("crm.view_paymentterms", "all"),
    ("shipping.view_carrier", "all"),
)

MANAGER = RolePreset(
    "manager", "Manager", "المدير", "مدیر", pgettext_lazy("role", "Manager"),
    (
        ("*", "all"), ("company.*", ""), ("identity.*", ""), *_LOOK_UP,
        ("identity.add_team", "all"), ("identity.change_team", "all"), ("company.*_holiday", "all"),
        ("company.*_workinghours", "all"), ("identity.view_role", "all"), ("ledger.post_opening", ""),
    ),
)  # fmt: skip
SALES = RolePreset(
    "sales", "Sales representative", "مندوب المبيعات", "کارشناس فروش", pgettext_lazy("role", "Sales representative"),
    (
        *_LOOK_UP,
        ("crm.view_customer", "territory"), ("crm.add_customer", "own"), ("crm.change_customer", "territory"),
        ("crm.view_contact", "territory"), ("crm.add_contact", "own"), ("crm.change_contact", "territory"),
        ("crm.view_identifiers", "territory"), ("crm.*_portalaccess", "territory"),
        ("portal.view_as", "territory"), ("portal.view_shareddocument", "territory"),
        ("portal.*_receiveddocument", "territory"),
        ("crm.view_changerequest", "territory"), ("crm.decide_changerequest", "territory"),
        ("leads.view_*", "all"), ("leads.view_leadkey", ""), ("leads.view_lead", "territory"),
        ("leads.add_lead", "own"),
        ("leads.change_lead", "team"), ("leads.convert_lead", "team"), ("leads.take_unassigned", "all"),
        ("pipeline.view_*", "all"), ("pipeline.view_opportunity", "territory"), ("pipeline.add_opportunity", "own"),
        ("pipeline.change_opportunity", "team"), ("pipeline.*n_opportunity", "team"),
        ("pipeline.lose_opportunity", "team"),
        ("talks.view_activity", "territory"), ("talks.add_activity", "own"), ("talks.change_activity", "team"),
        ("talks.delete_activity", "own"),
        ("sales.view_*", "territory"), ("sales.add_*", "own"), ("sales.change_*", "team"), ("sales.delete_*", "own"),
        ("sales.*_quotation", "team"), ("sales.view_quotation", "territory"), ("sales.delete_quotation", "own"),
        ("sales.export_*", ""),
        ("sales.confirm_order", "team"), ("sales.cancel_order", "own"), ("sales.hold_order", "team"),
        ("sales.release_order", "team"), ("sales.promise_order", "team"), ("sales.answer_order", "team"),
        ("sales.change_price", "own"),
        ("shipping.view_delivery", "territory"), ("shipping.add_delivery", "team"),
        ("kit_outbox.view_message", "territory"), ("kit_outbox.resend_message", "own"),
        ("telling.send_document", "territory"), ("links.share", "territory"),
        ("mailroom.*_receivedmail", "territory"), ("mailroom.export_receivedmail", ""), ("mailroom.write_mail", "all"),
        ("billing.view_*", "territory"), ("billing.answer_dispute", "territory"), ("ledger.view_entry", "territory"),
    ),
)  # fmt: skip
ACCOUNTANT = RolePreset(
    "accountant", "Accountant", "المحاسب", "حسابدار", pgettext_lazy("role", "Accountant"),
    (
        *_LOOK_UP, ("crm.view_*", "all"), ("crm.set_credit", "all"), ("crm.*_paymentterms", "all"),
        ("catalog.*_tax", "all"), ("talks.view_activity", "all"), ("talks.add_activity", "all"),
        ("talks.change_activity", "own"), ("sales.view_*", "all"), ("sales.hold_order", "all"),
        ("sales.release_order", "all"),
        ("shipping.view_*", "all"), ("billing.*", "all"), ("ledger.*", "all"),
        ("kit_outbox.*_message", "all"), ("telling.send_document", "all"), ("links.share", "all"),
        ("company.change_series", "all"),
        ("connect.undo_import", "own"),
    ),
)  # fmt: skip
SUPPORT = RolePreset(
    "support", "Support agent", "موظف الدعم", "کارشناس پشتیبانی", pgettext_lazy("role", "Support agent"),
    (
        *_LOOK_UP, ("crm.view_customer", "all"), ("crm.*_contact", "all"), ("crm.delete_contact", ""),
        ("crm.export_contact", ""), ("crm.import_contact", ""), ("crm.view_portalaccess", "all"),
        ("portal.view_as", "all"), ("portal.view_shareddocument", "all"), ("portal.view_receiveddocument", "all"),
        ("portal.change_receiveddocument", "all"),
        ("crm.view_changerequest", "all"),
        ("talks.view_activity", "all"), ("talks.add_activity", "all"), ("talks.change_activity", "all"),
        ("sales.view_*", "all"), ("shipping.*_delivery", "all"), ("shipping.delete_delivery", ""),
        ("shipping.export_delivery", ""), ("shipping.cancel_delivery", ""), ("billing.view_invoice", "all"),
        ("billing.view_dispute", "all"), ("billing.answer_dispute", "all"),
        ("kit_outbox.*_message", "all"), ("telling.send_document", "all"), ("links.share", "all"),
        ("mailroom.*_receivedmail", "all"), ("mailroom.export_receivedmail", ""), ("mailroom.write_mail", "all"),
    ),
)  # fmt: skip
ADMINISTRATOR = RolePreset(
    "administrator", "Administrator", "مدير النظام", "مدیر سامانه", pgettext_lazy("role", "Administrator"),
    (("*", "all"),),
)  # fmt: skip
PRESETS = (MANAGER, SALES, ACCOUNTANT, SUPPORT, ADMINISTRATOR)


def preset_grants(preset: RolePreset, permissions: Iterable[str]) -> dict[str, str]:
    """``{permission: scope}`` of a role over the permissions that the modules declare."""
    found = {code: _scope(preset, code) for code in permissions}
    return {code: scope for code, scope in found.items() if scope}


def _scope(preset: RolePreset, code: str) -> str:
    scope = ""
    for pattern, granted in preset.grants:
        if fnmatchcase(code, pattern):
            scope = granted
    return scope
