"""Every address of the program. Each view carries an access class; a test refuses one without."""

from __future__ import annotations

from typing import Any

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from rawabit.billing.desk import papers
from rawabit.company import desk as company
from rawabit.company.desk import papers as company_papers
from rawabit.config import health, streams, views
from rawabit.config.screens import SCREENS
from rawabit.config.setting_cards import settings_home
from rawabit.identity import sign_in, stepping
from rawabit.identity.desk import profile
from rawabit.identity.desk.audit import audit
from rawabit.kit.outbox.views import service_worker
from rawabit.kit.screens.calendar_view import calendar
from rawabit.kit.screens.gallery import gallery
from rawabit.mailroom.desk.writing import urlpatterns as letters
from rawabit.portal.desk import settings as portal_settings
from rawabit.portal.desk import sharing, sight, viewing
from rawabit.portal.desk.doors import AskCode
from rawabit.telling import desk as telling

settings_pages = [
    path("", settings_home, name="settings"),
    path("company/", company.legal, name="settings-legal"),
    path("localisation/", company.localisation, name="settings-localisation"),
    path("localisation/country/", company.apply_country, name="settings-country"),
    path("rules/", company.rules, name="settings-rules"),
    path("brand/", company.brand, name="settings-brand"),
    path("brand/preview/", company.brand_preview, name="settings-brand-preview"),
    path("papers/", company_papers.papers, name="settings-papers"),
    path("papers/sample/<str:languages>.pdf", papers.sample, name="settings-papers-sample"),
    path("hours/", company.hours, name="settings-hours"),
    path("hours/dated/", company.dated_hours, name="settings-hours-dated"),
    path("hours/dated/<str:first>/<str:last>/end/", company.remove_dated, name="settings-hours-dated-end"),
    path("holidays/", company.holidays, name="settings-holidays"),
    path("holidays/<int:key>/end/", company.remove_holiday, name="settings-holiday-end"),
    path("series/", company.series, name="settings-series"),
    path("links/", company.links, name="settings-links"),
    path("messages/", telling.message_settings, name="settings-messages"),
    path("messages/words/", telling.templates, name="settings-templates"),
    path("messages/words/<slug:kind>/<slug:language>/", telling.words, name="settings-message"),
    path("messages/words/<slug:kind>/<slug:language>/preview/", telling.preview, name="settings-message-preview"),
    path("messages/words/<slug:kind>/<slug:language>/try/", telling.try_out, name="settings-message-try"),
    path("messages/words/<slug:kind>/<slug:language>/reset/", telling.reset, name="settings-message-reset"),
    path("audit/", audit, name="audit"),
    path("portal/", portal_settings.portal_settings, name="settings-portal"),
    path("portal/preview/", portal_settings.preview, name="settings-portal-preview"),
    path("portal/guard/", portal_settings.guard_now, name="settings-portal-guard"),
]

desk: list[Any] = [
    path("", views.desk_home, name="desk"),
    path("search/", views.search, name="search"),
    path("notices/", views.notices, name="notices"),
    path("gallery/", gallery, name="gallery"),
    path("settings/", include(settings_pages)),
    *sharing.urlpatterns,
    *letters,
    path("customers/<int:pk>/view-as/", viewing.view_as, name="view-as"),
    path("view-as/end/", viewing.end_view_as, name="view-as-end"),
    path("who/<slug:slug>/<int:pk>/", sight.sight, name="sight"),
    path("papers/<slug:slug>/<int:pk>/", papers.document_paper, name="desk-paper"),
    path("papers/statement/of/<int:customer>/", papers.statement, name="desk-statement-paper"),
    path("downloads/", papers.downloads, name="desk-downloads"),
    path("downloads/<uuid:uid>/", papers.download_file, name="desk-download-file"),
    path("imports/", include("rawabit.connect.urls")),
    path("", include("rawabit.talks.urls")),
    *(pattern for screens in SCREENS for pattern in screens.urls()),
]

signing_in = [
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", AskCode.as_view(), name="account_request_login_code"),
    path("sign-in/code/confirm/", sign_in.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("sign-out/", sign_in.SignOut.as_view(), name="account_logout"),
    path("sign-up/", views.no_sign_up, name="account_signup"),
    path("inactive/", sign_in.Inactive.as_view(), name="account_inactive"),
    path("step/", stepping.step, name="account-step"),
    path("confirm/", sign_in.Reauthenticate.as_view(), name="account_reauthenticate"),
    path("password/change/", sign_in.ChangePassword.as_view(), name="account_change_password"),
    path("password/set/", sign_in.SetPassword.as_view(), name="account_set_password"),
    path("password/reset/", sign_in.Forgotten.as_view(), name="account_reset_password"),
    path("password/reset/sent/", sign_in.ForgottenSent.as_view(), name="account_reset_password_done"),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        sign_in.ResetPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/reset/done/", sign_in.PasswordWasReset.as_view(), name="account_reset_password_from_key_done"),
    path("email/", views.no_sign_up, name="account_email"),
    path("profile/", profile.profile, name="profile"),
    path("profile/devices/<int:device>/end/", profile.end_device, name="profile-device-end"),
    path("profile/devices/end/", profile.end_other_devices, name="profile-devices-end"),
    path("devices/", RedirectView.as_view(pattern_name="profile"), name="usersessions_list"),
]

urlpatterns = [
    path("", views.front_door, name="front-door"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("brand.css", views.brand_css, name="brand-css"),
    path("logo", views.logo, name="logo"),
    path("worker.js", service_worker, name="service-worker"),
    path("preferences/", views.set_preferences, name="set-preferences"),
    path("live/", streams.changes, name="live"),
    path("ui/calendar/", calendar, name="ui-calendar"),
    path("account/", include(signing_in)),
    path("desk/", include(desk)),
    path("portal/", include("rawabit.portal.urls")),
    path("", include("rawabit.portal.link_urls")),
    path("", include("rawabit.portal.door_urls")),
    path("", include("rawabit.leads.urls")),
]

handler400 = "rawabit.config.views.bad_request"
handler403 = "rawabit.config.views.forbidden"
handler404 = "rawabit.config.views.not_found"
