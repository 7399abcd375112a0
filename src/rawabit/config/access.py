"""Access classes of the addresses whose views are not ours."""

from __future__ import annotations

from typing import Any

from rawabit.kit.access import access_of

FOREIGN = {
    "account_login": "public",
    "account_logout": "person",
    "account_inactive": "public",
    "account_signup": "public",
    "account_reauthenticate": "person",
    "account_change_password": "person",
    "account_set_password": "person",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "account_request_login_code": "public",
    "account_confirm_login_code": "public",
    "account_email": "person",
    "account_email_verification_sent": "public",
    "account_confirm_email": "public",
    "usersessions_list": "person",
}


def class_of(match: Any, view: Any) -> str | None:
    """The access class of a resolved address, or None for one that nobody classified."""
    return access_of(view) or FOREIGN.get(match.url_name or "")
