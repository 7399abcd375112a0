"""A person's own pages: his details, his company, his colleagues, security, what was done. A tab each, a page each."""

from __future__ import annotations

from django.urls import path

from rawabit.portal.views.account import activity, colleagues, company, details, requests, security
from rawabit.portal.views.account.details import account
from rawabit.portal.views.account.switch import switch

_PERSON, _CHANGE = "account/colleagues/<uuid:uid>", "account/company/requests/<uuid:uid>"
urlpatterns = [
    path("account/email/", details.email, name="portal-account-email"),
    path("account/email/code/", details.email_confirm, name="portal-account-email-confirm"),
    path("account/company/", company.company, name="portal-company"),
    path("account/company/addresses/new/", company.address_new, name="portal-address-new"),
    path("account/company/addresses/<uuid:uid>/", company.address, name="portal-address"),
    path("account/company/addresses/<uuid:uid>/remove/", company.address_remove, name="portal-address-remove"),
    path("account/company/change/<slug:kind>/", requests.change, name="portal-change"),
    path(f"{_CHANGE}/", requests.change_request, name="portal-change-request"),
    path(f"{_CHANGE}/withdraw/", requests.change_withdraw, name="portal-change-withdraw"),
    path("account/colleagues/", colleagues.colleagues, name="portal-colleagues"),
    path("account/colleagues/new/", colleagues.colleague_new, name="portal-colleague-new"),
    path(f"{_PERSON}/", colleagues.colleague, name="portal-colleague"),
    path(f"{_PERSON}/end/", colleagues.colleague_end, name="portal-colleague-end"),
    path(f"{_PERSON}/back/", colleagues.colleague_back, name="portal-colleague-back"),
    path(f"{_PERSON}/again/", colleagues.colleague_again, name="portal-colleague-again"),
    path("account/security/", security.security, name="portal-security"),
    path("account/security/devices/<int:device>/end/", security.device_end, name="portal-device-end"),
    path("account/security/devices/end/", security.devices_end, name="portal-devices-end"),
    path("account/security/password/remove/", security.password_remove, name="portal-password-remove"),
    path("account/activity/", activity.activity, name="portal-activity"),
]

__all__ = ["account", "switch", "urlpatterns"]
