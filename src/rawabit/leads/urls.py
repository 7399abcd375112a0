"""Addresses of leads outside the desk: forms for visitors, and the door for programs."""

from __future__ import annotations

from django.urls import path

from rawabit.leads.api import leads
from rawabit.leads.portal import forms

urlpatterns = [
    path("forms/<uuid:key>/", forms.lead_form, name="lead-form"),
    path("forms/<uuid:key>/thanks/", forms.thanks, name="lead-form-thanks"),
    path("forms.js", forms.form_script, name="lead-form-script"),
    path("api/leads/", leads.leads, name="api-leads"),
]
