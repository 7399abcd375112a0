"""Every address of the program. Each view carries an access class; a test refuses one without."""

from __future__ import annotations

from allauth.account import views as account
from allauth.usersessions import views as devices
from django.urls import include, path

from rawabit.config import health, views
from rawabit.config.screens import SCREENS
from rawabit.kit.screens.calendar_view import calendar
from rawabit.kit.screens.gallery import gallery

desk = [
    path("", views.desk_home, name="desk"),
    path("search/", views.search, name="search"),
    path("notices/", views.notices, name="notices"),
    path("gallery/", gallery, name="gallery"),
    *(pattern for screens in SCREENS for pattern in screens.urls()),
]

signing_in = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", account.request_login_code, name="account_request_login_code"),
    path("sign-in/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", views.no_sign_up, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/<str:uidb36>-<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("email/", views.no_sign_up, name="account_email"),
    path("devices/", devices.list_usersessions, name="usersessions_list"),
]

urlpatterns = [
    path("", views.front_door, name="front-door"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("brand.css", views.brand_css, name="brand-css"),
    path("logo", views.logo, name="logo"),
    path("preferences/", views.set_preferences, name="set-preferences"),
    path("ui/calendar/", calendar, name="ui-calendar"),
    path("account/", include(signing_in)),
    path("desk/", include(desk)),
    path("portal/", include("rawabit.portal.urls")),
]

handler400 = "rawabit.config.views.bad_request"
handler403 = "rawabit.config.views.forbidden"
handler404 = "rawabit.config.views.not_found"
