"""Changes that a customer asks for and a colleague decides on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from rawabit.crm.actions.access import revoke_portal_access
from rawabit.crm.actions.contacts import contact_key
from rawabit.crm.actions.customers import put_address, refresh_key, remove_identifier, set_identifier
from rawabit.crm.logic.changes import ACCEPTED, ASKED, CHANGE, NUMBER, REFUSED, WITHDRAWN, allowed, differences
from rawabit.crm.models import Address, ChangeRequest, Contact, Customer, PortalAccess
from rawabit.crm.policies import EVERY_ROLE, PAYING, require_on
from rawabit.crm.queries import change_values, legal_address
from rawabit.identity.actions import deactivate_user, end_sessions
from rawabit.identity.models import User
from rawabit.kit.identifiers import IDENTIFIERS, PROBLEMS, WARN, check_identifier
from rawabit.kit.marking import _
from rawabit.kit.records.actions import attach, emit, lock, set_fields, touch
from rawabit.kit.records.actor import Actor
from rawabit.kit.states import Refused
from rawabit.kit.text import clean_user_text

ROLES_FOR: Mapping[str, tuple[str, ...]] = {
    ChangeRequest.LEGAL: PAYING, ChangeRequest.ADDRESS: PAYING, ChangeRequest.CONTACT: PAYING,
    ChangeRequest.BANK: PAYING, ChangeRequest.ERASURE: EVERY_ROLE,
}  # fmt: skip
LONGEST_NUMBER = 40  # what the column holds: kinds that only warn let any text pass
WAITS = _("Such a change waits for our answer already. Withdraw it first to ask for another.")


@transaction.atomic
def ask_change(
    customer: Customer,
    kind: str,
    after: Mapping[str, str],
    *,
    note: str = "",
    file: UploadedFile[Any] | None = None,
    actor: Actor,
    at: datetime,
) -> ChangeRequest:
    """A customer's user asks for other data of his company, or for the deletion of his own: what is now and what shall
    be are kept field by field, with a note and a paper that proves it."""
    customer = lock(customer)
    require_on(actor, "crm.change_customer", customer, roles=ROLES_FOR.get(kind, ()))
    if not actor.is_customer or actor.user_id is None:
        raise PermissionDenied("crm.change_customer")
    waiting = ChangeRequest.objects.filter(customer=customer, kind=kind, state=ASKED)
    if (waiting.filter(asked_by=actor.user_id) if kind == ChangeRequest.ERASURE else waiting).exists():
        raise Refused(WAITS)
    request = ChangeRequest.objects.create(
        customer=customer, kind=kind, changes=_judged(customer, kind, after), note=clean_user_text(note).strip()[:2000],
        asked_by_id=actor.user_id, asked_at=at, created_at=at, updated_at=at,
        address=legal_address(customer) if kind == ChangeRequest.ADDRESS else None,
    )  # fmt: skip
    if file is not None:
        attach(request, file, for_customer=True, actor=actor, at=at)
    emit("change.requested", request, actor=actor, at=at, **_facts(request))
    return request


def _judged(customer: Customer, kind: str, after: Mapping[str, str]) -> dict[str, list[str]]:
    if kind == ChangeRequest.ERASURE:
        return {}
    wrong = [name for name in after if not allowed(kind, name)]
    if wrong:
        raise PermissionDenied(", ".join(wrong))
    wanted = {name: clean_user_text(value).strip()[:500] for name, value in after.items()}
    for name, value in wanted.items():
        if name.startswith(NUMBER) and value:
            wanted[name] = _checked(name.removeprefix(NUMBER), value)
    changes = differences(change_values(customer, kind), wanted)
    if not changes:
        raise Refused(_("Change something first."))
    if "name" in changes and not changes["name"][1]:
        raise Refused(_("A company needs a name."))
    return changes


def _checked(kind: str, text: str) -> str:
    """An official number as it is kept; its check digits are tested now, and once more when it is accepted."""
    if kind not in IDENTIFIERS:
        raise Refused(_("Unknown kind of number."))
    checked = check_identifier(kind, text)
    if len(checked.value) > LONGEST_NUMBER:
        raise Refused(_(PROBLEMS["length"]))
    if not checked.ok and IDENTIFIERS[kind].strictness != WARN:
        raise Refused(_(PROBLEMS[checked.problem_code]))
    return checked.value


def _facts(request: ChangeRequest) -> dict[str, Any]:
    """Never the values: bank accounts and personal numbers must not stand in the history."""
    return {
        "kind": request.kind, "customer": request.customer.name, "customer_id": request.customer_id,
        "user": request.asked_by_id, "fields": sorted(request.changes),
    }  # fmt: skip


# Deciding


@transaction.atomic
def accept_change(request: ChangeRequest, *, actor: Actor, at: datetime) -> ChangeRequest:
    """Write what was asked for, through the same actions as a colleague's own hand."""
    request = _begin(request, "accept", actor)
    if request.kind == ChangeRequest.ERASURE:
        _erase(request, actor, at)
    elif request.kind == ChangeRequest.ADDRESS:
        _apply_address(request, actor, at)
    else:
        _apply_fields(request, actor, at)
    return _decide(request, ACCEPTED, "", actor, at)


@transaction.atomic
def refuse_change(request: ChangeRequest, *, reason: str, actor: Actor, at: datetime) -> ChangeRequest:
    """Say no, with a reason that the customer reads."""
    request = _begin(request, "refuse", actor)
    words = clean_user_text(reason).strip()[:500]
    if not words:
        raise Refused(_("Write the reason. The customer reads it."))
    return _decide(request, REFUSED, words, actor, at)


@transaction.atomic
def withdraw_change(request: ChangeRequest, *, actor: Actor, at: datetime) -> ChangeRequest:
    """The customer takes the question back: who asked it, or the account owner."""
    request = _locked(request)
    if request.asked_by_id != actor.user_id or not actor.is_customer:
        require_on(actor, "crm.decide_changerequest", request, roles=("owner",))
    CHANGE.require(request, "withdraw")
    return _decide(request, WITHDRAWN, "", actor, at)


def _locked(request: ChangeRequest) -> ChangeRequest:
    customer = lock(request.customer)
    request = lock(request)
    request.customer = customer
    return request


def _begin(request: ChangeRequest, move: str, actor: Actor) -> ChangeRequest:
    request = _locked(request)
    require_on(actor, "crm.decide_changerequest", request)
    CHANGE.require(request, move)
    return request


def _decide(request: ChangeRequest, state: str, reason: str, actor: Actor, at: datetime) -> ChangeRequest:
    request.state, request.reason = state, reason
    request.decided_at, request.decided_by_id = at, actor.user_id
    touch(request, at)
    request.save(update_fields=["state", "reason", "decided_at", "decided_by", "version", "updated_at"])
    facts = _facts(request)
    if state == ACCEPTED:
        emit("change.accepted", request, actor=actor, at=at, **facts)
    elif state == WITHDRAWN:
        emit("change.withdrawn", request, actor=actor, at=at, **facts)
    else:
        emit("change.refused", request, actor=actor, at=at, reason=reason, **facts)
    return request


def _apply_fields(request: ChangeRequest, actor: Actor, at: datetime) -> None:
    customer = request.customer
    require_on(actor, "crm.change_customer", customer)
    fields = {name: pair[1] for name, pair in request.changes.items() if not name.startswith(NUMBER)}
    if fields:
        set_fields(customer, fields, actor=actor, at=at)
        refresh_key(customer)
    for name, (_before, value) in request.changes.items():
        if name.startswith(NUMBER):
            _apply_number(customer, name.removeprefix(NUMBER), value, actor, at)


def _apply_number(customer: Customer, kind: str, value: str, actor: Actor, at: datetime) -> None:
    if value:
        set_identifier(customer, kind, value, actor=actor, at=at)
        return
    for held in customer.identifiers.filter(kind=kind):
        remove_identifier(customer, held.pk, actor=actor, at=at)


def _apply_address(request: ChangeRequest, actor: Actor, at: datetime) -> None:
    customer = request.customer
    address = request.address or legal_address(customer)
    if address is None:
        address = Address(customer=customer, purpose="billing", country=customer.country)
    for name, (_before, value) in request.changes.items():
        setattr(address, name, value)
    put_address(address, actor=actor, at=at)


def _erase(request: ChangeRequest, actor: Actor, at: datetime) -> None:
    """The person can sign in no more, and what only served to reach him is forgotten. Papers keep their words: the law
    asks for them."""
    person: User = request.asked_by
    actor.require("identity.deactivate_user")
    for access in PortalAccess.objects.filter(user=person, is_active=True).order_by("customer_id"):
        if access.customer_id != request.customer_id:
            raise Refused(_("This person stands for other customers too. Take that access away first."))
        revoke_portal_access(access, actor=actor, at=at)
    _forget_contacts(person)
    deactivate_user(person, actor=actor, at=at)
    User.objects.filter(pk=person.pk).update(phone="", language="", calendar="", digits="")
    end_sessions([person.pk])


def _forget_contacts(person: User) -> None:
    """What served to reach him; where a contact is known by other people's work it stays, inactive and without ways."""
    for contact in Contact.objects.filter(portal_access__user=person).distinct():
        contact.phone = contact.mobile = contact.preferred_channel = contact.considerations = ""
        contact.is_active = contact.whatsapp_ok = False
        contact.search_text = contact_key(contact)
        contact.save(
            update_fields=[
                "phone", "mobile", "preferred_channel", "considerations", "is_active", "whatsapp_ok", "search_text",
            ]
        )  # fmt: skip
