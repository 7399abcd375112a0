"""``POST /api/leads/``: another program hands in a lead as flat or nested JSON, with a key of its own.

The answer is the same whether somebody is known here or not, so that a key tells nothing about the company's customers.
"""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from rawabit.kit.access import access
from rawabit.kit.marking import _
from rawabit.kit.states import Refused
from rawabit.kit.throttle import is_over, place_of, too_many
from rawabit.leads.actions import Inbound, SentOtherwise, arrive, digest_of, note_use
from rawabit.leads.logic.forms import KNOWN, WHO, Sorted, read_mapping, sort_out
from rawabit.leads.models import LeadKey
from rawabit.leads.queries import key_by_digest

LARGEST = 64 * 1024
MOST_PER_KEY, MOST_WRONG = 120, 30  # in a minute; of one network address in five minutes
WORDS = {
    "wrong_key": _("This key opens nothing."),
    "too_many": _("Too many attempts. Wait a few minutes and try again."),
    "too_large": _("This is too much at once."),
    "not_json": _("This is not a JSON object."),
    "wrong_fields": _("Some fields are wrong."),
    "used_before": _("This idempotency key was used before with other words."),
    "not_text": _("Give a text or a number."),
}


class Values(forms.Form):
    """What may be handed in, with the lengths that are kept."""

    email = forms.EmailField(max_length=254, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for name, (_label, _kind, most) in KNOWN.items():
            if name != "email":
                self.fields[name] = forms.CharField(max_length=most, required=False)
        for name, most in (("source_detail", 200), ("language", 10)):
            self.fields[name] = forms.CharField(max_length=most, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(name) for name in WHO):
            words = _("Give at least a name, a company, an e-mail address or a phone number.")
            self.add_error(None, words)
        return data


@access("machine")
@csrf_exempt
@require_http_methods(["POST"])
def leads(request: HttpRequest) -> HttpResponse:
    """Keep one lead. 201 with its mark; 400, 401, 409, 413, 422 and 429 with a code, words and the fields."""
    place = place_of(request)
    if is_over("lead-key-wrong", place, MOST_WRONG):
        return refusal("too_many", 429)
    key = key_of(request)
    if key is None:
        too_many("lead-key-wrong", place, MOST_WRONG, 300)
        return refusal("wrong_key", 401)
    if too_many("lead-key", str(key.pk), MOST_PER_KEY, 60):
        return refusal("too_many", 429)
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return refusal("too_large", 413)
    body = body_of(request)
    if body is None:
        return refusal("not_json", 400)
    return handed_in(request, key, sort_out(body, read_mapping(key.mapping)))


def handed_in(request: HttpRequest, key: LeadKey, found: Sorted) -> HttpResponse:
    form = Values(found.values)
    if not form.is_valid() or found.wrong:
        errors = {name or "": [str(word) for word in words] for name, words in form.errors.items()}
        wrong = {name: [str(WORDS[code])] for name, code in found.wrong.items()}
        return refusal("wrong_fields", 422, fields=errors | wrong)
    values = {name: value for name, value in form.cleaned_data.items() if value}
    given = [*((str(KNOWN[name][0]), value) for name, value in values.items() if name in KNOWN), *found.given]
    once = request.headers.get("Idempotency-Key", "").strip()
    message = Inbound(key, mark_of(once, values, given), values, given, values.get("language", "")[:2].lower())
    try:
        kept = arrive(message, at=request.now)  # type: ignore[attr-defined]
    except SentOtherwise:
        return refusal("used_before", 409)
    except Refused as reason:
        return refusal("wrong_fields", 422, fields={"": [str(reason)]})
    note_use(key, request.now)  # type: ignore[attr-defined]
    return answered({"id": str(kept.uid), "status": "received", "ignored": found.ignored[:50]}, 201)


def mark_of(once: str, values: dict[str, str], given: list[tuple[str, str]]) -> str:
    """The caller's mark; without one the words themselves, so that the same lead twice is one."""
    words = once or json.dumps([sorted(values.items()), given], ensure_ascii=False)
    return digest_of(words)


def key_of(request: HttpRequest) -> LeadKey | None:
    kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip() if kind.lower() == "bearer" else request.headers.get("X-Api-Key", "").strip()
    return key_by_digest(digest_of(secret)) if 20 <= len(secret) <= 100 else None


def body_of(request: HttpRequest) -> dict[str, Any] | None:
    try:
        body = json.loads(request.read(LARGEST + 1))
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def answered(body: dict[str, Any], status: int) -> HttpResponse:
    response = JsonResponse(body, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def refusal(code: str, status: int, **more: Any) -> HttpResponse:
    return answered({"error": {"code": code, "message": str(WORDS[code]), **more}}, status)
