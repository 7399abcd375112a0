"""Rules of the company: when something happens, if it is so, do this."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "rawabit.flows"
    label = "flows"
