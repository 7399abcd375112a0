"""Addresses before the portal's door: asking for access, tracking an order, the widget for other web sites."""

from __future__ import annotations

from django.urls import path

from rawabit.portal.views import embed, register

urlpatterns = [
    path("register/", register.register, name="register"),
    path("register/code/", register.register_code, name="register-code"),
    path("register/done/", register.register_done, name="register-done"),
    path("track/", embed.track, name="track"),
    path("track/sent/", embed.track_sent, name="track-sent"),
    path("embed/", embed.embed, name="embed"),
    path("embed.js", embed.embed_script, name="embed-script"),
]
